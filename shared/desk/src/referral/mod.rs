//! Referrals: a ticket is shown to an agent, a team or a department beside whoever works it
//! (osTicket's TK-5). It stays whose it is.
//!
//! Whom it can be referred to is what the agent who refers it may see: teams and departments
//! above their own realm where those look upwards (T-31), people only where agents do (T-32).

mod store;

use tenancy::policy::{Granted, act};
use tenancy::{DbError, Id, Statement, Timestamp};

use crate::ticket::{Handover, Target, WorkTicket, told};

pub use store::of_ticket;
pub(crate) use store::refer_to_addressed;

/// A referral as the ticket's page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Its id.
    pub id: Id,
    /// Agent, team or department.
    pub kind: Kind,
    /// Whose name it stands under.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a ticket can be referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An agent.
    Agent,
    /// A team.
    Team,
    /// A department.
    Department,
}

impl Kind {
    /// The name in forms and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Team => "team",
            Self::Department => "department",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Agent, Self::Team, Self::Department];
        all.into_iter().find(|kind| kind.name() == name)
    }
}

/// Whom a ticket is referred to, with the evidence that whoever refers it may.
#[derive(Clone, Copy, Debug)]
pub enum To<'a> {
    /// An agent.
    Agent(&'a Granted<Target<Id>, act::TicketRefer>),
    /// A team.
    Team(&'a Granted<Target<i64>, act::TicketRefer>),
    /// A department.
    Department(&'a Granted<Target<i64>, act::TicketRefer>),
}

/// Refers a ticket. One that is referred to the same already refuses the batch, told by
/// [`is_known`].
pub fn refer(
    ticket: &Granted<WorkTicket, act::TicketRefer>,
    to: To<'_>,
    id: &Id,
    by: Handover<'_>,
) -> [Statement; 2] {
    let referred = store::insert(ticket.scope(), &ticket.id, to, id, by.now);
    [referred, told(ticket.scope(), &ticket.id, "referred", by)]
}

/// Withdraws a referral; one that is not the ticket's is left as it is.
pub fn withdraw(
    ticket: &Granted<WorkTicket, act::TicketRefer>,
    id: &Id,
    by: Handover<'_>,
) -> [Statement; 2] {
    let withdrawn = store::delete(ticket.scope(), &ticket.id, id);
    [withdrawn, told(ticket.scope(), &ticket.id, "edited", by)]
}

/// Whether a batch was refused because the ticket is referred to them already.
pub fn is_known(error: &DbError) -> bool {
    matches!(error, DbError::Duplicate(columns) if columns.starts_with("referral."))
}
