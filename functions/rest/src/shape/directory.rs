//! Users, organizations and help topics, as the API writes them.

use std::collections::BTreeMap;

use desk::directory::{Company, Person};
use desk::form::Filled;
use desk::topic;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Numbered, Reference, moment};
use crate::wanted::Typed;

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
    /// What their profile holds, by the fields' names; nothing that is limited to roles. Lists
    /// leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fields: Option<BTreeMap<String, Typed>>,
}

impl User {
    /// A user, and what their profile holds.
    pub(crate) fn with(person: &Person, profile: &[Filled]) -> Self {
        Self {
            fields: Some(held(profile)),
            ..Self::from(person)
        }
    }
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
    /// What its profile holds, by the fields' names; nothing that is limited to roles. Lists
    /// leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fields: Option<BTreeMap<String, Typed>>,
}

impl Organization {
    /// An organization, and what its profile holds.
    pub(crate) fn with(company: &Company, profile: &[Filled]) -> Self {
        Self {
            fields: Some(held(profile)),
            ..Self::from(company)
        }
    }
}

/// What a profile holds, as far as programs know of it.
fn held(profile: &[Filled]) -> BTreeMap<String, Typed> {
    let seen = profile.iter().filter(|it| it.field.is_seen_by_all());
    let texts = |it: &Filled| it.values.iter().map(|value| value.text.clone()).collect();
    let held = seen.filter_map(|it| Some((it.field.name.clone(), Typed::of(texts(it))?)));
    held.collect()
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
            fields: None,
        }
    }
}

impl From<&Company> for Organization {
    fn from(company: &Company) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.name.clone(),
            realm: (&company.realm).into(),
            fields: None,
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
