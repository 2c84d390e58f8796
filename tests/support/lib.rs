//! A whole help desk in one process: every function, a database in memory, and a clock that only
//! turns when a test turns it.
//!
//! Start at [`World`]. Requests go through the functions' own routers ([`dispatch`]) the way a
//! visitor sends them ([`Browser`]) or a program does ([`Call`]). Nothing here waits: a future
//! that is not ready is one that a test holds back on purpose ([`task`]).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where its world breaks"
)]

mod asking;
pub mod browser;
pub mod dispatch;
pub mod html;
pub mod meter;
pub mod ports;
pub mod task;
pub mod tree;
pub mod viewers;
pub mod world;

pub use browser::Browser;
pub use dispatch::{Call, Page};
pub use world::World;

/// Milliseconds in a second.
pub const SECOND: i64 = 1000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * HOUR;
