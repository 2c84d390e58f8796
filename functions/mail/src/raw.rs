//! `POST /mail/raw?to=ADDRESS`: one mail as bytes (RFC 5322), with the address's secret.
//!
//! A 2xx answer means the mail is stored. Anything else means it is not, and the provider keeps
//! it: 401 and 4xx will not change by themselves, 5xx may be tried again.

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use desk::inbound::{self, Arrived};
use desk::intake;
use serde::Deserialize;
use serde_json::json;
use tenancy::port::{DbError, Trouble};
use tenancy::principal::{Dialect, Mailbox};
use tenancy::scope::And;
use tenancy::{Runtime, Scope, Site};

use crate::filing::{self, Entered, Entrance, Outcome};

#[derive(Deserialize)]
pub(crate) struct Envelope {
    #[serde(default)]
    to: String,
}

/// Why a mail was not taken in.
pub(crate) enum Refused {
    Unauthorized,
    Suspended,
    Trouble(String),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Trouble(format!("database: {error}"))
    }
}

impl From<web::Failure> for Refused {
    fn from(failure: web::Failure) -> Self {
        match failure {
            web::Failure::Trouble(text) => Self::Trouble(text),
            other => Self::Trouble(format!("{other:?}")),
        }
    }
}

pub(crate) async fn take_in(
    Extension(runtime): Extension<Runtime>,
    Query(envelope): Query<Envelope>,
    headers: HeaderMap,
    raw: Bytes,
) -> Result<Response, Refused> {
    let provider = Provider {
        runtime: &runtime,
        to: &envelope.to,
        secret: bearer(&headers).ok_or(Refused::Unauthorized)?,
    };
    let mail = Arrived::read(&raw);
    let outcome = filing::take_in(&runtime, &provider, &mail, &raw).await?;
    Ok(outcome.into_response())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// A mail provider that posts to an address.
struct Provider<'a> {
    runtime: &'a Runtime,
    to: &'a str,
    secret: &'a str,
}

impl Entrance for Provider<'_> {
    type Refused = Refused;

    async fn enter(&self, mail: &Arrived) -> Result<Entered, Refused> {
        let door = Mailbox::door(self.to);
        let scope = Scope::behind(self.runtime, door.clone());
        let who = (Site::find(&scope, &door), Mailbox::find(&scope, &door));
        let setup = intake::setup(&scope, Some(&inbound::requesters(mail)));
        let about = And(setup, inbound::look_up(&scope, mail));
        let ((sites, mailboxes), (setup, known)) = scope.read(And(who, about)).await?;
        let mailbox = Mailbox::admit(mailboxes.into_iter().next(), self.secret);
        let mailbox = mailbox.ok_or(Refused::Unauthorized)?;
        let site = sites.into_iter().next().ok_or(Refused::Unauthorized)?;
        if site.is_suspended {
            return Err(Refused::Suspended);
        }
        Ok(Entered {
            site,
            dialect: Dialect::default(),
            addressed: mailbox.into(),
            setup,
            known,
        })
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let (status, result, number) = match self {
            Self::Created(number) => (StatusCode::CREATED, "created", Some(number)),
            Self::Continued(number) => (StatusCode::OK, "continued", Some(number)),
            Self::Duplicate(number) => (StatusCode::OK, "duplicate", number),
            Self::Dropped | Self::Refused(_) => (StatusCode::OK, "dropped", None),
        };
        (status, Json(json!({ "result": result, "number": number }))).into_response()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error) = match &self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "unknown address, or wrong secret for it",
            ),
            Self::Suspended => (StatusCode::SERVICE_UNAVAILABLE, "offline; try again later"),
            Self::Trouble(_) => (StatusCode::INTERNAL_SERVER_ERROR, "not stored; try again"),
        };
        let mut response = (status, Json(json!({ "error": error }))).into_response();
        if let Self::Trouble(text) = self {
            response.extensions_mut().insert(Trouble(text));
        }
        response
    }
}
