//! `/admin/departments`: a realm's departments, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Verb};
use desk::department::{self, Kept, Refused, Wanted as New};
use desk::email::looked_up;
use desk::offer::{self, Kind, Offer};
use pages::admin::{
    DepartmentForm, DepartmentRow, DepartmentsPage, Done, Place, Problem, Tab, Why,
};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::scope::returned;
use tenancy::{Id, RealmId, Scope};
use web::administering::{done, head, head_json, nav, refusal, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed, Wanted, choices};
use web::{Answer, Failure, Visit};

use crate::leader::Leader;
use crate::staff::{box_of, typed as filled};

type LookUp = (
    tenancy::Query<Kept>,
    tenancy::Query<Offer>,
    tenancy::Query<Peer<Id>>,
);
pub(crate) type Found = (Vec<Kept>, Vec<Offer>, Vec<Peer<Id>>);

pub(crate) fn look_up(scope: &Scope, realm: RealmId, manager: &str) -> LookUp {
    (
        department::kept(scope, realm),
        offer::offers(scope, realm),
        peer::agent(scope, &looked_up(manager)),
    )
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let look = |scope: &Scope, realm| look_up(scope, realm, "");
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look).await?;
    page(&ground, &found, &anew(), None, Done::named(&wanted.done))
}

/// What stands in the form for a new department.
fn anew() -> Typed {
    filled([
        ("public", "1"),
        ("answers_tickets", "1"),
        ("answers_messages", "1"),
    ])
}

fn page(
    ground: &Ground,
    (kept, offers, _): &Found,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, .. } = ground;
    let head = head(desk, above, Tab::Departments)?;
    let seen = kept.iter().filter(|kept| ground.holds(&kept.path));
    let rows: Vec<DepartmentRow<'_>> = seen.map(|kept| row(ground, kept)).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["departments"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = DepartmentsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Departments),
        head,
        rows,
        form: form(ground, offers, typed, false),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

pub(crate) fn form<'a>(
    ground: &Ground,
    offers: &'a [Offer],
    typed: &'a Typed,
    has_unseen_leader: bool,
) -> DepartmentForm<'a> {
    let plans = ground.offered(offers, Kind::Plan);
    DepartmentForm {
        typed: typed.filled(),
        plans: choices(&plans, typed.number("plan").as_slice()),
        has_unseen_leader,
    }
}

fn row<'a>(ground: &'a Ground, kept: &'a Kept) -> DepartmentRow<'a> {
    DepartmentRow {
        id: kept.id,
        realm: kept.realm.0,
        from: ground.named_above(kept.realm),
        name: &kept.name,
        manager: leader(ground, Some(kept)).seen(),
        answers_tickets: kept.answers_tickets,
        answers_messages: kept.answers_messages,
    }
}

fn row_json(row: &DepartmentRow<'_>) -> Value {
    json!({
        "id": row.id,
        "realm": row.realm,
        "name": row.name,
        "manager": Some(row.manager).filter(|manager| !manager.is_empty()),
        "answers_tickets": row.answers_tickets,
        "answers_messages": row.answers_messages,
    })
}

/// Who manages a department, or is to manage a new one.
pub(crate) fn leader<'a>(ground: &'a Ground, now: Option<&'a Kept>) -> Leader<'a> {
    let id = now.map(|kept| kept.id);
    let standing = ground.desk.agent.standing();
    Leader {
        ground,
        field: "manager",
        now: now.and_then(|kept| kept.manager.as_ref()),
        may_be_given: standing.is_some_and(|by| department::may_be_given(by, id)),
    }
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let look = |scope: &Scope, realm| look_up(scope, realm, typed.get("manager"));
    let (ground, found) = Ground::posted(visit, typed, look).await?;
    match add(&ground, &found, typed).await? {
        Ok(id) => {
            let path = pages::url::department(&id, &ground.realm.id.0);
            Ok(done(&ground.desk, Done::Added, json!({ "id": id }), &path))
        }
        Err(problem) if ground.desk.wants_json() => Ok(refusal(&ground.desk, problem)),
        Err(problem) => page(&ground, &found, typed, Some(problem), None),
    }
}

async fn add(
    ground: &Ground,
    found: &Found,
    typed: &Typed,
) -> Result<Result<i64, Problem>, Failure> {
    let new = match read(ground, found, typed, None) {
        Ok(new) => new,
        Err(problem) => return Ok(Err(problem)),
    };
    let deed = ground
        .deed(Verb::Made, deed::Kind::Department)
        .named(new.name);
    let refused = match department::add(&ground.realm, &new) {
        Ok(statement) => match ground.write(vec![statement], &deed).await {
            Ok(rows) => return Ok(Ok(returned(&rows, 0, "department_id")?)),
            Err(error) => department::refused(error),
        },
        Err(refused) => refused,
    };
    problem(refused).map(Err)
}

/// What was typed; what it names is offered, or as it is.
pub(crate) fn read<'t>(
    ground: &Ground,
    (_, offers, managers): &Found,
    typed: &'t Typed,
    now: Option<&Kept>,
) -> Result<New<'t>, Problem> {
    let plans = ground.offered(offers, Kind::Plan);
    Ok(New {
        name: typed.get("name"),
        is_public: typed.is_on("public"),
        plan: typed.chosen("plan", &plans, now.and_then(|kept| kept.plan))?,
        manager: leader(ground, now).wanted(typed, managers.clone())?,
        answers_tickets: typed.is_on("answers_tickets"),
        answers_messages: typed.is_on("answers_messages"),
    })
}

/// What the form of a department would post if nothing were changed.
pub(crate) fn as_it_is(ground: &Ground, kept: &Kept) -> Typed {
    let leader = leader(ground, Some(kept));
    let plan = kept.plan.map(|id| id.to_string());
    filled([
        ("name", &kept.name),
        ("manager", leader.seen()),
        ("keep", box_of(leader.is_unseen())),
        ("plan", plan.as_deref().unwrap_or_default()),
        ("public", box_of(kept.is_public)),
        ("answers_tickets", box_of(kept.answers_tickets)),
        ("answers_messages", box_of(kept.answers_messages)),
    ])
}

/// Why nothing was written, and the field it is about.
pub(crate) fn problem(refused: Refused) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Name => (Why::Name, "name"),
        Refused::Taken => (Why::Taken, "name"),
        Refused::Full => (Why::Full, ""),
        Refused::InUse => (Why::InUse, ""),
        Refused::Stale => (Why::Stale, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}
