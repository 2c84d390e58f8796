//! What osTicket 1.18 answers, to the letter.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use tenancy::port::{DbError, Trouble};

/// Why a call was refused.
#[derive(Debug)]
pub(crate) enum Refused {
    /// No key, an unknown one, or one that is bound to other addresses.
    KeyRequired,
    /// The address is right, but the key is switched off.
    KeyInactive,
    /// The key may not do this.
    KeyNotAuthorized,
    /// The body is no JSON, for this reason.
    BadJson(&'static str),
    /// The fields are wrong: pairs of a field and what is wrong with it.
    Invalid(Vec<(String, String)>),
    /// Whoever asks for help may not: banned, not known, or rejected by a filter.
    Denied(String),
    /// The platform has suspended the tenant; the same call may work later.
    Suspended,
    /// Our own trouble; the text is for the log.
    Trouble(String),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Trouble(format!("database: {error}"))
    }
}

impl From<web::Failure> for Refused {
    fn from(failure: web::Failure) -> Self {
        Self::Trouble(format!("{failure:?}"))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::KeyRequired => text(StatusCode::UNAUTHORIZED, "Valid API key required"),
            Self::KeyInactive => text(
                StatusCode::UNAUTHORIZED,
                "API key not found/active or source IP not authorized",
            ),
            Self::KeyNotAuthorized => text(StatusCode::UNAUTHORIZED, "API key not authorized"),
            Self::BadJson(reason) => text(StatusCode::BAD_REQUEST, reason),
            // Since 1.17 osTicket answers 500 here, and its clients know it.
            Self::Invalid(problems) => {
                text(StatusCode::INTERNAL_SERVER_ERROR, &validation(&problems))
            }
            Self::Denied(email) => text(StatusCode::FORBIDDEN, &denied(&email)),
            Self::Suspended => text(StatusCode::SERVICE_UNAVAILABLE, "Help desk is offline"),
            Self::Trouble(detail) => {
                let unknown = "Unable to create new ticket :unknown error";
                let mut response = text(StatusCode::INTERNAL_SERVER_ERROR, unknown);
                response.extensions_mut().insert(Trouble(detail));
                response
            }
        }
    }
}

fn denied(email: &str) -> String {
    format!(
        "Unable to create new ticket :Ticket denied: {email}\n\n\
         This help desk is for use by authorized users only"
    )
}

fn validation(problems: &[(String, String)]) -> String {
    let pairs: Vec<String> = problems
        .iter()
        .map(|(field, message)| format!("{field}\n{message}"))
        .collect();
    format!("Unable to create new ticket :{}", pairs.join("\n"))
}

/// A ticket was created: its number and nothing else.
pub(crate) fn created(number: &str) -> Response {
    text(StatusCode::CREATED, number)
}

/// The answer to an unknown path, a wrong method or an unknown suffix.
pub(crate) async fn not_supported() -> Response {
    text(StatusCode::BAD_REQUEST, "URL not supported")
}

fn text(status: StatusCode, body: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=UTF-8"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.to_owned()).into_response()
}
