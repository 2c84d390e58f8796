//! How things travel: as JSON, with an `ETag` that tells one reading from another, and lists page
//! by page.

use axum::extract::{FromRequestParts, Path};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LINK, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tenancy::token::content_address;

use crate::call::Call;
use crate::problem::Problem;
use crate::shape::List;

/// How many things a page of a list has unless the caller says otherwise.
const ON_A_PAGE: i64 = 25;
/// The most it may have.
const MOST_ON_A_PAGE: i64 = 100;

/// The variable parts of a path. What is no text is the name of nothing.
pub(crate) struct Part<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Part<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(part)) => Ok(Self(part)),
            Err(_) => Err(Problem::NotFound),
        }
    }
}

/// Something as it travels.
pub(crate) struct Entity {
    body: String,
    tag: String,
}

impl Entity {
    pub(crate) fn of(thing: &impl Serialize) -> Self {
        let body = serde_json::to_string(thing).unwrap_or_default();
        let tag = format!("\"{:.16}\"", content_address(body.as_bytes()));
        Self { body, tag }
    }

    /// The answer; without the thing itself where the caller has it already.
    pub(crate) fn told(self, call: &Call) -> Response {
        let is_known = call
            .header(&IF_NONE_MATCH)
            .is_some_and(|known| is_among(&self.tag, known));
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            json(StatusCode::OK, self.body)
        };
        response.headers_mut().extend(header(&ETAG, &self.tag));
        response
    }

    /// Refuses a change by whoever has read something else.
    ///
    /// # Errors
    /// [`Problem::ConditionNeeded`] when they do not say what, [`Problem::Stale`] when it is
    /// something else.
    pub(crate) fn check_match(&self, call: &Call) -> Result<(), Problem> {
        let read = call.header(&IF_MATCH).ok_or(Problem::ConditionNeeded)?;
        if is_among(&self.tag, read) {
            Ok(())
        } else {
            Err(Problem::Stale)
        }
    }
}

impl Entity {
    /// Refuses it to whoever says that they have read something else.
    ///
    /// # Errors
    /// [`Problem::Stale`].
    pub(crate) fn check_match_if_any(&self, call: &Call) -> Result<(), Problem> {
        match self.check_match(call) {
            Err(Problem::ConditionNeeded) if !call.has(&IF_MATCH) => Ok(()),
            Err(Problem::ConditionNeeded) => Err(Problem::Stale),
            checked => checked,
        }
    }
}

/// Whether a list of tags, as `If-Match` has one, holds this one.
fn is_among(tag: &str, listed: &str) -> bool {
    let mut listed = listed.split(',').map(str::trim);
    listed.any(|other| other == "*" || other == tag)
}

/// JSON as the answer.
pub(crate) fn json(status: StatusCode, body: String) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

fn header(name: &HeaderName, value: &str) -> HeaderMap {
    let value = HeaderValue::from_str(value);
    value
        .into_iter()
        .map(|value| (name.clone(), value))
        .collect()
}

/// The answer to what has made something at that address.
pub(crate) fn created(location: &str, body: String) -> Response {
    let mut response = json(StatusCode::CREATED, body);
    response.headers_mut().extend(header(&LOCATION, location));
    response
}

/// How long a page is to be.
///
/// # Errors
/// When that is too long, or nothing.
pub(crate) fn page_length(limit: Option<i64>) -> Result<i64, Problem> {
    match limit.unwrap_or(ON_A_PAGE) {
        limit @ 1..=MOST_ON_A_PAGE => Ok(limit),
        _ => Err(Problem::field(
            "?limit",
            format!("It is a number from 1 to {MOST_ON_A_PAGE}."),
        )),
    }
}

/// One page as the answer: of what was found, one more than it has tells that there is another.
/// `next` is its address, given the last thing of this page.
pub(crate) fn page<F, T: Serialize>(
    mut found: Vec<F>,
    limit: i64,
    next: impl Fn(&F) -> String,
    shape: impl Fn(F) -> T,
) -> Response {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(next);
    let link = next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
    let items = found.into_iter().map(shape).collect();
    let body = serde_json::to_string(&List { items, next }).unwrap_or_default();
    let mut response = json(StatusCode::OK, body);
    response
        .headers_mut()
        .extend(link.iter().flat_map(|link| header(&LINK, link)));
    response
}
