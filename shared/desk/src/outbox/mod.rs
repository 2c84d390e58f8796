//! The outbox: mail is a row, written in the batch that caused it and sent by the sweep.
//!
//! Recipients and text are frozen when the row is written, so that a later change of the ticket
//! cannot send it to somebody else (U-18).

mod budget;
mod delivery;
mod envoy;
mod store;

use tenancy::port::{DbError, Row};
use tenancy::{Id, RealmId, Runtime, Scope, Statement};

pub use budget::MOST_A_DAY;
pub use delivery::{deliver, deliver_in};
pub use envoy::{Envoy, envoy};
pub(crate) use store::queue;
pub use store::{Captured, captured, post};

/// A name and an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correspondent {
    /// The name, which may be empty.
    pub name: String,
    /// The address.
    pub address: String,
}

impl Correspondent {
    /// Reads one from two columns of a row; `None` where the row has none.
    pub(crate) fn from_row(row: &Row, name: &str, address: &str) -> Result<Option<Self>, DbError> {
        let (name, address): (Option<_>, Option<_>) = (row.get(name)?, row.get(address)?);
        Ok(name
            .zip(address)
            .map(|(name, address)| Self { name, address }))
    }
}

/// The statements that queue letters about a ticket, which go out through the door of `realm`.
pub(crate) fn queue_all(
    runtime: &Runtime,
    scope: &Scope,
    realm: RealmId,
    ticket: &Id,
    letters: &[Letter],
) -> Vec<Statement> {
    let (now, random) = (runtime.clock.now(), &*runtime.random);
    let queued = letters.iter();
    queued
        .flat_map(|letter| queue(scope, realm, ticket, letter, now, random))
        .collect()
}

/// A mail that is ready to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Who it is from.
    pub from: Correspondent,
    /// Who it is for.
    pub to: Correspondent,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Its own Message-ID, without angle brackets.
    pub message_id: String,
    /// The Message-ID it answers.
    pub in_reply_to: Option<String>,
    /// Whether no person wrote it, and it goes to whoever claims to have the address: such letters
    /// are counted until somebody proves it ([`MOST_A_DAY`]).
    pub is_automatic: bool,
}

impl Letter {
    /// The same, which no person wrote, for whoever claims to have the address.
    #[must_use]
    pub fn automatic(self) -> Self {
        Self {
            is_automatic: true,
            ..self
        }
    }
}
