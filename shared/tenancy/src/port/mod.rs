//! The ports: what a runtime lends the product, and nothing more.
//!
//! A port is the intersection of what Cloudflare Workers and Spin can do.
//! Futures are boxed and `Send`, because axum asks for it; `host` wraps the runtimes' own
//! single-threaded futures once.

mod database;
mod error;
mod row;
mod text;
mod time;
mod value;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use database::{Batch, BatchStatement, Database, MOST_VALUES, check};
pub use error::DbError;
pub use row::{FromValue, Row, Rows, texts};
pub use time::{Clock, Timestamp};
pub use value::{LARGEST_INTEGER, LARGEST_VALUE, Value, as_double};

/// A boxed future, as every port returns one.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Everything a request may use of the world around it.
#[derive(Clone)]
pub struct Runtime {
    /// The SQLite database, however this runtime reaches it.
    pub database: Arc<dyn Database>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// Cryptographic randomness.
    pub random: Arc<dyn Random>,
    /// Deployment variables and secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Requests to other hosts.
    pub outbound: Arc<dyn Outbound>,
    /// Where our own trouble is told.
    pub log: Arc<dyn Log>,
}

/// The runtime's log. It never gets addresses, secrets or what people wrote.
pub trait Log: Send + Sync {
    /// Tells of trouble that somebody has to look into.
    fn error(&self, text: &str);
}

/// Our own trouble with a request, put into the response's extensions for the log; the visitor
/// only sees that something went wrong.
#[derive(Clone, Debug)]
pub struct Trouble(pub String);

/// The address a request came from, as the runtime tells it; `None` where it tells none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub Option<std::net::IpAddr>);

/// A source of cryptographically secure random bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes` from the runtime's secure generator.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Random + '_ {
    /// Draws `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Draws a number below `bound` without bias, by rejecting the ragged end of the range.
    pub fn below(&self, bound: u64) -> u64 {
        let ragged_end = u64::MAX - u64::MAX % bound;
        loop {
            let drawn = u64::from_le_bytes(self.bytes());
            if drawn < ragged_end {
                return drawn % bound;
            }
        }
    }
}

/// The variables a deployment sets. Their values are never logged.
pub trait Secrets: Send + Sync {
    /// Reads one variable; `None` when the deployment does not set it.
    fn read(&self, variable: Variable) -> Boxed<'_, Option<String>>;
}

/// A variable of the deployment, by its name on both runtimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// Signs sessions, access links and form tokens.
    SessionSecret,
    /// The bearer secret of `POST /sweep`.
    SweepSecret,
    /// The bearer secret of `/admin/tenants`; without one that door stays closed.
    OperatorSecret,
    /// How a portal host becomes an origin: `https://{host}`.
    PortalOrigin,
    /// `development` opens `/mail/captured`; anything else keeps it closed.
    Environment,
}

impl Variable {
    /// The name on Cloudflare; Spin uses the same in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::SessionSecret => "SESSION_SECRET",
            Self::SweepSecret => "SWEEP_SECRET",
            Self::OperatorSecret => "OPERATOR_SECRET",
            Self::PortalOrigin => "PORTAL_ORIGIN",
            Self::Environment => "ENVIRONMENT",
        }
    }
}

/// Requests to other hosts, limited by the runtime's own allow-list.
pub trait Outbound: Send + Sync {
    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    /// A sentence for the log when no answer came: refused host, time-out, broken connection.
    fn send(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> Boxed<'_, Result<http::Response<bytes::Bytes>, String>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(37, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_drawn_number_stays_below_its_bound() {
        let random: &dyn Random = &Counting(std::sync::atomic::AtomicU8::new(1));
        assert!((0..1000).all(|_| random.below(900_000) < 900_000));
    }
}
