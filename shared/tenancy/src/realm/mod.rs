//! Realms: the nodes of a tenant's tree, and what can be done to the tree.
//!
//! Every operation takes realms that were [`Granted`] for it and gives statements, which the
//! caller writes in one batch through [`Granted::scope`]. A change decided on an older reading
//! is refused by the database and told by [`refused`]; read again, and decide again.

mod listing;
mod path;
mod store;

pub use listing::{Listed, above, list, roots, search};
pub use path::Path;
pub use store::{find, of_ticket, of_user, worked_in};

use std::fmt;

use crate::policy::{Granted, Thing, act};
use crate::port::{DbError, Timestamp};
use crate::principal::Agent;
use crate::scope::Statement;
use crate::{RealmId, TenantId};

/// A realm, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Realm {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id, unique in the tenant and never changed.
    pub id: RealmId,
    /// The realm above it; none for the root of a tree.
    pub parent: Option<RealmId>,
    /// Its address, which moving it or a realm above it changes.
    pub path: Path,
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: Kind,
    /// When it was archived, by itself or with a realm above it.
    pub archived_at: Option<Timestamp>,
    /// Goes up with every change of it, so that one that was decided on an older reading is told.
    pub version: i64,
    is_below_archived: bool,
    last_below: Option<Path>,
}

impl Thing for Realm {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

impl Realm {
    /// Whether nobody has changed it since it had this version.
    ///
    /// # Errors
    /// [`Refused::Stale`].
    pub fn unchanged_since(&self, version: i64) -> Result<(), Refused> {
        let is_current = self.version == version;
        is_current.then_some(()).ok_or(Refused::Stale)
    }

    /// The address of the place after its last child: places are not filled again while a later
    /// one is taken, and inserting a leaf changes no other row (T-15).
    fn next_path(&self) -> Path {
        let last = self.last_below.as_ref();
        let place = last.and_then(|below| below.place_below(&self.path));
        self.path.child(place.map_or(0, |last| last + 1))
    }
}

/// What a realm stands for. Kinds may be mixed in one tree (T-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A company.
    Company,
    /// A department.
    Department,
    /// A site.
    Site,
    /// A customer of the realm above.
    Customer,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Company, Self::Department, Self::Site, Self::Customer];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Department => "department",
            Self::Site => "site",
            Self::Customer => "customer",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Why the tree stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty, longer than [`LONGEST_NAME`], or holds what cannot be read.
    Name,
    /// A realm cannot stand below itself.
    BelowItself,
    /// The two realms are of two tenants.
    Elsewhere,
    /// Nothing can be put into an archived realm, nor taken out of the archive inside one.
    Archived,
    /// Nobody archives the realm they stand in.
    OwnGround,
    /// Somebody changed the tree first: read it again.
    Stale,
    /// The database's own trouble.
    Failed(DbError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => write!(f, "a realm's name has 1 to {LONGEST_NAME} characters"),
            Self::BelowItself => f.write_str("a realm cannot stand below itself"),
            Self::Elsewhere => f.write_str("the realms are of two tenants"),
            Self::Archived => f.write_str("the realm above is archived"),
            Self::OwnGround => f.write_str("nobody archives the realm they stand in"),
            Self::Stale => f.write_str("somebody changed the tree first"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

/// Tells why a batch that changes the tree was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Stale => Refused::Stale,
        // Another realm took the place, or the realm above is no longer where it was.
        DbError::Duplicate(columns) if columns.contains("realm.path") => Refused::Stale,
        DbError::Missing(column) if column == "realm.path" => Refused::Stale,
        error @ (DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Dangling
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

/// The longest name of a realm, in characters.
pub const LONGEST_NAME: usize = 255;

fn checked(name: &str) -> Result<&str, Refused> {
    let name = name.trim();
    let is_fit = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
    let is_readable = !name.chars().any(char::is_control);
    (is_fit && is_readable).then_some(name).ok_or(Refused::Name)
}

/// Creates a realm below another, at the next place, and returns its `realm_id`.
///
/// # Errors
/// [`Refused::Name`] or [`Refused::Archived`].
pub fn create(
    parent: &Granted<Realm, act::RealmCreate>,
    name: &str,
    kind: Kind,
) -> Result<Statement, Refused> {
    if parent.archived_at.is_some() {
        return Err(Refused::Archived);
    }
    Ok(store::insert(
        parent,
        &parent.next_path(),
        checked(name)?,
        kind,
    ))
}

/// Gives a realm another name and kind.
///
/// # Errors
/// [`Refused::Name`].
pub fn rename(
    realm: &Granted<Realm, act::RealmRename>,
    name: &str,
    kind: Kind,
) -> Result<Statement, Refused> {
    Ok(store::rename(realm, checked(name)?, kind))
}

/// Where a moved realm is put among its new siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// After the last.
    Last,
    /// At this place, as when a move is undone; refused while another realm has it.
    At(u32),
}

/// Moves a realm with all below it, by rewriting `realm` rows alone: other rows name the
/// `realm_id`, which stays. The batch is one transaction, so nobody ever sees half of a move
/// (T-16).
///
/// # Errors
/// [`Refused::BelowItself`], [`Refused::Elsewhere`] or [`Refused::Archived`].
pub fn relocate(
    realm: &Granted<Realm, act::RealmMove>,
    parent: &Granted<Realm, act::RealmMove>,
    placing: Placing,
) -> Result<Vec<Statement>, Refused> {
    if realm.tenant != parent.tenant {
        return Err(Refused::Elsewhere);
    }
    if realm.path.covers(&parent.path) {
        return Err(Refused::BelowItself);
    }
    if parent.archived_at.is_some() {
        return Err(Refused::Archived);
    }
    let path = match placing {
        Placing::Last => parent.next_path(),
        Placing::At(place) => parent.path.child(place),
    };
    Ok(vec![
        store::expect_open(parent),
        store::adopt(realm, parent.id),
        store::rewrite(realm, &path),
    ])
}

/// Archives a realm with all below it that is not archived yet. Its portal closes, and nothing
/// is put into it any more; what it holds stays.
///
/// # Errors
/// [`Refused::OwnGround`].
pub fn archive(
    realm: &Granted<Realm, act::RealmArchive>,
    by: &Agent,
    now: Timestamp,
) -> Result<Vec<Statement>, Refused> {
    if realm.path.covers(by.path()) {
        return Err(Refused::OwnGround);
    }
    Ok(vec![store::expect(realm), store::archive(realm, now)])
}

/// Takes a realm out of the archive, with all that was archived together with it.
///
/// # Errors
/// [`Refused::Archived`] while the realm above is archived.
pub fn restore(realm: &Granted<Realm, act::RealmArchive>) -> Result<Vec<Statement>, Refused> {
    if realm.is_below_archived {
        return Err(Refused::Archived);
    }
    let restored = realm.archived_at.map(|at| store::restore(realm, at));
    Ok(std::iter::once(store::expect(realm))
        .chain(restored)
        .collect())
}
