//! One request to whichever function its path belongs to, as `functions/dispatch.js` and
//! `spin.toml` do it.

use std::net::{IpAddr, Ipv4Addr};

use axum::Router;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderName, Method, Request};
use serde_json::Value;
use tenancy::Runtime;
use tenancy::port::ClientAddress;

/// A function's first path segment, and what makes its router.
type Function = (&'static str, fn() -> Router);

/// The functions with a path segment of their own; the portal takes every other path.
pub const FUNCTIONS: [Function; 16] = [
    ("account", account::router),
    ("api", api::router),
    ("xml", xml::router),
    ("rest", rest::router),
    ("mail", mail::router),
    ("sweep", sweep::router),
    ("queues", queues::router),
    ("opening", opening::router),
    ("auth", auth::router),
    ("admin", admin::router),
    ("intake", intake::router),
    ("directory", directory::router),
    ("profile", profile::router),
    ("templates", templates::router),
    ("duties", duties::router),
    ("assets", assets::router),
];

/// Paths that another function answers than their first segment says; one that ends in `/...`
/// stands for all below it.
pub const ELSEWHERE: [(&str, &str); 29] = [
    ("/api/tickets.xml", "xml"),
    ("/api/http.php/tickets.xml", "xml"),
    ("/api/tasks/cron", "sweep"),
    ("/api/http.php/tasks/cron", "sweep"),
    ("/api/tickets.email", "mail"),
    ("/api/http.php/tickets.email", "mail"),
    ("/status/...", "account"),
    ("/tickets/...", "account"),
    ("/api/v1/openapi.json", "assets"),
    ("/api/v1/docs", "assets"),
    ("/api/v1/...", "rest"),
    ("/queues/new", "opening"),
    ("/queues/edit/...", "opening"),
    ("/admin/topics/...", "intake"),
    ("/admin/forms/...", "intake"),
    ("/admin/lists/...", "profile"),
    ("/admin/filters/...", "intake"),
    ("/admin/statuses/...", "intake"),
    ("/admin/agents/...", "directory"),
    ("/admin/bans/...", "directory"),
    ("/admin/keys/...", "directory"),
    ("/admin/log/...", "directory"),
    ("/admin/organizations/...", "directory"),
    ("/admin/users/...", "directory"),
    ("/admin/profiles/...", "profile"),
    ("/admin/templates/...", "templates"),
    ("/admin/canned/...", "templates"),
    ("/admin/departments/...", "duties"),
    ("/admin/teams/...", "duties"),
];

fn router(path: &str) -> Router {
    let path = path.split('?').next().unwrap_or_default();
    let covers = |known: &str| match known.strip_suffix("/...") {
        Some(above) => path
            .strip_prefix(above)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        None => known == path,
    };
    let elsewhere = ELSEWHERE.iter().find(|(known, _)| covers(known));
    let own = path.split('/').nth(1).unwrap_or_default();
    let segment = elsewhere.map_or(own, |(_, name)| name);
    let found = FUNCTIONS.iter().find(|(name, _)| *name == segment);
    found.map_or_else(portal::router, |(_, router)| router())
}

/// The address that requests come from unless they say otherwise.
pub const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 10));

/// A request about to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    client: Option<IpAddr>,
}

impl Call {
    /// A GET.
    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    /// A POST without a body.
    pub fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    /// A request with this method.
    pub fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            client: Some(CLIENT),
        }
    }

    /// Sends it to a portal.
    #[must_use]
    pub fn to(self, host: &str) -> Self {
        self.header(HOST.as_str(), host)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers.append(name, value.parse().unwrap());
        self
    }

    /// Gives it a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Whether its form asks for this change.
    pub fn asks_for(&self, change: &str) -> bool {
        let form = String::from_utf8_lossy(&self.body);
        let wanted = format!("change={change}");
        form.split('&').any(|field| field == wanted)
    }

    /// Sends it from another address; `None` for a runtime that does not tell.
    #[must_use]
    pub fn from(mut self, client: Option<&str>) -> Self {
        self.client = client.map(|address| address.parse().unwrap());
        self
    }

    /// Lets the function that the path belongs to answer.
    pub async fn answered_by(self, runtime: Runtime) -> Page {
        let router = router(&self.path);
        let mut request = Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().unwrap();
        *request.headers_mut() = self.headers;
        let response = host::handle(router, runtime, ClientAddress(self.client), request).await;
        let (parts, body) = response.into_parts();
        Page {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Page {
    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| {
            value.to_str().expect("the header is visible ASCII")
        })
    }

    /// Where it sends the visitor.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Every byte that travels, so that two answers can be compared.
    pub fn raw(&self) -> String {
        let headers = self.headers.iter();
        let lines: Vec<String> = headers
            .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
            .collect();
        format!("{}\n{}\n{}", self.status, lines.concat(), self.text())
    }
}
