//! How a request can fail, and the page each failure shows.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, LOCATION, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pages::error::{ErrorKind, ErrorPage, Recovery};
use pages::layout::Shell;
use serde_json::{Value, json};
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
    /// The visitor sees it, or knows of it anyway, but may not do that.
    Forbidden,
    /// An agent has to sign in first; then they come back to this path.
    SignInNeeded(String),
    /// The path is right, the method is not.
    MethodNotAllowed,
    /// The platform has suspended the tenant.
    Suspended,
    /// Whoever runs the portal has closed it for now, and this page says so.
    Closed(Box<Response>),
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
            Self::Forbidden => ErrorKind::Forbidden,
            Self::MethodNotAllowed => ErrorKind::MethodNotAllowed,
            Self::Suspended | Self::Closed(_) => ErrorKind::Suspended,
            Self::Trouble(_) => ErrorKind::Internal,
        }
    }

    fn recovery(&self) -> Recovery {
        match self {
            Self::Suspended | Self::Closed(_) => Recovery::Nowhere,
            Self::Forbidden => Recovery::Queues,
            Self::NotFound
            | Self::BadRequest
            | Self::FormExpired
            | Self::SignInNeeded(_)
            | Self::MethodNotAllowed
            | Self::Trouble(_) => Recovery::Portal,
        }
    }
}

impl Failure {
    /// What a program is told instead of being shown a page.
    fn told(self) -> Response {
        let (status, words) = match self {
            Self::SignInNeeded(_) => (401, "sign in first"),
            Self::NotFound => (404, "there is no such thing"),
            Self::BadRequest => (400, "that cannot be read"),
            Self::FormExpired => (403, "the form token is missing, too old, or not yours"),
            Self::Forbidden => (403, "you may not do that"),
            Self::MethodNotAllowed => (405, "not with this method"),
            Self::Suspended | Self::Closed(_) => (503, "closed for now"),
            Self::Trouble(_) => (500, "nothing was changed; try again"),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = data(status, &json!({ "error": words }));
        if let Self::Trouble(text) = self {
            response.extensions_mut().insert(Trouble(text));
        }
        response
    }
}

/// Data as the answer, which no cache may keep.
pub fn data(status: StatusCode, body: &Value) -> Response {
    let headers = [(CACHE_CONTROL, "no-store"), (VARY, "accept")];
    (status, headers, Json(body)).into_response()
}

/// The answer, or the failure in the form that was asked for.
pub fn negotiated(wants_json: bool, answer: Answer) -> Response {
    match answer {
        Err(failure) if wants_json => failure.told(),
        answer => answer.into_response(),
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if let Self::SignInNeeded(next) = &self {
            return see_other(&format!("{}?next={next}", pages::url::SIGN_IN));
        }
        let (kind, recovery) = (self.kind(), self.recovery());
        if let Self::Closed(page) = self {
            return (StatusCode::SERVICE_UNAVAILABLE, *page).into_response();
        }
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
pub async fn not_found() -> Failure {
    Failure::NotFound
}

/// The answer to a method that a route does not take.
pub async fn method_not_allowed() -> Failure {
    Failure::MethodNotAllowed
}
