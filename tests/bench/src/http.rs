//! A help desk on a server.

use std::fs;
use std::path::Path;
use std::time::Duration;

use http::Request;
use http::header::HOST;
use serde_json::Value;
use ureq::Agent;

use crate::Outcome;
use crate::client::{Answer, Ask, Desk, Facts};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that answers.
pub(crate) struct Http {
    agent: Agent,
    pub(crate) url: String,
    facts: Facts,
}

impl Http {
    pub(crate) fn new(url: &str, facts: Facts) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            // A busy workerd leaves kept connections unread now and then.
            .max_idle_connections(0)
            .build()
            .new_agent();
        Self {
            agent,
            url: url.trim_end_matches('/').to_owned(),
            facts,
        }
    }
}

impl Desk for Http {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn send(&mut self, ask: &Ask) -> Outcome<Answer> {
        let request = Request::builder()
            .method(ask.method)
            .uri(format!("{}{}", self.url, ask.path))
            .header(HOST, &self.facts.host);
        let headers = ask.headers.iter();
        let request = headers.fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        let request = request.body(ask.body.clone())?;
        // A GET with a body, even an empty one, would be sent with a length.
        let mut answer = if ask.method == "GET" {
            self.agent.run(request.map(|_| ()))?
        } else {
            self.agent.run(request)?
        };
        let headers = answer.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(&answer.body_mut().read_to_vec()?).into_owned(),
        })
    }
}

/// What `demo.json` tells of the tenant `acme`.
pub(crate) fn demo(state: &Path) -> Outcome<Facts> {
    let info: Value = serde_json::from_str(&fs::read_to_string(state.join("demo.json"))?)?;
    let tenants = info["tenants"].as_array().into_iter().flatten();
    let mut acmes = tenants.filter(|tenant| tenant["slug"] == "acme");
    let acme = acmes.next().ok_or("demo.json holds no tenant acme")?;
    let people = acme["people"].as_array().into_iter().flatten();
    let mut agents = people.filter(|person| person["kind"] == "agent");
    let agent = agents.next().ok_or("demo.json holds no agent")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Facts {
        host: text(&acme["host"]),
        api_key: text(&acme["api_key"]),
        mail_address: text(&acme["mail"]["address"]),
        mail_secret: text(&acme["mail"]["secret"]),
        agent: text(&agent["email"]),
        password: text(&agent["password"]),
        sweep_secret: text(&info["sweep_secret"]),
    })
}
