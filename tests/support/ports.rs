//! The ports of a world: what it lends the product in place of a runtime.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tenancy::port::{Boxed, Clock, Log, Outbound, Random, Secrets, Timestamp, Variable};

/// A clock that stands still until it is turned.
pub struct TurnedClock(AtomicI64);

impl TurnedClock {
    /// A clock that shows this moment.
    pub fn at(milliseconds: i64) -> Self {
        Self(AtomicI64::new(milliseconds))
    }

    /// Turns the clock by so many milliseconds.
    pub fn turn(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// Randomness that is the same in every run (`SplitMix64`).
pub struct Seeded {
    state: AtomicU64,
    draws_few_numbers: AtomicBool,
}

impl Seeded {
    /// Randomness from a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
            draws_few_numbers: AtomicBool::new(false),
        }
    }

    /// From now on draws the same number every time; ids and nonces, which are longer, go on
    /// being unique.
    pub fn draw_few_numbers(&self) {
        self.draws_few_numbers.store(true, Ordering::Relaxed);
    }

    /// Where in its numbers it is.
    pub fn position(&self) -> u64 {
        self.state.load(Ordering::Relaxed)
    }

    /// Goes back to where it was, and draws the same numbers again.
    pub fn rewind(&self, position: u64) {
        self.state.store(position, Ordering::Relaxed);
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.state.fetch_add(STEP, Ordering::Relaxed);
        let mut mixed = state.wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() == 8 && self.draws_few_numbers.load(Ordering::Relaxed) {
            bytes.copy_from_slice(&7u64.to_le_bytes());
            return;
        }
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// A deployment's variables, which a test may set and unset.
pub struct Variables(Mutex<BTreeMap<&'static str, String>>);

impl Variables {
    /// The variables every world starts with.
    pub fn of_development() -> Self {
        let set = [
            (
                Variable::SessionSecret,
                "a session secret of thirty-two bytes",
            ),
            (Variable::SweepSecret, "sweep-secret"),
            (Variable::OperatorSecret, "operator-secret"),
            (Variable::PortalOrigin, "http://{host}:8787"),
            (Variable::Environment, "development"),
        ];
        let set = set.map(|(variable, value)| (variable.name(), value.to_owned()));
        Self(Mutex::new(set.into()))
    }

    /// Sets a variable, or takes it away.
    pub fn set(&self, variable: Variable, value: Option<&str>) {
        let mut variables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Some(value) => variables.insert(variable.name(), value.to_owned()),
            None => variables.remove(variable.name()),
        };
    }
}

impl Secrets for Variables {
    fn read(&self, variable: Variable) -> Boxed<'_, Option<String>> {
        let variables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = variables.get(variable.name()).cloned();
        Box::pin(std::future::ready(value))
    }
}

/// Lets nothing out: no test may depend on another host.
pub struct NoWayOut;

impl Outbound for NoWayOut {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Boxed<'_, Result<http::Response<Bytes>, String>> {
        let refused = format!("{} is not on the list", request.uri());
        Box::pin(std::future::ready(Err(refused)))
    }
}

/// A log that keeps what it is told.
#[derive(Default)]
pub struct Recorded(Mutex<Vec<String>>);

impl Recorded {
    /// What was told since the last time somebody asked.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Log for Recorded {
    fn error(&self, text: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(text.to_owned());
    }
}
