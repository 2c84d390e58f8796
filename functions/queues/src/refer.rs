//! Referring a ticket to a department, a team or an agent, and withdrawing that.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use desk::email::EmailAddress;
use desk::referral::{self, To};
use desk::ticket::{self, Handover, Target, WorkTicket};
use pages::http::wants_json;
use pages::work::{Done, Kind, Problem, Why};
use serde::Deserialize;
use serde_json::json;
use tenancy::policy::{Found, Granted, Refusal, act};
use tenancy::{DbError, Id, Query, Scope, Statement, Table};
use web::failure::{data, negotiated, see_other};
use web::form::{self, Posted};
use web::{Answer, Desk, Failure, Visit};

use crate::ban;
use crate::collaborator::{self, Move};
use crate::delete;
use crate::ticket::{Told, asking, failure, granted, is_shown, page};

/// What the forms post. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    change: String,
    department: String,
    team: String,
    agent: String,
    referral: String,
    collaborator: String,
}

type Asked = (
    Query<Found<WorkTicket>>,
    Query<Found<Target<i64>>>,
    Query<Found<Target<i64>>>,
    Query<Found<Target<Id>>>,
);

/// Whom a ticket may be referred to, before anybody has asked whether it may.
struct Candidates {
    departments: Vec<Found<Target<i64>>>,
    teams: Vec<Found<Target<i64>>>,
    agents: Vec<Found<Target<Id>>>,
}

fn number(text: &str) -> i64 {
    text.parse::<u32>().map_or(0, i64::from)
}

fn look_up(scope: &Scope, ticket: &str, typed: &Typed) -> Asked {
    let email = EmailAddress::parse(&typed.agent);
    let email = email.as_ref().map_or("", |email| email.as_str());
    (
        ticket::find_for_work(scope, ticket),
        ticket::find_department(scope, number(&typed.department)),
        ticket::find_team(scope, number(&typed.team)),
        ticket::find_assignee(scope, email),
    )
}

pub(crate) async fn change(
    visit: Visit,
    Path(number): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = match ban::asked(&typed.change) {
        Some(is_ban) => ban::change(visit, &number, &typed.csrf, is_ban).await,
        None if typed.change == delete::CHANGE => delete::change(visit, &number, &typed.csrf).await,
        None => changed(visit, &number, &typed).await,
    };
    negotiated(wants_json, answer)
}

async fn changed(visit: Visit, number: &str, typed: &Typed) -> Answer {
    let (mut desk, (found, departments, teams, agents)) =
        Desk::enter(visit, |scope| look_up(scope, number, typed)).await?;
    form::check(&desk.visit, &desk.signer, &typed.csrf)?;
    if let Some(change) = Move::named(&typed.change) {
        let done = collaborator::change(&desk, found, change, &typed.collaborator).await?;
        return Ok(answer(&desk, number, done));
    }
    let ticket = granted::<act::TicketRefer>(&desk, found)?;
    let candidates = Candidates {
        departments,
        teams,
        agents,
    };
    match apply(&desk, &ticket, candidates, typed).await? {
        Ok(done) => Ok(answer(&desk, number, done)),
        Err(problem) => refused(&mut desk, number, typed, problem).await,
    }
}

async fn apply(
    desk: &Desk,
    ticket: &Granted<WorkTicket, act::TicketRefer>,
    found: Candidates,
    typed: &Typed,
) -> Result<Result<Done, Problem>, Failure> {
    let Some(kind) = referred(&typed.change)? else {
        let id = Id::parse(&typed.referral).ok_or(Failure::BadRequest)?;
        let batch = withdrawn(desk, ticket, &id);
        ticket.scope().write(batch.to_vec()).await?;
        return Ok(Ok(Done::Withdrawn));
    };
    let problem = |why| Problem { kind, why };
    let batch = match batch(desk, ticket, kind, found) {
        Ok(batch) => batch,
        Err(Refusal::NotFound) => return Ok(Err(problem(Why::Unknown))),
        Err(refusal) => return Err(failure(refusal)),
    };
    match ticket.scope().write(batch.to_vec()).await {
        Ok(_) => Ok(Ok(Done::Referred)),
        Err(error) if referral::is_known(&error) => Ok(Err(problem(Why::Known))),
        Err(error) => Err(DbError::into(error)),
    }
}

/// What the ticket is to be referred to; nothing, where a referral is withdrawn.
fn referred(change: &str) -> Result<Option<Kind>, Failure> {
    match change {
        "refer_department" => Ok(Some(Kind::Department)),
        "refer_team" => Ok(Some(Kind::Team)),
        "refer_agent" => Ok(Some(Kind::Agent)),
        "withdraw" => Ok(None),
        _ => Err(Failure::BadRequest),
    }
}

/// The statements that refer it. Whom the agent does not see is nobody (T-32).
fn batch(
    desk: &Desk,
    ticket: &Granted<WorkTicket, act::TicketRefer>,
    kind: Kind,
    found: Candidates,
) -> Result<[Statement; 2], Refusal> {
    let sight = |table| desk.agent.sight(table);
    match kind {
        Kind::Department => {
            let seen = sight(Table::Department);
            let department = asking(desk, &seen).grant_for(ticket, found.departments)?;
            if !is_shown(&desk.agent, department.id) {
                return Err(Refusal::NotFound);
            }
            Ok(statements(desk, ticket, To::Department(&department)))
        }
        Kind::Team => {
            let team = asking(desk, &sight(Table::Team)).grant_for(ticket, found.teams)?;
            Ok(statements(desk, ticket, To::Team(&team)))
        }
        Kind::Agent => {
            let agent = asking(desk, &sight(Table::Agent)).grant_for(ticket, found.agents)?;
            Ok(statements(desk, ticket, To::Agent(&agent)))
        }
    }
}

fn statements(
    desk: &Desk,
    ticket: &Granted<WorkTicket, act::TicketRefer>,
    to: To<'_>,
) -> [Statement; 2] {
    let (id, event) = (fresh(desk), fresh(desk));
    referral::refer(ticket, to, &id, by(desk, &event))
}

fn withdrawn(
    desk: &Desk,
    ticket: &Granted<WorkTicket, act::TicketRefer>,
    id: &Id,
) -> [Statement; 2] {
    referral::withdraw(ticket, id, by(desk, &fresh(desk)))
}

fn fresh(desk: &Desk) -> Id {
    Id::new(desk.visit.now(), &*desk.visit.runtime.random)
}

fn by<'a>(desk: &'a Desk, event: &'a Id) -> Handover<'a> {
    Handover {
        agent: &desk.agent,
        event,
        now: desk.visit.now(),
    }
}

pub(crate) fn answer(desk: &Desk, number: &str, done: Done) -> Response {
    if desk.wants_json() {
        let body = json!({ "done": done.token() });
        return desk.renewed(data(StatusCode::OK, &body));
    }
    let path = pages::url::work(number);
    desk.renewed(see_other(&format!("{path}?done={}", done.token())))
}

async fn refused(desk: &mut Desk, number: &str, typed: &Typed, problem: Problem) -> Answer {
    if desk.wants_json() {
        let field = problem.kind.token();
        let body = json!({ "error": problem.why.token(), "field": field });
        return Ok(desk.renewed(data(StatusCode::UNPROCESSABLE_ENTITY, &body)));
    }
    let told = Told {
        agent: &typed.agent,
        problem: Some(problem),
        ..Told::default()
    };
    page(desk, number, &told).await
}
