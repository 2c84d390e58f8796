//! `/admin/teams`: a realm's teams, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Verb};
use desk::email::looked_up;
use desk::team::{self, Kept, Refused, Wanted as New};
use pages::admin::{Done, Place, Problem, Tab, TeamForm, TeamRow, TeamsPage, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::scope::returned;
use tenancy::{Id, RealmId, Scope};
use web::administering::{done, head, head_json, nav, refusal, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed, Wanted};
use web::{Answer, Failure, Visit};

use crate::leader::Leader;
use crate::staff::{box_of, typed as filled};

type LookUp = (tenancy::Query<Kept>, tenancy::Query<Peer<Id>>);
pub(crate) type Found = (Vec<Kept>, Vec<Peer<Id>>);

pub(crate) fn look_up(scope: &Scope, realm: RealmId, lead: &str) -> LookUp {
    (
        team::kept(scope, realm),
        peer::agent(scope, &looked_up(lead)),
    )
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let look = |scope: &Scope, realm| look_up(scope, realm, "");
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look).await?;
    page(
        &ground,
        &found,
        &Typed::default(),
        None,
        Done::named(&wanted.done),
    )
}

fn page(
    ground: &Ground,
    (kept, _): &Found,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, .. } = ground;
    let head = head(desk, above, Tab::Teams)?;
    let seen = kept.iter().filter(|kept| ground.holds(&kept.path));
    let rows: Vec<TeamRow<'_>> = seen.map(|kept| row(ground, kept)).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["teams"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = TeamsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Teams),
        head,
        rows,
        form: form(typed, false),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

pub(crate) fn form(typed: &Typed, has_unseen_leader: bool) -> TeamForm<'_> {
    TeamForm {
        typed: typed.filled(),
        has_unseen_leader,
    }
}

fn row<'a>(ground: &'a Ground, kept: &'a Kept) -> TeamRow<'a> {
    TeamRow {
        id: kept.id,
        realm: kept.realm.0,
        from: ground.named_above(kept.realm),
        name: &kept.name,
        lead: leader(ground, Some(kept)).seen(),
    }
}

fn row_json(row: &TeamRow<'_>) -> Value {
    json!({
        "id": row.id,
        "realm": row.realm,
        "name": row.name,
        "lead": Some(row.lead).filter(|lead| !lead.is_empty()),
    })
}

/// Who leads a team, or is to lead a new one.
pub(crate) fn leader<'a>(ground: &'a Ground, now: Option<&'a Kept>) -> Leader<'a> {
    let id = now.map(|kept| kept.id);
    let standing = ground.desk.agent.standing();
    Leader {
        ground,
        field: "lead",
        now: now.and_then(|kept| kept.lead.as_ref()),
        may_be_given: standing.is_some_and(|by| team::may_be_given(by, id)),
    }
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let look = |scope: &Scope, realm| look_up(scope, realm, typed.get("lead"));
    let (ground, found) = Ground::posted(visit, typed, look).await?;
    match add(&ground, &found, typed).await? {
        Ok(id) => {
            let path = pages::url::team(&id, &ground.realm.id.0);
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
    let deed = ground.deed(Verb::Made, deed::Kind::Team).named(new.name);
    let refused = match team::add(&ground.realm, &new) {
        Ok(statement) => match ground.write(vec![statement], &deed).await {
            Ok(rows) => return Ok(Ok(returned(&rows, 0, "team_id")?)),
            Err(error) => team::refused(error),
        },
        Err(refused) => refused,
    };
    problem(refused).map(Err)
}

/// What was typed.
pub(crate) fn read<'t>(
    ground: &Ground,
    (_, leads): &Found,
    typed: &'t Typed,
    now: Option<&Kept>,
) -> Result<New<'t>, Problem> {
    Ok(New {
        name: typed.get("name"),
        lead: leader(ground, now).wanted(typed, leads.clone())?,
    })
}

/// What the form of a team would post if nothing were changed.
pub(crate) fn as_it_is(ground: &Ground, kept: &Kept) -> Typed {
    let leader = leader(ground, Some(kept));
    filled([
        ("name", &kept.name),
        ("lead", leader.seen()),
        ("keep", box_of(leader.is_unseen())),
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
