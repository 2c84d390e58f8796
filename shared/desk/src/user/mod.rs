//! What signed-in users see of tickets: those they raised, for whichever realm (T-28, T-35), and
//! those that colleagues raised where their organization shares them (T-57). Tickets of others that
//! they take part in stand among their own (TK-12), where collaborators see these.

mod store;

use tenancy::principal::Account;
use tenancy::{Id, RealmId, Timestamp};

pub use store::{counts, page, shared_counts};

use crate::queue::Turn;

/// Whose tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The user's own.
    Mine,
    /// The colleagues', where they are shared with the user.
    Shared,
}

impl Whose {
    /// The name in URLs.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Shared => "shared",
        }
    }

    /// Whose tickets a URL names, as far as the user has any: without an organization that
    /// shares, nothing is shared.
    pub fn named(slug: &str, account: &Account) -> Option<Self> {
        match slug {
            "mine" => Some(Self::Mine),
            "shared" if account.shared().is_some() => Some(Self::Shared),
            _ => None,
        }
    }
}

/// The states of the tickets on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Open tickets.
    Open,
    /// Closed tickets.
    Closed,
    /// Tickets in whatever state.
    All,
}

impl State {
    /// The name in URLs.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }

    /// The states, as a list of their names in the database.
    fn to_json(self) -> &'static str {
        match self {
            Self::Open => r#"["open"]"#,
            Self::Closed => r#"["closed"]"#,
            Self::All => r#"["open","closed"]"#,
        }
    }

    /// The state with this name.
    pub fn named(slug: &str) -> Option<Self> {
        let all = [Self::Open, Self::Closed, Self::All];
        all.into_iter().find(|state| state.slug() == slug)
    }
}

/// One page of a user's list.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Whose tickets.
    pub whose: Whose,
    /// In which state.
    pub state: State,
    /// About which help topic; none for any.
    pub topic: Option<i64>,
    /// What the subject holds, or the number is; empty for any.
    pub search: String,
    /// Which page.
    pub turn: Turn,
    /// Whether tickets that the user takes part in stand among their own.
    pub is_joining: bool,
}

/// A ticket as a user's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserTicket {
    /// The ticket's id, by which the list is sorted.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Who raised it.
    pub requester: String,
    /// Whether it is somebody else's, among the user's own because they take part.
    pub is_joined: bool,
    /// The realm it was raised for.
    pub realm_id: RealmId,
    /// That realm's name.
    pub realm: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub updated_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// How many tickets are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open ones.
    pub open: i64,
    /// Closed ones.
    pub closed: i64,
}
