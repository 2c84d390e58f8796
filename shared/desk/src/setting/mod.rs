//! Settings: values set on a realm and inherited by the realms below it.
//!
//! A value comes from the own realm, else the nearest realm above that sets one, else the
//! tenant, else the platform's default, and says from where. Whoever is above may lock a value;
//! then the topmost lock counts, whatever is set below it.

mod key;
mod store;

pub use key::Key;
pub(crate) use store::from_row;
pub use store::{inherited, lock, of_ticket, set, set_for_tenant, unlock, unset};

use tenancy::RealmId;
use tenancy::port::DbError;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The realm sets it itself.
    Own,
    /// A realm above sets it.
    Above {
        /// Which.
        realm: RealmId,
        /// Its name.
        name: String,
    },
    /// The tenant sets it, for all of its trees.
    Tenant,
    /// Nobody sets it; it is the platform's default.
    Default,
}

/// A value, and how it came to count here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is locked there, so that nobody below can set another.
    pub is_locked: bool,
}

/// A value that is set somewhere on the way up from a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    key: Key,
    value: Value,
    /// How many realms it is above; the tenant is above all.
    above: i64,
}

impl Held {
    /// Makes one from a row; none of a key that this code does not know (yet, or any more).
    fn new(key: &str, value: Value, above: i64) -> Option<Self> {
        Key::named(key).map(|key| Self { key, value, above })
    }

    /// What a realm sets itself, for tests of what goes by settings.
    #[cfg(test)]
    pub(crate) fn own(key: Key, text: &str) -> Option<Self> {
        let value = Value {
            text: text.to_owned(),
            origin: Origin::Own,
            is_locked: false,
        };
        Self::new(key.name(), value, 0)
    }
}

/// All settings as they count in one realm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    held: Vec<Held>,
}

impl Settings {
    /// Takes what [`inherited`] found.
    pub fn of(found: &[Option<Held>]) -> Self {
        Self {
            held: found.iter().flatten().cloned().collect(),
        }
    }

    /// The value that counts.
    pub fn value(&self, key: Key) -> Value {
        self.counting(key).cloned().unwrap_or_else(|| Value {
            text: key.default().to_owned(),
            origin: Origin::Default,
            is_locked: false,
        })
    }

    fn counting(&self, key: Key) -> Option<&Value> {
        let held = self.held.iter().filter(|held| held.key == key);
        let nearest = held.clone().min_by_key(|held| held.above);
        let locked = held.filter(|held| held.value.is_locked);
        let locked = locked.max_by_key(|held| held.above);
        locked.or(nearest).map(|held| &held.value)
    }

    /// The text of the value that counts, as it stands here.
    pub fn get(&self, key: Key) -> &str {
        let counting = self.counting(key);
        counting.map_or(key.default(), |value| &value.text)
    }

    /// The time zone that times are told and typed in.
    pub fn zone(&self) -> zone::Zone {
        zone::Zone::named(&self.text(Key::TimeZone)).unwrap_or(zone::Zone::UTC)
    }

    /// The line above which mails are answered; empty where nothing is left out of answers.
    pub fn answer_line(&self) -> &str {
        if self.is_on(Key::QuotesAreStripped) {
            self.get(Key::ReplySeparator)
        } else {
            ""
        }
    }

    /// The number that the value is; 0, where it says nothing.
    pub fn number(&self, key: Key) -> i64 {
        self.text(key).parse().unwrap_or_default()
    }

    /// Whether a switch is on.
    pub fn is_on(&self, key: Key) -> bool {
        self.number(key) != 0
    }

    /// The same, once the realm itself sets a value, or none any more; what is locked here stays.
    #[must_use]
    pub fn after(&self, key: Key, own: Option<&str>) -> Self {
        let is_own = |held: &&Held| held.key == key && held.above == 0;
        let former = self.held.iter().find(is_own);
        let is_locked = former.is_some_and(|held| held.value.is_locked);
        let others = self.held.iter().filter(|held| !is_own(held)).cloned();
        let own = own.map(|text| Held {
            key,
            value: Value {
                text: text.to_owned(),
                origin: Origin::Own,
                is_locked,
            },
            above: 0,
        });
        let stays = former.filter(|_| is_locked).cloned();
        Self {
            held: others.chain(own.or(stays)).collect(),
        }
    }

    /// The text of the value that counts.
    pub fn text(&self, key: Key) -> String {
        self.get(key).to_owned()
    }
}

/// Why a value was not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It can be no value of this setting.
    Unfit,
    /// A realm above, or the tenant, has locked another value.
    Locked,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that sets a value was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Missing(column) if column == "setting.value" => Refused::Locked,
        error @ (DbError::Stale
        | DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Dangling
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(above: i64, text: &str, is_locked: bool) -> Option<Held> {
        let origin = match above {
            0 => Origin::Own,
            9 => Origin::Tenant,
            above => Origin::Above {
                realm: RealmId(above),
                name: format!("{above} above"),
            },
        };
        let text = text.to_owned();
        let value = Value {
            text,
            origin,
            is_locked,
        };
        Held::new("locale", value, above)
    }

    fn counts(found: &[Option<Held>]) -> (String, bool) {
        let value = Settings::of(found).value(Key::Locale);
        (value.text, value.is_locked)
    }

    #[test]
    fn the_nearest_value_counts_and_the_topmost_lock_before_it() {
        assert_eq!(counts(&[]), ("en".to_owned(), false));
        let free = [held(9, "ar", false), held(0, "de", false)];
        assert_eq!(counts(&free), ("de".to_owned(), false));
        let locked = [
            held(0, "en", false),
            held(2, "ar", true),
            held(1, "de", true),
        ];
        assert_eq!(counts(&locked), ("ar".to_owned(), true));
        let by_tenant = [held(1, "de", true), held(9, "en", true)];
        assert_eq!(counts(&by_tenant), ("en".to_owned(), true));
    }

    #[test]
    fn what_counts_after_a_change_can_be_told_before_it() {
        let after = |found: &[Option<Held>], own| {
            let value = Settings::of(found)
                .after(Key::Locale, own)
                .value(Key::Locale);
            value.text
        };
        let free = [held(0, "de", false), held(1, "ar", false)];
        assert_eq!(after(&free, Some("en")), "en");
        assert_eq!(after(&free, None), "ar");
        assert_eq!(after(&[held(0, "de", false)], None), "en");
        let locked = [held(0, "de", true), held(1, "ar", false)];
        assert_eq!(after(&locked, None), "de");
        assert_eq!(after(&locked, Some("en")), "en");
        let above = [held(2, "ar", true)];
        assert_eq!(after(&above, Some("de")), "ar");
    }

    #[test]
    fn a_key_that_nobody_knows_is_passed_over() {
        let value = Settings::default().value(Key::TimeZone);
        assert_eq!(
            (value.text.as_str(), &value.origin),
            ("UTC", &Origin::Default)
        );
        assert!(Held::new("no.such.key", value, 0).is_none());
    }
}
