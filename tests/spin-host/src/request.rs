//! What Spin adds to a request before a component sees it.
//!
//! The URI gets its scheme and authority; headers name the client, the full URL and the matched route.
//! Spin 4.1 appends its headers *after* those of the same name that the client sent, so that a guest which reads the first value can be fooled.
//! This host removes the client's, unless it is told to do as Spin does.

use std::net::SocketAddr;

use http::header::{CONNECTION, HOST};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri};

use crate::routes::RouteMatch;

/// What becomes of headers of Spin's names that the client sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spoofed {
    #[default]
    Removed,
    /// In front of the true ones, as in Spin 4.1.
    Kept,
}

const PATH_INFO: HeaderName = HeaderName::from_static("spin-path-info");
const FULL_URL: HeaderName = HeaderName::from_static("spin-full-url");
const MATCHED_ROUTE: HeaderName = HeaderName::from_static("spin-matched-route");
const BASE_PATH: HeaderName = HeaderName::from_static("spin-base-path");
const RAW_COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-raw-component-route");
const COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-component-route");
const CLIENT_ADDR: HeaderName = HeaderName::from_static("spin-client-addr");
const PATH_MATCH: &str = "spin-path-match-";

/// Prepares a request for its component, or says with which status it is refused.
pub fn prepare<B>(
    request: &mut Request<B>,
    found: &RouteMatch<'_>,
    client: SocketAddr,
    spoofed: Spoofed,
) -> Result<(), StatusCode> {
    let headers = request.headers_mut();
    headers.remove(CONNECTION);
    if headers
        .values()
        .any(|value| str::from_utf8(value.as_bytes()).is_err())
    {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let host = request.headers().get(HOST).cloned();
    let authority = authority(host.as_ref(), request.uri()).ok_or(StatusCode::BAD_REQUEST)?;
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let host = host
        .as_ref()
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let full_url = format!("http://{host}{path}");

    let mut parts = request.uri().clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| StatusCode::BAD_REQUEST)?;

    let headers = request.headers_mut();
    if spoofed == Spoofed::Removed {
        remove_spoofed(headers);
    }
    let mut add = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(name, value);
        }
    };
    add(PATH_INFO, &found.path_info);
    add(FULL_URL, &full_url);
    add(MATCHED_ROUTE, &found.based());
    add(BASE_PATH, "/");
    add(RAW_COMPONENT_ROUTE, found.raw());
    add(COMPONENT_ROUTE, found.prefix());
    add(CLIENT_ADDR, &client.to_string());
    for (name, value) in &found.named {
        let name = format!(
            "{PATH_MATCH}{}",
            name.replace('_', "-").to_ascii_lowercase()
        );
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            add(name, value);
        }
    }
    Ok(())
}

/// The authority by header or by URI; both may be there if they agree.
fn authority(host: Option<&HeaderValue>, uri: &Uri) -> Option<Authority> {
    let from_uri = uri.authority();
    let Some(host) = host else {
        return from_uri.cloned();
    };
    let from_host: Authority = host.to_str().ok()?.parse().ok()?;
    from_uri
        .is_none_or(|authority| *authority == from_host)
        .then_some(from_host)
}

fn remove_spoofed(headers: &mut HeaderMap) {
    let ours = [
        PATH_INFO,
        FULL_URL,
        MATCHED_ROUTE,
        BASE_PATH,
        RAW_COMPONENT_ROUTE,
        COMPONENT_ROUTE,
        CLIENT_ADDR,
    ];
    let is_ours = |name: &&HeaderName| ours.contains(name) || name.as_str().starts_with(PATH_MATCH);
    for name in headers.keys().filter(is_ours).cloned().collect::<Vec<_>>() {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::Router;

    fn prepared(
        request: http::request::Builder,
        spoofed: Spoofed,
    ) -> Result<Request<()>, StatusCode> {
        let router = Router::new([("/user/:user_id/...", "user")]).unwrap();
        let mut request = request.body(()).unwrap();
        let path = request.uri().path().to_owned();
        let client = "127.0.0.1:4711".parse().unwrap();
        prepare(&mut request, &router.find(&path).unwrap(), client, spoofed).map(|()| request)
    }

    #[test]
    fn spins_headers_are_added() {
        let request = Request::get("/user/42/edit?x=1").header("host", "acme.localhost:8787");
        let request = prepared(request, Spoofed::Removed).unwrap();
        assert_eq!(request.uri(), "http://acme.localhost:8787/user/42/edit?x=1");
        let headers = [
            ("host", "acme.localhost:8787"),
            ("spin-path-info", "/edit"),
            (
                "spin-full-url",
                "http://acme.localhost:8787/user/42/edit?x=1",
            ),
            ("spin-matched-route", "/user/:user_id/..."),
            ("spin-base-path", "/"),
            ("spin-raw-component-route", "/user/:user_id/..."),
            ("spin-component-route", "/user/:user_id"),
            ("spin-client-addr", "127.0.0.1:4711"),
            ("spin-path-match-user-id", "42"),
        ];
        for (name, value) in headers {
            assert_eq!(request.headers()[name], value, "{name}");
        }
    }

    #[test]
    fn a_client_cannot_pose_as_another() {
        let request = || {
            Request::get("/user/42")
                .header("host", "acme.localhost")
                .header("spin-client-addr", "10.0.0.1:1")
                .header("spin-path-match-user-id", "43")
        };
        let values = |spoofed| {
            let request = prepared(request(), spoofed).unwrap();
            let values = request.headers().get_all("spin-client-addr").iter();
            values
                .map(|value| value.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(values(Spoofed::Removed), ["127.0.0.1:4711"]);
        assert_eq!(values(Spoofed::Kept), ["10.0.0.1:1", "127.0.0.1:4711"]);
        let request = prepared(request(), Spoofed::Removed).unwrap();
        assert_eq!(request.headers()["spin-path-match-user-id"], "42");
    }

    #[test]
    fn a_request_without_one_clear_host_is_refused() {
        let refused = |request| prepared(request, Spoofed::Removed).unwrap_err();
        assert_eq!(refused(Request::get("/user/42")), 400);
        assert_eq!(
            refused(Request::get("http://a/user/42").header("host", "b")),
            400
        );
        let agreeing = Request::get("http://a/user/42").header("host", "a");
        assert!(prepared(agreeing, Spoofed::Removed).is_ok());
    }
}
