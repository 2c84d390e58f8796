//! `/queues`: agents and what is in their sight.

use realmdesk_tests::Call;

use super::super::askers::{Asker, Who};
use super::super::stage::{About, SP3, Thing};
use super::{Case, anybody};

fn after(_: &Asker, thing: &Thing) -> Call {
    Call::get(&format!("/queues/open?older={}", thing.id)).header("accept", "application/json")
}

fn choose(asker: &Asker, thing: &Thing) -> Call {
    asker.form("/queues/realm", &format!("realm={}", thing.id))
}

fn before(_: &Asker, thing: &Thing) -> Call {
    Call::get(&format!("/queues/open?newer={}", thing.id))
}

fn read(_: &Asker, thing: &Thing) -> Call {
    Call::get(&format!("/queues/tickets/{}", thing.id))
}

fn refer(asker: &Asker, thing: &Thing) -> Call {
    let fields = "change=refer_team&team=1";
    asker.form(&format!("/queues/tickets/{}", thing.id), fields)
}

fn let_in(asker: &Asker, thing: &Thing) -> Call {
    let fields = "change=let_in&collaborator=018bcfe5-6800-7707-8707-070707070707";
    asker.form(&format!("/queues/tickets/{}", thing.id), fields)
}

fn delete(asker: &Asker, thing: &Thing) -> Call {
    asker.form(&format!("/queues/tickets/{}", thing.id), "change=delete")
}

/// An agent who sees it and has the key.
fn refers(asker: &Asker, thing: &Thing) -> bool {
    matches!(asker.who, Who::Agent(_)) && sees_it(asker, thing)
}

/// An agent who sees it and has not.
fn may_not_refer(asker: &Asker, thing: &Thing) -> bool {
    asker.who == Who::Idle && sees_it(asker, thing)
}

/// To everybody else a ticket's place in the list is a place like any other.
fn sees_it(asker: &Asker, thing: &Thing) -> bool {
    asker.works_in(&thing.place)
}

fn is_agent(asker: &Asker, _: &Thing) -> bool {
    match asker.who {
        Who::Agent(own) => asker.is_at_home(&own),
        Who::Idle => asker.is_at_home(&SP3),
        _ => false,
    }
}

/// An agent at home who may open tickets.
fn opens(asker: &Asker, _: &Thing) -> bool {
    matches!(asker.who, Who::Agent(own) if asker.is_at_home(&own))
}

/// One who may not.
fn opens_none(asker: &Asker, _: &Thing) -> bool {
    asker.who == Who::Idle && asker.is_at_home(&SP3)
}

fn opened_with(asker: &Asker, more: &str) -> Call {
    let fields = "name=New&email=new%40example.com&subject=New&message=New&source=Phone";
    asker.form("/queues/new", &format!("{fields}&{more}"))
}

/// An agent opens tickets for users: in realms, for people and by agents that they see.
fn opening() -> Vec<Case> {
    let case = |route, about, call, admits| {
        let case: Case = Case::new(route, about, call, admits);
        case.forbidding(opens_none)
    };
    vec![
        case(
            "GET /queues/new",
            About::Nothing,
            |_, _| Call::get("/queues/new"),
            opens,
        ),
        case(
            "GET /queues/new",
            About::Branch,
            |_, thing| Call::get(&format!("/queues/new?in={}", thing.id)),
            refers,
        ),
        case(
            "POST /queues/new",
            About::Branch,
            |asker, thing| opened_with(asker, &format!("in={}", thing.id)),
            refers,
        ),
        case(
            "POST /queues/new",
            About::Person,
            |asker, thing| opened_with(asker, &format!("pick={}", thing.id)),
            refers,
        ),
        case(
            "POST /queues/new",
            About::User,
            |asker, thing| opened_with(asker, &format!("then=find&q={}", thing.id)),
            refers,
        ),
        case(
            "POST /queues/new",
            About::Account,
            |asker, thing| opened_with(asker, &format!("agent={}", thing.id)),
            refers,
        ),
    ]
}

fn edited(asker: &Asker, thing: &Thing) -> Call {
    asker.form(&format!("/queues/edit/{}", thing.id), "version=1")
}

/// An agent fills in a ticket's fields anew.
fn editing() -> Vec<Case> {
    let case = |route, call| {
        let case: Case = Case::new(route, About::Ticket, call, refers);
        case.forbidding(may_not_refer)
    };
    vec![
        case("GET /queues/edit/{number}", |_, thing| {
            Call::get(&format!("/queues/edit/{}", thing.id))
        }),
        case("POST /queues/edit/{number}", edited),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = queues();
    cases.extend(opening());
    cases.extend(editing());
    cases
}

fn queues() -> Vec<Case> {
    vec![
        Case::new(
            "GET /queues",
            About::Nothing,
            |_, _| Call::get("/queues"),
            anybody,
        ),
        Case::new(
            "GET /queues/{queue}",
            About::Nothing,
            |_, _| Call::get("/queues/open"),
            is_agent,
        ),
        Case::new(
            "GET /queues/realm",
            About::Nothing,
            |_, _| Call::get("/queues/realm"),
            is_agent,
        ),
        Case::new("POST /queues/realm", About::Branch, choose, sees_it),
        Case::new("GET /queues/{queue}", About::Cursor, after, sees_it),
        Case::new("GET /queues/{queue}", About::Cursor, before, sees_it),
        Case::new("GET /queues/tickets/{number}", About::Ticket, read, sees_it),
        Case::new(
            "POST /queues/tickets/{number}",
            About::Ticket,
            refer,
            refers,
        )
        .forbidding(may_not_refer),
        Case::new(
            "POST /queues/tickets/{number}",
            About::Ticket,
            let_in,
            refers,
        )
        .forbidding(may_not_refer),
        Case::new(
            "POST /queues/tickets/{number}",
            About::Ticket,
            delete,
            refers,
        )
        .forbidding(may_not_refer),
        Case::new(
            "GET /queues/tickets/{number}/files/{id}",
            About::File,
            read,
            sees_it,
        ),
    ]
}
