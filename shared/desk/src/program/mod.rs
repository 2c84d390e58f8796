//! Programs: what is kept of their calls of the REST API.
//!
//! How many a key makes a minute is counted in the first batch of each, so a key's limit holds
//! wherever its calls arrive. What a call with an `Idempotency-Key` was answered is kept in the
//! batch that did what it asks, so both are there or neither is.

mod store;

use tenancy::port::{DbError, Timestamp};
use tenancy::token;

pub use store::{count_call, find_answered, keep_answer};

/// The length of a window of counting, in milliseconds.
const MINUTE: i64 = 60 * 1000;
/// How long an answer is kept, in milliseconds.
const KEPT_FOR: i64 = 24 * 60 * 60 * 1000;
/// The longest `Idempotency-Key`, in bytes.
pub const LONGEST_KEY: usize = 255;

/// How much of its limit a key has used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The calls it made in this minute, this one too.
    pub calls: i64,
    /// How many it may make.
    pub limit: i64,
    /// In how many seconds it may make as many again.
    pub reset: i64,
}

impl Usage {
    /// What a count means at this moment.
    pub fn new(calls: i64, limit: i64, now: Timestamp) -> Self {
        let left = MINUTE - now.0.rem_euclid(MINUTE);
        Self {
            calls,
            limit,
            reset: left.div_euclid(1000) + i64::from(left % 1000 > 0),
        }
    }

    /// How many calls are left.
    pub fn remaining(&self) -> i64 {
        (self.limit - self.calls).max(0)
    }

    /// Whether this call was one too many.
    pub fn is_exceeded(&self) -> bool {
        self.calls > self.limit
    }
}

/// A call that is to have its effect once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    key: String,
    fingerprint: String,
}

impl Once {
    /// A call under this `Idempotency-Key`.
    pub fn new(key: &str, path: &str, body: &[u8]) -> Self {
        let whole = [path.as_bytes(), b"\n", body].concat();
        Self {
            key: key.to_owned(),
            fingerprint: token::content_address(&whole),
        }
    }
}

/// What a call was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The address of what it made.
    pub location: String,
    /// The body.
    pub body: String,
    fingerprint: String,
}

impl Answered {
    /// Whether the call that was answered is this very one.
    pub fn is_of(&self, once: &Once) -> bool {
        self.fingerprint == once.fingerprint
    }
}

/// Whether a batch failed because another call under the same `Idempotency-Key` came first.
pub fn is_taken(error: &DbError) -> bool {
    matches!(error, DbError::Duplicate(columns) if columns.contains("answered_call."))
}
