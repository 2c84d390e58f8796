//! Identifiers that cannot be taken for one another.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::port::{FromValue, Random, Timestamp, Value};

macro_rules! small_integer {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl FromValue for $name {
            fn from_value(value: &Value) -> Option<Self> {
                i64::from_value(value).map(Self)
            }
        }

        impl From<$name> for Value {
            fn from(id: $name) -> Self {
                Self::Integer(id.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

small_integer! {
    /// A tenant: one customer of the platform, walled off.
    TenantId
}

small_integer! {
    /// A realm: a node in one tenant's tree. Only unique together with its tenant.
    RealmId
}

/// A public identifier: a `UUIDv7` as text, so that ids sort by the time they were made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// Makes a new id for this moment (RFC 9562, version 7).
    pub fn new(now: Timestamp, random: &dyn Random) -> Self {
        let milliseconds = u64::try_from(now.0).unwrap_or(0);
        let uuid = uuid::Builder::from_unix_timestamp_millis(milliseconds, &random.bytes());
        Self(uuid.into_uuid().hyphenated().to_string())
    }

    /// Reads an id that came from outside; `None` unless it is a UUID in its usual form.
    pub fn parse(text: &str) -> Option<Self> {
        let uuid = uuid::Uuid::try_parse(text).ok()?;
        Some(Self(uuid.hyphenated().to_string()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromValue for Id {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).map(Self)
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Self::Text(id.0)
    }
}

impl From<&Id> for Value {
    fn from(id: &Id) -> Self {
        Self::Text(id.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;

    impl Random for Sevens {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let earlier = Id::new(Timestamp(1_700_000_000_000), &Sevens);
        let later = Id::new(Timestamp(1_700_000_000_001), &Sevens);
        assert!(earlier < later);
        assert_eq!(Id::parse(earlier.as_str()), Some(earlier));
    }

    #[test]
    fn what_is_no_uuid_is_no_id() {
        assert_eq!(Id::parse("../../etc/passwd"), None);
        assert_eq!(Id::parse(""), None);
    }
}
