//! `/admin/lists`: a realm's lists, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Verb};
use desk::list::{self, Kept, NewList, Ordering, Refused};
use pages::admin::{Done, ListRow, ListsPage, Place, Problem, Tab, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use web::administering::{done, head, head_json, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted};

fn look_up(scope: &Scope, realm: RealmId) -> (tenancy::Query<Kept>,) {
    (list::kept(scope, realm),)
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let (ground, (kept,)) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let done = Done::named(&wanted.done);
    page(&ground, &kept, &Typed::default(), None, done)
}

fn page(
    ground: &Ground,
    kept: &[Kept],
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, .. } = ground;
    let head = head(desk, above, Tab::Lists)?;
    let seen = kept.iter().filter(|kept| ground.holds(&kept.path));
    let seen: Vec<&Kept> = seen.collect();
    let rows = seen.iter().map(|kept| row(ground, kept)).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["lists"] = seen
            .iter()
            .map(|kept| json_of(kept))
            .collect::<Vec<_>>()
            .into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = ListsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Lists),
        head,
        rows,
        typed: typed.filled(),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn row<'a>(ground: &'a Ground, kept: &'a Kept) -> ListRow<'a> {
    ListRow {
        id: kept.id,
        realm: kept.realm.0,
        from: ground.named_above(kept.realm),
        name: &kept.name,
        items: kept.items,
        fields: kept.fields,
    }
}

/// A list as programs see it.
pub(crate) fn json_of(kept: &Kept) -> Value {
    json!({
        "id": kept.id,
        "realm": kept.realm.0,
        "name": kept.name,
        "plural": kept.plural,
        "order": kept.ordering.name(),
        "items": kept.items,
        "fields": kept.fields,
        "form": kept.form,
    })
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (ground, (kept,)) = Ground::posted(visit, typed, look_up).await?;
    match add(&ground, typed).await? {
        Ok(id) => {
            let path = pages::url::list(&id, &ground.realm.id.0);
            Ok(done(&ground.desk, Done::Saved, json!({ "id": id }), &path))
        }
        Err(problem) if ground.desk.wants_json() => Ok(refusal(&ground.desk, problem)),
        Err(problem) => page(&ground, &kept, typed, Some(problem), None),
    }
}

async fn add(ground: &Ground, typed: &Typed) -> Result<Result<i64, Problem>, Failure> {
    let new = wanted(typed);
    let deed = ground.deed(Verb::Made, deed::Kind::List).named(new.name);
    let refused = match list::add(&ground.realm, &new) {
        Ok(statement) => match ground.write(vec![statement], &deed).await {
            Ok(rows) => return Ok(Ok(returned(&rows, 0, "list_id")?)),
            Err(error) => list::refused(error),
        },
        Err(refused) => refused,
    };
    problem(refused, "name").map(Err)
}

/// What was typed of a list.
pub(crate) fn wanted(typed: &Typed) -> NewList<'_> {
    NewList {
        name: typed.get("name"),
        plural: typed.get("plural"),
        ordering: Ordering::named(typed.get("order")).unwrap_or_default(),
    }
}

/// Why nothing was written, and the field it is about; `named` has the name.
pub(crate) fn problem(refused: Refused, named: &'static str) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Name => (Why::Name, "name"),
        Refused::Taken => (Why::Taken, named),
        Refused::Items => (Why::Items, named),
        Refused::InUse => (Why::InUse, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}
