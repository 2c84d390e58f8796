//! How a request can fail, and the page each failure shows.

use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use pages::error::{ErrorKind, ErrorPage, Recovery};
use pages::layout::Shell;
use tenancy::port::{DbError, Trouble};

/// What a handler answers.
pub type Answer = Result<Response, Failure>;

/// Why a request cannot be served.
///
/// None of the pages holds anything of the request: another tenant's thing answers exactly like
/// a thing that does not exist.
#[derive(Debug)]
pub enum Failure {
    /// No such thing, here, for this visitor.
    NotFound,
    /// The request makes no sense.
    BadRequest,
    /// The form's token is missing or belongs to another visitor.
    FormExpired,
    /// An agent has to sign in first; then they come back to this path.
    SignInNeeded(String),
    /// The path is right, the method is not.
    MethodNotAllowed,
    /// The platform has suspended the tenant.
    Suspended,
    /// Our own trouble; the text is for the log.
    Trouble(String),
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Trouble(format!("database: {error}"))
    }
}

impl Failure {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::BadRequest | Self::SignInNeeded(_) => ErrorKind::BadRequest,
            Self::FormExpired => ErrorKind::FormExpired,
            Self::MethodNotAllowed => ErrorKind::MethodNotAllowed,
            Self::Suspended => ErrorKind::Suspended,
            Self::Trouble(_) => ErrorKind::Internal,
        }
    }

    fn recovery(&self) -> Recovery {
        match self {
            Self::Suspended => Recovery::Nowhere,
            Self::NotFound
            | Self::BadRequest
            | Self::FormExpired
            | Self::SignInNeeded(_)
            | Self::MethodNotAllowed
            | Self::Trouble(_) => Recovery::Portal,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if let Self::SignInNeeded(next) = &self {
            return see_other(&format!("{}?next={next}", pages::url::SIGN_IN));
        }
        let (kind, recovery) = (self.kind(), self.recovery());
        let mut response = ErrorPage {
            shell: Shell::house(),
            kind,
            recovery,
        }
        .into_response();
        if let Self::Trouble(text) = self {
            response.extensions_mut().insert(Trouble(text));
        }
        response
    }
}

/// Sends the visitor on with a GET.
pub fn see_other(path: &str) -> Response {
    let headers: HeaderMap = path
        .parse()
        .map(|path| (LOCATION, path))
        .into_iter()
        .collect();
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The answer to a path that is no route.
#[expect(clippy::unused_async, reason = "axum takes handlers that are async")]
pub async fn not_found() -> Failure {
    Failure::NotFound
}

/// The answer to a method that a route does not take.
#[expect(clippy::unused_async, reason = "axum takes handlers that are async")]
pub async fn method_not_allowed() -> Failure {
    Failure::MethodNotAllowed
}
