//! The product as its visitors, its programs and its reviewers see it, natively and in process.

#![expect(clippy::unwrap_used, reason = "a test ends where its world breaks")]

mod layout;
mod policy;
mod provisioning;
mod schema;
mod settings;
mod sql_audit;
mod tree;
mod wall;
mod work;
