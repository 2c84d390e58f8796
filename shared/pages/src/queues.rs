//! The queues an agent works from.

use std::fmt::{self, Display, Formatter};

use askama::Template;

use crate::layout::Shell;
use crate::time::Moment;

/// `GET /queues/{slug}`: one page of a queue.
#[derive(Template)]
#[template(path = "queues/queue.html")]
pub struct QueuePage<'a> {
    pub shell: Shell<'a>,
    /// What the queue lists.
    pub queue: Queue,
    /// All queues, each before those under it; one of them is this one.
    pub places: Vec<QueuePlace<'a>>,
    /// The queue that this one stands under.
    pub parent: Option<QueuePlace<'a>>,
    /// In order.
    pub tickets: Vec<QueueRow<'a>>,
    /// Whether the oldest ticket comes first.
    pub is_oldest_first: bool,
    /// Where the list is in the other order, if it has one.
    pub resorted: Option<&'a str>,
    /// Where the page of newer tickets is.
    pub newer: Option<&'a str>,
    /// Where the page of older tickets is.
    pub older: Option<&'a str>,
    /// Whether the rows come from more than one realm, so that the column is worth its width.
    pub show_realm: bool,
    /// The realms they can work in; left out where there is only one.
    pub selector: Option<Selector<'a>>,
    /// Whether the viewer has just deleted a ticket.
    pub is_after_deleting: bool,
    pub now: Moment,
}

/// A queue in the tree of all.
#[derive(Debug, Clone, Copy)]
pub struct QueuePlace<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub queue: Queue,
    /// How many queues it is under.
    pub depth: usize,
    /// How many tickets it holds, where that was counted.
    pub count: Option<Count>,
    pub is_current: bool,
}

/// So many tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub tickets: u64,
    /// It was not counted to the end.
    pub is_more: bool,
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let more = if self.is_more { "+" } else { "" };
        write!(f, "{}{more}", self.tickets)
    }
}

impl QueuePlace<'_> {
    /// Returns whether its count is bad news.
    pub fn is_alarm(&self) -> bool {
        self.queue == Queue::Overdue && self.count.is_some_and(|count| count.tickets > 0)
    }
}

impl<'a> QueuePage<'a> {
    /// Returns what the list begins with, in words.
    pub fn order(&self) -> &'static str {
        match self.queue {
            Queue::ClosedInPeriod => "last closed first",
            _ if self.is_oldest_first => "oldest first",
            _ => "newest first",
        }
    }

    /// Returns where the pages before and after this one are, and what they are called.
    pub fn pager(&self) -> (Option<&'a str>, Option<&'a str>, &'static str, &'static str) {
        if self.is_oldest_first {
            (self.older, self.newer, "Older", "Newer")
        } else {
            (self.newer, self.older, "Newer", "Older")
        }
    }

    /// Returns the place of this queue.
    pub fn place(&self) -> Option<&QueuePlace<'a>> {
        self.places.iter().find(|place| place.is_current)
    }

    /// Returns the name of this queue.
    pub fn name(&self) -> &'a str {
        self.place().map_or("", |place| place.name)
    }

    /// Returns how many tickets this queue holds, where that was counted.
    pub fn count(&self) -> Option<Count> {
        self.place().and_then(|place| place.count)
    }

    /// Returns how many lists end before a place; `None` where one begins.
    pub fn ends_before(&self, index: &usize) -> Option<usize> {
        let above = index
            .checked_sub(1)
            .and_then(|above| self.places.get(above));
        let (above, place) = (above?, self.places.get(*index)?);
        above.depth.checked_sub(place.depth)
    }

    /// Returns how deep the last place is.
    pub fn last_depth(&self) -> usize {
        self.places.last().map_or(0, |place| place.depth)
    }
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

/// What a queue lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    Open,
    Unanswered,
    Answered,
    Overdue,
    Mine,
    AssignedToMe,
    AssignedToTeams,
    Closed,
    ClosedInPeriod,
}

impl Queue {
    /// Returns whether its tickets are closed.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::ClosedInPeriod)
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
    /// Whether it waits for an agent's word.
    pub is_unanswered: bool,
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
mod samples;
