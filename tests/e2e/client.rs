//! Calling the server: as a program, and as a browser that keeps cookies.
//!
//! The connection goes to this machine, the `Host` header names the tenant. Redirects are answers
//! like any other.

use std::collections::BTreeMap;
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Method, Request, request};
use serde_json::Value;
use ureq::Agent;

use crate::Outcome;

/// Longest wait for an answer; a server under load on a busy machine needs some.
const PATIENCE: Duration = Duration::from_mins(1);

/// Longest answer that is read.
const LARGEST: u64 = 64 << 20;

/// A caller of one host.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    url: String,
    host: String,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(url: &str, host: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            // A busy workerd leaves kept connections unread now and then, and closes them after
            // its 5 s without an answer, whatever the Worker is. A new one is always answered.
            .max_idle_connections(0)
            .build()
            .new_agent();
        Self {
            agent,
            url: url.to_owned(),
            host: host.to_owned(),
        }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(HOST, &self.host)
    }

    pub(crate) fn send(
        &self,
        request: request::Builder,
        body: impl Into<Vec<u8>>,
    ) -> Outcome<Answer> {
        let request = request.body(body.into())?;
        // A GET with a body, even an empty one, would be sent with a length.
        let mut answer = if request.body().is_empty() && request.method() == Method::GET {
            self.agent.run(request.map(|_| ()))?
        } else {
            self.agent.run(request)?
        };
        let body = answer
            .body_mut()
            .with_config()
            .limit(LARGEST)
            .read_to_vec()?;
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body,
        })
    }

    pub(crate) fn get(&self, path: &str) -> Outcome<Answer> {
        self.send(self.request("GET", path), "")
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Outcome<Value> {
        let read = serde_json::from_slice(&self.body);
        read.map_err(|error| format!("{error} in {}: {}", self.status, self.text()).into())
    }

    /// A header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// Panics unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// A visitor whose browser keeps cookies.
pub(crate) struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            cookies: BTreeMap::new(),
        }
    }

    /// The same cookies, brought to another host. No browser does that; somebody might.
    pub(crate) fn at(&self, client: Client) -> Self {
        Self {
            client,
            cookies: self.cookies.clone(),
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Outcome<Answer> {
        let request = self.client.request("GET", path).header(ACCEPT, "text/html");
        self.send(request, "")
    }

    pub(crate) fn get_json(&mut self, path: &str) -> Outcome<Value> {
        let request = self
            .client
            .request("GET", path)
            .header(ACCEPT, "application/json");
        self.send(request, "")?.expect(200).json()
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Outcome<Answer> {
        self.post_raw(path, form(fields))
    }

    /// Posts a form's body as it is.
    pub(crate) fn post_raw(&mut self, path: &str, body: impl Into<Vec<u8>>) -> Outcome<Answer> {
        let request = self.client.request("POST", path);
        self.send(
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded"),
            body,
        )
    }

    /// Posts a form with files, each of a name and bytes.
    pub(crate) fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Outcome<Answer> {
        self.post_parts(path, BOUNDARY, multipart(fields, files))
    }

    /// Posts a body that says to be a form with files.
    pub(crate) fn post_parts(
        &mut self,
        path: &str,
        boundary: &str,
        body: Vec<u8>,
    ) -> Outcome<Answer> {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = self.client.request("POST", path);
        self.send(request.header(CONTENT_TYPE, kind), body)
    }

    /// Takes a cookie from elsewhere.
    pub(crate) fn hold(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn send(&mut self, request: request::Builder, body: impl Into<Vec<u8>>) -> Outcome<Answer> {
        let held: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = if held.is_empty() {
            request
        } else {
            request.header(COOKIE, held.join("; "))
        };
        let answer = self.client.send(request, body)?;
        for line in answer.headers.get_all(SET_COOKIE) {
            self.keep(line.to_str()?);
        }
        Ok(answer)
    }

    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        for wanted in ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"] {
            assert!(
                attributes.contains(wanted),
                "a cookie without {wanted}: {line}"
            );
        }
        assert!(
            name.starts_with("__Host-"),
            "a cookie that other hosts could set: {line}"
        );
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.hold(name, value);
        }
    }
}

/// What stands between the parts of a form with files.
pub(crate) const BOUNDARY: &str = "----realmdesk-e2e";

/// Fields and files as a browser posts them where files can be chosen.
pub(crate) fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
        body.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; \
             filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Fields as a browser posts them.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
