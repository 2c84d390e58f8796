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
    /// The realms they can work in; left out where there is only one.
    pub selector: Option<Selector<'a>>,
    pub now: Moment,
}

/// `GET /queues/realm`: every realm that can be worked in, for those who have more than fit a list at hand.
#[derive(Template)]
#[template(path = "queues/realm.html")]
pub struct RealmChoicePage<'a> {
    pub shell: Shell<'a>,
    pub selector: Selector<'a>,
    /// What the names begin with; empty when all are listed.
    pub searched: &'a str,
}

/// The realms an agent can work in.
#[derive(Debug, Clone)]
pub struct Selector<'a> {
    /// The agent's own realm.
    pub own: &'a str,
    /// The realm they have selected, if it is another.
    pub current: Option<&'a str>,
    /// In the order of the tree.
    pub choices: Vec<RealmChoice<'a>>,
    /// Whether there are more than these.
    pub has_more: bool,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    /// The path to come back to.
    pub back: &'a str,
}

/// A realm that can be selected.
#[derive(Debug, Clone, Copy)]
pub struct RealmChoice<'a> {
    pub id: i64,
    pub name: &'a str,
    /// How far it is below the topmost one of the list.
    pub depth: usize,
    pub is_current: bool,
}

impl<'a> Selector<'a> {
    /// Returns the realm they work in now.
    pub fn at(&self) -> &'a str {
        self.current.unwrap_or(self.own)
    }

    /// Returns whether there is anything to select, or to come back from.
    pub fn is_useful(&self) -> bool {
        self.choices.len() > 1 || self.current.is_some()
    }

    /// Returns whether the list misses the realm they work in, so that it has to be named beside it.
    pub fn misses_current(&self) -> bool {
        !self.choices.iter().any(|choice| choice.is_current)
    }
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
    /// So far it was counted, where it was not counted to the end.
    pub cap: Option<u64>,
}

impl QueueCounts {
    pub const fn of(&self, queue: Queue) -> u64 {
        match queue {
            Queue::Open => self.open,
            Queue::Overdue => self.overdue,
            Queue::Closed => self.closed,
        }
    }

    /// Returns how many, as it is shown.
    pub fn shown(&self, queue: Queue) -> String {
        let count = self.of(queue);
        match self.cap.filter(|cap| count > *cap) {
            Some(cap) => format!("{cap}+"),
            None => count.to_string(),
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
impl Selector<'static> {
    pub(crate) fn sample(current: Option<&'static str>) -> Self {
        let realms = [
            (1, "Acme Tools", 0),
            (4, "Northern Depot", 1),
            (9, "Gate <2>", 2),
        ];
        let choices = realms.map(|(id, name, depth)| RealmChoice {
            id,
            name,
            depth,
            is_current: name == current.unwrap_or("Acme Tools"),
        });
        Selector {
            own: "Acme Tools",
            current,
            choices: choices.into(),
            has_more: false,
            csrf: "token-of-the-form",
            back: "/queues/open",
        }
    }
}

#[cfg(test)]
impl RealmChoicePage<'static> {
    pub(crate) fn sample() -> Self {
        RealmChoicePage {
            shell: Shell::sample_of_an_agent(),
            selector: Selector {
                has_more: true,
                ..Selector::sample(Some("Northern Depot"))
            },
            searched: "",
        }
    }

    pub(crate) fn sample_searched() -> Self {
        RealmChoicePage {
            selector: Selector {
                choices: Vec::new(),
                ..Selector::sample(None)
            },
            searched: "Nowhere <at all>",
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl QueuePage<'static> {
    pub(crate) fn sample_selected() -> Self {
        QueuePage {
            selector: Some(Selector {
                has_more: true,
                ..Selector::sample(Some("Northern Depot"))
            }),
            ..Self::sample(Queue::Open)
        }
    }

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
                cap: None,
            },
            tickets,
            newer: None,
            older: Some("/queues/open?before=482899"),
            show_realm: true,
            selector: Some(Selector::sample(None)),
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
