//! What osTicket answers when it refuses, to the letter.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use desk::intake;
use tenancy::port::{DbError, Trouble};
use tenancy::principal::Dialect;

const OFFLINE: &str = "Help desk is offline";

/// What is wrong with a field: osTicket's key of it, and its words.
pub type Problem = (Cow<'static, str>, Cow<'static, str>);

/// Why a call is refused.
#[derive(Debug)]
pub enum Why {
    /// No such call, or a wrong verb.
    NotSupported,
    /// No key, an unknown one, or one that is bound to other addresses.
    KeyRequired,
    /// The address is right, but the key is switched off.
    KeyInactive,
    /// The key may not do this.
    KeyNotAuthorized,
    /// The body cannot be read, for this reason.
    Unreadable(String),
    /// The fields are wrong.
    Invalid(Vec<Problem>),
    /// Whoever asks for help may not: banned, not known, or rejected by a filter; as this address.
    Denied(String),
    /// The platform has suspended the tenant; the same call may work later.
    Suspended,
    /// The same, to a mail server: told by 503 it would send the mail back at once.
    SuspendedForMail,
    /// Our own trouble; the text is for the log.
    Trouble(String),
}

/// A refusal, and in which dialect it is told.
#[derive(Debug)]
pub struct Refused {
    why: Why,
    dialect: Dialect,
}

impl Why {
    /// One thing that is wrong with the fields.
    pub fn invalid(field: &'static str, words: &'static str) -> Self {
        Self::Invalid(vec![(field.into(), words.into())])
    }

    /// The refusal in a key's dialect.
    pub fn told_in(self, dialect: Dialect) -> Refused {
        Refused { why: self, dialect }
    }
}

impl From<Why> for Refused {
    fn from(why: Why) -> Self {
        why.told_in(Dialect::default())
    }
}

impl From<intake::Refusal> for Why {
    fn from(refusal: intake::Refusal) -> Self {
        let limit = "You've reached the maximum open tickets allowed.";
        match refusal {
            intake::Refusal::Denied(address) => Self::Denied(address.to_string()),
            intake::Refusal::OverLimit => Self::invalid("err", limit),
            intake::Refusal::NoDepartment | intake::Refusal::NotAsked => {
                Self::Trouble("no department".to_owned())
            }
        }
    }
}

impl From<DbError> for Why {
    fn from(error: DbError) -> Self {
        Self::Trouble(format!("database: {error}"))
    }
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Why::from(error).into()
    }
}

impl From<crate::Failure> for Why {
    fn from(failure: crate::Failure) -> Self {
        match failure {
            crate::Failure::Trouble(text) => Self::Trouble(text),
            other => Self::Trouble(format!("{other:?}")),
        }
    }
}

impl From<crate::Failure> for Refused {
    fn from(failure: crate::Failure) -> Self {
        Why::from(failure).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let unauthorized = |words| text(StatusCode::UNAUTHORIZED, words);
        match self.why {
            Why::NotSupported => text(StatusCode::BAD_REQUEST, "URL not supported"),
            Why::KeyRequired => unauthorized("Valid API key required"),
            Why::KeyInactive => {
                unauthorized("API key not found/active or source IP not authorized")
            }
            Why::KeyNotAuthorized => unauthorized("API key not authorized"),
            Why::Unreadable(reason) => text(StatusCode::BAD_REQUEST, &reason),
            Why::Invalid(problems) => invalid(&problems, self.dialect),
            Why::Denied(address) => denied(&address, self.dialect),
            Why::Suspended => text(StatusCode::SERVICE_UNAVAILABLE, OFFLINE),
            Why::SuspendedForMail => text(StatusCode::INTERNAL_SERVER_ERROR, OFFLINE),
            Why::Trouble(detail) => trouble(detail, self.dialect),
        }
    }
}

fn denied(address: &str, dialect: Dialect) -> Response {
    let told = match dialect {
        Dialect::New => format!(
            "Unable to create new ticket :Ticket denied: {address}\n\n\
             This help desk is for use by authorized users only"
        ),
        Dialect::Old => "Ticket denied".to_owned(),
    };
    text(StatusCode::FORBIDDEN, &told)
}

fn invalid(problems: &[Problem], dialect: Dialect) -> Response {
    let (status, head, between) = match dialect {
        Dialect::New => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Unable to create new ticket :",
            "\n",
        ),
        Dialect::Old => (
            StatusCode::BAD_REQUEST,
            "Unable to create new ticket: validation errors:\n",
            ": ",
        ),
    };
    let told = |(field, words): &Problem| format!("{field}{between}{words}");
    let lines: Vec<String> = problems.iter().map(told).collect();
    text(status, &format!("{head}{}", lines.join("\n")))
}

fn trouble(detail: String, dialect: Dialect) -> Response {
    let words = match dialect {
        Dialect::New => "Unable to create new ticket :unknown error",
        Dialect::Old => "Unable to create new ticket: unknown error",
    };
    let mut response = text(StatusCode::INTERNAL_SERVER_ERROR, words);
    response.extensions_mut().insert(Trouble(detail));
    response
}

/// An answer of osTicket's: plain text under the type of a page.
pub(super) fn text(status: StatusCode, body: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=UTF-8"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.to_owned()).into_response()
}
