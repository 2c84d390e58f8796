//! Statuses: what a tenant calls the states of its tickets (osTicket's FO-7).
//!
//! Lists, counts and rules go by the state alone. A ticket without a status has the one that every
//! tenant has for its state; so whatever opens or closes tickets need not know of statuses.

mod store;

use tenancy::port::DbError;

pub(crate) use store::seed;
pub use store::{add, all, change, order, remove};

/// Most statuses of a tenant.
pub const MOST_STATUSES: usize = 100;
/// Longest name, in characters.
pub const LONGEST_NAME: usize = 60;
/// Longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 1_000;

/// What a status means for a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is worked on.
    Open,
    /// It is not, until somebody writes to it.
    Closed,
    /// It is closed and in no list, and found by its number.
    Archived,
    /// It is as good as not there.
    Deleted,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Closed, Self::Archived, Self::Deleted];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Archived => "archived",
            Self::Deleted => "deleted",
        }
    }

    /// The state with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The shelf that its tickets lie on, outside of all lists.
    pub fn shelf(self) -> Option<&'static str> {
        match self {
            Self::Open | Self::Closed => None,
            Self::Archived | Self::Deleted => Some(self.name()),
        }
    }

    /// The status that every tenant has for it: what a ticket without one has.
    pub fn own_status(self) -> i64 {
        match self {
            Self::Open => 1,
            Self::Closed => 3,
            Self::Archived => 4,
            Self::Deleted => 5,
        }
    }
}

/// A status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its id.
    pub id: i64,
    /// What people read.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it means.
    pub state: State,
    /// Whether a message opens a ticket again that has it.
    pub can_reopen: bool,
    /// The status that such a ticket then has; none for that of open tickets.
    pub reopens_as: Option<i64>,
    /// Whether tickets can be given it.
    pub is_active: bool,
    /// Whether every tenant has it, so that nobody takes it away.
    pub is_internal: bool,
}

/// A status about to be added, or as it is to be.
#[derive(Clone, Copy, Debug)]
pub struct NewStatus<'a> {
    /// What people read.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// Whether a message opens a ticket again that has it.
    pub can_reopen: bool,
    /// The status that such a ticket then has, one of open tickets.
    pub reopens_as: Option<i64>,
    /// Whether tickets can be given it; one that every tenant has always can.
    pub is_active: bool,
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty or too long, or the description is too long.
    Name,
    /// There is one of this name.
    Taken,
    /// Something refers to it: tickets have it, filters or help topics give it, or others are reopened as it.
    InUse,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that changes statuses was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Duplicate(_) => Refused::Taken,
        DbError::Dangling | DbError::Missing(_) => Refused::InUse,
        error @ (DbError::Stale
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

impl NewStatus<'_> {
    fn check(&self) -> Result<(), Refused> {
        let is_named = (1..=LONGEST_NAME).contains(&self.name.trim().chars().count());
        let is_short = self.description.chars().count() <= LONGEST_DESCRIPTION;
        let is_text = !self.name.contains('\0') && !self.description.contains('\0');
        let is_fit = is_named && is_short && is_text;
        is_fit.then_some(()).ok_or(Refused::Name)
    }
}

/// The status that is meant by an id or a name, of those that tickets can be given; in any case of
/// letters. A state's name means the status that every tenant has for it, whatever it is called.
pub fn meant<'s>(statuses: &'s [Status], by: &str) -> Option<&'s Status> {
    let id: Option<i64> = by.parse().ok();
    let mut active = statuses.iter().filter(|status| status.is_active);
    let low = by.to_lowercase();
    let own = State::named(&low).map(State::own_status);
    active
        .clone()
        .find(|status| Some(status.id) == id || status.name.to_lowercase() == low)
        .or_else(|| active.find(|status| Some(status.id) == own))
}

/// The status that every tenant has for a state.
pub fn own(statuses: &[Status], state: State) -> Option<&Status> {
    statuses
        .iter()
        .find(|status| status.id == state.own_status())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fo_7_a_status_is_meant_by_its_id_its_name_or_its_state() {
        let status = |id, name: &str, state, is_active| Status {
            id,
            name: name.to_owned(),
            description: String::new(),
            state,
            can_reopen: true,
            reopens_as: None,
            is_active,
            is_internal: false,
        };
        let all = [
            status(1, "New", State::Open, true),
            status(2, "Resolved", State::Closed, true),
            status(3, "Erledigt", State::Closed, true),
            status(7, "Waiting", State::Open, false),
        ];
        let id = |by| meant(&all, by).map(|status| status.id);
        assert_eq!(
            (id("2"), id("RESOLVED"), id("erledigt")),
            (Some(2), Some(2), Some(3))
        );
        assert_eq!((id("open"), id("Closed")), (Some(1), Some(3)));
        assert_eq!(
            (id("7"), id("waiting"), id("9"), id("")),
            (None, None, None, None)
        );
    }
}
