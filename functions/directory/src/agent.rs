//! `/admin/agents/{agent}`: which role an agent has, and where they work.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::agent::{self, Employed, Giving, Place as At, Role, Wanted};
use desk::deed::{Deed, Kind, Verb};
use desk::intake::senders;
use pages::admin::{AgentPage, AgentRow, Choice, Done, Invited, Place, PlaceRow, Problem, Why};
use pages::http::{Html, wants_json};
use pages::time::Moment;
use serde_json::{Value, json};
use tenancy::policy::{Found, Granted, act};
use tenancy::principal::Agent;
use tenancy::sight::Standing;
use tenancy::{DbError, Id, Scope};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use crate::agents::{granted, row, row_json};
use crate::invitation::{self, state, unmade};
use web::administering::{done, enter, nav, refusal, status, write};
use web::ground::{Typed, Wanted as Before};

/// What was looked up about an agent.
struct Looked {
    agent: Granted<Employed, act::AgentManage>,
    roles: Vec<Role>,
    departments: Vec<At>,
    teams: Vec<At>,
}

/// What a page tells beyond the agent.
#[derive(Default)]
struct Told {
    wanted: Option<Wanted>,
    problem: Option<Problem>,
    done: Option<Done>,
}

type Rows = (Vec<Found<Employed>>, Vec<Role>, Vec<At>, Vec<At>);

async fn look(desk: &mut Desk, id: &str) -> Result<Looked, Failure> {
    let id = Id::parse(id);
    let queries = |by: &Agent, scope: &Scope| {
        let holdings = by.holdings();
        let (held, id) = (holdings.as_sight(), id.as_ref());
        (
            agent::find(scope, id),
            agent::roles(scope),
            agent::departments(scope, held, id),
            agent::teams(scope, held, id),
        )
    };
    let found: Rows = desk.look(queries).await?;
    looked(desk, found)
}

fn looked(desk: &Desk, (found, roles, departments, teams): Rows) -> Result<Looked, Failure> {
    let agent = granted(desk, found)?;
    let standing = standing(desk)?;
    let duties = standing.duties();
    let posts: Vec<i64> = duties.posts().iter().map(|post| post.department).collect();
    let bands: Vec<i64> = duties.bands().iter().map(|band| band.team).collect();
    let giving = Giving::of(&desk.agent, standing, &roles);
    Ok(Looked {
        departments: giving.places(departments, &posts),
        teams: giving.places(teams, &bands),
        agent,
        roles,
    })
}

fn standing(desk: &Desk) -> Result<&Standing, Failure> {
    desk.agent.standing().ok_or(Failure::NotFound)
}

pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(before): Query<Before>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (mut desk, ()) = enter(visit, |_| ()).await?;
        let looked = look(&mut desk, &id).await?;
        let told = Told {
            done: Done::named(&before.done),
            ..Told::default()
        };
        page(&desk, &looked, &told)
    };
    negotiated(wants_json, answer.await)
}

fn page(desk: &Desk, looked: &Looked, told: &Told) -> Answer {
    let giving = Giving::of(&desk.agent, standing(desk)?, &looked.roles);
    let agent = &looked.agent;
    let wanted = told.wanted.as_ref();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = AgentPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Agents),
        agent: AgentRow {
            is_limited: wanted.map_or(agent.is_limited, |wanted| wanted.is_limited),
            is_active: wanted.map_or(agent.is_active, |wanted| wanted.is_active),
            ..row(agent)
        },
        version: agent.version,
        roles: roles(
            giving.as_primary(),
            &looked.roles,
            Some(agent.role.id),
            Some(wanted.map_or(agent.role.id, |wanted| wanted.role)),
        ),
        departments: looked
            .departments
            .iter()
            .map(|at| department(&giving, looked, at))
            .collect(),
        teams: looked.teams.iter().map(team).collect(),
        invited: state(agent, desk.visit.now()),
        now: Moment(desk.visit.now().0),
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    let status = status(told.problem);
    if desk.wants_json() {
        return Ok(desk.renewed(token.with(data(status, &body(&page)))));
    }
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// The roles that can be given, and the one that is held.
fn roles<'r>(
    given: impl Iterator<Item = &'r Role>,
    all: &'r [Role],
    held: Option<i64>,
    chosen: Option<i64>,
) -> Vec<Choice<'r>> {
    let given: Vec<i64> = given.map(|role| role.id).collect();
    let is_offered = |role: &&Role| given.contains(&role.id) || Some(role.id) == held;
    let choice = |role: &'r Role| Choice {
        id: role.id,
        name: &role.name,
        is_chosen: Some(role.id) == chosen,
    };
    all.iter().filter(is_offered).map(choice).collect()
}

fn department<'l>(giving: &Giving<'l>, looked: &'l Looked, at: &'l At) -> PlaceRow<'l> {
    PlaceRow {
        roles: roles(giving.for_departments(), &looked.roles, at.role, at.role),
        ..team(at)
    }
}

pub(crate) fn team(at: &At) -> PlaceRow<'_> {
    PlaceRow {
        id: at.id,
        name: &at.name,
        realm: &at.realm,
        is_member: at.is_member,
        roles: Vec::new(),
    }
}

fn body(page: &AgentPage<'_>) -> Value {
    let place = |at: &PlaceRow<'_>| {
        let role = at.roles.iter().find(|role| role.is_chosen);
        json!({
            "id": at.id,
            "name": at.name,
            "realm": at.realm,
            "member": at.is_member,
            "role": role.map(|role| role.id),
        })
    };
    let roles = page.roles.iter();
    let roles = roles.map(|role| json!({ "id": role.id, "name": role.name }));
    let mut body = row_json(&page.agent);
    body["version"] = page.version.into();
    body["invitation"] = page.invited.map(invitation_json).into();
    body["roles"] = roles.collect::<Vec<_>>().into();
    body["departments"] = page
        .departments
        .iter()
        .map(place)
        .collect::<Vec<_>>()
        .into();
    body["teams"] = page.teams.iter().map(place).collect::<Vec<_>>().into();
    body["csrf"] = page.csrf.into();
    body
}

fn invitation_json(invited: Invited) -> Value {
    match invited {
        Invited::Open(sent, until) => {
            json!({ "state": "open", "sent_at": sent.0, "expires_at": until.0 })
        }
        Invited::Over(sent) => json!({ "state": "over", "sent_at": sent.0 }),
        Invited::None => json!({ "state": "none" }),
    }
}

pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &id, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (mut desk, (from,)) = enter(visit, |scope| (senders(scope),)).await?;
    form::check(&desk.visit, &desk.signer, typed.get("csrf"))?;
    let looked = look(&mut desk, id).await?;
    let invitation = match typed.get("change") {
        "invite" => invitation::again(&desk, &looked.agent, from.first()).await?,
        "withdraw" => invitation::withdraw(&desk, &looked.agent).await?,
        _ => return saved(&desk, &looked, typed).await,
    };
    match invitation {
        Ok(what) => {
            let path = pages::url::agent(looked.agent.id.as_str());
            Ok(done(&desk, what, json!({}), &path))
        }
        Err(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Err(problem) => {
            let told = Told {
                problem: Some(problem),
                ..Told::default()
            };
            page(&desk, &looked, &told)
        }
    }
}

async fn saved(desk: &Desk, looked: &Looked, typed: &Typed) -> Answer {
    let wanted = wanted(looked, typed);
    match apply(desk, looked, &wanted).await? {
        None => {
            let path = pages::url::agent(looked.agent.id.as_str());
            Ok(done(desk, Done::Saved, json!({}), &path))
        }
        Some(problem) if desk.wants_json() => Ok(refusal(desk, problem)),
        Some(problem) => {
            let told = Told {
                wanted: Some(wanted),
                problem: Some(problem),
                done: None,
            };
            page(desk, looked, &told)
        }
    }
}

/// What was typed about what is offered; a role that cannot be read is none that there is.
fn wanted(looked: &Looked, typed: &Typed) -> Wanted {
    let department = |at: &At| {
        let role = match typed.get(&format!("department-{}", at.id)) {
            "" => None,
            "primary" => Some(None),
            role => Some(Some(role.parse().unwrap_or(0))),
        };
        (at.id, role)
    };
    let team = |at: &At| (at.id, typed.is_on(&format!("team-{}", at.id)));
    Wanted {
        version: typed.number("version").unwrap_or_default(),
        role: typed.number("role").unwrap_or_default(),
        is_limited: typed.is_on("limited"),
        is_active: typed.is_on("active"),
        departments: looked.departments.iter().map(department).collect(),
        teams: looked.teams.iter().map(team).collect(),
    }
}

async fn apply(desk: &Desk, looked: &Looked, wanted: &Wanted) -> Result<Option<Problem>, Failure> {
    let giving = Giving::of(&desk.agent, standing(desk)?, &looked.roles);
    let batch = match giving.change(&looked.agent, wanted, &looked.departments) {
        Ok(batch) => batch,
        Err(refused) => return Ok(Some(unmade(&refused))),
    };
    let agent = &looked.agent;
    let deed = Deed::new(agent.realm.id, Verb::Changed, Kind::Agent)
        .of(&agent.id, &agent.email)
        .changing(told(looked, wanted));
    match write(desk, agent.scope(), batch, &deed).await {
        Ok(_) => Ok(None),
        Err(DbError::Stale) => Ok(Some(Problem {
            why: Why::Stale,
            field: "",
        })),
        Err(error) => Err(error.into()),
    }
}

/// What the log says of a change: what is other than it was.
fn told(looked: &Looked, wanted: &Wanted) -> Value {
    let agent = &looked.agent;
    let mut told = json!({});
    if wanted.role != agent.role.id {
        let role = looked.roles.iter().find(|role| role.id == wanted.role);
        told["role"] = role.map(|role| role.name.as_str()).into();
    }
    if wanted.is_active != agent.is_active {
        told["active"] = wanted.is_active.into();
    }
    if wanted.is_limited != agent.is_limited {
        told["limited"] = wanted.is_limited.into();
    }
    let of = |at: &At, role: Option<Option<i64>>| {
        (at.is_member, at.role) != (role.is_some(), role.flatten())
    };
    for (at, (_, role)) in looked.departments.iter().zip(&wanted.departments) {
        if of(at, *role) {
            let role = role.map(|role| role.map_or(Value::from("primary"), Value::from));
            told[format!("department {}", at.name)] = role.into();
        }
    }
    for (at, (_, is_in)) in looked.teams.iter().zip(&wanted.teams) {
        if at.is_member != *is_in {
            told[format!("team {}", at.name)] = (*is_in).into();
        }
    }
    told
}
