//! `/api/v1/tickets`: lists, single tickets, their threads and files.

use axum::response::{IntoResponse, Response};
use desk::queue::{self, Listing, Queue, Sort, Turn, Viewer, Whose};
use desk::{file, ticket};
use pages::http::Download;
use serde::Deserialize;
use tenancy::policy::{CallKey, act};
use tenancy::{Id, Table};

use crate::call::{Answer, Call};
use crate::document::{Bytes, IfNoneMatch, QueueName, Reading, SortName};
use crate::entity::{Entity, Part, page, page_length};
use crate::problem::Problem;
use crate::shape::{Entry, List, Ticket, TicketSummary};
use crate::wanted::Key;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Which queue: `open`, `unanswered` and `answered` (open, by whose word was the last),
    /// `overdue` (open and past their due time) or `closed`; `open`, unless this says otherwise.
    #[param(inline, value_type = Option<QueueName>)]
    queue: Option<String>,
    /// What comes first, the `newest` or the `oldest`; the newest, unless this says otherwise.
    /// Closed tickets come newest first only.
    #[param(inline, value_type = Option<SortName>)]
    sort: Option<String>,
    /// Only of this realm and those below it.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    realm: Option<Key>,
    /// Only those that this team works, by its id; open tickets alone are listed so.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    team: Option<Key>,
    /// Only those that this user takes part in, let in or not, by their id; not with a team.
    #[param(format = "uuid")]
    collaborator: Option<String>,
    /// The page that comes after this; follow `next` instead of making one up.
    #[param(format = "uuid")]
    after: Option<String>,
    /// How long the page is; 25, unless this says otherwise.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

impl ListQuery {
    fn whose(&self, queue: Queue) -> Result<Option<Whose>, Problem> {
        let collaborator = self.collaborator.as_ref();
        let whose = match (self.team, collaborator) {
            (None, None) => return Ok(None),
            (Some(Key(team)), None) => Whose::Team(team),
            (None, Some(user)) => {
                let words = "It is the id of a user.";
                let user = Id::parse(user).ok_or_else(|| Problem::field("?collaborator", words))?;
                Whose::Collaborator(user)
            }
            (Some(_), Some(_)) => {
                return Err(Problem::field(
                    "?collaborator",
                    "It does not go with a team.",
                ));
            }
        };
        let words = "Only open tickets are listed by their team.";
        whose
            .has(queue)
            .then_some(Some(whose))
            .ok_or_else(|| Problem::field("?team", words))
    }

    fn queue(&self) -> Result<Queue, Problem> {
        let name = self.queue.as_deref().unwrap_or("open");
        let words = "It is open, unanswered, answered, overdue or closed.";
        let queue = Queue::named(name).filter(|queue| queue.is_impersonal());
        queue.ok_or_else(|| Problem::field("?queue", words))
    }

    fn sort(&self, queue: Queue) -> Result<Sort, Problem> {
        let words = "It is newest, or, of open tickets, oldest.";
        let named = |name: &String| {
            let sort = queue.sort_named(name);
            sort.ok_or_else(|| Problem::field("?sort", words))
        };
        self.sort.as_ref().map_or(Ok(Sort::default()), named)
    }

    /// The address of the page behind a ticket.
    fn next(&self, queue: Queue, limit: i64, last: &Id) -> String {
        let sort = self.sort.as_ref().map(|sort| format!("&sort={sort}"));
        let sort = sort.unwrap_or_default();
        let realm = self.realm.map(|Key(realm)| format!("&realm={realm}"));
        let realm = realm.unwrap_or_default();
        let team = self.team.map(|Key(team)| format!("&team={team}"));
        let with = self.collaborator.as_ref();
        let with = with.map(|user| format!("&collaborator={user}")).or(team);
        let (queue, with) = (queue.name(), with.unwrap_or_default());
        format!("/api/v1/tickets?queue={queue}{sort}{realm}{with}&limit={limit}&after={last}")
    }
}

/// A cursor, which is the id of what the page comes after.
pub(crate) fn cursor(after: Option<&String>) -> Result<Option<Id>, Problem> {
    let unknown = || Problem::field("?after", "Follow the address in next.");
    after
        .map(|id| Id::parse(id).ok_or_else(unknown))
        .transpose()
}

/// List tickets
///
/// Of one queue. Takes `tickets:read`.
#[utoipa::path(
    get,
    path = "/api/v1/tickets",
    operation_id = "listTickets",
    tag = "Tickets",
    params(ListQuery),
    responses((status = 200, description = "A page of tickets.", body = List<TicketSummary>, headers(("link" = String, description = "Where the next page is, if there is one."))), Reading),
)]
pub(crate) async fn list(call: Call) -> Response {
    call.answer(listed(&call).await)
}

async fn listed(call: &Call) -> Answer {
    let query: ListQuery = call.query()?;
    let (queue, limit) = (query.queue()?, page_length(query.limit)?);
    let after = cursor(query.after.as_ref())?;
    let (sort, whose) = (query.sort(queue)?, query.whose(queue)?);
    let turn = after.map_or(Turn::First, |id| sort.behind(id.into()));
    let realm = query.realm.map(Key::realm);
    let (mut program, ()) = call.enter_at(realm, CallKey::TicketsRead, |_| ()).await?;
    let listing = Listing { queue, sort, turn };
    let viewer = Viewer::program(call.runtime.clock.now());
    let look = program.look(|program, scope| {
        let sight = program.sight(Table::Ticket);
        let most = limit + 1;
        (match &whose {
            None => queue::page_of(scope, &sight, &listing, &viewer, most),
            Some(whose) => queue::page_of_theirs(scope, &sight, whose, &listing, most),
        },)
    });
    let (found,) = look.await?;
    let next = |last: &queue::QueueTicket| query.next(queue, limit, &last.id);
    Ok(page(found, limit, next, |ticket| {
        TicketSummary::from(&ticket)
    }))
}

/// Read a ticket
///
/// Takes `tickets:read`.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{number}",
    operation_id = "readTicket",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), IfNoneMatch),
    responses((status = 200, description = "The ticket.", body = Ticket, headers(("etag" = String, description = "Tells this reading from another."))), (status = 304, description = "It is as it was read."), Reading),
)]
pub(crate) async fn show(Part(number): Part<String>, call: Call) -> Response {
    call.answer(shown(&call, &number).await)
}

async fn shown(call: &Call, number: &str) -> Answer {
    let find = |scope: &tenancy::Scope| (ticket::find_for_work(scope, number),);
    let (program, (found,)) = call.enter(CallKey::TicketsRead, find).await?;
    let ticket = program.grant::<_, act::TicketView>(Table::Ticket, found)?;
    Ok(Entity::of(&Ticket::from(&*ticket)).told(call))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ThreadQuery {
    /// The page that comes after this; follow `next` instead of making one up.
    #[param(format = "uuid")]
    after: Option<String>,
    /// How long the page is; 25, unless this says otherwise.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Read a thread
///
/// Messages, replies and notes, oldest first. Takes `tickets:read`.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{number}/entries",
    operation_id = "readThread",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), ThreadQuery),
    responses((status = 200, description = "A page of entries.", body = List<Entry>, headers(("link" = String, description = "Where the next page is, if there is one."))), Reading),
)]
pub(crate) async fn entries(Part(number): Part<String>, call: Call) -> Response {
    call.answer(thread(&call, &number).await)
}

async fn thread(call: &Call, number: &str) -> Answer {
    let query: ThreadQuery = call.query()?;
    let (after, limit) = (cursor(query.after.as_ref())?, page_length(query.limit)?);
    let find = |scope: &tenancy::Scope| {
        (
            ticket::find_for_work(scope, number),
            ticket::thread_for_work(scope, number, after.as_ref(), limit + 1),
        )
    };
    let (program, (found, entries)) = call.enter(CallKey::TicketsRead, find).await?;
    let ticket = program.grant::<_, act::TicketView>(Table::Ticket, found)?;
    let number = &ticket.number;
    let next = |last: &ticket::WorkEntry| {
        format!(
            "/api/v1/tickets/{number}/entries?limit={limit}&after={}",
            last.id
        )
    };
    Ok(page(entries, limit, next, |entry| Entry::of(number, entry)))
}

/// Fetch a file
///
/// Takes `tickets:read`.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{number}/files/{id}",
    operation_id = "fetchFile",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), ("id" = String, Path, description = "The file's id.")),
    responses((status = 200, description = "Its bytes, under the type they really are.", body = inline(Bytes), content_type = "*/*"), Reading),
)]
pub(crate) async fn file(Part((number, id)): Part<(String, String)>, call: Call) -> Response {
    call.answer(downloaded(&call, &number, &id).await)
}

/// Looks first and reads the bytes after, so that whoever may not see the ticket is answered
/// alike and as fast, however large the file is (T-60).
async fn downloaded(call: &Call, number: &str, id: &str) -> Answer {
    let find = |scope: &tenancy::Scope| {
        (
            ticket::find_for_work(scope, number),
            file::find_for_work(scope, number, id, None),
        )
    };
    let (program, (found, files)) = call.enter(CallKey::TicketsRead, find).await?;
    let ticket = program.grant::<_, act::TicketView>(Table::Ticket, found)?;
    let file = files.into_iter().next().ok_or(Problem::NotFound)?;
    let bytes = file::read(ticket.scope(), &file).await?;
    let download = Download {
        name: &file.name,
        content_type: &file.content_type,
        bytes,
    };
    Ok(download.into_response())
}
