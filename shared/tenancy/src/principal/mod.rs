//! Who is asking. A principal is built only by authenticating.

mod absent;
mod account;
mod agent;
mod api_key;
mod deployment;
mod invitation;
mod mailbox;
mod user;

pub use absent::Absent;
pub use account::{Account, Claimed, Membership, Sharing};
pub use agent::{Agent, Credentials, SignIn};
pub use api_key::{ApiKey, Dialect, Refusal};
pub use deployment::{Operator, Scheduler};
pub use invitation::Invitation;
pub use mailbox::Mailbox;
pub use user::{Raised, User};

use crate::TenantId;

/// Somebody who has proved who they are.
#[derive(Clone, Copy, Debug)]
pub enum Principal<'a> {
    /// Somebody who asks for help.
    User(&'a User),
    /// An agent.
    Agent(&'a Agent),
    /// A program.
    ApiKey(&'a ApiKey),
    /// A mail provider.
    Mailbox(&'a Mailbox),
    /// Whatever does the scheduled work of all tenants.
    Scheduler(&'a Scheduler),
    /// Whoever runs the platform.
    Operator(&'a Operator),
}

impl Principal<'_> {
    /// The tenant they belong to; none, when they belong to the platform.
    pub fn tenant(&self) -> Option<TenantId> {
        match self {
            Self::User(user) => Some(user.tenant),
            Self::Agent(agent) => Some(agent.tenant),
            Self::ApiKey(key) => Some(key.tenant),
            Self::Mailbox(mailbox) => Some(mailbox.tenant),
            Self::Scheduler(_) | Self::Operator(_) => None,
        }
    }
}
