//! What the API answers with: the one place that names its fields.

mod directory;
mod ticket;

use desk::ticket::Named;
use pages::time::Moment;
use serde::Serialize;
use tenancy::{Id, RealmId, Timestamp};
use utoipa::ToSchema;

pub(crate) use directory::{Organization, Topic, User};
pub(crate) use ticket::{Collaborator, Entry, Priority, Ticket, TicketSummary};

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// What is on this page.
    pub(crate) items: Vec<T>,
    /// The address of the next page; null on the last one.
    #[schema(example = "/api/v1/tickets?after=019aa4a1-5f00-7000-8000-000000000000")]
    pub(crate) next: Option<String>,
}

/// A realm, a department or a help topic, by its id and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Numbered {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
}

/// An agent or an organization, by its id and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reference {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

/// Something that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    /// Its id.
    #[schema(format = "uuid")]
    pub(crate) id: String,
    /// Its address, or that of the thread it is in.
    pub(crate) href: String,
}

/// A ticket that was opened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Opened {
    /// Its id.
    #[schema(format = "uuid")]
    pub(crate) id: String,
    /// Its number.
    pub(crate) number: String,
    /// Its address.
    pub(crate) href: String,
}

/// A moment as the API writes it.
fn moment(at: Timestamp) -> String {
    Moment(at.0).iso().to_string()
}

impl From<&Named<i64>> for Numbered {
    fn from(named: &Named<i64>) -> Self {
        Self {
            id: named.id,
            name: named.name.clone(),
        }
    }
}

impl From<&Named<RealmId>> for Numbered {
    fn from(named: &Named<RealmId>) -> Self {
        Self {
            id: named.id.0,
            name: named.name.clone(),
        }
    }
}

impl From<&Named<Id>> for Reference {
    fn from(named: &Named<Id>) -> Self {
        Self {
            id: named.id.to_string(),
            name: named.name.clone(),
        }
    }
}
