//! Tickets, and the thread of entries and events each one has.

mod message;
pub mod number;
mod place;
mod raised;
mod store;
mod thread;
mod transfer;
mod work;

use serde::Serialize;
use tenancy::{DbError, Id, Timestamp};

pub(crate) use message::Message;
pub use message::{News, PortalMessage};
pub use place::{Placed, find_place};
pub use raised::{RaisedTicket, find_raised};
pub(crate) use store::{
    NUMBER_PLACEHOLDER, Opening, OpeningEntry, Writer, append, append_note, insert_reference, open,
    ran_out_of_numbers,
};
pub use store::{ThreadEntry, thread_by_number};
pub use thread::{WorkEntry, WorkFile, thread_for_work};
pub use transfer::{Handover, move_to, transfer};
pub use work::{Named, Requester, WorkTicket, close, find_for_work};

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
}

impl Actor {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Api => "api",
            Self::Mail => "mail",
            Self::Scheduler => "scheduler",
            Self::Agent(_) => "agent",
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
