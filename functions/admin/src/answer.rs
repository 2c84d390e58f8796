//! What the operator's programs are answered: JSON, whatever happens.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tenancy::platform::tenants::Tenant;
use tenancy::port::{DbError, Trouble};

/// What a handler answers.
pub(crate) type Answer = Result<Response, Refused>;

/// Why nothing was done.
#[derive(Debug)]
pub(crate) enum Refused {
    /// No secret, the wrong one, or none is set.
    Unauthorized,
    /// No such path, or no such tenant.
    NotFound,
    /// The path takes another method.
    Method,
    /// The body is not the JSON that this asks for.
    BadJson(String),
    /// A field is not what it must be, and what it must be.
    Invalid(&'static str, &'static str),
    /// Another tenant has this already.
    Taken(&'static str),
    /// The first agent has a password already.
    Settled,
    /// Our own trouble; the text is for the log.
    Trouble(String),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Duplicate(columns) if columns == "tenant.slug" => Self::Taken("slug"),
            DbError::Duplicate(columns) if columns == "portal_host.host" => Self::Taken("host"),
            error @ (DbError::Stale
            | DbError::Duplicate(_)
            | DbError::Missing(_)
            | DbError::Dangling
            | DbError::Busy
            | DbError::Refused(_)
            | DbError::Corrupt(_)
            | DbError::Failed(_)) => Self::Trouble(format!("database: {error}")),
        }
    }
}

impl From<web::Failure> for Refused {
    fn from(failure: web::Failure) -> Self {
        Self::Trouble(format!("{failure:?}"))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let told = |error: &str| json!({ "error": error });
        let (status, body) = match &self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                told("the operator's bearer secret is required"),
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, told("there is no such thing")),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, told("not with this method")),
            Self::BadJson(why) => (StatusCode::BAD_REQUEST, told(why)),
            Self::Invalid(field, must) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                json!({ "error": must, "field": field }),
            ),
            Self::Taken(field) => (
                StatusCode::CONFLICT,
                json!({ "error": "another tenant has this already", "field": field }),
            ),
            Self::Settled => (
                StatusCode::CONFLICT,
                told("somebody can sign in there already; they invite the others"),
            ),
            Self::Trouble(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                told("nothing was changed; try again"),
            ),
        };
        let mut response = answered(status, body);
        if let Self::Trouble(text) = self {
            response.extensions_mut().insert(Trouble(text));
        }
        response
    }
}

/// An answer that no cache may keep.
pub(crate) fn answered(status: StatusCode, body: Value) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// A tenant as the operator's programs see it.
pub(crate) fn tenant_json(tenant: &Tenant) -> Value {
    json!({
        "slug": tenant.slug,
        "name": tenant.name,
        "status": if tenant.is_suspended { "suspended" } else { "active" },
        "host": tenant.host,
        "created_at": tenant.created_at.0,
    })
}
