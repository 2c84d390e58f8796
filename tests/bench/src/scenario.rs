//! The requests that are measured. A new capability joins by one entry in [`SCENARIOS`].

use realmdesk_tests::html;
use serde_json::{Value, json};

use crate::Outcome;
use crate::client::{Answer, Ask, Desk, Jar};

/// A request that is measured.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Whether it is one of those that are sent by many clients at once.
    pub(crate) is_load: bool,
    /// Whether the same request does the same the next time.
    pub(crate) can_repeat: bool,
    /// Does whatever has to be there before (a session, a ticket), and makes the request.
    pub(crate) prepare: fn(&mut dyn Desk) -> Outcome<Ask>,
}

/// Every main route.
pub(crate) const SCENARIOS: [Scenario; 15] = [
    load("API create", create),
    load("portal landing", landing),
    once("portal form", form),
    load("portal submit", submit),
    load("ticket thread", thread),
    load("mail in", mail),
    once("mail reply", reply),
    once("REST list", rest_list),
    once("REST read", rest_read),
    once("REST create", rest_create),
    once("REST reply", rest_reply),
    once("REST change", rest_change),
    once("sign in", sign_in),
    load("queue page", queue),
    Scenario {
        can_repeat: false,
        ..once("sweep", sweep)
    },
];

const fn load(name: &'static str, prepare: fn(&mut dyn Desk) -> Outcome<Ask>) -> Scenario {
    Scenario {
        name,
        is_load: true,
        can_repeat: true,
        prepare,
    }
}

const fn once(name: &'static str, prepare: fn(&mut dyn Desk) -> Outcome<Ask>) -> Scenario {
    Scenario {
        name,
        is_load: false,
        can_repeat: true,
        prepare,
    }
}

/// The scenario of that name.
pub(crate) fn named(name: &str) -> Outcome<&'static Scenario> {
    let found = SCENARIOS.iter().find(|scenario| scenario.name == name);
    found.ok_or_else(|| format!("there is no scenario `{name}`").into())
}

/// The requester of everything, so that no run is dearer for new users than another.
const NAME: &str = "Reception";
const EMAIL: &str = "reception@bench.example";
const SUBJECT: &str = "Printer on fire";
const MESSAGE: &str = "It burns since this morning, and the one beside it looks nervous.";

#[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
fn create(desk: &mut dyn Desk) -> Outcome<Ask> {
    let fields = json!({ "name": NAME, "email": EMAIL, "subject": SUBJECT, "message": MESSAGE });
    let ask = Ask::post("/api/tickets.json", fields.to_string());
    Ok(ask
        .header("content-type", "application/json")
        .header("x-api-key", &*desk.facts().api_key))
}

#[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
fn landing(_: &mut dyn Desk) -> Outcome<Ask> {
    Ok(Ask::get("/"))
}

#[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
fn form(_: &mut dyn Desk) -> Outcome<Ask> {
    Ok(Ask::get("/open"))
}

fn submit(desk: &mut dyn Desk) -> Outcome<Ask> {
    let (page, jar) = open(desk, "/open")?;
    let token = token(&page.body, "/open")?;
    let topic = between(&page.body, "<select id=\"topic\"", "</select>")?;
    let mut values = topic.split("<option value=\"").skip(1);
    let first = values.find_map(|rest| rest.split_once('"').filter(|(value, _)| !value.is_empty()));
    let fields = [
        ("csrf", token.as_str()),
        ("topic", first.ok_or("the form offers no topic")?.0),
        ("name", NAME),
        ("email", EMAIL),
        ("subject", SUBJECT),
        ("message", MESSAGE),
    ];
    Ok(Ask::form("/open", &fields).with(&jar))
}

/// The requester's view of a ticket with some history, behind the link from the mail.
fn thread(desk: &mut dyn Desk) -> Outcome<Ask> {
    let number = opened(desk)?;
    let reply = reply_to(desk, &number).sent_once(&number);
    for part in 0..3 {
        desk.send(&reply.numbered(part))?.ok()?;
    }
    let link = mailed_link(desk, &number)?;
    let (page, jar) = open(desk, &link)?;
    Ok(Ask::get(page.header("location").to_owned()).with(&jar))
}

#[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
fn mail(desk: &mut dyn Desk) -> Outcome<Ask> {
    Ok(post_mail(desk, SUBJECT))
}

fn reply(desk: &mut dyn Desk) -> Outcome<Ask> {
    let number = opened(desk)?;
    Ok(reply_to(desk, &number))
}

/// The first page of the open tickets, which is a full one.
fn rest_list(desk: &mut dyn Desk) -> Outcome<Ask> {
    for _ in 0..30 {
        opened(desk)?;
    }
    Ok(keyed(desk, Ask::get("/api/v1/tickets")))
}

fn rest_read(desk: &mut dyn Desk) -> Outcome<Ask> {
    let number = opened(desk)?;
    Ok(keyed(desk, Ask::get(format!("/api/v1/tickets/{number}"))))
}

#[expect(clippy::unnecessary_wraps, reason = "an entry of the table")]
fn rest_create(desk: &mut dyn Desk) -> Outcome<Ask> {
    let requester = json!({ "name": NAME, "email": EMAIL });
    let ticket = json!({ "requester": requester, "subject": SUBJECT, "message": MESSAGE });
    Ok(keyed(
        desk,
        Ask::post("/api/v1/tickets", ticket.to_string()),
    ))
}

fn rest_reply(desk: &mut dyn Desk) -> Outcome<Ask> {
    let path = format!("/api/v1/tickets/{}/replies", opened(desk)?);
    let reply = json!({ "body": MESSAGE });
    Ok(keyed(desk, Ask::post(path, reply.to_string())))
}

fn rest_change(desk: &mut dyn Desk) -> Outcome<Ask> {
    let path = format!("/api/v1/tickets/{}", opened(desk)?);
    let change = json!({ "priority": "high", "assignee": desk.facts().agent });
    let ask = Ask {
        method: "PATCH",
        ..Ask::post(path, change.to_string())
    };
    Ok(keyed(desk, ask.header("if-match", "*")))
}

fn keyed(desk: &dyn Desk, ask: Ask) -> Ask {
    ask.header("x-api-key", &*desk.facts().api_key)
}

fn sign_in(desk: &mut dyn Desk) -> Outcome<Ask> {
    let (page, jar) = open(desk, "/auth/sign-in")?;
    let token = token(&page.body, "/auth/sign-in")?;
    let facts = desk.facts();
    let fields = [
        ("csrf", token.as_str()),
        ("next", ""),
        ("email", facts.agent.as_str()),
        ("password", facts.password.as_str()),
    ];
    Ok(Ask::form("/auth/sign-in", &fields).with(&jar))
}

/// The first page, which is a full one.
fn queue(desk: &mut dyn Desk) -> Outcome<Ask> {
    for _ in 0..30 {
        opened(desk)?;
    }
    let ask = sign_in(desk)?;
    let answer = desk.send(&ask)?.ok()?;
    let mut jar = Jar::default();
    jar.keep(&answer);
    Ok(Ask::get("/queues/open").with(&jar))
}

/// A sweep with the letters of one new ticket to deliver.
fn sweep(desk: &mut dyn Desk) -> Outcome<Ask> {
    let ask = swept(desk);
    desk.send(&ask)?.ok()?;
    opened(desk)?;
    Ok(ask)
}

fn swept(desk: &dyn Desk) -> Ask {
    let bearer = format!("Bearer {}", desk.facts().sweep_secret);
    Ask::post("/sweep", "").header("authorization", bearer)
}

/// Opens a ticket, and returns its number.
fn opened(desk: &mut dyn Desk) -> Outcome<String> {
    let ask = create(desk)?;
    Ok(desk.send(&ask)?.ok()?.body)
}

fn reply_to(desk: &dyn Desk, number: &str) -> Ask {
    post_mail(desk, &format!("Re: {SUBJECT} [#{number}]"))
}

fn post_mail(desk: &dyn Desk, subject: &str) -> Ask {
    let facts = desk.facts();
    let mail = format!(
        "From: {NAME} <{EMAIL}>\r\nTo: {}\r\nSubject: {subject}\r\n\
         Message-ID: <{{unique}}.bench@bench.example>\r\n\r\n{MESSAGE}\r\n",
        facts.mail_address
    );
    Ask::post(format!("/mail/raw?to={}", facts.mail_address), mail)
        .header("content-type", "message/rfc822")
        .header("authorization", format!("Bearer {}", facts.mail_secret))
}

/// How often the outbox is swept for a mail: other letters can be before it.
const MOST_SWEEPS: usize = 1000;

/// The link that the requester was mailed when the ticket was opened.
fn mailed_link(desk: &mut dyn Desk, number: &str) -> Outcome<String> {
    let start = format!("/tickets/{number}?access=");
    let (sweep, captured) = (swept(desk), Ask::get("/mail/captured"));
    let captured = captured.header("accept", "application/json");
    for _ in 0..MOST_SWEEPS {
        desk.send(&sweep)?.ok()?;
        let told: Value = serde_json::from_str(&desk.send(&captured)?.ok()?.body)?;
        let texts = told["mails"].as_array().into_iter().flatten();
        let mut texts = texts.filter_map(|mail| mail["text"].as_str());
        let Some((_, rest)) = texts.find_map(|text| text.split_once(&start)) else {
            continue;
        };
        let token = rest.split_whitespace().next().unwrap_or_default();
        return Ok(format!("{start}{token}"));
    }
    Err(format!("no mail leads to ticket {number}").into())
}

/// Opens a page as a new visitor.
fn open(desk: &mut dyn Desk, path: &str) -> Outcome<(Answer, Jar)> {
    let answer = desk.send(&Ask::get(path))?.ok()?;
    let mut jar = Jar::default();
    jar.keep(&answer);
    Ok((answer, jar))
}

/// The form token of one of our pages.
fn token(page: &str, action: &str) -> Outcome<String> {
    let form = html::form(page, action).ok_or_else(|| format!("no form posts to {action}"))?;
    let token = form.hidden.into_iter().find(|(name, _)| name == "csrf");
    Ok(token.ok_or("the form has no token")?.1)
}

/// The text between two others.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Outcome<&'a str> {
    let rest = text.split_once(before).map(|(_, rest)| rest);
    let found = rest.and_then(|rest| rest.split_once(after));
    let found = found.map(|(found, _)| found);
    found.ok_or_else(|| format!("the page has no `{before}`").into())
}
