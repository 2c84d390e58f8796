//! API keys, as administrators look after them.
//!
//! A key is shown once, when it is made, and kept as a hash. Nobody gives one more than they may
//! do themselves (T-65): neither a permission, nor a realm they do not hold.

mod store;

use tenancy::policy::{self, CallKey, Granted, Key, Keys, Permission, RoleKey, Thing, act};
use tenancy::port::Random;
use tenancy::principal::{Agent, ApiKey, Dialect};
use tenancy::realm::{Path, Realm};
use tenancy::{Id, RealmId, Statement, TenantId, Timestamp, token};

use crate::intake::one_line;
use crate::ticket::Named;

pub use store::{find, list, remove};

/// Longest name of a key, in characters.
pub const LONGEST_NAME: usize = 64;
/// Longest notes about a key, in characters.
pub const LONGEST_NOTES: usize = 2_000;
/// Most addresses and ranges that a key is bound to.
pub const MOST_SOURCES: usize = 50;
/// Most calls of the REST API that a key may make a minute.
pub const MOST_CALLS: i64 = 100_000;

/// A key as those see it who look after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// Its id, which opens nothing.
    pub id: Id,
    /// Its first characters.
    pub prefix: String,
    /// The realm it files into.
    pub realm: Named<RealmId>,
    /// What it is and may.
    pub is: Wanted,
    /// When it was made.
    pub created_at: Timestamp,
    /// The minute of its last call of the REST API; other calls are not counted.
    pub called_at: Option<Timestamp>,
    /// Goes up with each change.
    pub version: i64,
    /// Where its realm lies.
    pub path: Path,
    tenant: TenantId,
}

impl Thing for Kept {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

/// What a key is, or is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box that an administrator ticks"
)]
pub struct Wanted {
    /// What people call it.
    pub name: String,
    /// What else is to be known of it.
    pub notes: String,
    /// The addresses and ranges it works from; none means any.
    pub sources: Vec<String>,
    /// Whether it works at all.
    pub is_active: bool,
    /// Whether it may create tickets.
    pub can_create_tickets: bool,
    /// Whether it may start the tenant's scheduled work.
    pub can_run_cron: bool,
    /// Whether it may choose department and SLA plan itself.
    pub can_route: bool,
    /// In which dialect it is answered.
    pub dialect: Dialect,
    /// What its callers may do over the REST API, beside creating tickets.
    pub permissions: Keys<CallKey>,
    /// How many calls of the REST API it may make a minute.
    pub calls_a_minute: i64,
}

/// Why a key was not made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty or too long.
    Name,
    /// The notes are too long.
    Notes,
    /// Something is no address and no range, or there are too many.
    Sources,
    /// Not a number of calls that a key can make.
    Calls,
    /// It would let programs do what the administrator may not.
    Given,
    /// It is off and permits what the administrator may not, so they cannot switch it on.
    HoldsMore,
}

/// A key about to be made: the one moment it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Draws one, in osTicket's form: 32 hex digits, upper case.
    pub fn draw(random: &dyn Random) -> Self {
        Self(token::hex(&random.bytes::<16>()).to_uppercase())
    }

    /// The key itself, to be shown once.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key's whole set of permissions, those with boxes of their own too.
fn given(key: &Wanted) -> Vec<Permission> {
    let creates = key.can_create_tickets.then_some(CallKey::TicketsCreate);
    let named = CallKey::ALL.iter().copied();
    let named =
        named.filter(|each| *each != CallKey::TicketsCreate && key.permissions.holds(*each));
    let calls = creates.into_iter().chain(named).map(Permission::Call);
    let routes = Permission::Role(RoleKey::TicketTransfer);
    calls.chain(key.can_route.then_some(routes)).collect()
}

/// Whether an administrator may give this to a key.
pub fn may_give(by: &Agent, permission: Permission) -> bool {
    match permission {
        Permission::Call(key) => policy::covers(by, key),
        Permission::Role(_) | Permission::Agent(_) | Permission::Realm(_) => by.has(permission),
    }
}

/// The statement that adds a key to a realm.
///
/// # Errors
/// Why not.
pub fn make(
    by: &Agent,
    realm: &Granted<Realm, act::DoorManage>,
    secret: &Secret,
    id: &Id,
    (wanted, now): (&Wanted, Timestamp),
) -> Result<Statement, Refused> {
    let wanted = checked(wanted)?;
    if !given(&wanted).into_iter().all(|each| may_give(by, each)) {
        return Err(Refused::Given);
    }
    Ok(store::insert(realm, secret, id, &wanted, now))
}

/// The statement that changes a key; stale where somebody else was first. What it has already, it
/// keeps, whoever gave it.
///
/// # Errors
/// Why not.
pub fn change(
    by: &Agent,
    key: &Granted<Kept, act::DoorManage>,
    wanted: &Wanted,
    version: i64,
) -> Result<Statement, Refused> {
    let (wanted, now) = (checked(wanted)?, given(&key.is));
    let is_fit = |each: &Permission| now.contains(each) || may_give(by, *each);
    if !given(&wanted).iter().all(is_fit) {
        return Err(Refused::Given);
    }
    let is_switched_on = wanted.is_active && !key.is.is_active;
    if is_switched_on && !given(&wanted).into_iter().all(|each| may_give(by, each)) {
        return Err(Refused::HoldsMore);
    }
    Ok(store::update(key, &wanted, version))
}

fn checked(wanted: &Wanted) -> Result<Wanted, Refused> {
    let wanted = Wanted {
        name: one_line(&wanted.name),
        notes: wanted.notes.trim().to_owned(),
        ..wanted.clone()
    };
    let is_fit = |source: &String| ApiKey::is_source(source);
    if !(1..=LONGEST_NAME).contains(&wanted.name.chars().count()) {
        Err(Refused::Name)
    } else if wanted.notes.chars().count() > LONGEST_NOTES {
        Err(Refused::Notes)
    } else if wanted.sources.len() > MOST_SOURCES || !wanted.sources.iter().all(is_fit) {
        Err(Refused::Sources)
    } else if (1..=MOST_CALLS).contains(&wanted.calls_a_minute) {
        Ok(wanted)
    } else {
        Err(Refused::Calls)
    }
}
