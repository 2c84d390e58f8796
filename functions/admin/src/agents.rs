//! `/admin/agents`: the agents an administrator looks after.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::agent::{self, Employed};
use pages::admin::{AgentRow, AgentsPage, Place};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::policy::{Asking, Found, Granted, RealmKey, act};
use tenancy::principal::{Agent, Principal};
use tenancy::{Id, Scope};
use web::failure::{data, negotiated};
use web::form::FormToken;
use web::{Answer, Desk, Failure, Visit};

use web::administering::{enter, failure, has, nav};

/// So many agents stand on one page.
const PAGE: usize = 100;

/// Which page is asked for: the agents after this one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    after: String,
}

/// An agent to look after. One of a realm that is not held answers like one that does not exist.
pub(crate) fn granted(
    desk: &Desk,
    found: Vec<Found<Employed>>,
) -> Result<Granted<Employed, act::AgentManage>, Failure> {
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    asking.grant(found).map_err(failure)
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let id = Id::parse(&wanted.after);
    let (mut desk, (after,)) = enter(visit, |scope| (agent::find(scope, id.as_ref()),)).await?;
    if !has(&desk, RealmKey::AgentManage) {
        return Err(Failure::Forbidden);
    }
    let after = match wanted.after.as_str() {
        "" => None,
        _ => Some(granted(&desk, after)?),
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let behind = after.as_ref().map(|it| (&it.path, it.email.as_str()));
    let list =
        |by: &Agent, scope: &Scope| (agent::list(scope, by.holdings().as_sight(), behind, most),);
    let (mut listed,) = desk.look(list).await?;
    let has_more = listed.len() > PAGE;
    listed.truncate(PAGE);
    Ok(answer(&desk, &listed, has_more))
}

fn answer(desk: &Desk, listed: &[Employed], has_more: bool) -> Response {
    let last = listed.last().filter(|_| has_more);
    let next = last.map(|last| format!("{}?after={}", pages::url::AGENTS, last.id));
    let rows: Vec<AgentRow<'_>> = listed.iter().map(row).collect();
    if desk.wants_json() {
        let body = json!({ "agents": rows.iter().map(row_json).collect::<Vec<_>>(), "next": next });
        return desk.renewed(data(StatusCode::OK, &body));
    }
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = AgentsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Agents),
        rows,
        next,
    };
    desk.renewed(token.with(Html(page)))
}

pub(crate) fn row(agent: &Employed) -> AgentRow<'_> {
    AgentRow {
        id: agent.id.as_str(),
        name: &agent.name,
        email: &agent.email,
        realm: &agent.realm.name,
        role: &agent.role.name,
        is_limited: agent.is_limited,
        is_active: agent.is_active,
    }
}

pub(crate) fn row_json(row: &AgentRow<'_>) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "realm": row.realm,
        "role": row.role,
        "limited": row.is_limited,
        "active": row.is_active,
    })
}
