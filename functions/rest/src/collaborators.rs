//! `/api/v1/tickets/{number}/collaborators`: who takes part in a ticket of somebody else's.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::collaborator::{self, Candidate, Doing, Joining, Refused};
use desk::directory::{self, Person};
use desk::email::{EmailAddress, looked_up};
use desk::ticket::{self, Target, WorkTicket};
use tenancy::policy::{CallKey, Found, Granted, act};
use tenancy::scope::And;
use tenancy::{DbError, Id, Scope, Table};

use crate::call::{Answer, Call};
use crate::document::{IdempotencyKey, Making, Reading};
use crate::entity::{Entity, Part, page};
use crate::once::Entered;
use crate::problem::{FieldProblem, Problem};
use crate::program::Program;
use crate::shape::{Collaborator, List, Made};
use crate::wanted::{CollaboratorChange, NewCollaborator};
use crate::write::flawed;

/// List collaborators
///
/// All of them, by name. Takes `tickets:read`.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{number}/collaborators",
    operation_id = "listCollaborators",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number.")),
    responses((status = 200, description = "Who takes part, and who waits to be let in.", body = List<Collaborator>), Reading),
)]
pub(crate) async fn list(Part(number): Part<String>, call: Call) -> Response {
    call.answer(listed(&call, &number).await)
}

async fn listed(call: &Call, number: &str) -> Answer {
    let find = |scope: &Scope| {
        (
            ticket::find_for_work(scope, number),
            collaborator::of_ticket(scope, number),
        )
    };
    let (program, (found, collaborators)) = call.enter(CallKey::TicketsRead, find).await?;
    program.grant::<_, act::TicketView>(Table::Ticket, found)?;
    let none = |_: &_| String::new();
    Ok(page(collaborators, i64::MAX, none, Collaborator::from))
}

/// Add a collaborator
///
/// A user of the ticket's realm, or somebody who becomes one. A user who is named by id takes `users:read` beside `tickets:write`.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{number}/collaborators",
    operation_id = "addCollaborator",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), IdempotencyKey),
    request_body = NewCollaborator,
    responses((status = 201, description = "They take part.", body = Made, headers(("location" = String, description = "Its address."))), Making),
)]
pub(crate) async fn add(Part(number): Part<String>, call: Call) -> Response {
    call.answer(added(&call, &number).await)
}

/// What is looked up about whoever is to take part: by id, or by address.
struct Sought {
    people: Vec<Found<Person>>,
    candidates: Vec<Candidate>,
    agents: Vec<Found<Target<Id>>>,
    /// Those who take part already.
    known: Vec<collaborator::Collaborator>,
}

async fn added(call: &Call, number: &str) -> Answer {
    let wanted = call.json::<NewCollaborator>();
    let known = wanted.as_ref().ok();
    let user = known.and_then(|wanted| Id::parse(wanted.user.as_deref()?));
    let email = known
        .and_then(|wanted| wanted.email.as_deref())
        .map(looked_up);
    let find = |scope: &Scope| {
        let ticket = (
            ticket::find_for_work(scope, number),
            collaborator::of_ticket(scope, number),
        );
        let person = user.as_ref().map(|id| (directory::person(scope, id),));
        let candidate = email.as_ref().map(|email| {
            (
                collaborator::candidate(scope, number, email),
                ticket::find_assignee(scope, email),
            )
        });
        And(ticket, And(person, candidate))
    };
    let (caller, ((found, known), ((people,), (candidates, agents)))) =
        match call.enter_once(CallKey::TicketsWrite, find).await? {
            Entered::Before(answer) => return Ok(answer),
            Entered::Now(caller, found) => (caller, found),
        };
    let program = &caller.program;
    let ticket = program.grant::<_, act::TicketEdit>(Table::Ticket, found)?;
    let sought = Sought {
        people,
        candidates,
        agents,
        known,
    };
    let wanted = wanted?;
    let newcomer = Newcomer::of(program, &ticket, &wanted, sought)?;
    let joining = Joining {
        user: &newcomer.user,
        email: &newcomer.email,
        name: &newcomer.name,
        is_active: wanted.active.unwrap_or(true),
    };
    let (event, by) = (program.fresh_id(), program.actor());
    let batch = collaborator::join(&ticket, joining, doing(program, &event, &by));
    let user = newcomer.user.to_string();
    let made = Made {
        href: format!("/api/v1/tickets/{}/collaborators/{user}", ticket.number),
        id: user,
    };
    caller.made(batch.to_vec(), &made).await
}

/// Somebody who may come to take part.
struct Newcomer {
    user: Id,
    email: String,
    name: String,
}

impl Newcomer {
    fn of(
        program: &Program,
        ticket: &WorkTicket,
        wanted: &NewCollaborator,
        sought: Sought,
    ) -> Result<Self, Problem> {
        let newcomer = match (&wanted.user, &wanted.email, &wanted.name) {
            (Some(_), None, None) => Self::named(program, ticket, sought.people)?,
            (None, Some(email), Some(name)) => {
                let (email, name) = checked(email, name)?;
                let agents: Vec<_> = sought.agents;
                let candidate = sought.candidates.into_iter().next();
                let agent = program.grant::<_, act::TicketAssign>(Table::Agent, agents);
                if agent.is_ok() || candidate.as_ref().is_some_and(|it| it.is_ours) {
                    let words = "It is an address of the help desk, or of an agent.";
                    return Err(Problem::field("/email", words));
                }
                let user = candidate.and_then(|it| it.user);
                Self {
                    user: user.unwrap_or_else(|| program.fresh_id()),
                    email: email.as_str().to_owned(),
                    name,
                }
            }
            _ => {
                let words = "Name a user by their id, or anybody by address and name.";
                return Err(Problem::field("", words));
            }
        };
        let is_known = sought.known.iter().any(|it| it.user == newcomer.user);
        if newcomer.user == ticket.requester.id || newcomer.email == ticket.requester.email {
            Err(Problem::field("", "It is their own ticket."))
        } else if is_known {
            Err(Problem::Exists)
        } else if sought.known.len() >= collaborator::MOST {
            Err(Problem::field("", "As many take part as may."))
        } else {
            Ok(newcomer)
        }
    }

    /// A user of the ticket's realm, as far as the program sees users. Whoever takes part does so
    /// in their own realm (T-35).
    fn named(
        program: &Program,
        ticket: &WorkTicket,
        found: Vec<Found<Person>>,
    ) -> Result<Self, Problem> {
        let none = || Problem::field("/user", "The ticket's realm has no such user.");
        match program.grant::<Person, act::UserDirectory>(Table::User, found) {
            Ok(person) if person.realm.id == ticket.realm.id => Ok(Self {
                user: person.id.clone(),
                email: person.email.clone(),
                name: person.name.clone(),
            }),
            Ok(_) | Err(Problem::NotFound) => Err(none()),
            Err(other) => Err(other),
        }
    }
}

fn checked(email: &str, name: &str) -> Result<(EmailAddress, String), Problem> {
    let email = EmailAddress::parse(email);
    match (email, directory::checked_name(name)) {
        (Some(email), Ok(name)) => Ok((email, name)),
        (email, name) => {
            let email = email.is_none();
            let email = email.then(|| FieldProblem::new("/email", "It is no mail address."));
            let name = name.err();
            let name = name.map(|flaw| FieldProblem::new("/name", flawed(flaw)));
            Err(Problem::Invalid(email.into_iter().chain(name).collect()))
        }
    }
}

/// Change a collaborator
///
/// Lets them in, or holds them back until somebody does. Takes `tickets:write`.
#[utoipa::path(
    patch,
    path = "/api/v1/tickets/{number}/collaborators/{id}",
    operation_id = "changeCollaborator",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), ("id" = String, Path, description = "The user's id.")),
    request_body = CollaboratorChange,
    responses((status = 200, description = "They are as the call says.", body = Collaborator), Reading),
)]
pub(crate) async fn change(Part(path): Part<(String, String)>, call: Call) -> Response {
    call.answer(changed(&call, &path).await)
}

async fn changed(call: &Call, path: &(String, String)) -> Answer {
    let (program, ticket, mut known) = one(call, path).await?;
    let wanted: CollaboratorChange = call.json()?;
    if known.is_active != wanted.active {
        known.is_active = wanted.active;
        let (event, by) = (program.fresh_id(), program.actor());
        let doing = doing(&program, &event, &by);
        let batch = collaborator::set_active(&ticket, &known.user, wanted.active, doing);
        ticket.scope().write(batch.to_vec()).await?;
    }
    Ok(Entity::of(&Collaborator::from(known)).told(call))
}

/// Remove a collaborator
///
/// They take part no longer. Takes `tickets:write`.
#[utoipa::path(
    delete,
    path = "/api/v1/tickets/{number}/collaborators/{id}",
    operation_id = "removeCollaborator",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), ("id" = String, Path, description = "The user's id.")),
    responses((status = 204, description = "They are gone."), Reading),
)]
pub(crate) async fn remove(Part(path): Part<(String, String)>, call: Call) -> Response {
    call.answer(removed(&call, &path).await)
}

async fn removed(call: &Call, path: &(String, String)) -> Answer {
    let (program, ticket, known) = one(call, path).await?;
    let (event, by) = (program.fresh_id(), program.actor());
    let batch = collaborator::put_out(&ticket, &known.user, doing(&program, &event, &by));
    ticket.scope().write(batch.to_vec()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A ticket to work, and somebody who takes part in it.
async fn one(
    call: &Call,
    (number, id): &(String, String),
) -> Result<
    (
        Program,
        Granted<WorkTicket, act::TicketEdit>,
        collaborator::Collaborator,
    ),
    Problem,
> {
    let find = |scope: &Scope| {
        (
            ticket::find_for_work(scope, number),
            collaborator::of_ticket(scope, number),
        )
    };
    let (program, (found, known)) = call.enter(CallKey::TicketsWrite, find).await?;
    let ticket = program.grant(Table::Ticket, found)?;
    let id = Id::parse(id);
    let known = known.into_iter().find(|it| Some(&it.user) == id.as_ref());
    Ok((program, ticket, known.ok_or(Problem::NotFound)?))
}

fn doing<'a>(program: &Program, event: &'a Id, by: &'a ticket::Actor) -> Doing<'a> {
    Doing {
        event,
        by,
        now: program.runtime.clock.now(),
    }
}

/// Why somebody did not come to take part, where that is said by the database.
pub(crate) fn refusal(error: DbError) -> Result<Problem, DbError> {
    match collaborator::refused(error) {
        Refused::Known => Ok(Problem::Exists),
        Refused::Stale => Ok(Problem::InProgress),
        Refused::Failed(error) => Err(error),
    }
}
