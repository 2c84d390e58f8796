//! `/admin/lists/{list}`: one list, its items and their order, and more items.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use desk::form;
use desk::list::{self, Item, Kept, NewItem, Refused};
use pages::admin::{Done, Filled, ItemRow, ListPage, Place, Problem, Tab};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope, Statement};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use crate::lists::{json_of, problem, wanted};
use web::administering::{done, head, nav, refusal, status};
use web::ground::{Ground, Typed};

type Found = (Vec<Kept>, Vec<Item>);

/// Which realm's list, and which of its items is about to be changed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    r#in: String,
    item: Option<i64>,
    done: String,
}

fn look_up(list: &str) -> impl Fn(&Scope, RealmId) -> (tenancy::Query<Kept>, tenancy::Query<Item>) {
    let list = list.parse().unwrap_or(0);
    move |scope, realm| (list::kept(scope, realm), list::items(scope, list))
}

/// A list, if it belongs to the realm that was asked about.
fn of<'f>(ground: &Ground, found: &'f Found, id: &str) -> Result<&'f Kept, Failure> {
    let is = |kept: &&Kept| kept.realm == ground.realm.id && kept.id.to_string() == id;
    found.0.iter().find(is).ok_or(Failure::NotFound)
}

pub(crate) async fn show(
    visit: Visit,
    Path(list): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &list, &wanted).await)
}

async fn shown(visit: Visit, id: &str, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up(id)).await?;
    let kept = of(&ground, &found, id)?;
    let (typed, done) = (Typed::default(), Done::named(&wanted.done));
    page(&ground, kept, &found.1, (&typed, wanted.item), None, done)
}

fn page(
    ground: &Ground,
    kept: &Kept,
    items: &[Item],
    (typed, item): (&Typed, Option<i64>),
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let desk = &ground.desk;
    let head = head(desk, &ground.above, Tab::Behind)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = json_of(kept);
        body["items"] = items.iter().map(item_json).collect::<Vec<_>>().into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let chosen = items.iter().find(|known| Some(known.id) == item);
    let page = ListPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Lists),
        head,
        id: kept.id,
        name: &kept.name,
        fields: kept.fields,
        form: kept.form,
        is_ordered_by_hand: kept.ordering == list::Ordering::Manual,
        rows: items.iter().map(row).collect(),
        chosen: chosen.map(row),
        typed: filled(kept, chosen, typed),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// What was typed; of the forms that were not sent, what is.
fn filled<'a>(kept: &'a Kept, chosen: Option<&'a Item>, typed: &'a Typed) -> Filled<'a> {
    let mut filled = typed.filled();
    let change = typed.get("change");
    if change != "save" {
        filled.0.extend([
            ("name", kept.name.as_str()),
            ("plural", kept.plural.as_str()),
            ("order", kept.ordering.name()),
        ]);
    }
    if let Some(item) = chosen.filter(|_| change != "item") {
        filled.0.extend([
            ("value", item.value.as_str()),
            ("abbreviation", item.abbreviation.as_str()),
            ("offered", if item.is_active { "1" } else { "" }),
        ]);
    }
    filled
}

fn row(item: &Item) -> ItemRow<'_> {
    ItemRow {
        id: item.id,
        value: &item.value,
        abbreviation: &item.abbreviation,
        is_active: item.is_active,
    }
}

fn item_json(item: &Item) -> Value {
    json!({
        "id": item.id,
        "value": item.value,
        "abbreviation": item.abbreviation,
        "active": item.is_active,
    })
}

pub(crate) async fn change(
    visit: Visit,
    Path(list): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &list, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up(id)).await?;
    let kept = of(&ground, &found, id)?;
    let refused = match decided(&ground, kept, &found.1, typed)? {
        Err(refused) => refused,
        Ok(batch) => match ground.write(batch, &deed(&ground, kept, typed)).await {
            Ok(rows) => {
                let form: Option<i64> = returned(&rows, 0, "form_id").ok();
                let path = after(&ground, kept, (typed, form));
                let given = form.map_or_else(|| json!({}), |form| json!({ "form": form }));
                return Ok(done(&ground.desk, Done::Saved, given, &path));
            }
            Err(error) => list::refused(error),
        },
    };
    let refused = problem(refused, field(typed))?;
    if ground.desk.wants_json() {
        return Ok(refusal(&ground.desk, refused));
    }
    let chosen = (typed, typed.number("item"));
    page(&ground, kept, &found.1, chosen, Some(refused), None)
}

/// What the log says of a change.
fn deed<'g>(ground: &'g Ground, kept: &'g Kept, typed: &Typed) -> Deed<'g> {
    if typed.get("change") == "properties" {
        let made = ground.deed(Verb::Made, deed::Kind::Form);
        return made.named(&kept.name);
    }
    let verb = match typed.get("change") {
        "remove" => Verb::Removed,
        "up" => Verb::Moved,
        _ => Verb::Changed,
    };
    let before = Typed(vec![
        ("name".to_owned(), kept.name.clone()),
        ("plural".to_owned(), kept.plural.clone()),
        ("order".to_owned(), kept.ordering.name().to_owned()),
    ]);
    let changed = match verb {
        Verb::Changed => typed.since(&before),
        _ => Value::Null,
    };
    let deed = ground.deed(verb, deed::Kind::List);
    deed.of(&kept.id, &kept.name).changing(changed)
}

/// Where the administrator goes on: at the form that was made. A list that is removed has no page.
fn after(ground: &Ground, kept: &Kept, (typed, form): (&Typed, Option<i64>)) -> String {
    let realm = &ground.realm.id.0;
    match (typed.get("change"), form) {
        ("remove", _) => pages::url::lists_in(realm),
        (_, Some(form)) => pages::url::form(&form, realm),
        (_, None) => pages::url::list(&kept.id, realm),
    }
}

/// The field that a change is about.
fn field(typed: &Typed) -> &'static str {
    match typed.get("change") {
        "import" => "items",
        "item" => "value",
        "properties" => "",
        _ => "name",
    }
}

fn decided(
    ground: &Ground,
    kept: &Kept,
    items: &[Item],
    typed: &Typed,
) -> Result<Result<Vec<Statement>, Refused>, Failure> {
    let realm = &ground.realm;
    let item = || {
        let known = items.iter().find(|it| Some(it.id) == typed.number("item"));
        known.ok_or(Failure::NotFound)
    };
    Ok(match typed.get("change") {
        "save" => list::change(realm, kept.id, &wanted(typed)).map(|it| vec![it]),
        "import" => import(ground, kept, items, typed),
        "item" => {
            let to = NewItem {
                value: typed.get("value").trim().to_owned(),
                abbreviation: typed.get("abbreviation").trim().to_owned(),
            };
            let is_active = typed.is_on("offered");
            list::change_item(realm, kept.id, item()?.id, &to, is_active).map(|it| vec![it])
        }
        "drop" => Ok(list::remove_item(realm, kept.id, item()?.id).to_vec()),
        "up" => {
            let mut order: Vec<i64> = items.iter().map(|item| item.id).collect();
            let place = order
                .iter()
                .position(|id| Some(*id) == typed.number("item"));
            let place = place.ok_or(Failure::NotFound)?;
            order.swap(place, place.saturating_sub(1));
            Ok(vec![list::order(realm, kept.id, &order)])
        }
        "properties" => properties(ground, kept),
        "remove" => Ok(list::remove(realm, kept.id)),
        _ => return Err(Failure::BadRequest),
    })
}

/// A form for the list's items, named after it as in osTicket, as far as a title reaches.
fn properties(ground: &Ground, kept: &Kept) -> Result<Vec<Statement>, Refused> {
    let named: String = kept.name.chars().take(100).collect();
    let title = format!("{named} Properties");
    let statement = form::add_properties(&ground.realm, kept.id, &title);
    statement.map(|it| vec![it]).map_err(|_| Refused::Name)
}

fn import(
    ground: &Ground,
    kept: &Kept,
    items: &[Item],
    typed: &Typed,
) -> Result<Vec<Statement>, Refused> {
    let pasted = list::pasted(typed.get("items"))?;
    let is_new = |item: &&NewItem| items.iter().all(|known| known.value != item.value);
    if items.len() + pasted.iter().filter(is_new).count() > list::MOST_ITEMS {
        return Err(Refused::Items);
    }
    Ok(vec![list::import(&ground.realm, kept.id, &pasted)])
}
