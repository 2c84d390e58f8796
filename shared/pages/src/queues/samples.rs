//! Pages to look at.

use super::{Count, Priority, Queue, QueuePage, QueuePlace, QueueRow, Selector};
use crate::layout::Shell;
use crate::time::Moment;

impl Queue {
    pub(crate) const ALL: [Self; 9] = [
        Self::Open,
        Self::Unanswered,
        Self::Answered,
        Self::Overdue,
        Self::Mine,
        Self::AssignedToMe,
        Self::AssignedToTeams,
        Self::Closed,
        Self::ClosedInPeriod,
    ];
}

/// The tree as it is beside a queue.
const PLACES: [(&str, &str, Queue, usize, Option<u64>); 10] = [
    ("open", "Open", Queue::Open, 0, Some(128)),
    ("unanswered", "Open", Queue::Unanswered, 1, Some(100)),
    ("answered", "Answered", Queue::Answered, 1, Some(28)),
    ("overdue", "Overdue", Queue::Overdue, 1, Some(1)),
    ("mine", "My Tickets", Queue::Mine, 0, Some(5)),
    (
        "assigned-to-me",
        "Assigned <to> Me",
        Queue::AssignedToMe,
        1,
        Some(3),
    ),
    (
        "assigned-to-teams",
        "Assigned to Teams",
        Queue::AssignedToTeams,
        1,
        None,
    ),
    ("closed", "Closed", Queue::Closed, 0, Some(4096)),
    ("closed-today", "Today", Queue::ClosedInPeriod, 1, Some(99)),
    (
        "closed-late",
        "After hours",
        Queue::ClosedInPeriod,
        2,
        Some(0),
    ),
];

fn places(current: Queue) -> Vec<QueuePlace<'static>> {
    let mut is_over = false;
    let place = |(slug, name, queue, depth, tickets): (_, _, _, _, Option<u64>)| QueuePlace {
        slug,
        name,
        queue,
        depth,
        count: tickets.map(|tickets| Count {
            tickets,
            is_more: tickets == 99,
        }),
        is_current: queue == current && !std::mem::replace(&mut is_over, queue == current),
    };
    PLACES.into_iter().map(place).collect()
}

impl QueuePage<'static> {
    pub(crate) fn sample_selected() -> Self {
        QueuePage {
            selector: Some(Selector {
                has_more: true,
                ..Selector::sample(Some("Northern Depot"))
            }),
            is_after_deleting: true,
            ..Self::sample(Queue::Open)
        }
    }

    pub(crate) fn sample(queue: Queue) -> Self {
        let places = places(queue);
        let depth = places
            .iter()
            .find(|place| place.is_current)
            .map_or(0, |place| place.depth);
        let parent = places.iter().filter(|place| place.depth + 1 == depth);
        let before = |place: &&QueuePlace<'_>| place.queue.is_closed() == queue.is_closed();
        QueuePage {
            shell: Shell::sample_of_an_agent(),
            queue,
            parent: parent.copied().find(|place| before(&place)),
            places,
            tickets: rows(queue),
            is_oldest_first: false,
            resorted: (!queue.is_closed()).then_some("/queues/open?sort=oldest"),
            newer: None,
            older: Some("/queues/open?before=482899"),
            show_realm: true,
            selector: Some(Selector::sample(None)),
            is_after_deleting: false,
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_empty(queue: Queue) -> Self {
        let mut page = Self::sample(queue);
        for place in &mut page.places {
            place.count = place.count.map(|_| Count {
                tickets: 0,
                is_more: false,
            });
        }
        QueuePage {
            tickets: Vec::new(),
            older: None,
            ..page
        }
    }
}

fn rows(queue: Queue) -> Vec<QueueRow<'static>> {
    let calm = QueueRow {
        number: "482913",
        subject: "My drill smokes when I start it",
        url: None,
        requester: "Grace Hopper",
        department: Some("Repairs"),
        realm: "Acme Tools",
        assignee: Some("Ada Byron"),
        priority: Priority::Normal,
        created_at: Moment::minutes_from_noon(-4),
        due_at: Some(Moment::minutes_from_noon(1436)),
        is_overdue: false,
        is_unanswered: false,
        closed_at: None,
    };
    let late = QueueRow {
        number: "482907",
        subject: "Invoice <2026-1107> was charged twice & nobody answers the telephone, although it rings",
        requester: "Wolfeschlegelsteinhausenbergerdorff Industries",
        department: Some("Billing"),
        realm: "Acme Tools › Northern Depot",
        assignee: None,
        priority: Priority::Emergency,
        created_at: Moment::minutes_from_noon(-1620),
        due_at: Some(Moment::minutes_from_noon(-180)),
        is_overdue: true,
        is_unanswered: true,
        ..calm
    };
    let linked = QueueRow {
        number: "482899",
        subject: "Where do I find the manual?",
        url: Some("/agent/482899"),
        requester: "Linus",
        department: None,
        assignee: Some("Second level"),
        priority: Priority::Low,
        created_at: Moment::minutes_from_noon(-60 * 24 * 40),
        due_at: None,
        ..calm
    };
    let closed = QueueRow {
        closed_at: Some(Moment::minutes_from_noon(-30)),
        ..calm
    };
    let high = QueueRow {
        priority: Priority::High,
        is_unanswered: true,
        ..calm
    };
    match queue {
        Queue::Open | Queue::Mine => vec![calm, high, late, linked],
        Queue::Unanswered | Queue::AssignedToTeams => vec![high],
        Queue::Answered | Queue::AssignedToMe => vec![calm, linked],
        Queue::Overdue => vec![late],
        Queue::Closed | Queue::ClosedInPeriod => vec![closed],
    }
}
