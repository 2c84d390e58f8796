//! The queues an agent works from.

use askama::Template;

use crate::layout::Shell;
use crate::time::Moment;

/// `GET /queues/{slug}`: one page of a queue.
#[derive(Template)]
#[template(path = "queues/queue.html")]
pub struct QueuePage<'a> {
    pub shell: Shell<'a>,
    pub queue: Queue,
    pub counts: QueueCounts,
    /// Newest first.
    pub tickets: Vec<QueueRow<'a>>,
    /// Where the page of newer tickets is; `None` on the first one.
    pub newer: Option<&'a str>,
    /// Where the page of older tickets is; `None` on the last one.
    pub older: Option<&'a str>,
    /// Whether the rows come from more than one realm, so that the column is worth its width.
    pub show_realm: bool,
    pub now: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    Open,
    Overdue,
    Closed,
}

impl Queue {
    pub const ALL: [Self; 3] = [Self::Open, Self::Overdue, Self::Closed];

    /// Returns the queue a path names.
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.slug() == slug)
    }

    /// Returns the queue's name in paths and JSON.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Closed => "closed",
        }
    }
}

/// How many tickets the viewer would find in each queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueCounts {
    pub open: u64,
    pub overdue: u64,
    pub closed: u64,
}

impl QueueCounts {
    pub const fn of(&self, queue: Queue) -> u64 {
        match queue {
            Queue::Open => self.open,
            Queue::Overdue => self.overdue,
            Queue::Closed => self.closed,
        }
    }
}

/// One ticket of a queue.
#[derive(Debug, Clone, Copy)]
pub struct QueueRow<'a> {
    pub number: &'a str,
    pub subject: &'a str,
    /// Where the ticket opens; plain text while there is no such page.
    pub url: Option<&'a str>,
    pub requester: &'a str,
    pub department: Option<&'a str>,
    pub realm: &'a str,
    /// The agent or team it is assigned to.
    pub assignee: Option<&'a str>,
    pub priority: Priority,
    pub created_at: Moment,
    pub due_at: Option<Moment>,
    pub is_overdue: bool,
    pub closed_at: Option<Moment>,
}

/// The priorities, named as osTicket names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Emergency,
}

#[cfg(test)]
impl QueuePage<'static> {
    pub(crate) fn sample(queue: Queue) -> Self {
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
        let tickets = match queue {
            Queue::Open => {
                vec![
                    calm,
                    QueueRow {
                        priority: Priority::High,
                        ..calm
                    },
                    late,
                    linked,
                ]
            }
            Queue::Overdue => vec![late],
            Queue::Closed => vec![closed],
        };
        QueuePage {
            shell: Shell::sample_of_an_agent(),
            queue,
            counts: QueueCounts {
                open: 128,
                overdue: 1,
                closed: 4096,
            },
            tickets,
            newer: None,
            older: Some("/queues/open?before=482899"),
            show_realm: true,
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_empty(queue: Queue) -> Self {
        QueuePage {
            counts: QueueCounts::default(),
            tickets: Vec::new(),
            older: None,
            ..Self::sample(queue)
        }
    }
}
