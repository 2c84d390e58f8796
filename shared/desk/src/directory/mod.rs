//! The directory: users and organizations, as agents and programs look through them.

mod organization;
mod store;
mod upkeep;

use tenancy::policy::Thing;
use tenancy::realm::Path;
use tenancy::{DbError, Id, RealmId, TenantId, Timestamp};

pub use organization::{
    Member, Organization, Refused, Wanted, change as change_organization,
    make as make_organization, refused,
};
pub use store::{add, change, companies, company, find_home, people, people_of_email, person};

pub use upkeep::{
    amend, appoint, candidate, counts_of, join, leave, members, organization, organizations_of,
    people_beginning,
};

use crate::email::EmailAddress;
use crate::intake::{LONGEST_NAME, Problem, one_line};
use crate::ticket::Named;

/// A user, as others see them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person {
    /// The user's id.
    pub id: Id,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The realm they belong to.
    pub realm: Named<RealmId>,
    /// The organization they are in.
    pub organization: Option<Named<Id>>,
    /// Since when they are known.
    pub created_at: Timestamp,
    /// Where that realm lies.
    pub path: Path,
    /// Goes up with each change.
    pub version: i64,
    tenant: TenantId,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Company {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The realm it belongs to.
    pub realm: Named<RealmId>,
    /// Where that realm lies.
    pub path: Path,
    tenant: TenantId,
}

impl Thing for Person {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

impl Thing for Company {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

/// The realm that a user is added to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Home {
    /// Its id.
    pub id: RealmId,
    /// Whether it is archived, and takes nobody any more.
    pub is_archived: bool,
    tenant: TenantId,
    path: Path,
}

impl Thing for Home {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

/// A user about to be added.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    /// Their id.
    pub id: &'a Id,
    /// Their address.
    pub email: &'a EmailAddress,
    /// Their name, checked.
    pub name: &'a str,
    /// When.
    pub now: Timestamp,
}

/// A name as it may be stored: one line.
///
/// # Errors
/// What is wrong with it.
pub fn checked_name(typed: &str) -> Result<String, Problem> {
    let name = one_line(typed);
    match name.chars().count() {
        0 => Err(Problem::Missing),
        length if length > LONGEST_NAME => Err(Problem::TooLong(LONGEST_NAME)),
        _ => Ok(name),
    }
}

/// Whether a batch failed because the realm has a user with this address already.
pub fn is_known_already(error: &DbError) -> bool {
    matches!(error, DbError::Duplicate(columns) if columns.contains("user.email"))
}

/// Where a page of the directory begins: behind somebody, in the order of the tree and then by
/// address or name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Behind<'a> {
    place: Option<(&'a Path, &'a str)>,
}

impl<'a> Behind<'a> {
    /// Behind this user.
    pub fn person(person: &'a Person) -> Self {
        let place = Some((&person.path, person.email.as_str()));
        Self { place }
    }

    /// Behind this organization.
    pub fn company(company: &'a Company) -> Self {
        let place = Some((&company.path, company.name.as_str()));
        Self { place }
    }

    /// Behind whatever has this key in the realm at this path.
    pub fn at(place: Option<(&'a Path, &'a str)>) -> Self {
        Self { place }
    }

    fn path(&self) -> &'a str {
        self.place.map_or("", |(path, _)| path.as_str())
    }

    fn key(&self) -> &'a str {
        self.place.map_or("", |(_, key)| key)
    }
}
