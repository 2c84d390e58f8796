//! Tickets, and the thread of entries and events each one has.

mod change;
mod message;
pub mod number;
mod place;
mod raised;
mod relocate;
mod store;
mod target;
mod tellable;
mod thread;
mod work;
mod written;

use serde::Serialize;
use tenancy::{DbError, Id, Timestamp};

pub use change::Change;
pub(crate) use message::Message;
pub use message::{News, PortalMessage};
pub(crate) use place::find_places;
pub use place::{Placed, find_place};
pub use raised::{RaisedTicket, find_raised};
pub(crate) use relocate::told;
pub use relocate::{Handover, move_to};
pub(crate) use store::{
    NUMBER_PLACEHOLDER, Opening, OpeningEntry, SYSTEM_NOTE, Word, Writer, append, append_beside,
    insert_reference, move_on, open, ran_out_of_numbers,
};
pub use store::{ThreadEntry, thread_by_number};
pub use target::{Target, find_assignee, find_department, find_team};
pub use tellable::{tellable, tellable_of};
pub use thread::{WorkEntry, WorkFile, thread_for_work};
pub use work::{FilledIn, Named, Requester, WorkTicket, find_for_work};
pub use written::Written;

/// Which door a ticket or an entry came through (osTicket's five sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Source {
    /// The portal.
    Web,
    /// Inbound mail.
    Email,
    /// An agent, on the telephone.
    Phone,
    /// The HTTP API.
    #[serde(rename = "API")]
    Api,
    /// Anything else.
    Other,
}

impl Source {
    /// The name as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Web => "Web",
            Self::Email => "Email",
            Self::Phone => "Phone",
            Self::Api => "API",
            Self::Other => "Other",
        }
    }

    /// Reads a name in any case.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Web, Self::Email, Self::Phone, Self::Api, Self::Other];
        all.into_iter()
            .find(|source| source.name().eq_ignore_ascii_case(name))
    }
}

/// Who did what an event tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The user who asked for help, through the portal.
    User,
    /// A program with an API key.
    Api,
    /// Whoever sent a mail.
    Mail,
    /// The scheduled sweep.
    Scheduler,
    /// A signed-in agent.
    Agent(Id),
    /// A program whose key has this hash.
    Program(String),
}

impl Actor {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Api | Self::Program(_) => "api",
            Self::Mail => "mail",
            Self::Scheduler => "scheduler",
            Self::Agent(_) => "agent",
        }
    }

    /// The agent who did it.
    pub(crate) fn agent(&self) -> Option<&Id> {
        match self {
            Self::Agent(id) => Some(id),
            Self::User | Self::Api | Self::Mail | Self::Scheduler | Self::Program(_) => None,
        }
    }

    /// What tells who did it, where it is kept.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Agent(id) => Some(id.as_str()),
            Self::Program(key) => Some(key),
            Self::User | Self::Api | Self::Mail | Self::Scheduler => None,
        }
    }
}

/// What an entry is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// From the user.
    Message,
    /// From an agent, to the user.
    Reply,
    /// Between agents; users never see it.
    Note,
}

impl EntryKind {
    /// The name as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Reply => "reply",
            Self::Note => "note",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, DbError> {
        let all = [Self::Message, Self::Reply, Self::Note];
        let found = all.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| DbError::Corrupt(format!("entry.kind: {name}")))
    }
}

/// How urgent a ticket is. The numbers are osTicket's priority ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// 1.
    Low,
    /// 2, the default.
    Normal,
    /// 3.
    High,
    /// 4.
    Emergency,
}

impl Priority {
    /// Every priority, the least urgent first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Emergency];

    /// The priority with this id.
    pub fn of_id(id: i64) -> Option<Self> {
        match id {
            1 => Some(Self::Low),
            2 => Some(Self::Normal),
            3 => Some(Self::High),
            4 => Some(Self::Emergency),
            _ => None,
        }
    }

    /// The id, as osTicket's API knows it.
    pub fn id(self) -> i64 {
        match self {
            Self::Low => 1,
            Self::Normal => 2,
            Self::High => 3,
            Self::Emergency => 4,
        }
    }

    /// The name as shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Normal => "Normal",
            Self::High => "High",
            Self::Emergency => "Emergency",
        }
    }
}

/// When a ticket that was created at `created` becomes overdue: plain hours, until schedules come.
pub fn due_at(created: Timestamp, grace_hours: i64) -> Timestamp {
    created + grace_hours.saturating_mul(60 * 60 * 1000)
}
