//! What callers send: the one place that names its fields. A field nobody knows is refused, so
//! that a misspelt one is not passed over.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use desk::file::{Sent, Unfit};
use desk::wish::Wish;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use tenancy::RealmId;
use tenancy::port::LARGEST_INTEGER;
use utoipa::ToSchema;

use crate::shape::Priority;

/// A ticket to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTicket {
    /// Whoever asks for help. They become a user of the key's realm, if they are none.
    pub(crate) requester: NewRequester,
    /// What it is about, on one line.
    #[schema(min_length = 1, max_length = 255, pattern = r"\S")]
    pub(crate) subject: String,
    /// What they ask, as plain text.
    #[schema(min_length = 1, max_length = 1_000_000, pattern = r"\S")]
    pub(crate) message: String,
    /// The id of a help topic, one of those that are listed.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    pub(crate) topic: Option<Key>,
    /// The id of a team that is to work it; takes `tickets:write` too.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    pub(crate) team: Option<Key>,
    /// How urgent it is; the topic says, unless this does.
    pub(crate) priority: Option<Priority>,
    /// What is filled into the forms of the help desk and of the topic, by the fields' names.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, Filling>,
    /// Files to hang on the message.
    #[serde(default)]
    #[schema(max_items = 32)]
    pub(crate) files: Vec<NewFile>,
    /// Whether the requester is told by mail; they are, unless this is false.
    pub(crate) notify: Option<bool>,
}

impl NewTicket {
    /// The id of the topic that is named.
    pub(crate) fn topic(&self) -> Option<i64> {
        self.topic.map(|Key(topic)| topic)
    }

    /// The id of the team that is named.
    pub(crate) fn team(&self) -> Option<i64> {
        self.team.map(|Key(team)| team)
    }
}

/// Whoever asks for help.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRequester {
    /// Their address.
    #[schema(format = Email, max_length = 254)]
    pub(crate) email: String,
    /// Their name.
    #[schema(min_length = 1, max_length = 128, pattern = r"\S")]
    pub(crate) name: String,
}

/// What is filled into a field: one text, or of several choices each.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Typed {
    /// One text.
    One(String),
    /// Several choices.
    Some(Vec<String>),
}

impl Typed {
    /// Some texts; nothing, where there is none.
    pub(crate) fn of(mut texts: Vec<String>) -> Option<Self> {
        match texts.len() {
            0 => None,
            1 => texts.pop().map(Self::One),
            _ => Some(Self::Some(texts)),
        }
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text.clone()],
            Self::Some(texts) => texts.iter().take(MOST_CHOICES).cloned().collect(),
        }
    }
}

/// What is filled into a field: texts, or files where it takes those.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Filling {
    /// Texts.
    Typed(Typed),
    /// Files.
    Files(Vec<NewFile>),
}

/// What is filled into a field anew.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Anew {
    /// One text, or several choices.
    Filled(Typed),
    /// Nothing.
    Emptied,
}

/// Most choices of one field that are looked at.
const MOST_CHOICES: usize = 200;

/// A reply or a note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEntry {
    /// What it says, as plain text.
    #[schema(min_length = 1, max_length = 1_000_000, pattern = r"\S")]
    pub(crate) body: String,
    /// Files to hang on it.
    #[serde(default)]
    #[schema(max_items = 32)]
    pub(crate) files: Vec<NewFile>,
}

/// A file that is sent along.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFile {
    /// Its name.
    #[schema(example = "invoice.pdf")]
    pub(crate) name: String,
    /// Its bytes in base64.
    #[schema(
        content_encoding = "base64",
        pattern = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        example = "JVBERi0="
    )]
    pub(crate) content: String,
}

/// What is to be changed about a ticket; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TicketChange {
    /// The id or the name of its status; `open` and `closed` are always understood.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Named, nullable = false)]
    pub(crate) status: Option<Named>,
    /// How urgent it is.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub(crate) priority: Option<Priority>,
    /// The address of the agent who is to work it; null for nobody.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "agent@acme.example")]
    pub(crate) assignee: Wish<String>,
    /// The id of the team that is to work it; null for none.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    pub(crate) team: Wish<Key>,
    /// The id of its department.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = i64, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    pub(crate) department: Option<Key>,
    /// The id of its help topic, one of those that are listed; null for none.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    pub(crate) topic: Wish<Key>,
    /// When it is due, in the future; null for never.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) due_at: Wish<String>,
    /// What is filled in anew, by the fields' names; null empties one.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, Anew>,
}

impl TicketChange {
    /// The help topic that it is to have.
    pub(crate) fn topic(&self) -> Wish<i64> {
        match self.topic {
            Wish::Keep => Wish::Keep,
            Wish::Clear => Wish::Clear,
            Wish::Set(Key(topic)) => Wish::Set(topic),
        }
    }
}

/// Somebody to take part in a ticket: a user by their id, or anybody by address and name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCollaborator {
    /// The id of a user of the ticket's realm.
    #[schema(format = "uuid")]
    pub(crate) user: Option<String>,
    /// Their address; they become a user of the ticket's realm, if they are none.
    #[schema(format = Email, max_length = 254)]
    pub(crate) email: Option<String>,
    /// Their name.
    #[schema(min_length = 1, max_length = 128, pattern = r"\S")]
    pub(crate) name: Option<String>,
    /// Whether they are let in at once; they are, unless this is false.
    pub(crate) active: Option<bool>,
}

/// What is to be changed about a collaborator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollaboratorChange {
    /// Whether they are let in.
    pub(crate) active: bool,
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// Their address.
    #[schema(format = Email, max_length = 254)]
    pub(crate) email: String,
    /// Their name.
    #[schema(min_length = 1, max_length = 128, pattern = r"\S")]
    pub(crate) name: String,
    /// The id of an organization of the same realm.
    #[schema(format = "uuid")]
    pub(crate) organization: Option<String>,
    /// The realm they belong to; the key's own, unless another below it is named.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    pub(crate) realm: Option<Key>,
}

/// What is to be changed about a user; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    /// Their name.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 128, pattern = r"\S")]
    pub(crate) name: Option<String>,
    /// The id of an organization of the same realm; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(crate) organization: Wish<String>,
    /// What is filled anew into their profile, by the fields' names; null empties one.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, Anew>,
}

/// Something by its id or by its name.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Named {
    /// Its id.
    Id(i64),
    /// Its name.
    Name(String),
}

impl Named {
    /// The id or the name as a text.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Name(name) => name.clone(),
        }
    }
}

/// The id of a realm, a department or a help topic. What no database holds is refused before one
/// is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) i64);

impl Key {
    /// As the id of a realm.
    pub(crate) fn realm(self) -> RealmId {
        RealmId(self.0)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match i64::deserialize(from)? {
            id @ 1..=LARGEST_INTEGER => Ok(Self(id)),
            _ => Err(D::Error::custom("an id is a number from 1 to 2^53 - 1")),
        }
    }
}

/// A field that may be left out, but is not null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl NewFile {
    /// The file as it is judged.
    pub(crate) fn sent(&self) -> Sent {
        let bytes = BASE64_STANDARD.decode(self.content.as_bytes());
        Sent {
            name: self.name.clone(),
            bytes: bytes.map(Arc::from).map_err(|_| Unfit::BadBase64),
        }
    }
}
