//! `/api`: programs, each behind the key of its realm.

use realmdesk_tests::Call;
use serde_json::{Value, json};

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Thing};
use super::{Case, Leaves};

fn create(path: &str, more: &Value) -> Call {
    let mut ticket = json!({
        "name": "Ana Lima", "email": "ana@example.com", "subject": "Toner", "message": "Empty.",
    });
    ticket
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    Call::post(path).body(ticket.to_string())
}

fn marked_up(path: &str) -> Call {
    Call::post(path).body(
        "<ticket><name>Ana Lima</name><email>ana@example.com</email><subject>Toner</subject>\
         <message>Empty.</message></ticket>",
    )
}

/// From a stranger, who names somebody's ticket in the subject.
fn piped(path: &str, subject: &str) -> Call {
    let mail = format!(
        "From: Mallory <mallory@example.com>\r\nMessage-ID: <1@example.com>\r\n\
         Subject: {subject}\r\n\r\nHello.\r\n"
    );
    Call::post(path).body(mail)
}

fn programs(asker: &Asker, _: &Thing) -> bool {
    matches!(asker.who, Who::Program(_))
}

/// A topic of the own realm, or of one above.
fn reaches(asker: &Asker, thing: &Thing) -> bool {
    match asker.who {
        Who::Program(own) => thing.place.is_at_or_above(&own),
        _ => false,
    }
}

/// A user of the own realm.
fn raises(asker: &Asker, thing: &Thing) -> bool {
    asker.who == Who::Program(thing.place)
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = calls();
    cases.extend(picking());
    cases
}

/// What is picked by ids is passed over where it is out of reach.
fn picking() -> Vec<Case> {
    vec![
        Case::new(
            "POST /api/tickets.json",
            About::Colleague,
            |_, thing| create("/api/tickets.json", &json!({ "staffId": thing.id })),
            reaches,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "POST /api/tickets.json",
            About::Mailbox,
            |_, thing| create("/api/tickets.json", &json!({ "emailId": thing.id })),
            reaches,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "POST /api/tickets.json",
            About::Topic,
            |_, thing| {
                create(
                    "/api/tickets.json",
                    &json!({ "cannedResponseId": thing.id }),
                )
            },
            reaches,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "POST /api/tickets.json",
            About::Person,
            |_, thing| create("/api/tickets.json", &json!({ "uid": thing.id })),
            raises,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "POST /api/tickets.json",
            About::Person,
            |_, thing| create("/api/tickets.json", &json!({ "ccs": thing.id })),
            raises,
        )
        .leaving(Leaves::TheSame),
    ]
}

fn calls() -> Vec<Case> {
    vec![
        Case::new(
            "POST /api/tickets.json",
            About::Nothing,
            |_, _| create("/api/tickets.json", &json!({})),
            programs,
        ),
        Case::new(
            "POST /api/http.php/tickets.json",
            About::Nothing,
            |_, _| create("/api/http.php/tickets.json", &json!({})),
            programs,
        ),
        Case::new(
            "POST /api/tickets.json",
            About::Topic,
            |_, thing| create("/api/tickets.json", &json!({ "topicId": thing.id })),
            reaches,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "POST /api/tickets.json",
            About::Department,
            |_, thing| create("/api/tickets.json", &json!({ "deptId": thing.id })),
            reaches,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "POST /api/tickets.xml",
            About::Nothing,
            |_, _| marked_up("/api/tickets.xml"),
            programs,
        ),
        Case::new(
            "POST /api/http.php/tickets.xml",
            About::Nothing,
            |_, _| marked_up("/api/http.php/tickets.xml"),
            programs,
        ),
        // The mail becomes a ticket of its own, whatever number it names; its source says which.
        Case::new(
            "POST /api/tickets.email",
            About::Ticket,
            |_, thing| piped("/api/tickets.email", &format!("Re: [#{}]", thing.id)),
            |asker, thing| asker.who == Who::Program(thing.place),
        )
        .leaving(Leaves::WhatWasSent),
        Case::new(
            "POST /api/http.php/tickets.email",
            About::Nothing,
            |_, _| piped("/api/http.php/tickets.email", "Hello"),
            programs,
        ),
        Case::new(
            "POST /api/tasks/cron",
            About::Nothing,
            |_, _| Call::post("/api/tasks/cron"),
            programs,
        ),
        Case::new(
            "POST /api/http.php/tasks/cron",
            About::Nothing,
            |_, _| Call::post("/api/http.php/tasks/cron"),
            programs,
        ),
    ]
}
