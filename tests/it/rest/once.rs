//! Calls under an `Idempotency-Key` have their effect once.

use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::{DAY, HOUR, World};
use serde_json::json;

use super::{acme, permit, post, problem};

fn note(number: &str, body: &str, key: &str) -> Call {
    let path = format!("/tickets/{number}/notes");
    post("acme", &path, &json!({ "body": body })).header("idempotency-key", key)
}

fn open(subject: &str, key: &str) -> Call {
    let ticket = json!({
        "requester": { "email": "ana@example.com", "name": "Ana" },
        "subject": subject, "message": "It burns.",
    });
    post("acme", "/tickets", &ticket).header("idempotency-key", key)
}

fn notes(world: &World) -> i64 {
    world.number("SELECT count(*) FROM entry WHERE kind = 'note'")
}

fn told(page: &Page) -> (u16, &str, &str) {
    (page.status, page.location(), page.text())
}

#[test]
fn the_same_call_is_answered_the_same_and_done_once() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let first = world.send(note(&number, "Once", "a"));
    assert_eq!(first.status, 201);
    world.turn(HOUR);
    let again = world.send(note(&number, "Once", "a"));
    assert_eq!(told(&again), told(&first));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(notes(&world), 1);
    assert_eq!(world.send(note(&number, "Once", "b")).status, 201);
    assert_eq!(notes(&world), 2);
}

#[test]
fn a_ticket_is_opened_once_and_told_under_its_number_again() {
    let world = acme();
    let first = world.send(open("Printer on fire", "a"));
    let again = world.send(open("Printer on fire", "a"));
    assert_eq!(first.status, 201);
    assert_eq!(told(&again), told(&first));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 1);
}

#[test]
fn another_call_under_the_same_key_is_refused() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    world.send(note(&number, "Once", "a"));
    for call in [note(&number, "Twice", "a"), open("Printer on fire", "a")] {
        assert_eq!(problem(&world.send(call)), (422, "reused".to_owned()));
    }
    assert_eq!(notes(&world), 1);
}

#[test]
fn what_was_refused_may_be_sent_again_otherwise() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    assert_eq!(world.send(note(&number, " ", "a")).status, 422);
    assert_eq!(world.send(note(&number, "Better", "a")).status, 201);
}

#[test]
fn keys_of_one_program_are_not_those_of_another() {
    let world = World::new().tenant("acme").tenant("globex");
    for tenant in ["acme", "globex"] {
        permit(&world, tenant, &super::ALL);
    }
    let call = |tenant: &str| {
        let number = world.ticket(tenant, "Printer on fire");
        let path = format!("/tickets/{number}/notes");
        let call = post(tenant, &path, &json!({ "body": "x" }));
        world.send(call.header("idempotency-key", "a")).status
    };
    assert_eq!((call("acme"), call("globex")), (201, 201));
}

#[test]
fn an_answer_is_kept_for_a_day() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    world.send(note(&number, "Once", "a"));
    world.turn(DAY - 1);
    world.send(note(&number, "Once", "a"));
    assert_eq!(notes(&world), 1);
    world.turn(1);
    assert_eq!(world.send(note(&number, "Other", "a")).status, 201);
    assert_eq!(notes(&world), 2);
    assert_eq!(world.number("SELECT count(*) FROM answered_call"), 1);
}

#[test]
fn old_answers_are_forgotten_bit_by_bit() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    for key in 0..30 {
        world.send(note(&number, "x", &key.to_string()));
    }
    world.turn(2 * DAY);
    world.send(note(&number, "x", "new"));
    assert_eq!(world.number("SELECT count(*) FROM answered_call"), 11);
    world.send(note(&number, "x", "newer"));
    assert_eq!(world.number("SELECT count(*) FROM answered_call"), 2);
}

#[test]
fn two_at_once_do_it_once_however_they_meet() {
    in_every_order(8, |order| {
        let world = acme();
        let number = world.ticket("acme", "Printer on fire");
        let call = || world.start(note(&number, "Once", "a"));
        let pages = {
            world.meter.go_stepwise();
            interleave(order, [call(), call()])
        };
        let mut statuses: Vec<u16> = pages.iter().map(|page| page.status).collect();
        statuses.sort_unstable();
        assert!(
            statuses == [201, 201] || statuses == [201, 409],
            "{order:?}: {statuses:?}"
        );
        assert_eq!(notes(&world), 1, "{order:?}");
    });
}

#[test]
fn a_key_that_is_none_is_refused() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    for key in ["", "schlüssel", &"x".repeat(256)] {
        let page = world.send(note(&number, "x", key));
        assert_eq!(problem(&page), (400, "unreadable".to_owned()));
    }
}
