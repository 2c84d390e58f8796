//! Teams: agents who are assigned tickets together, and who leads them.

mod store;

use tenancy::port::DbError;
use tenancy::realm::Path;
use tenancy::sight::Standing;
use tenancy::{Id, RealmId};

use crate::directory::checked_name;
use crate::wish::Wish;

pub use store::{add, change, kept, remove};

/// Most teams of a tenant.
pub const MOST_TEAMS: i64 = 2000;

/// A team as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: i64,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Where that realm lies.
    pub path: Path,
    /// What it is called.
    pub name: String,
    /// Its lead's address, and where the lead's primary realm lies.
    pub lead: Option<(String, Path)>,
}

/// A team about to be added, or as it is to be.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// What it is called; unique in its realm.
    pub name: &'a str,
    /// Who leads it, and hears of what it is assigned.
    pub lead: Wish<Id>,
}

impl Wanted<'_> {
    fn checked(&self) -> Result<String, Refused> {
        checked_name(self.name).map_err(|_| Refused::Name)
    }
}

/// Whether an administrator who stands there says who leads a team. One who is limited to their
/// duties has nobody hear of what they do not hear of themselves (T-65).
pub fn may_be_given(by: &Standing, team: Option<i64>) -> bool {
    let duties = by.duties();
    let is_own = |id| duties.bands().iter().any(|band| band.team == id);
    !duties.is_limited() || team.is_some_and(is_own)
}

/// Why a team was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty or too long.
    Name,
    /// There is one of this name in the realm.
    Taken,
    /// The tenant has [`MOST_TEAMS`] already.
    Full,
    /// Tickets, a realm that is shown to it, or something else need it.
    InUse,
    /// Somebody else renamed it first.
    Stale,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that writes a team was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Stale => Refused::Stale,
        DbError::Missing(column) if column == "team.name" => Refused::Stale,
        DbError::Dangling => Refused::InUse,
        DbError::Duplicate(columns) if columns.contains("team.name") => Refused::Taken,
        DbError::Missing(column) if column == "team.team_id" => Refused::Full,
        error @ (DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}
