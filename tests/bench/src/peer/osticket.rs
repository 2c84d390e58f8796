//! A client of osTicket 1.18, as much of one as the measurements need.

use realmdesk_tests::html::unescaped;
use serde_json::{Value, json};

use crate::Outcome;
use crate::client::{Answer, Ask, Desk, Facts, Jar};
use crate::http::Http;
use crate::scenario::between;

/// Where a peer is, and who asks it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    pub(crate) url: String,
    pub(crate) api_key: String,
    pub(crate) agent: String,
    pub(crate) password: String,
}

/// A peer, and a browser that is open on it.
pub(crate) struct Peer<D = Http> {
    pub(crate) desk: D,
    access: Access,
    /// The folder that it is installed in: empty, or with a slash before it.
    folder: String,
    jar: Jar,
}

const NAME: &str = "Reception";
const EMAIL: &str = "reception@bench.example";
const SUBJECT: &str = "Printer on fire";
const MESSAGE: &str = "It burns since this morning, and the one beside it looks nervous.";

impl Peer<Http> {
    pub(crate) fn at(access: &Access) -> Outcome<Self> {
        let rest = access.url.strip_prefix("http://");
        let rest = rest.ok_or("the address has to begin with http://")?;
        let (host, folder) = rest
            .trim_end_matches('/')
            .split_once('/')
            .unwrap_or((rest.trim_end_matches('/'), ""));
        let facts = Facts {
            host: host.to_owned(),
            api_key: access.api_key.clone(),
            mail_address: "help@bench.example".to_owned(),
            mail_secret: String::new(),
            agent: access.agent.clone(),
            password: access.password.clone(),
            sweep_secret: String::new(),
        };
        let folder = match folder {
            "" => String::new(),
            folder => format!("/{folder}"),
        };
        let desk = Http::new(&format!("http://{host}"), facts);
        Ok(Self::of(desk, access.clone(), folder))
    }
}

impl<D: Desk> Peer<D> {
    pub(crate) fn of(desk: D, access: Access, folder: String) -> Self {
        Self {
            desk,
            access,
            folder,
            jar: Jar::default(),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
    pub(crate) fn create(&mut self) -> Outcome<Ask> {
        let fields =
            json!({ "name": NAME, "email": EMAIL, "subject": SUBJECT, "message": MESSAGE });
        Ok(
            Ask::post(self.path("/api/tickets.json"), fields.to_string())
                .header("content-type", "application/json")
                .header("x-api-key", &*self.access.api_key),
        )
    }

    #[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
    pub(crate) fn landing(&mut self) -> Outcome<Ask> {
        Ok(Ask::get(self.path("/index.php")))
    }

    #[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
    pub(crate) fn mail(&mut self) -> Outcome<Ask> {
        let mail = format!(
            "From: {NAME} <{EMAIL}>\r\nTo: help@bench.example\r\nSubject: {SUBJECT}\r\n\
             Message-ID: <{{unique}}.bench@bench.example>\r\n\r\n{MESSAGE}\r\n"
        );
        Ok(Ask::post(self.path("/api/tickets.email"), mail)
            .header("content-type", "message/rfc822")
            .header("x-api-key", &*self.access.api_key))
    }

    /// Opens a ticket as a new visitor: the form, the fields of its topic, and what is sent.
    pub(crate) fn submit(&mut self) -> Outcome {
        self.jar = Jar::default();
        let page = self.get("/open.php")?;
        let topic = topic(&page.body)?;
        let fields = self.get(&format!("/ajax.php/form/help-topic/{topic}"))?;
        let fields: Value = serde_json::from_str(&fields.body)?;
        let fields = fields["html"].as_str().ok_or("the topic has no fields")?;
        let all = format!("{}{fields}", page.body);
        let typed = [
            ("a", "open"),
            ("__CSRFToken__", &*token(&page.body)?),
            ("topicId", topic),
            (field(&all, "Email Address")?, EMAIL),
            (field(&all, "Full Name")?, NAME),
            (field(&all, "Issue Summary")?, SUBJECT),
            (message_field(fields)?, MESSAGE),
        ];
        let sent = self.send(Ask::form(self.path("/open.php"), &typed))?;
        // The form again, with what is wrong, or the page that gives thanks.
        if sent.body.contains("name=\"__CSRFToken__\"") && sent.body.contains("id=\"ticketForm\"") {
            return Err("the form came back".into());
        }
        Ok(())
    }

    /// Signs an agent in.
    pub(crate) fn sign_in(&mut self) -> Outcome {
        self.jar = Jar::default();
        let page = self.get("/scp/login.php")?;
        let access = self.access.clone();
        let typed = [
            ("__CSRFToken__", &*token(&page.body)?),
            ("do", "scplogin"),
            ("userid", &*access.agent),
            ("passwd", &*access.password),
        ];
        let answer = self.send(Ask::form(self.path("/scp/login.php"), &typed))?;
        if answer.body.contains("name=\"passwd\"") {
            return Err("the agent was not let in".into());
        }
        Ok(())
    }

    /// The agents' list of open tickets.
    pub(crate) fn list(&mut self) -> Outcome<Ask> {
        self.sign_in()?;
        let page = self.get("/scp/tickets.php")?;
        if page.body.contains("name=\"passwd\"") {
            return Err("the list asks to sign in".into());
        }
        Ok(Ask::get(self.path("/scp/tickets.php")).with(&self.jar))
    }

    /// The agents' page of the ticket that comes first in their list.
    pub(crate) fn thread(&mut self) -> Outcome<Ask> {
        self.sign_in()?;
        let page = self.get("/scp/tickets.php")?;
        let id = between(&page.body, "tickets.php?id=", "\"")?;
        let id: String = id.chars().take_while(char::is_ascii_digit).collect();
        Ok(Ask::get(self.path(&format!("/scp/tickets.php?id={id}"))).with(&self.jar))
    }

    fn path(&self, below: &str) -> String {
        format!("{}{below}", self.folder)
    }

    fn get(&mut self, below: &str) -> Outcome<Answer> {
        self.send(Ask::get(self.path(below)))
    }

    fn send(&mut self, ask: Ask) -> Outcome<Answer> {
        let answer = self.desk.send(&ask.with(&self.jar))?.ok()?;
        self.jar.keep(&answer);
        Ok(answer)
    }
}

/// The token that every form carries; it changes with each ticket that is opened.
fn token(page: &str) -> Outcome<String> {
    let tag = between(page, "name=\"__CSRFToken__\"", ">")?;
    Ok(unescaped(between(tag, "value=\"", "\"")?))
}

/// The first topic that can be picked.
fn topic(page: &str) -> Outcome<&str> {
    let select = between(page, "<select id=\"topicId\"", "</select>")?;
    let values = select.split("<option value=\"").skip(1);
    let mut values = values.filter_map(|rest| Some(rest.split_once('"')?.0));
    let found = values.find(|value| !value.is_empty());
    Ok(found.ok_or("the form offers no topic")?)
}

/// The name of the field under a label. It is another one in each session.
fn field<'a>(html: &'a str, label: &str) -> Outcome<&'a str> {
    let mut labels = html.split("<label for=\"").skip(1);
    let of = |rest: &'a str| {
        let (name, rest) = rest.split_once('"')?;
        rest.split("</label>")
            .next()?
            .contains(label)
            .then_some(name)
    };
    let found = labels.find_map(of);
    found.ok_or_else(|| format!("the form has no field `{label}`").into())
}

/// The name of the message's field, which has no label.
fn message_field(html: &str) -> Outcome<&str> {
    let area = between(html, "<textarea", ">")?;
    between(area, "name=\"", "\"")
}
