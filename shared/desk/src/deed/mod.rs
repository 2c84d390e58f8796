//! Deeds: what administrators did, written down in the batch that does it, and read as a log.
//!
//! A deed belongs to a realm and is read by whoever holds that realm. It says what was changed,
//! and never a secret.

mod store;

use serde_json::{Map, Value};
use tenancy::principal::Agent;
use tenancy::realm::Path;
use tenancy::{Id, RealmId, Timestamp};

use crate::ticket::Named;

pub use store::{by_operator, list, record};

/// Longest text about one change, in characters; more is cut.
const LONGEST_TEXT: usize = 200;
/// Most bytes about all that was changed; what is beyond is left out.
const LONGEST_CHANGE: usize = 4_000;
/// Fields that say nothing of a change, or a secret.
const UNTOLD: [&str; 8] = [
    "csrf", "in", "change", "version", "reading", "password", "token", "secret",
];

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($item:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $item,
            )+
        }

        impl $name {
            /// Every one, in the order pages show them.
            pub const ALL: &'static [Self] = &[$(Self::$item),+];

            /// The name it is stored under.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$item => $text,)+
                }
            }

            /// The one with this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

named! {
    /// What was done.
    Verb {
        Made = "made",
        Changed = "changed",
        Moved = "moved",
        Archived = "archived",
        Restored = "restored",
        Removed = "removed",
        Invited = "invited",
        Withdrawn = "withdrawn",
    }
}

named! {
    /// What it was done to.
    Kind {
        Realm = "realm",
        Access = "access",
        Setting = "setting",
        Separation = "separation",
        Agent = "agent",
        Topic = "topic",
        Form = "form",
        Field = "field",
        List = "list",
        Status = "status",
        Filter = "filter",
        Key = "key",
        Ban = "ban",
        Organization = "organization",
        User = "user",
        Template = "template",
        Response = "canned reply",
        Department = "department",
        Team = "team",
        Tenant = "tenant",
    }
}

/// Something that is about to be done.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// The realm it is done in.
    pub realm: RealmId,
    /// What is done.
    pub verb: Verb,
    /// What it is done to.
    pub kind: Kind,
    /// Its id; empty where the batch itself chooses it.
    pub id: String,
    /// What it is called now.
    pub name: &'a str,
    /// What is changed: names of fields, and what they become.
    pub changed: Value,
}

impl<'a> Deed<'a> {
    /// Something done in a realm to a thing of this kind.
    pub fn new(realm: RealmId, verb: Verb, kind: Kind) -> Self {
        Self {
            realm,
            verb,
            kind,
            id: String::new(),
            name: "",
            changed: Value::Null,
        }
    }

    /// The same, to a thing with this name, whose id the batch chooses.
    #[must_use]
    pub fn named(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    /// The same, to the thing with this id and name.
    #[must_use]
    pub fn of(self, id: &(impl ToString + ?Sized), name: &'a str) -> Self {
        let id = id.to_string();
        Self { id, name, ..self }
    }

    /// The same, and what it changes.
    #[must_use]
    pub fn changing(self, changed: Value) -> Self {
        Self { changed, ..self }
    }
}

/// Who does it, under which id it is written down, and when.
#[derive(Clone, Debug)]
pub struct Doing<'a> {
    /// The agent.
    pub agent: &'a Agent,
    /// The deed's id.
    pub id: &'a Id,
    /// When.
    pub now: Timestamp,
}

/// A deed as the log shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its id, by which the log is sorted.
    pub id: Id,
    /// When it was done.
    pub at: Timestamp,
    /// The realm it was done in.
    pub realm: Named<RealmId>,
    /// Where that realm stands.
    pub path: Path,
    /// Who did it, as they were called then.
    pub actor: String,
    /// Where the agent who did it stands now; none for the operator.
    pub stands: Option<Path>,
    /// What was done.
    pub verb: String,
    /// What it was done to.
    pub kind: String,
    /// The id of that.
    pub object: String,
    /// What it was called then.
    pub name: String,
    /// What was changed.
    pub changed: Map<String, Value>,
}

/// Which deeds are wanted; what is empty asks for any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Those of the agent with this address.
    pub agent: &'a str,
    /// Those done to such things.
    pub kind: Option<Kind>,
    /// Those before this one.
    pub before: Option<&'a Id>,
}

/// What was typed into a form and is not as it was before, without secrets. Fields that stand in
/// it several times are joined.
pub fn changes<'a>(
    before: impl IntoIterator<Item = (&'a str, &'a str)>,
    after: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Value {
    let (before, after) = (joined(before), joined(after));
    let mut changed = Map::new();
    for (field, now) in &after {
        let was = before.iter().find(|(name, _)| name == field);
        if was.map_or("", |(_, text)| text) != now {
            changed.insert((*field).to_owned(), cut(now).into());
        }
    }
    for (field, _) in before.iter().filter(|(_, text)| !text.is_empty()) {
        if !after.iter().any(|(name, _)| name == field) {
            changed.insert((*field).to_owned(), Value::Null);
        }
    }
    changed.into()
}

fn joined<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(&'a str, String)> {
    let mut joined: Vec<(&str, String)> = Vec::new();
    for (name, value) in fields {
        if UNTOLD.contains(&name) {
            continue;
        }
        let value = value.replace("\r\n", "\n");
        match joined.iter_mut().find(|(known, _)| *known == name) {
            Some((_, text)) if text.is_empty() => *text = value,
            Some(_) if value.is_empty() => {}
            Some((_, text)) => {
                text.push_str(", ");
                text.push_str(&value);
            }
            None => joined.push((name, value)),
        }
    }
    joined
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What is written down of a change: never more than fits.
fn written(changed: &Value) -> String {
    let Value::Object(fields) = changed else {
        return "{}".to_owned();
    };
    let mut left = LONGEST_CHANGE;
    let mut kept = Map::new();
    for (field, value) in fields {
        let length = field.len() + value.to_string().len();
        if length <= left {
            left -= length;
            kept.insert(field.clone(), value.clone());
        }
    }
    Value::Object(kept).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_tells_what_is_other_than_before_and_no_secret() {
        let before = [
            ("name", "Fires"),
            ("pri", "2"),
            ("rule", "a"),
            ("rule", "b"),
        ];
        let after = [
            ("csrf", "token"),
            ("name", "Fires"),
            ("pri", "4"),
            ("password", "hunter2"),
            ("rule", "a"),
            ("sla", ""),
        ];
        let told = changes(before, after);
        assert_eq!(told, json!({ "pri": "4", "rule": "a" }));
        assert_eq!(
            changes([("last", "1")], []),
            json!({ "last": null }),
            "a box that was cleared"
        );
    }

    #[test]
    fn what_is_written_never_is_longer_than_fits() {
        let long = "ä".repeat(10_000);
        let told = changes([], [("text", long.as_str())]);
        assert_eq!(
            told["text"].as_str().map(|text| text.chars().count()),
            Some(201)
        );
        let many: Map<String, Value> = (0..100)
            .map(|at| (format!("field-{at}"), Value::from("x".repeat(200))))
            .collect();
        assert!(written(&many.into()).len() < LONGEST_CHANGE + 1_000);
        assert_eq!(written(&Value::Null), "{}");
    }
}
