//! The directory: users and organizations, as agents and programs look through them.

mod store;

use tenancy::policy::Thing;
use tenancy::realm::Path;
use tenancy::{Id, RealmId, TenantId, Timestamp};

pub use store::{companies, company, people, people_of_email, person};

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
    tenant: TenantId,
    path: Path,
    version: i64,
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
    tenant: TenantId,
    path: Path,
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

    fn path(&self) -> &'a str {
        self.place.map_or("", |(path, _)| path.as_str())
    }

    fn key(&self) -> &'a str {
        self.place.map_or("", |(_, key)| key)
    }
}
