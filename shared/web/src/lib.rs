//! What every function does with HTTP before and after its own work: who visits ([`visit`]),
//! forms ([`form`]), what was filled in ([`facts`]), sessions of agents ([`session`]) and users ([`user_session`]), an agent's
//! desk ([`agent`]), whoever visits a portal ([`guest`]), administrators ([`administering`], [`ground`]), failures ([`failure`]), the mails that requests cause ([`letters`]), the
//! scheduled work ([`sweep`]), and what osTicket's clients see ([`osticket`]).
//!
//! It knows axum, pages and the desk, and holds no SQL and no rules of its own.

pub mod administering;
pub mod agent;
pub mod cookie;
pub mod facts;
pub mod failure;
pub mod form;
pub mod ground;
pub mod guest;
pub mod letters;
mod multipart;
pub mod osticket;
pub mod questions;
pub mod session;
pub mod sweep;
pub mod upload;
pub mod user_session;
pub mod visit;

pub use agent::Desk;
pub use failure::{Answer, Failure};
pub use visit::{Frame, Visit};
