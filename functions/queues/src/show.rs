//! A queue as a page and as JSON.

use axum::http::StatusCode;
use axum::response::Response;
use desk::queue::{COUNTED, Page, Queue, QueueTicket};
use desk::ticket::Priority;
use pages::http::Html;
use pages::queues::{
    Priority as ShownPriority, Queue as ShownQueue, QueueCounts, QueuePage, QueueRow, Selector,
};
use pages::time::Moment;
use serde_json::{Value, json};
use tenancy::duty::Duties;
use web::failure::data;
use web::form::FormToken;

use crate::choose::{self, AT_HAND};
use crate::list::Listed;

/// The links to the pages before and after this one.
struct Pager {
    newer: Option<String>,
    older: Option<String>,
}

impl Pager {
    /// A page that its cursor left empty leads back to the first one.
    fn of(listed: &Listed) -> Self {
        let path = pages::url::queue(listed.queue.slug());
        let link = |name: &str, ticket: Option<&QueueTicket>| match ticket {
            Some(ticket) => format!("{path}?{name}={}", ticket.id),
            None => path.clone(),
        };
        let Page {
            tickets,
            has_newer,
            has_older,
        } = &listed.seen.page;
        Self {
            newer: has_newer.then(|| link("newer", tickets.first())),
            older: has_older.then(|| link("older", tickets.last())),
        }
    }
}

pub(crate) fn json(listed: &Listed) -> Response {
    let pager = Pager::of(listed);
    let counts = listed.seen.counts;
    let body = json!({
        "queue": listed.queue.slug(),
        "counts": { "open": counts.open, "overdue": counts.overdue, "closed": counts.closed },
        "tickets": listed.seen.page.tickets.iter().map(ticket_json).collect::<Vec<_>>(),
        "newer": pager.newer,
        "older": pager.older,
    });
    data(StatusCode::OK, &body)
}

fn ticket_json(ticket: &QueueTicket) -> Value {
    json!({
        "id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "requester": { "name": ticket.requester, "email": ticket.requester_email },
        "department": ticket.department,
        "realm": ticket.realm,
        "assignee": ticket.assignee,
        "priority": ticket.priority.name(),
        "overdue": ticket.is_overdue,
        "created_at": ticket.created_at.0,
        "due_at": ticket.due_at.map(|due| due.0),
        "closed_at": ticket.closed_at.map(|closed| closed.0),
    })
}

pub(crate) fn page(listed: &Listed) -> Response {
    let Listed { desk, queue, seen } = listed;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let back = pages::url::queue(queue.slug());
    let standing = desk.agent.standing();
    let selector = standing
        .map(|standing| choose::selector(standing, &seen.offered, AT_HAND, &csrf, &back))
        .filter(Selector::is_useful);
    let realm = selector.as_ref().map(Selector::at);
    let pager = Pager::of(listed);
    let is_limited = desk.agent.duties().is_some_and(Duties::is_limited);
    let urls: Vec<String> = seen.page.tickets.iter().map(url).collect();
    let tickets = seen.page.tickets.iter();
    let page = QueuePage {
        shell: desk.shell(realm, &csrf),
        queue: shown_queue(*queue),
        counts: QueueCounts {
            open: shown_count(seen.counts.open),
            overdue: shown_count(seen.counts.overdue),
            closed: shown_count(seen.counts.closed),
            cap: is_limited.then_some(shown_count(COUNTED)),
        },
        tickets: tickets.zip(&urls).map(row).collect(),
        newer: pager.newer.as_deref(),
        older: pager.older.as_deref(),
        show_realm: seen.has_realms,
        selector,
        now: Moment(desk.visit.now().0),
    };
    token.with(Html(page))
}

fn url(ticket: &QueueTicket) -> String {
    pages::url::work(&ticket.number)
}

fn row<'a>((ticket, url): (&'a QueueTicket, &'a String)) -> QueueRow<'a> {
    QueueRow {
        number: &ticket.number,
        subject: &ticket.subject,
        url: Some(url),
        requester: &ticket.requester,
        department: Some(&ticket.department),
        realm: &ticket.realm,
        assignee: ticket.assignee.as_deref(),
        priority: shown_priority(ticket.priority),
        created_at: Moment(ticket.created_at.0),
        due_at: ticket.due_at.map(|due| Moment(due.0)),
        is_overdue: ticket.is_overdue,
        closed_at: ticket.closed_at.map(|closed| Moment(closed.0)),
    }
}

fn shown_queue(queue: Queue) -> ShownQueue {
    match queue {
        Queue::Open => ShownQueue::Open,
        Queue::Overdue => ShownQueue::Overdue,
        Queue::Closed => ShownQueue::Closed,
    }
}

pub(crate) fn shown_priority(priority: Priority) -> ShownPriority {
    match priority {
        Priority::Low => ShownPriority::Low,
        Priority::Normal => ShownPriority::Normal,
        Priority::High => ShownPriority::High,
        Priority::Emergency => ShownPriority::Emergency,
    }
}

fn shown_count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
