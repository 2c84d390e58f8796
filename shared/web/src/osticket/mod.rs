//! osTicket's HTTP API, as far as it is the same for every call: how a call is spelt, which key
//! it carries, and how it is refused.
//!
//! What its clients see was read off osTicket 1.18 and 1.16; a key says which of the two its
//! callers were written for.

mod create;
pub mod encoding;
mod fields;
mod form_fields;
mod refused;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tenancy::port::ClientAddress;
use tenancy::principal::{ApiKey, Refusal};
use tenancy::{Door, Runtime, Site};

use crate::failure::{method_not_allowed, not_found};

pub use create::create;
pub use fields::Fields;
pub use refused::{Problem, Refused, Why};

/// One call. Whatever is no POST, or not meant as one, is not extracted.
pub struct Call {
    /// The runtime.
    pub runtime: Runtime,
    /// The address it came from.
    pub client: ClientAddress,
    /// Its body.
    pub body: Bytes,
    path: String,
    presented: Option<String>,
}

/// What the address of every call begins with, in both of its spellings.
const PREFIXES: [&str; 2] = ["/api/http.php/", "/api/"];

impl Call {
    /// Which call it is: its path without what all calls begin with. Percent-encoding is no
    /// difference.
    pub fn name(&self) -> &str {
        let mut names = PREFIXES
            .iter()
            .filter_map(|prefix| self.path.strip_prefix(prefix));
        names.next().unwrap_or_default()
    }

    /// The door that the presented key is.
    ///
    /// # Errors
    /// [`Why::KeyRequired`], when none is presented.
    pub fn door(&self) -> Result<Door, Refused> {
        let presented = self.presented.as_deref().filter(|key| !key.is_empty());
        Ok(ApiKey::door(presented.ok_or(Why::KeyRequired)?))
    }

    /// Lets in the key that was found behind the call's door.
    ///
    /// # Errors
    /// Why not, in osTicket's order.
    pub fn admit(&self, sites: Vec<Site>, keys: Vec<ApiKey>) -> Result<(Site, ApiKey), Refused> {
        let admitted = ApiKey::admit(keys.into_iter().next(), self.client);
        let key = admitted.map_err(|refusal| match refusal {
            Refusal::Unknown => Why::KeyRequired,
            Refusal::Inactive => Why::KeyInactive,
        })?;
        let site = sites.into_iter().next().ok_or(Why::KeyRequired)?;
        match (site.is_suspended, self.name()) {
            (false, _) => Ok((site, key)),
            (true, "tickets.email") => Err(Why::SuspendedForMail.into()),
            (true, _) => Err(Why::Suspended.into()),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        if !is_post(&parts.method, &parts.uri) {
            return Err(Why::NotSupported.into());
        }
        let runtime = parts.extensions.get::<Runtime>().cloned();
        let runtime = runtime.ok_or_else(|| Why::Trouble("no runtime".to_owned()))?;
        let client = parts.extensions.get::<ClientAddress>().copied();
        let key = parts.headers.get("x-api-key");
        let presented = key.and_then(|key| key.to_str().ok()).map(str::to_owned);
        let path = decoded(parts.uri.path());
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        Ok(Self {
            runtime,
            client: client.unwrap_or(ClientAddress(None)),
            body: body.map_err(|error| Why::Trouble(error.to_string()))?,
            path,
            presented,
        })
    }
}

/// Whether a request counts as a POST: `_method` in its query has the last word.
fn is_post(method: &Method, uri: &Uri) -> bool {
    let pairs = uri.query().unwrap_or_default().split('&');
    let mut named = pairs.filter_map(|pair| pair.strip_prefix("_method="));
    let method = named.next_back().unwrap_or(method.as_str());
    method.eq_ignore_ascii_case("post")
}

/// A path without percent-encoding; one that would not be text stays as it is.
fn decoded(path: &str) -> String {
    String::from_utf8(percent_decoded(path.as_bytes())).unwrap_or_else(|_| path.to_owned())
}

/// Text without percent-encoding (RFC 3986, 2.1). A `%` that encodes nothing stays.
pub fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let pair = (*byte == b'%').then(|| digit(at + 1).zip(digit(at + 2)));
        let encoded = pair.flatten();
        let encoded = encoded.and_then(|(high, low)| u8::try_from(16 * high + low).ok());
        bytes.push(encoded.unwrap_or(*byte));
        at += if encoded.is_some() { 3 } else { 1 };
    }
    bytes
}

/// Answers what came by another method than POST to a function that answers other paths too: on
/// osTicket's paths the query may name the verb.
pub async fn or_wrong_method<F>(request: Request, run: impl FnOnce(Call) -> F) -> Response
where
    F: Future<Output = Result<Response, Refused>>,
{
    if !request.uri().path().starts_with("/api/") {
        return method_not_allowed().await.into_response();
    }
    match Call::from_request(request, &()).await {
        Ok(call) => run(call).await.into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// Answers a path that a function which answers other paths too does not know: below osTicket's
/// in osTicket's words.
pub async fn or_not_found(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return Refused::from(Why::NotSupported).into_response();
    }
    not_found().await.into_response()
}

/// A ticket was made or gone on with: its number and nothing else.
pub fn created(number: &str) -> Response {
    refused::text(StatusCode::CREATED, number)
}

/// The scheduled work was done.
pub fn completed() -> Response {
    refused::text(StatusCode::OK, "Completed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_taken_away_and_a_lone_sign_stays() {
        let check = |text: &str, expected: &[u8]| {
            assert_eq!(percent_decoded(text.as_bytes()), expected, "{text}");
        };
        check("a%20b%2E%c3%bc", "a b.ü".as_bytes());
        check("100% sure%", b"100% sure%");
        check("%4", b"%4");
        check("%zz%41", b"%zzA");
        check("%ff", b"\xff");
    }

    #[test]
    fn the_method_can_be_named_in_the_query() {
        let check = |method: Method, uri: &str, expected: bool| {
            assert_eq!(is_post(&method, &uri.parse().unwrap()), expected, "{uri}");
        };
        check(Method::POST, "/api/tickets.json", true);
        check(Method::GET, "/api/tickets.json", false);
        check(Method::GET, "/api/tickets.json?_method=post", true);
        check(Method::PUT, "/api/tickets.json?a=b&_method=POST", true);
        check(Method::POST, "/api/tickets.json?_method=get", false);
        check(Method::POST, "/api/tickets.json?x_method=get", true);
    }
}
