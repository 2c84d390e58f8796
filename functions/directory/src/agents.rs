//! `/admin/agents`: the agents an administrator looks after.

use axum::extract::Query;
use axum::response::Response;
use desk::agent::{self, Employed, Giving, Place as At, Role};
use pages::admin::{AgentRow, AgentsPage, Choice, Employing, Place, Problem, RealmRow};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::policy::{Asking, Found, Granted, RealmKey, act};
use tenancy::principal::{Agent, Principal};
use tenancy::realm::{self, Path};
use tenancy::{Id, RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::FormToken;
use web::ground::Typed;
use web::{Answer, Desk, Failure, Visit};

use crate::agent::team;
use web::administering::{enter, failure, has, held, nav, realm_id, row as realm_row, status};

/// So many agents stand on one page.
const PAGE: usize = 100;
/// So many realms are offered; the others offer it on their own pages.
const REALMS: i64 = 200;

/// Which page is asked for, the agents after this one; and which realm a new one is to be of.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    after: String,
    r#in: String,
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
    let (mut desk, (after, at)) = enter(visit, |scope| {
        let at = peer::realm(scope, realm_id(&wanted.r#in));
        (agent::find(scope, id.as_ref()), at)
    })
    .await?;
    if !has(&desk, RealmKey::AgentManage) {
        return Err(Failure::Forbidden);
    }
    let after = match wanted.after.as_str() {
        "" => None,
        _ => Some(granted(&desk, after)?),
    };
    let at = match wanted.r#in.as_str() {
        "" => None,
        _ => Some(held(&desk, at).ok_or(Failure::NotFound)?),
    };
    let behind = after.as_ref().map(|it| (&it.path, it.email.as_str()));
    let listed = listed(&mut desk, behind).await?;
    page(&desk, &listed, at.as_ref(), &Typed::default(), None)
}

/// A page of the agents, and what a new one can be.
pub(crate) struct Listed {
    agents: Vec<Employed>,
    has_more: bool,
    roles: Vec<Role>,
    departments: Vec<At>,
    realms: Vec<realm::Listed>,
}

pub(crate) async fn listed(
    desk: &mut Desk,
    behind: Option<(&Path, &str)>,
) -> Result<Listed, Failure> {
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let queries = |by: &Agent, scope: &Scope| {
        let holdings = by.holdings();
        let held = holdings.as_sight();
        (
            agent::list(scope, held, behind, most),
            agent::roles(scope),
            agent::departments(scope, held, None),
            realm::list(scope, held, REALMS),
        )
    };
    let (mut agents, roles, departments, realms) = desk.look(queries).await?;
    let has_more = agents.len() > PAGE;
    agents.truncate(PAGE);
    Ok(Listed {
        agents,
        has_more,
        roles,
        departments: places(desk, &[], departments)?,
        realms,
    })
}

/// The departments that an administrator can put a new agent into.
pub(crate) fn places(
    desk: &Desk,
    roles: &[Role],
    departments: Vec<At>,
) -> Result<Vec<At>, Failure> {
    let standing = desk.agent.standing().ok_or(Failure::NotFound)?;
    let own: Vec<i64> = standing
        .duties()
        .posts()
        .iter()
        .map(|post| post.department)
        .collect();
    Ok(Giving::of(&desk.agent, standing, roles).places(departments, &own))
}

pub(crate) fn page(
    desk: &Desk,
    listed: &Listed,
    at: Option<&Peer<RealmId>>,
    typed: &Typed,
    problem: Option<Problem>,
) -> Answer {
    let last = listed.agents.last().filter(|_| listed.has_more);
    let next = last.map(|last| format!("{}?after={}", pages::url::AGENTS, last.id));
    let rows: Vec<AgentRow<'_>> = listed.agents.iter().map(row).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    let new = employing(desk, listed, at, typed)?;
    if desk.wants_json() {
        let role = |role: &Choice<'_>| json!({ "id": role.id, "name": role.name });
        let body = json!({
            "agents": rows.iter().map(row_json).collect::<Vec<_>>(),
            "next": next,
            "roles": new.roles.iter().map(role).collect::<Vec<_>>(),
            "csrf": csrf,
        });
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = AgentsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Agents),
        rows,
        next,
        new,
        problem,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// The form of a new agent, of what its maker can give.
fn employing<'l>(
    desk: &'l Desk,
    listed: &'l Listed,
    at: Option<&'l Peer<RealmId>>,
    typed: &'l Typed,
) -> Result<Employing<'l>, Failure> {
    let standing = desk.agent.standing().ok_or(Failure::NotFound)?;
    let giving = Giving::of(&desk.agent, standing, &listed.roles);
    let own = standing.primary();
    let realm = at.map_or(own.realm, |at| at.id);
    let mut realms: Vec<RealmRow<'_>> = listed
        .realms
        .iter()
        .map(|it| realm_row(it, &own.path))
        .collect();
    if let Some(at) = at.filter(|at| realms.iter().all(|row| row.id != at.id.0)) {
        realms.push(RealmRow {
            id: at.id.0,
            name: &at.name,
            kind: pages::admin::Kind::default(),
            depth: 0,
            is_archived: false,
        });
    }
    let role = |role: &'l Role| Choice {
        id: role.id,
        name: &role.name,
        is_chosen: typed.number("role") == Some(role.id),
    };
    Ok(Employing {
        typed: typed.filled(),
        realms,
        realm: realm.0,
        roles: giving.as_primary().map(role).collect(),
        departments: listed.departments.iter().map(team).collect(),
    })
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
        is_pending: !agent.has_password,
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
        "pending": row.is_pending,
    })
}
