//! Help-desk rules, one folder per noun: `mod.rs` holds rules and no SQL, `store.rs` holds SQL
//! and no rules.
//!
//! This crate cannot name a database: it is handed a [`tenancy::Scope`] and makes statements
//! through it. It knows nothing of HTTP or HTML.
//!
//! Start at [`intake`], the one pipeline every ticket comes through.

pub mod blueprint;
pub mod directory;
pub mod email;
pub mod file;
pub mod inbound;
pub mod intake;
pub mod link;
pub mod outbox;
pub mod overdue;
pub mod program;
pub mod queue;
pub mod setting;
pub mod template;
pub mod ticket;
pub mod user;
