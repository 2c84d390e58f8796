//! `PATCH /api/v1/tickets/{number}`: a program works a ticket.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::email::looked_up;
use desk::form::{Clocks, Filled};
use desk::outbox::Correspondent;
use desk::setting::Settings;
use desk::status::{self, State, Status};
use desk::ticket::{self, Change, Target, WorkTicket};
use desk::topic::{self, Topic};
use desk::wish::Wish;
use tenancy::policy::{CallKey, Found, Granted, act};
use tenancy::scope::And;
use tenancy::{Id, Query, Scope, Table, Timestamp};

use crate::alerting::{self, Handed};
use crate::call::{Answer, Call};
use crate::closing;
use crate::document::{Changing, IfMatch};
use crate::entity::{Entity, Part};
use crate::fields::amended;
use crate::problem::Problem;
use crate::program::Program;
use crate::shape::Ticket;
use crate::wanted::{Key, TicketChange};

/// Change a ticket
///
/// Everything at once or nothing. Takes `tickets:write`.
#[utoipa::path(
    patch,
    path = "/api/v1/tickets/{number}",
    operation_id = "changeTicket",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), IfMatch),
    request_body = TicketChange,
    responses((status = 200, description = "The ticket as it is now.", body = Ticket, headers(("etag" = String, description = "Tells this reading from another."))), (status = 204, description = "It is changed, and the key does not see it (any more)."), Changing),
)]
pub(crate) async fn change(Part(number): Part<String>, call: Call) -> Response {
    call.answer(changed(&call, &number).await)
}

async fn changed(call: &Call, number: &str) -> Answer {
    let wanted = call.json::<TicketChange>();
    let numbers = [number.to_owned()];
    let find = |scope: &Scope| {
        let ticket = (ticket::find_for_work(scope, number),);
        let wanted = wanted.as_ref().ok();
        let alerting = alerting::look_up(scope, &numbers, wanted);
        let offer = And(
            Offer::look_up(scope, wanted),
            closing::look_up(scope, number, wanted),
        );
        And(ticket, And(offer, alerting))
    };
    let (program, ((found,), ((offer, ((mut filled,), (settings,))), alerting))) =
        call.enter(CallKey::TicketsWrite, find).await?;
    let ticket = program.grant::<_, act::TicketEdit>(Table::Ticket, found)?;
    let wanted = wanted?;
    for it in &mut filled {
        program.reveal(&mut it.field);
    }
    let (change, handed) = wished(&program, &ticket, &wanted, offer.into())?;
    let settings = Settings::of(&settings);
    let change = refilled(change, &ticket, &wanted, (&filled, &settings))?;
    Entity::of(&Ticket::from(&*ticket)).check_match(call)?;
    let mut batch = Vec::new();
    if !change.is_nothing() {
        let letters = handed.letters(&program, &ticket, alerting).await?;
        batch.extend(change.statements(&program.actor(), &*call.runtime.random));
        batch.extend(change.tell(&call.runtime, &letters));
    }
    let scope = program.scope();
    let again = (ticket::find_for_work(&scope, number),);
    let (found,) = scope.write_and_read(batch, again).await?;
    Ok(told(&program, call, found))
}

/// The ticket as it is now; nothing of it to whoever does not see it (any more).
fn told(program: &Program, call: &Call, found: Vec<Found<WorkTicket>>) -> Response {
    match program.grant::<_, act::TicketView>(Table::Ticket, found) {
        Ok(ticket) => Entity::of(&Ticket::from(&*ticket)).told(call),
        Err(_) => StatusCode::NO_CONTENT.into_response(),
    }
}

/// What a ticket can be given, as far as the call asks for it.
struct Offer {
    departments: Vec<Found<Target<i64>>>,
    teams: Vec<Found<Target<i64>>>,
    agents: Vec<Found<Target<Id>>>,
    topics: Vec<Topic>,
    statuses: Vec<Status>,
}

type Targets = Option<(Query<Found<Target<i64>>>,)>;
type Agents = Option<(Query<Found<Target<Id>>>,)>;
type Topics = And<Option<(Query<Topic>,)>, Option<(Query<Status>,)>>;

/// The answers to the look-ups.
type Looked = (
    ((Vec<Found<Target<i64>>>,), (Vec<Found<Target<i64>>>,)),
    ((Vec<Found<Target<Id>>>,), ((Vec<Topic>,), (Vec<Status>,))),
);

impl Offer {
    fn look_up(
        scope: &Scope,
        wanted: Option<&TicketChange>,
    ) -> And<And<Targets, Targets>, And<Agents, Topics>> {
        let department = wanted.and_then(|wanted| wanted.department);
        let team = wanted.and_then(|wanted| wanted.team.value());
        let agent = wanted.and_then(|wanted| wanted.assignee.value());
        let topic = wanted.and_then(|wanted| wanted.topic.value());
        let status = wanted.and_then(|wanted| wanted.status.as_ref());
        let agent = agent.map(|email| looked_up(email));
        And(
            And(
                department.map(|Key(id)| (ticket::find_department(scope, id),)),
                team.map(|Key(id)| (ticket::find_team(scope, *id),)),
            ),
            And(
                agent.map(|email| (ticket::find_assignee(scope, &email),)),
                And(
                    topic.map(|_| (topic::inherited(scope),)),
                    status.map(|_| (status::all(scope),)),
                ),
            ),
        )
    }
}

impl From<Looked> for Offer {
    fn from((targets, ((agents,), ((topics,), (statuses,)))): Looked) -> Self {
        let ((departments,), (teams,)) = targets;
        Self {
            departments,
            teams,
            agents,
            topics: topic::standing(&topics),
            statuses,
        }
    }
}

/// All that is wished for, each part with its evidence.
fn wished<'t>(
    program: &Program,
    ticket: &'t Granted<WorkTicket, act::TicketEdit>,
    wanted: &TicketChange,
    offer: Offer,
) -> Result<(Change<'t>, Handed), Problem> {
    let sight = program.sight(Table::Ticket);
    let asking = program.asking(&sight);
    let now = program.runtime.clock.now();
    let mut change = Change::of(ticket, now);
    let mut handed = Handed::default();
    if let Some(Key(department)) = wanted.department {
        let may = asking.also(ticket)?;
        let found = chosen(program.transfers_to(offer.departments), "/department")?;
        if department != ticket.department.id {
            change = change.transfer(&may, &found);
            handed.department = Some(found.name.clone());
        }
    }
    change = match &wanted.assignee {
        Wish::Keep => change,
        Wish::Clear if ticket.assignee.is_none() => change,
        Wish::Clear => change.release(&asking.also(ticket)?),
        Wish::Set(address) => {
            let agent = chosen(program.grant(Table::Agent, offer.agents), "/assignee")?;
            let is_new = ticket.assignee.as_ref().map(|now| &now.id) != Some(&agent.id);
            handed.agent = is_new.then(|| Correspondent {
                name: agent.name.clone(),
                address: looked_up(address),
            });
            change.assign(&asking.also(ticket)?, &agent)
        }
    };
    let change = teamed(change, (program, ticket), wanted, offer.teams, &mut handed)?;
    let mut change = change;
    if let Some(by) = &wanted.status {
        let status = status::meant(&offer.statuses, &by.text());
        let status = status.ok_or_else(|| Problem::field("/status", NO_SUCH))?;
        change = match status.state {
            State::Deleted => change.delete(&asking.also(ticket)?, status),
            State::Open | State::Closed | State::Archived => {
                change.give_status(&asking.also(ticket)?, status)
            }
        };
    }
    let change = edited(change, ticket, wanted, &offer.topics, now)?;
    Ok((change, handed))
}

/// The team that is to work it. It is told unless an agent works the ticket.
fn teamed<'t>(
    change: Change<'t>,
    (program, ticket): (&Program, &'t Granted<WorkTicket, act::TicketEdit>),
    wanted: &TicketChange,
    teams: Vec<Found<Target<i64>>>,
    handed: &mut Handed,
) -> Result<Change<'t>, Problem> {
    let sight = program.sight(Table::Ticket);
    let asking = program.asking(&sight);
    let now = ticket.team.as_ref().map(|team| team.id);
    match wanted.team {
        Wish::Keep => Ok(change),
        Wish::Clear if now.is_none() => Ok(change),
        Wish::Clear => Ok(change.release_team(&asking.also(ticket)?)),
        Wish::Set(Key(id)) => {
            let team = chosen(program.grant(Table::Team, teams), "/team")?;
            let may = asking.also(ticket)?;
            let has_agent = match wanted.assignee {
                Wish::Keep => ticket.assignee.is_some(),
                Wish::Clear => false,
                Wish::Set(_) => true,
            };
            let is_told = now != Some(id) && !has_agent;
            handed.team = is_told.then(|| team.name.clone());
            Ok(change.assign_team(&may, &team))
        }
    }
}

/// What it takes no more to change than to edit the ticket. The due time comes last, since
/// opening a ticket again sets one too.
fn edited<'t>(
    mut change: Change<'t>,
    ticket: &'t Granted<WorkTicket, act::TicketEdit>,
    wanted: &TicketChange,
    topics: &[Topic],
    now: Timestamp,
) -> Result<Change<'t>, Problem> {
    if let Some(priority) = wanted.priority {
        change = change.prioritize(ticket, priority.into());
    }
    if wanted.topic.is_wished() {
        let find = |id: &Key| topics.iter().find(|topic| topic.id == id.0);
        let unknown = || Problem::field("/topic", NO_SUCH);
        let topic = wanted.topic.value().map(|id| find(id).ok_or_else(unknown));
        change = change.retopic(ticket, topic.transpose()?);
    }
    if wanted.due_at.is_wished() {
        let due_at = wanted.due_at.value().map(|at| future(at, now));
        change = change.set_due(ticket, due_at.transpose()?);
    }
    Ok(change)
}

/// What is filled in anew. A priority that is named outright wins over that of a field.
fn refilled<'t>(
    mut change: Change<'t>,
    ticket: &'t Granted<WorkTicket, act::TicketEdit>,
    wanted: &TicketChange,
    (filled, settings): (&[Filled], &Settings),
) -> Result<Change<'t>, Problem> {
    let clocks = Clocks {
        now: change.now(),
        zone: settings.zone(),
    };
    let amended = amended(&wanted.fields, filled, clocks)?;
    if change.closes() {
        closing::check(ticket, wanted, filled, &amended.lacking, settings)?;
    }
    if let (None, Some(priority)) = (wanted.priority, amended.priority) {
        change = change.prioritize(ticket, priority);
    }
    Ok(change.refill(ticket, amended.changes))
}

const NO_SUCH: &str = "There is no such choice.";

/// What was granted, or that there is no such choice: one out of sight is none.
pub(crate) fn chosen<T>(granted: Result<T, Problem>, pointer: &'static str) -> Result<T, Problem> {
    granted.map_err(|problem| match problem {
        Problem::NotFound => Problem::field(pointer, NO_SUCH),
        other => other,
    })
}

/// A moment to come.
fn future(typed: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let flawed = |words: &str| Problem::field("/due_at", words);
    let at = chrono::DateTime::parse_from_rfc3339(typed)
        .map_err(|_| flawed("It is no time like 2026-11-21T14:05:00Z."))?;
    let at = Timestamp(at.timestamp_millis());
    if at > now {
        Ok(at)
    } else {
        Err(flawed("It has passed."))
    }
}
