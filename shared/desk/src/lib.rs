//! Help-desk rules, one folder per noun: `mod.rs` holds rules and no SQL, `store.rs` holds SQL
//! and no rules.
//!
//! This crate cannot name a database: it is handed a [`tenancy::Scope`] and makes statements
//! through it. It knows nothing of HTTP, and of HTML only how to read the
//! text in it.
//!
//! Start at [`intake`], the one pipeline every ticket comes through.

pub mod agent;
pub mod alert;
pub mod blueprint;
pub mod canned;
pub mod collaborator;
pub mod deed;
pub mod department;
pub mod directory;
pub mod email;
pub mod file;
pub mod filter;
pub mod form;
pub mod inbound;
pub mod intake;
pub mod key;
pub mod link;
pub mod list;
pub mod markup;
pub mod offer;
pub mod outbox;
pub mod overdue;
pub mod program;
pub mod queue;
pub mod referral;
pub mod remains;
pub mod setting;
pub mod source;
pub mod status;
pub mod team;
pub mod template;
pub mod ticket;
pub mod topic;
pub mod user;
pub mod wish;
