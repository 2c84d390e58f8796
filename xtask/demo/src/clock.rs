//! A clock that is turned by hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tenancy::Timestamp;
use tenancy::port::Clock;

/// The demo's clock: so many minutes before the moment the demo data was made.
pub(crate) struct TurnedClock {
    made_at: i64,
    minutes_ago: AtomicI64,
}

impl TurnedClock {
    pub(crate) fn new() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let made_at = i64::try_from(since.as_millis()).unwrap_or(0);
        Self {
            made_at,
            minutes_ago: AtomicI64::new(0),
        }
    }

    pub(crate) fn turn_to(&self, minutes_ago: i64) {
        self.minutes_ago.store(minutes_ago, Ordering::Relaxed);
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.made_at - self.minutes_ago.load(Ordering::Relaxed) * 60_000)
    }
}
