//! Who is asking. A principal is built only by authenticating.

mod agent;
mod api_key;
mod mailbox;

pub use agent::{Agent, Credentials, SignIn};
pub use api_key::{ApiKey, Refusal};
pub use mailbox::Mailbox;
