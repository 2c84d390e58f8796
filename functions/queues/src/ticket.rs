//! `/queues/tickets/{number}`: a ticket as an agent reads it.
//!
//! One out of sight, or out of the reach of an agent who is limited to departments, answers like
//! one that does not exist.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use desk::collaborator::{self, Collaborator};
use desk::file;
use desk::filter::{self, Banned};
use desk::form::{self, Shown};
use desk::referral::{self, Referral};
use desk::ticket::{self, WorkEntry, WorkTicket};
use pages::http::{Download, wants_json};
use pages::work::{Done, Problem};
use serde::Deserialize;
use tenancy::duty::{Duties, Post};
use tenancy::peer::{self, Peer};
use tenancy::policy::{Act, AgentKey, Asking, Found, Granted, Permission, Refusal, act};
use tenancy::principal::{Agent, Principal};
use tenancy::{Id, Scope, Sight, Table};
use web::failure::negotiated;
use web::{Answer, Desk, Failure, Visit};

use crate::ticket_page;

/// So many entries stand on one page.
const ENTRIES: usize = 100;
/// So many departments and teams are offered.
const OFFERED: i64 = 200;

/// Where in the thread the page begins, and what was done before.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    after: String,
    done: String,
}

/// What a page tells beyond the ticket.
#[derive(Default)]
pub(crate) struct Told<'a> {
    pub(crate) after: Option<Id>,
    pub(crate) done: Option<Done>,
    pub(crate) agent: &'a str,
    pub(crate) problem: Option<Problem>,
}

/// A ticket that an agent may read, and what hangs on it.
pub(crate) struct Reading {
    pub(crate) ticket: Granted<WorkTicket, act::TicketView>,
    /// What was filled in with it, as far as the agent may see it.
    pub(crate) filled: Vec<Shown>,
    pub(crate) thread: Vec<WorkEntry>,
    pub(crate) has_more: bool,
    pub(crate) referrals: Vec<Referral>,
    pub(crate) collaborators: Vec<Collaborator>,
    /// Whether the agent may let them in and put them out.
    pub(crate) edits: bool,
    /// Whether the agent may delete it.
    pub(crate) deletes: bool,
    /// The realms that ban its requester, for those who may ban them.
    pub(crate) banned: Option<Vec<Banned>>,
    /// Whom it can be referred to, for those who may refer it.
    pub(crate) offered: Option<Offered>,
}

/// The departments and teams that an agent sees.
pub(crate) struct Offered {
    pub(crate) departments: Vec<Peer<i64>>,
    pub(crate) teams: Vec<Peer<i64>>,
}

/// Somebody who asks for tickets.
pub(crate) fn asking<'a>(desk: &'a Desk, sight: &'a Sight) -> Asking<'a> {
    Asking::new(&desk.visit.runtime, Principal::Agent(&desk.agent), sight)
}

pub(crate) fn failure(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::NotFound => Failure::NotFound,
        Refusal::Forbidden(_) => Failure::Forbidden,
    }
}

/// A ticket for an action.
pub(crate) fn granted<A: Act>(
    desk: &Desk,
    found: Vec<Found<WorkTicket>>,
) -> Result<Granted<WorkTicket, A>, Failure> {
    let sight = desk.agent.sight(Table::Ticket);
    asking(desk, &sight).grant(found).map_err(failure)
}

/// Whether an agent may be shown a department: without the key for others (osTicket's VI-2) only
/// those they work in.
pub(crate) fn is_shown(agent: &Agent, department: i64) -> bool {
    let sees_others = agent.has(Permission::Agent(AgentKey::VisibilityDepartments));
    let posts = agent.duties().map(Duties::posts);
    let is_own = |posts: &[Post]| posts.iter().any(|it| it.department == department);
    sees_others || posts.is_some_and(is_own)
}

pub(crate) async fn show(
    visit: Visit,
    Path(number): Path<String>,
    Query(before): Query<Before>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (mut desk, ()) = Desk::enter(visit, |_| ()).await?;
        let told = Told {
            after: Id::parse(&before.after),
            done: Done::named(&before.done),
            ..Told::default()
        };
        page(&mut desk, &number, &told).await
    };
    negotiated(wants_json, answer.await)
}

pub(crate) async fn page(desk: &mut Desk, number: &str, told: &Told<'_>) -> Answer {
    let reading = read(desk, number, told.after.as_ref()).await?;
    Ok(desk.renewed(ticket_page::answer(desk, &reading, told)))
}

async fn read(desk: &mut Desk, number: &str, after: Option<&Id>) -> Result<Reading, Failure> {
    let most = i64::try_from(ENTRIES + 1).unwrap_or(i64::MAX);
    let queries = |agent: &Agent, scope: &Scope| {
        (
            ticket::find_for_work(scope, number),
            ticket::thread_for_work(scope, number, after, most),
            form::shown_to_agent(scope, agent, number),
            referral::of_ticket(scope, number),
            collaborator::of_ticket(scope, number),
            filter::of_ticket(scope, number),
            peer::departments(scope, &agent.sight(Table::Department), OFFERED),
            peer::teams(scope, &agent.sight(Table::Team), OFFERED),
        )
    };
    let (found, mut thread, filled, referrals, collaborators, banned, mut departments, teams) =
        desk.look(queries).await?;
    let ticket = granted::<act::TicketView>(desk, found)?;
    let sight = desk.agent.sight(Table::Ticket);
    let refers: Result<Granted<_, act::TicketRefer>, _> = asking(desk, &sight).also(&ticket);
    let edits: Result<Granted<_, act::TicketEdit>, _> = asking(desk, &sight).also(&ticket);
    let edits = edits.is_ok();
    let deletes: Result<Granted<_, act::TicketDelete>, _> = asking(desk, &sight).also(&ticket);
    let deletes = deletes.is_ok();
    let bans = desk.agent.has(Permission::Agent(AgentKey::BanlistManage));
    let has_more = thread.len() > ENTRIES;
    thread.truncate(ENTRIES);
    departments.retain(|department| is_shown(&desk.agent, department.id));
    let offered = Offered { departments, teams };
    Ok(Reading {
        ticket,
        filled,
        thread,
        has_more,
        referrals,
        collaborators,
        edits,
        deletes,
        banned: bans.then_some(banned),
        offered: refers.is_ok().then_some(offered),
    })
}

/// Looks first and reads the bytes after, so that whoever may not see the ticket is answered
/// alike and as fast, however large the file is (T-60).
pub(crate) async fn download(visit: Visit, Path((number, id)): Path<(String, String)>) -> Answer {
    let (mut desk, ()) = Desk::enter(visit, |_| ()).await?;
    let queries = |agent: &Agent, scope: &Scope| {
        let ticket = ticket::find_for_work(scope, &number);
        (
            ticket,
            file::find_for_work(scope, &number, &id, Some(&agent.id)),
        )
    };
    let (found, files) = desk.look(queries).await?;
    let ticket = granted::<act::TicketView>(&desk, found)?;
    let file = files.into_iter().next().ok_or(Failure::NotFound)?;
    let bytes = file::read(ticket.scope(), &file).await?;
    let download = Download {
        name: &file.name,
        content_type: &file.content_type,
        bytes,
    };
    Ok(desk.renewed(download.into_response()))
}
