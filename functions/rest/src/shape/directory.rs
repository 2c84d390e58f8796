//! Users, organizations and help topics, as the API writes them.

use desk::directory::{Company, Person};
use desk::topic;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Numbered, Reference, moment};

/// Somebody who asks for help.
#[derive(Serialize, ToSchema)]
pub(crate) struct User {
    /// Their id.
    #[schema(format = "uuid")]
    id: String,
    /// Their address, lower case.
    email: String,
    /// Their name.
    name: String,
    /// The realm they belong to.
    realm: Numbered,
    /// The organization they are in.
    organization: Option<Reference>,
    /// Since when they are known.
    #[schema(format = DateTime)]
    created_at: String,
}

/// An organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct Organization {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// The realm it belongs to.
    realm: Numbered,
}

/// A help topic that a ticket can be opened with.
#[derive(Serialize, ToSchema)]
pub(crate) struct Topic {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
    /// Whether the portal offers it.
    is_public: bool,
}

impl From<&Person> for User {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            email: person.email.clone(),
            name: person.name.clone(),
            realm: (&person.realm).into(),
            organization: person.organization.as_ref().map(Into::into),
            created_at: moment(person.created_at),
        }
    }
}

impl From<&Company> for Organization {
    fn from(company: &Company) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.name.clone(),
            realm: (&company.realm).into(),
        }
    }
}

impl From<&topic::Topic> for Topic {
    fn from(topic: &topic::Topic) -> Self {
        Self {
            id: topic.id,
            name: topic.name.clone(),
            is_public: topic.is_public,
        }
    }
}
