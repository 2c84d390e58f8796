//! One call of the REST API: what it carries, and who makes it.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract::{FromRequest, Query, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use desk::program::{self, Usage};
use serde::de::DeserializeOwned;
use tenancy::policy::{CallKey, Key};
use tenancy::port::{ClientAddress, Rows};
use tenancy::principal::ApiKey;
use tenancy::scope::{And, Queries, Unread};
use tenancy::sight::Standing;
use tenancy::{Door, RealmId, Runtime, Scope, Site};

use crate::problem::Problem;
use crate::program::Program;

/// What a handler answers.
pub(crate) type Answer = Result<Response, Problem>;

/// A call, whole.
pub(crate) struct Call {
    pub(crate) runtime: Runtime,
    pub(crate) client: ClientAddress,
    pub(crate) uri: Uri,
    pub(crate) body: Bytes,
    headers: HeaderMap,
    /// Known once the key is.
    usage: OnceLock<Usage>,
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let runtime = parts.extensions.get::<Runtime>().cloned();
        let client = parts.extensions.get::<ClientAddress>().copied();
        let (headers, uri) = (parts.headers.clone(), parts.uri.clone());
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        Ok(Self {
            runtime: runtime.ok_or_else(|| Problem::Trouble("no runtime".to_owned()))?,
            client: client.unwrap_or(ClientAddress(None)),
            uri,
            body: body.map_err(|error| Problem::Trouble(error.to_string()))?,
            headers,
            usage: OnceLock::new(),
        })
    }
}

impl Call {
    /// Finds out who calls, and what else is looked up for them, in one round trip.
    ///
    /// # Errors
    /// Why they are not let in.
    pub(crate) async fn enter<Q: Queries>(
        &self,
        needed: CallKey,
        look_up: impl FnOnce(&Scope) -> Q,
    ) -> Result<(Program, Q::Answers), Problem> {
        self.enter_at(None, needed, look_up).await
    }

    /// The same, where the caller selects a realm.
    pub(crate) async fn enter_at<Q: Queries>(
        &self,
        realm: Option<RealmId>,
        needed: CallKey,
        look_up: impl FnOnce(&Scope) -> Q,
    ) -> Result<(Program, Q::Answers), Problem> {
        let door = ApiKey::door(self.presented()?);
        let scope = Scope::behind(&self.runtime, door.clone());
        let (unread, readers) = Unread::of(look_up(&scope));
        let (program, rows) = self.enter_behind(door, realm, needed, unread).await?;
        Ok((program, Q::answers(readers, rows)?))
    }

    /// The same for every call, whatever it looks up.
    async fn enter_behind(
        &self,
        door: Door,
        realm: Option<RealmId>,
        needed: CallKey,
        unread: Unread,
    ) -> Result<(Program, Vec<Rows>), Problem> {
        let scope = Scope::behind(&self.runtime, door.clone());
        let who = (
            program::count_call(&scope, &door, self.runtime.clock.now()),
            Site::find(&scope, &door),
            ApiKey::find(&scope, &door),
        );
        let standing = Standing::of_program(&scope, &door, realm);
        let asked = And(And(who, standing), unread);
        let ((who, standing), rows) = scope.read(asked).await?;
        let (site, key) = self.admit(who, needed)?;
        let program = Program {
            runtime: self.runtime.clone(),
            site,
            key,
            door,
            selected: realm,
            standing: standing.ok_or(Problem::KeyNeeded)?,
        };
        program.check_selection()?;
        Ok((program, rows))
    }

    /// Lets in the key that was found, if it may do what is asked and has calls left.
    fn admit(
        &self,
        (calls, sites, keys): (Vec<i64>, Vec<Site>, Vec<ApiKey>),
        needed: CallKey,
    ) -> Result<(Site, ApiKey), Problem> {
        let key = ApiKey::admit(keys.into_iter().next(), self.client);
        let key = key.map_err(|_| Problem::KeyNeeded)?;
        let site = sites.into_iter().next().ok_or(Problem::KeyNeeded)?;
        let (calls, now) = (calls.first().copied(), self.runtime.clock.now());
        self.spend(Usage::new(
            calls.unwrap_or_default(),
            key.calls_a_minute,
            now,
        ))?;
        if site.is_suspended {
            Err(Problem::Suspended)
        } else if key.may(needed) {
            Ok((site, key))
        } else {
            Err(Problem::Forbidden(needed.name()))
        }
    }

    /// Takes one call off the key's limit.
    fn spend(&self, usage: Usage) -> Result<(), Problem> {
        let _ = self.usage.set(usage);
        if usage.is_exceeded() {
            Err(Problem::TooMany(usage.reset))
        } else {
            Ok(())
        }
    }

    /// The key that is presented, in either of its headers.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn presented(&self) -> Result<&str, Problem> {
        let own = self.header(&HeaderName::from_static("x-api-key"));
        let bearer = self.header(&AUTHORIZATION).and_then(|value| {
            let (scheme, key) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
        });
        let key = own.or(bearer).filter(|key| !key.is_empty());
        key.ok_or(Problem::KeyNeeded)
    }

    /// Whether a header is there, whatever it says.
    pub(crate) fn has(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    /// A header's value, if it is text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameters of the query.
    ///
    /// # Errors
    /// When one is unknown or cannot be read.
    pub(crate) fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let read = Query::<T>::try_from_uri(&self.uri);
        read.map(|Query(read)| read)
            .map_err(|error| Problem::Unreadable(error.body_text()))
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is no JSON, no object, or lacks or has fields that it should not.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let read = serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => Problem::field("", shortened(&error.to_string())),
            _ => Problem::Unreadable("The body is no JSON.".to_owned()),
        })?;
        // A list is read as the fields in their order.
        if self.body.trim_ascii_start().starts_with(b"[") {
            return Err(Problem::field("", "It is a list and no object."));
        }
        Ok(read)
    }

    /// The answer, with how much of its limit the key has used.
    pub(crate) fn answer(&self, answer: Answer) -> Response {
        let mut response = answer.into_response();
        if let Some(usage) = self.usage.get() {
            let told = [
                ("ratelimit-limit", usage.limit),
                ("ratelimit-remaining", usage.remaining()),
                ("ratelimit-reset", usage.reset),
            ];
            let told =
                told.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from(value)));
            response.headers_mut().extend(told);
        }
        response
    }
}

/// Most characters of what serde says of a body: it quotes names and values, however long.
const LONGEST_REASON: usize = 300;

fn shortened(reason: &str) -> String {
    match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason.to_owned(),
    }
}
