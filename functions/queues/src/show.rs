//! A queue as a page and as JSON.

use axum::http::StatusCode;
use axum::response::Response;
use desk::queue::{Count, Node, Page, Queue, QueueTicket, Sort};
use desk::ticket::Priority;
use pages::http::Html;
use pages::queues::{
    Count as ShownCount, Priority as ShownPriority, Queue as ShownQueue, QueuePage, QueuePlace,
    QueueRow, Selector,
};
use pages::time::Moment;
use serde_json::{Value, json};
use web::failure::data;
use web::form::FormToken;

use crate::choose::{self, AT_HAND};
use crate::list::Listed;

/// The links to the pages before and after this one, and to the list in the other order.
struct Pager {
    newer: Option<String>,
    older: Option<String>,
    resorted: Option<String>,
}

impl Pager {
    /// A page that its cursor left empty leads back to the first one.
    fn of(listed: &Listed) -> Self {
        let (queue, sort) = (listed.at.queue, listed.sort);
        let path = |sort| sorted_path(&listed.at.slug, sort);
        let link = |name: &str, ticket: Option<&QueueTicket>| {
            let path = path(sort);
            let mark = if path.contains('?') { '&' } else { '?' };
            ticket.map_or(path.clone(), |ticket| {
                format!("{path}{mark}{name}={}", queue.place(ticket).as_str())
            })
        };
        let other = queue.sorts().iter().find(|other| **other != sort);
        let Page {
            tickets,
            has_newer,
            has_older,
        } = &listed.seen.page;
        let (newest, oldest) = match sort {
            Sort::Newest => (tickets.first(), tickets.last()),
            Sort::Oldest => (tickets.last(), tickets.first()),
        };
        Self {
            newer: has_newer.then(|| link("newer", newest)),
            older: has_older.then(|| link("older", oldest)),
            resorted: other.map(|other| path(*other)),
        }
    }
}

/// Where a queue is, in an order.
fn sorted_path(slug: &str, sort: Sort) -> String {
    let path = pages::url::queue(slug);
    if sort == Sort::default() {
        return path;
    }
    format!("{path}?sort={}", sort.name())
}

pub(crate) fn json(listed: &Listed) -> Response {
    let pager = Pager::of(listed);
    let shown = listed.tree.beside(&listed.at);
    let counts = shown
        .iter()
        .filter_map(|node| Some((node.slug.clone(), count(listed, node)?.tickets.into())));
    let body = json!({
        "queue": listed.at.slug,
        "sort": listed.sort.name(),
        "queues": shown.iter().map(|node| node_json(listed, node)).collect::<Vec<_>>(),
        "counts": counts.collect::<serde_json::Map<_, _>>(),
        "tickets": listed.seen.page.tickets.iter().map(ticket_json).collect::<Vec<_>>(),
        "newer": pager.newer,
        "older": pager.older,
    });
    data(StatusCode::OK, &body)
}

fn node_json(listed: &Listed, node: &Node) -> Value {
    json!({
        "queue": node.slug,
        "name": node.name,
        "below": listed.tree.parent(node).map(|parent| &parent.slug),
        "has_more": count(listed, node).is_some_and(|count| count.is_more),
    })
}

fn count(listed: &Listed, node: &Node) -> Option<Count> {
    listed.seen.tally.of(node.queue, &listed.calendar)
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
        "team": ticket.team,
        "priority": ticket.priority.name(),
        "answered": ticket.is_answered,
        "overdue": ticket.is_overdue,
        "created_at": ticket.created_at.0,
        "due_at": ticket.due_at.map(|due| due.0),
        "closed_at": ticket.closed_at.map(|closed| closed.0),
    })
}

pub(crate) fn page(listed: &Listed) -> Response {
    let Listed {
        desk,
        tree,
        at,
        seen,
        ..
    } = listed;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let back = sorted_path(&at.slug, listed.sort);
    let standing = desk.agent.standing();
    let selector = standing
        .map(|standing| choose::selector(standing, &seen.offered, AT_HAND, &csrf, &back))
        .filter(Selector::is_useful);
    let realm = selector.as_ref().map(Selector::at);
    let pager = Pager::of(listed);
    let urls: Vec<String> = seen.page.tickets.iter().map(url).collect();
    let tickets = seen.page.tickets.iter();
    let page = QueuePage {
        shell: desk.shell(realm, &csrf),
        queue: shown_queue(at.queue),
        places: tree
            .beside(at)
            .into_iter()
            .map(|node| place(listed, node))
            .collect(),
        parent: tree.parent(at).map(|parent| place(listed, parent)),
        tickets: tickets.zip(&urls).map(row).collect(),
        is_oldest_first: listed.sort == Sort::Oldest,
        resorted: pager.resorted.as_deref(),
        newer: pager.newer.as_deref(),
        older: pager.older.as_deref(),
        show_realm: seen.has_realms,
        selector,
        is_after_deleting: listed.is_after_deleting,
        now: Moment(desk.visit.now().0),
    };
    token.with(Html(page))
}

fn place<'a>(listed: &'a Listed, node: &'a Node) -> QueuePlace<'a> {
    QueuePlace {
        slug: &node.slug,
        name: &node.name,
        queue: shown_queue(node.queue),
        depth: listed.tree.depth(node),
        count: count(listed, node).map(shown_count),
        is_current: node.id == listed.at.id,
    }
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
        assignee: ticket.assignee.as_deref().or(ticket.team.as_deref()),
        priority: shown_priority(ticket.priority),
        created_at: Moment(ticket.created_at.0),
        due_at: ticket.due_at.map(|due| Moment(due.0)),
        is_overdue: ticket.is_overdue,
        is_unanswered: !ticket.is_answered && ticket.closed_at.is_none(),
        closed_at: ticket.closed_at.map(|closed| Moment(closed.0)),
    }
}

fn shown_queue(queue: Queue) -> ShownQueue {
    match queue {
        Queue::Open => ShownQueue::Open,
        Queue::Unanswered => ShownQueue::Unanswered,
        Queue::Answered => ShownQueue::Answered,
        Queue::Overdue => ShownQueue::Overdue,
        Queue::Mine => ShownQueue::Mine,
        Queue::AssignedToMe => ShownQueue::AssignedToMe,
        Queue::AssignedToTeams => ShownQueue::AssignedToTeams,
        Queue::Closed => ShownQueue::Closed,
        Queue::ClosedIn(_) => ShownQueue::ClosedInPeriod,
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

fn shown_count(count: Count) -> ShownCount {
    ShownCount {
        tickets: u64::try_from(count.tickets).unwrap_or(0),
        is_more: count.is_more,
    }
}
