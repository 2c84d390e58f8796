//! `/admin/forms/{form}`: one form, its fields and their order, and a new field.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use desk::form::{self, Access, Kept, KeptField, Kind, NewField, NewForm, Options, Purpose};
use desk::offer::{self, Kind as OfferKind, Offer};
use pages::admin::{
    Done, FieldAccess, FieldKind, FieldRow, Filled, FormPage, FormPurpose, Place, Problem, Tab, Why,
};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope, Statement};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use crate::forms::{problem, purpose};
use web::administering::{done, head, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted, choices, written_choices};

type LookUp = (
    tenancy::Query<Kept>,
    tenancy::Query<KeptField>,
    tenancy::Query<Offer>,
);
pub(crate) type Found = (Vec<Kept>, Vec<KeptField>, Vec<Offer>);

/// What is looked up about a form.
pub(crate) fn look_up(form: &str) -> impl Fn(&Scope, RealmId) -> LookUp {
    let form = form.parse().unwrap_or(0);
    move |scope, realm| {
        let fields = form::kept_fields(scope, form);
        (form::kept(scope, realm), fields, offer::lists(scope, realm))
    }
}

/// A form, if it belongs to the realm that was asked about.
pub(crate) fn of<'f>(ground: &Ground, found: &'f Found, id: &str) -> Result<&'f Kept, Failure> {
    let is = |kept: &&Kept| kept.realm == ground.realm.id && kept.id.to_string() == id;
    found.0.iter().find(is).ok_or(Failure::NotFound)
}

pub(crate) async fn show(
    visit: Visit,
    Path(form): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &form, &wanted).await)
}

async fn shown(visit: Visit, id: &str, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up(id)).await?;
    let kept = of(&ground, &found, id)?;
    page(
        &ground,
        kept,
        &found,
        &Typed::default(),
        None,
        Done::named(&wanted.done),
    )
}

fn page(
    ground: &Ground,
    kept: &Kept,
    (_, fields, lists): &Found,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let desk = &ground.desk;
    let head = head(desk, &ground.above, Tab::Behind)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = json(kept, fields);
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = FormPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Forms),
        head,
        id: kept.id,
        title: &kept.title,
        purpose: shown_purpose(kept.purpose),
        rows: fields.iter().map(row).collect(),
        typed: filled(kept, typed),
        lists: choices(
            &ground.offered(lists, OfferKind::List),
            typed.number("list").as_slice(),
        ),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// What was typed; of the form that was not sent, what is.
fn filled<'a>(kept: &'a Kept, typed: &'a Typed) -> Filled<'a> {
    let flag = |is_on| if is_on { "1" } else { "" };
    let mut filled = typed.filled();
    if typed.get("change") != "save" {
        filled.0.extend([
            ("title", kept.title.as_str()),
            ("purpose", kept.purpose.name()),
            ("active", flag(kept.is_active)),
        ]);
    }
    filled
}

fn row(kept: &KeptField) -> FieldRow<'_> {
    let field = &kept.field;
    FieldRow {
        id: field.id,
        label: &field.label,
        name: &field.name,
        kind: shown_kind(field.kind),
        user: shown_access(field.user),
        agent: shown_access(field.agent),
        is_active: kept.usage.is_active,
    }
}

pub(crate) fn shown_purpose(purpose: Purpose) -> FormPurpose {
    match purpose {
        Purpose::Ticket => FormPurpose::Ticket,
        Purpose::Topic => FormPurpose::Topic,
        Purpose::User => FormPurpose::User,
        Purpose::Organization => FormPurpose::Organization,
        Purpose::List => FormPurpose::List,
    }
}

pub(crate) fn shown_kind(kind: Kind) -> FieldKind {
    match kind {
        Kind::Text => FieldKind::Text,
        Kind::Memo => FieldKind::Memo,
        Kind::Email => FieldKind::Email,
        Kind::Phone => FieldKind::Phone,
        Kind::Checkbox => FieldKind::Checkbox,
        Kind::Choice => FieldKind::Choice,
        Kind::List => FieldKind::List,
        Kind::Date => FieldKind::Date,
        Kind::Priority => FieldKind::Priority,
        Kind::Files => FieldKind::Files,
        Kind::Section => FieldKind::Section,
        Kind::Information => FieldKind::Information,
        Kind::Zone => FieldKind::Zone,
        Kind::Department => FieldKind::Department,
        Kind::Agent => FieldKind::Agent,
        Kind::State => FieldKind::State,
        Kind::Flag => FieldKind::Flag,
    }
}

fn shown_access(access: Access) -> FieldAccess {
    match access {
        Access::Hidden => FieldAccess::Hidden,
        Access::Shown => FieldAccess::Shown,
        Access::Optional => FieldAccess::Optional,
        Access::Required => FieldAccess::Required,
    }
}

fn json(kept: &Kept, fields: &[KeptField]) -> Value {
    json!({
        "id": kept.id,
        "realm": kept.realm.0,
        "title": kept.title,
        "purpose": kept.purpose.name(),
        "active": kept.is_active,
        "fields": fields.iter().map(field_json).collect::<Vec<_>>(),
    })
}

pub(crate) fn field_json(kept: &KeptField) -> Value {
    let field = &kept.field;
    json!({
        "id": field.id,
        "name": field.name,
        "label": field.label,
        "hint": field.hint,
        "kind": field.kind.name(),
        "user": field.user.name(),
        "agent": field.agent.name(),
        "active": kept.usage.is_active,
        "closing": kept.usage.is_needed_to_close,
        "list": kept.list,
        "when": field.condition.as_ref().map(|it| it.field),
        "values": field.condition.as_ref().map(|it| &it.values),
        "options": field.options,
    })
}

pub(crate) async fn change(
    visit: Visit,
    Path(form): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &form, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up(id)).await?;
    let kept = of(&ground, &found, id)?;
    let statement = match typed.get("change") {
        "save" => save(&ground, kept, typed),
        "add" => add(&ground, kept, &found, typed),
        "up" => further_up(&ground, kept, &found, typed),
        _ => return Err(Failure::BadRequest),
    };
    let deed = deed(&ground, kept, typed);
    let refused = match statement? {
        Err(problem) => problem,
        Ok(statement) => match ground.write(vec![statement], &deed).await {
            Ok(rows) => {
                let path = pages::url::form(&kept.id, &ground.realm.id.0);
                let field: Option<i64> = returned(&rows, 0, "field_id").ok();
                return Ok(done(
                    &ground.desk,
                    Done::Saved,
                    json!({ "field": field }),
                    &path,
                ));
            }
            Err(error) => problem(form::refused(error), named(typed))?,
        },
    };
    if ground.desk.wants_json() {
        return Ok(refusal(&ground.desk, refused));
    }
    page(&ground, kept, &found, typed, Some(refused), None)
}

/// What the log says of a change.
fn deed<'g>(ground: &'g Ground, kept: &'g Kept, typed: &'g Typed) -> Deed<'g> {
    let changed = ground.deed(Verb::Changed, deed::Kind::Form);
    match typed.get("change") {
        "add" => {
            let made = ground.deed(Verb::Made, deed::Kind::Field);
            let fields = typed.since(&Typed::default());
            made.named(typed.get("label")).changing(fields)
        }
        "up" => {
            let moved = ground.deed(Verb::Moved, deed::Kind::Field);
            moved.of(typed.get("field"), &kept.title)
        }
        _ => changed
            .of(&kept.id, &kept.title)
            .changing(typed.since(&as_it_is(kept))),
    }
}

/// What the form would post if nothing were changed.
fn as_it_is(kept: &Kept) -> Typed {
    let flag = |is_on| if is_on { "1" } else { "" };
    let fields = [
        ("title", kept.title.as_str()),
        ("purpose", kept.purpose.name()),
        ("active", flag(kept.is_active)),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Typed(fields.map(owned).into())
}

type Decided = Result<Result<Statement, Problem>, Failure>;

/// The field that has the name which another has already.
fn named(typed: &Typed) -> &'static str {
    if typed.get("change") == "save" {
        "title"
    } else {
        "name"
    }
}

fn save(ground: &Ground, kept: &Kept, typed: &Typed) -> Decided {
    let purpose = purpose(typed)?;
    let title = typed.get("title");
    let to = NewForm { title, purpose };
    match form::change(&ground.realm, kept.id, &to, typed.is_on("active")) {
        Ok(statement) => Ok(Ok(statement)),
        Err(refused) => problem(refused, "title").map(Err),
    }
}

fn add(ground: &Ground, kept: &Kept, (_, _, lists): &Found, typed: &Typed) -> Decided {
    let kind = Kind::named(typed.get("kind"));
    let kind = kind.filter(|kind| shown_kind(*kind).fits(shown_purpose(kept.purpose)));
    let kind = kind.ok_or(Failure::BadRequest)?;
    let lists = ground.offered(lists, OfferKind::List);
    let list = typed.chosen("list", &lists, None);
    let list = match list.and_then(|list| needs_list(kind, list)) {
        Ok(list) => list,
        Err(problem) => return Ok(Err(problem)),
    };
    let of_choices = kind == Kind::Choice;
    let Some(choices) =
        written_choices(typed.get("choices")).filter(|it| of_choices || it.is_empty())
    else {
        let (why, field) = (Why::Choices, "choices");
        return Ok(Err(Problem { why, field }));
    };
    let new = NewField {
        form: kept.id,
        name: typed.get("name"),
        label: typed.get("label"),
        hint: "",
        kind,
        options: Options {
            choices,
            ..Options::default()
        },
        list,
        user: Access::Optional,
        agent: Access::Optional,
        condition: None,
    };
    match form::add_field(&ground.realm, &new) {
        Ok(statement) => Ok(Ok(statement)),
        Err(refused) => problem(refused, "name").map(Err),
    }
}

/// The list, for a field that offers one.
pub(crate) fn needs_list(kind: Kind, list: Option<i64>) -> Result<Option<i64>, Problem> {
    match (kind, list) {
        (Kind::List, None) => Err(Problem {
            why: Why::Choices,
            field: "list",
        }),
        (Kind::List, list) => Ok(list),
        (_, _) => Ok(None),
    }
}

/// Puts a field before the one that it stands behind.
fn further_up(ground: &Ground, kept: &Kept, (_, fields, _): &Found, typed: &Typed) -> Decided {
    let mut order: Vec<i64> = fields.iter().map(|kept| kept.field.id).collect();
    let wanted = typed.number("field");
    let place = order.iter().position(|id| Some(*id) == wanted);
    let place = place.ok_or(Failure::NotFound)?;
    order.swap(place, place.saturating_sub(1));
    Ok(Ok(form::order(&ground.realm, kept.id, &order)))
}
