//! How often one source sends the portal's forms, so that no program fills a desk with tickets.
//!
//! Whoever has signed in is counted by themselves, and everybody else by the address they come
//! from, which many people may share: the limits leave room for an office whose network has
//! just broken down.

mod store;

use std::net::IpAddr;

use tenancy::platform::Platform;
use tenancy::port::ClientAddress;
use tenancy::{Id, Statement, Timestamp};

use crate::setting::{Key, Settings};

pub use store::count;

/// How long is counted together, in milliseconds.
const WINDOW: i64 = 10 * 60 * 1000;

/// A form that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The one that opens a ticket.
    Open,
    /// The one that writes to a ticket.
    Message,
    /// The one that asks for the link to a ticket.
    Status,
}

impl Form {
    /// The name it is stored under.
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Message => "message",
            Self::Status => "status",
        }
    }

    /// How often a source may send it within ten minutes; 0 is any.
    fn limit(self) -> Key {
        match self {
            Self::Open => Key::OpenLimit,
            Self::Message => Key::MessageLimit,
            Self::Status => Key::StatusLimit,
        }
    }
}

/// Whom a form came from, as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

impl Source {
    /// A user who has signed in, or else the address; none, where the runtime tells none.
    pub fn of(user: Option<&Id>, client: ClientAddress) -> Option<Self> {
        let user = user.map(|id| id.as_str().to_owned());
        user.or_else(|| client.0.map(network)).map(Self)
    }
}

/// The address; of version 6 its network, of which every household has all addresses.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// In how many seconds a source may send a form again, if it has sent it too often.
pub fn wait(counted: &[i64], form: Form, settings: &Settings, now: Timestamp) -> Option<i64> {
    let (posts, limit) = (counted.first()?, settings.number(form.limit()));
    let left = WINDOW - now.0.rem_euclid(WINDOW);
    let seconds = left.div_euclid(1000) + i64::from(left % 1000 > 0);
    (limit > 0 && *posts > limit).then_some(seconds)
}

/// The statement that forgets the sources of windows that are over. It may run as often as it likes.
pub(crate) fn forget(platform: &Platform, now: Timestamp) -> Statement {
    store::forget(platform, now + -WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::Held;

    fn source(address: &str) -> String {
        Source::of(None, ClientAddress(address.parse().ok()))
            .map_or_else(String::new, |source| source.0)
    }

    #[test]
    fn a_household_is_one_source_whatever_address_it_takes() {
        assert_eq!(source("192.0.2.7"), "192.0.2.7");
        assert_eq!(source("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(source("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(source("2001:db8:1:2::1"), "2001:db8:1:2::/64");
        assert_eq!(source("nowhere"), "");
    }

    #[test]
    fn a_source_waits_for_the_window_to_end() {
        let settings = |limit| Settings::of(&[Held::own(Key::OpenLimit, limit)]);
        let at = |millis| Timestamp(7 * WINDOW + millis);
        let wait = |posts, limit, now| wait(&[posts], Form::Open, &settings(limit), at(now));
        assert_eq!(wait(3, "3", 0), None);
        assert_eq!(wait(4, "3", 0), Some(600));
        assert_eq!(wait(4, "3", WINDOW - 1), Some(1));
        assert_eq!(wait(4, "0", 0), None, "no limit");
        assert_eq!(super::wait(&[], Form::Open, &settings("3"), at(0)), None);
    }
}
