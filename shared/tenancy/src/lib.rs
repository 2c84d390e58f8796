//! The wall between tenants, and between the realms of one tenant.
//!
//! Everything above this crate reaches the database through a [`Scope`], which binds the tenant
//! (and where a table is separated, the viewer's [`Sight`]) into every statement.
//! The crate knows ports, not runtimes: `host` lends it a database, a clock, randomness,
//! secrets and outbound HTTP.
//!
//! Reading order: [`port`] (what a runtime lends), [`scope`] (how statements are made),
//! [`site`] (what a door opens onto), [`realm`], [`separation`], [`sight`], [`grant`] and [`peer`]
//! (who sees what), [`duty`] (who works
//! what), [`principal`] (who is asking), [`policy`] (who may do what, and the evidence of it).

pub mod duty;
pub mod grant;
pub mod ident;
pub mod password;
pub mod peer;
pub mod platform;
pub mod policy;
pub mod port;
pub mod principal;
pub mod realm;
pub mod scope;
pub mod separation;
pub mod sight;
pub mod site;
pub mod token;

pub use ident::{Id, RealmId, TenantId};
pub use port::{DbError, Runtime, Timestamp};
pub use scope::{Door, Query, Scope, Statement};
pub use separation::Table;
pub use sight::Sight;
pub use site::Site;
