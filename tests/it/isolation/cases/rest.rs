//! `/api/v1`: programs, each behind the key of its realm, which sees that realm and those below.

use realmdesk_tests::Call;
use serde_json::{Value, json};

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Place, Thing};
use super::{Case, Leaves, anybody};

fn shows(asker: &Asker, place: &Place) -> bool {
    match asker.who {
        Who::Program(own) => own.is_at_or_above(place),
        _ => false,
    }
}

fn sees_it(asker: &Asker, thing: &Thing) -> bool {
    shows(asker, &thing.place)
}

fn programs(asker: &Asker, _: &Thing) -> bool {
    matches!(asker.who, Who::Program(_))
}

/// Every call of a key is counted.
const fn case(
    route: &'static str,
    about: About,
    call: fn(&Asker, &Thing) -> Call,
    admits: fn(&Asker, &Thing) -> bool,
) -> Case {
    Case::new(route, about, call, admits)
        .leaving(Leaves::TheSame)
        .showing(shows)
}

fn at(path: &str) -> Call {
    Call::get(&format!("/api/v1{path}"))
}

fn post(path: &str, body: &Value) -> Call {
    Call::post(&format!("/api/v1{path}")).body(body.to_string())
}

/// A change of whatever is there.
fn patch(path: &str, body: &Value) -> Call {
    Call::new("PATCH".parse().unwrap(), &format!("/api/v1{path}"))
        .header("if-match", "*")
        .body(body.to_string())
}

fn delete(path: &str) -> Call {
    Call::new("DELETE".parse().unwrap(), &format!("/api/v1{path}"))
}

fn ticket(more: &Value) -> Call {
    let mut ticket = json!({
        "requester": { "name": "Ana Lima", "email": "ana@example.com" },
        "subject": "Toner", "message": "Empty.",
    });
    let fields = more.as_object().unwrap().clone();
    ticket.as_object_mut().unwrap().extend(fields);
    post("/tickets", &ticket)
}

fn user(more: &Value) -> Call {
    let mut user = json!({ "name": "Bo Ek", "email": "bo@example.com" });
    let fields = more.as_object().unwrap().clone();
    user.as_object_mut().unwrap().extend(fields);
    post("/users", &user)
}

/// A topic of the own realm, or of one above.
fn reaches(asker: &Asker, thing: &Thing) -> bool {
    match asker.who {
        Who::Program(own) => thing.place.is_at_or_above(&own),
        _ => false,
    }
}

fn number(thing: &Thing) -> i64 {
    thing.id.parse().unwrap()
}

pub(super) fn cases() -> Vec<Case> {
    [lists(), things(), making(), changing()]
        .into_iter()
        .flatten()
        .collect()
}

fn lists() -> Vec<Case> {
    vec![
        Case::new(
            "GET /api/v1/openapi.json",
            About::Nothing,
            |_, _| at("/openapi.json"),
            anybody,
        ),
        Case::new(
            "GET /api/v1/docs",
            About::Nothing,
            |_, _| at("/docs"),
            anybody,
        ),
        case(
            "GET /api/v1/tickets",
            About::Nothing,
            |_, _| at("/tickets"),
            programs,
        ),
        case(
            "GET /api/v1/tickets",
            About::Branch,
            |_, thing| at(&format!("/tickets?realm={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/tickets",
            About::Cursor,
            |_, thing| at(&format!("/tickets?after={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/users",
            About::Nothing,
            |_, _| at("/users"),
            programs,
        ),
        case(
            "GET /api/v1/users",
            About::User,
            |_, thing| at(&format!("/users?email={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/users",
            About::Person,
            |_, thing| at(&format!("/users?after={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/organizations",
            About::Nothing,
            |_, _| at("/organizations"),
            programs,
        ),
        case(
            "GET /api/v1/organizations",
            About::Company,
            |_, thing| at(&format!("/organizations?after={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/topics",
            About::Nothing,
            |_, _| at("/topics"),
            programs,
        ),
    ]
}

fn things() -> Vec<Case> {
    vec![
        case(
            "GET /api/v1/tickets/{number}",
            About::Ticket,
            |_, thing| at(&format!("/tickets/{}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/tickets/{number}/entries",
            About::Ticket,
            |_, thing| at(&format!("/tickets/{}/entries", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/tickets/{number}/files/{id}",
            About::File,
            |_, thing| at(&format!("/tickets/{}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/tickets/{number}/collaborators",
            About::Ticket,
            |_, thing| at(&format!("/tickets/{}/collaborators", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/users/{id}",
            About::Person,
            |_, thing| at(&format!("/users/{}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/organizations/{id}",
            About::Company,
            |_, thing| at(&format!("/organizations/{}", thing.id)),
            sees_it,
        ),
    ]
}

fn making() -> Vec<Case> {
    vec![
        case(
            "POST /api/v1/tickets",
            About::Nothing,
            |_, _| ticket(&json!({})),
            programs,
        ),
        case(
            "POST /api/v1/tickets",
            About::Topic,
            |_, thing| ticket(&json!({ "topic": number(thing) })),
            reaches,
        ),
        case(
            "POST /api/v1/tickets/{number}/replies",
            About::Ticket,
            |_, thing| {
                let path = format!("/tickets/{}/replies", thing.id);
                post(&path, &json!({ "body": "Hello." }))
            },
            sees_it,
        ),
        case(
            "POST /api/v1/tickets/{number}/notes",
            About::Ticket,
            |_, thing| {
                let path = format!("/tickets/{}/notes", thing.id);
                post(&path, &json!({ "body": "Hello." }))
            },
            sees_it,
        ),
        case(
            "POST /api/v1/tickets/{number}/collaborators",
            About::Ticket,
            |_, thing| {
                let path = format!("/tickets/{}/collaborators", thing.id);
                post(&path, &json!({ "name": "Kay", "email": "kay@example.com" }))
            },
            sees_it,
        ),
        case(
            "POST /api/v1/users",
            About::Branch,
            |_, thing| user(&json!({ "realm": number(thing) })),
            sees_it,
        ),
        case(
            "POST /api/v1/users",
            About::Company,
            |_, thing| user(&json!({ "organization": thing.id })),
            |asker, thing| asker.who == Who::Program(thing.place),
        ),
    ]
}

fn changing() -> Vec<Case> {
    vec![
        case(
            "PATCH /api/v1/tickets/{number}",
            About::Ticket,
            |_, thing| {
                let path = format!("/tickets/{}", thing.id);
                patch(&path, &json!({ "status": "closed", "priority": "high" }))
            },
            sees_it,
        ),
        case(
            "DELETE /api/v1/tickets/{number}",
            About::Ticket,
            |_, thing| delete(&format!("/tickets/{}", thing.id)),
            sees_it,
        ),
        case(
            "PATCH /api/v1/tickets/{number}/collaborators/{id}",
            About::Collaborator,
            |_, thing| {
                let path = format!("/tickets/{}", thing.id);
                patch(&path, &json!({ "active": false }))
            },
            sees_it,
        ),
        case(
            "DELETE /api/v1/tickets/{number}/collaborators/{id}",
            About::Collaborator,
            |_, thing| delete(&format!("/tickets/{}", thing.id)),
            sees_it,
        ),
        case(
            "PATCH /api/v1/users/{id}",
            About::Person,
            |_, thing| patch(&format!("/users/{}", thing.id), &json!({ "name": "Bo Ek" })),
            sees_it,
        ),
    ]
}
