//! Departments: where tickets go, who manages them, and what they answer by themselves.
//!
//! They belong to a realm and take tickets of the realms below it, too.

mod store;

use tenancy::port::DbError;
use tenancy::realm::Path;
use tenancy::sight::Standing;
use tenancy::{Id, RealmId};

use crate::directory::checked_name;
use crate::wish::Wish;

pub use store::{add, change, kept, remove};

/// Most departments of a tenant.
pub const MOST_DEPARTMENTS: i64 = 2000;

/// A department as administrators see it.
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
    /// Whether users are told its name.
    pub is_public: bool,
    /// The SLA plan of its tickets that have none otherwise.
    pub plan: Option<i64>,
    /// Its manager's address, and where the manager's primary realm lies.
    pub manager: Option<(String, Path)>,
    /// Whether its new tickets are answered by themselves.
    pub answers_tickets: bool,
    /// Whether messages to its tickets are.
    pub answers_messages: bool,
}

/// A department about to be added, or as it is to be.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// What it is called; unique in its realm.
    pub name: &'a str,
    /// Whether users are told its name.
    pub is_public: bool,
    /// The SLA plan of its tickets that have none otherwise.
    pub plan: Option<i64>,
    /// Who manages it, and works its tickets.
    pub manager: Wish<Id>,
    /// Whether its new tickets are answered by themselves.
    pub answers_tickets: bool,
    /// Whether messages to its tickets are.
    pub answers_messages: bool,
}

impl Wanted<'_> {
    fn checked(&self) -> Result<String, Refused> {
        checked_name(self.name).map_err(|_| Refused::Name)
    }
}

/// Whether an administrator who stands there says who manages a department. One who is limited to
/// their duties gives nobody what they do not have themselves (T-65).
pub fn may_be_given(by: &Standing, department: Option<i64>) -> bool {
    let duties = by.duties();
    let is_own = |id| duties.posts().iter().any(|post| post.department == id);
    !duties.is_limited() || department.is_some_and(is_own)
}

/// Why a department was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty or too long.
    Name,
    /// There is one of this name in the realm.
    Taken,
    /// The tenant has [`MOST_DEPARTMENTS`] already.
    Full,
    /// Tickets, help topics or something else need it.
    InUse,
    /// Somebody else renamed it first.
    Stale,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that writes a department was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Stale => Refused::Stale,
        DbError::Missing(column) if column == "department.name" => Refused::Stale,
        DbError::Dangling => Refused::InUse,
        DbError::Duplicate(columns) if columns.contains("department.name") => Refused::Taken,
        DbError::Missing(column) if column == "department.department_id" => Refused::Full,
        error @ (DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}
