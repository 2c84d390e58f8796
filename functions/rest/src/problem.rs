//! How a call is refused: problem details (RFC 9457).

use std::borrow::Cow;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use pages::reference::{PROBLEMS, Problem as Listed, TROUBLE};
use serde::Serialize;
use tenancy::DbError;
use tenancy::policy::{Permission, Reason, Refusal};
use tenancy::port::Trouble;
use utoipa::ToSchema;
use web::Failure;

/// Why a call is not answered.
///
/// Another tenant's thing, or one out of the key's sight, answers exactly like one that does not
/// exist: [`Self::NotFound`] holds nothing of the call.
#[derive(Debug)]
pub(crate) enum Problem {
    /// No key, an unknown one, one that is switched off or bound to other addresses.
    KeyNeeded,
    /// The key lacks this permission.
    Forbidden(&'static str),
    /// No such thing, for this key.
    NotFound,
    /// The path is right, the method is not.
    MethodNotAllowed,
    /// The call cannot be read, for this reason.
    Unreadable(String),
    /// These fields are wrong.
    Invalid(Vec<FieldProblem>),
    /// Something like it is there already.
    Exists,
    /// The `Idempotency-Key` came with another call before.
    Reused,
    /// A call under the same `Idempotency-Key` is being answered.
    InProgress,
    /// What was changed is not what was read.
    Stale,
    /// A change needs to say what was read.
    ConditionNeeded,
    /// Too many calls; so many seconds are to pass.
    TooMany(i64),
    /// The tenant is closed for now.
    Suspended,
    /// Our own trouble; the text is for the log.
    Trouble(String),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// The field, as a JSON Pointer into the body, or `?name` for a parameter.
    #[schema(example = "/subject")]
    pub(crate) pointer: Cow<'static, str>,
    /// What is wrong with it.
    pub(crate) detail: String,
}

impl FieldProblem {
    pub(crate) fn new(pointer: &'static str, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

/// Why a call is not answered (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    /// What kind of problem it is; it leads to the section of the documentation.
    #[serde(rename = "type")]
    #[schema(example = "/api/v1/docs#problem-not-found")]
    kind: String,
    /// The same in words.
    title: &'static str,
    /// The status code.
    status: u16,
    /// What is wrong with this very call.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
}

impl Problem {
    /// One field is wrong.
    pub(crate) fn field(pointer: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldProblem::new(pointer, detail)])
    }

    fn kind(&self) -> Listed<'static> {
        let name = match self {
            Self::Unreadable(_) => "unreadable",
            Self::KeyNeeded => "key-needed",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Exists => "exists",
            Self::InProgress => "in-progress",
            Self::Stale => "stale",
            Self::Invalid(_) => "invalid",
            Self::Reused => "reused",
            Self::ConditionNeeded => "condition-needed",
            Self::TooMany(_) => "too-many",
            Self::Trouble(_) => "trouble",
            Self::Suspended => "suspended",
        };
        let found = PROBLEMS.iter().find(|known| known.name == name);
        *found.unwrap_or(&TROUBLE)
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Unreadable(reason) => Some(reason.clone()),
            Self::Forbidden(permission) => Some(format!("The key lacks {permission}.")),
            Self::InProgress => Some("Repeat it to get its answer.".to_owned()),
            Self::Stale => Some("Read it again, and then change it.".to_owned()),
            Self::ConditionNeeded => Some(
                "Send the ETag of what you read as If-Match, or * for whatever is there."
                    .to_owned(),
            ),
            Self::TooMany(seconds) => Some(format!("Wait {seconds} seconds.")),
            Self::KeyNeeded
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Exists
            | Self::Invalid(_)
            | Self::Reused
            | Self::Trouble(_)
            | Self::Suspended => None,
        }
    }

    /// Our own trouble, for the log.
    fn trouble(&self) -> Option<Trouble> {
        if let Self::Trouble(text) = self {
            Some(Trouble(text.clone()))
        } else {
            None
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        if let Self::TooMany(seconds) = self {
            return Some((RETRY_AFTER, HeaderValue::from(*seconds)));
        }
        let scheme = HeaderValue::from_static("Bearer");
        matches!(self, Self::KeyNeeded).then_some((WWW_AUTHENTICATE, scheme))
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        if desk::program::is_taken(&error) {
            return Self::InProgress;
        }
        if desk::directory::is_known_already(&error) {
            return Self::Exists;
        }
        match error {
            DbError::Stale => Self::Stale,
            other => Self::Trouble(format!("database: {other}")),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Trouble(text) => Self::Trouble(text),
            other => Self::Trouble(format!("{other:?}")),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::NotFound,
            Refusal::Forbidden(Reason::Lacks(Permission::Call(key))) => {
                Self::Forbidden(Permission::Call(key).name())
            }
            Refusal::Forbidden(_) => Self::Forbidden("a permission"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Listed {
            name,
            status,
            title,
        } = self.kind();
        let (header, detail) = (self.header(), self.detail());
        let trouble = self.trouble();
        let errors = if let Self::Invalid(errors) = self {
            errors
        } else {
            Vec::new()
        };
        let details = ProblemDetails {
            kind: format!("/api/v1/docs#problem-{name}"),
            title,
            status,
            detail,
            errors,
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&details).unwrap_or_default();
        let mut response =
            (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response();
        response.headers_mut().extend(header);
        if let Some(trouble) = trouble {
            response.extensions_mut().insert(trouble);
        }
        response
    }
}

/// The answer to a path that is no route.
pub(crate) async fn not_found() -> Problem {
    Problem::NotFound
}

/// The answer to a method that a route does not take.
pub(crate) async fn method_not_allowed() -> Problem {
    Problem::MethodNotAllowed
}
