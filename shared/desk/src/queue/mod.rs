//! Queues: the lists agents work from.

mod count;
pub mod criteria;
mod lanes;
mod limited;
mod listing;
mod period;
mod plan;
mod store;
mod theirs;
mod tree;

use tenancy::Timestamp;

use crate::ticket::Priority;

pub use count::{Closings, Count, Counts, Tally, Work};
pub use criteria::Queue;
pub use limited::{closings_for, counts_for, limited_closings_text, limited_counts_text, page_for};
pub use listing::{Listing, Place, Sort, Turn, Viewer, closings_text};
pub use period::{Calendar, Period};
pub use store::{closings, counts, has_realms, page, page_of, tree, work};
pub use theirs::{Whose, page_of_theirs, text_of_theirs};
pub use tree::{Node, Tree};

pub(crate) use store::insert_seeded;

/// How many tickets a page shows.
pub const PAGE: usize = 25;

/// A ticket as a queue shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueTicket {
    /// The ticket's id, by which the queue is sorted.
    pub id: tenancy::Id,
    /// Its number.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Who asked.
    pub requester: String,
    /// Their address.
    pub requester_email: String,
    /// The department that works it.
    pub department: String,
    /// The realm it belongs to.
    pub realm: String,
    /// The agent who works it.
    pub assignee: Option<String>,
    /// The team that works it.
    pub team: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Whether the sweep has marked it overdue.
    pub is_overdue: bool,
    /// Whether an agent had the last word.
    pub is_answered: bool,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T = QueueTicket> {
    /// Its tickets.
    pub tickets: Vec<T>,
    /// Whether newer tickets come before it, or after it where the oldest come first.
    pub has_newer: bool,
    /// Whether older tickets come after it, or before it where the oldest come first.
    pub has_older: bool,
}

impl<T> Page<T> {
    /// Makes a page, newest first, of what was read: one ticket more than a page holds tells that
    /// there is another page in the direction of reading.
    pub fn new(turn: &Turn, found: Vec<T>) -> Self {
        Self::sorted(Sort::Newest, turn, found)
    }

    /// The same, of a list in another order.
    pub fn sorted(sort: Sort, turn: &Turn, mut found: Vec<T>) -> Self {
        let has_more = found.len() > PAGE;
        found.truncate(PAGE);
        let (has_newer, has_older, is_backward) = match (sort, turn) {
            (Sort::Newest, Turn::First) => (false, has_more, false),
            (Sort::Newest, Turn::OlderThan(_)) => (true, has_more, false),
            (Sort::Newest, Turn::NewerThan(_)) => (has_more, true, true),
            (Sort::Oldest, Turn::First) => (has_more, false, false),
            (Sort::Oldest, Turn::NewerThan(_)) => (has_more, true, false),
            (Sort::Oldest, Turn::OlderThan(_)) => (true, has_more, true),
        };
        if is_backward {
            found.reverse();
        }
        Self {
            tickets: found,
            has_newer,
            has_older,
        }
    }
}
