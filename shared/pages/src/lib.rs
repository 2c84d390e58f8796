//! The pages and mails of Realmdesk, as types.
//!
//! A page is a struct of plain values with its template beside it in `templates/`; a function fills it and answers with [`Html`](http::Html).
//! This crate knows words, markup, colours and response headers.
//! It must not know tenants, tickets or sessions as things with rules: callers decide, pages show.
//! Words stand in the templates, in English, and in `languages/`, in all others.

#[macro_use]
pub mod locale;

pub mod account;
pub mod admin;
pub mod auth;
pub mod details;
pub mod error;
pub mod layout;
pub mod mail;
pub mod opening;
pub mod portal;
pub mod queues;
pub mod reference;

pub mod assets;
pub mod fields;
pub mod form;
pub mod http;
pub mod time;
pub mod url;
pub mod work;

#[cfg(test)]
mod snapshots;

pub use error::{ErrorKind, ErrorPage, Recovery};
pub use form::FieldProblem;
pub use http::Html;
pub use layout::{Accent, Dir, Notice, Shell, Viewer};
pub use locale::{Language, Locale};
pub use time::Moment;
