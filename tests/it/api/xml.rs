//! The XML form of a ticket.

use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};

use super::{set_key, told};

pub(super) fn post(world: &World, body: impl Into<Vec<u8>>) -> Page {
    let call = Call::post("/api/tickets.xml").header("x-api-key", "acme-key");
    world.send(call.body(body.into()))
}

/// A ticket with some elements more.
pub(super) fn ticket(more: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ticket><name>Ana Lima</name>\
         <email>ana@example.com</email><subject>Printer on fire</subject>\
         <message>It burns.</message>{more}</ticket>"
    )
}

#[test]
fn a_ticket_is_created_in_two_round_trips() {
    let world = World::new().tenant("acme");
    world.meter.take_trips();
    let page = post(
        &world,
        ticket("<priority>4</priority><topicId>10</topicId>"),
    );
    assert_eq!((page.status, world.meter.take_trips()), (201, 2));
    assert_eq!(
        world.rows("SELECT number, subject, priority, topic_id, source FROM ticket"),
        [format!("{}|Printer on fire|4|10|API", page.text())]
    );
    assert_eq!(world.rows("SELECT body FROM entry"), ["It burns."]);
}

#[test]
fn a_document_is_read_in_the_charset_that_it_declares() {
    let world = World::new().tenant("acme");
    let written: [(&str, &[u8], &str); 2] = [
        ("windows-1251", b"\xcf\xf0\xe8", "При"),
        ("big5", b"\xa4\xa4", "中"),
    ];
    for (charset, subject, read) in written {
        let declared = format!("encoding=\"{charset}\"");
        let whole = ticket("").replace("encoding=\"UTF-8\"", &declared);
        let (before, after) = whole.split_once("Printer on fire").unwrap();
        let page = post(
            &world,
            [before.as_bytes(), subject, after.as_bytes()].concat(),
        );
        assert_eq!(page.status, 201, "{charset}: {}", page.text());
        let sql = format!(
            "SELECT subject FROM ticket WHERE number = '{}'",
            page.text()
        );
        assert_eq!(world.rows(&sql), [read]);
    }
}

#[test]
fn flags_are_true_unless_the_word_is_false() {
    let letters = |attributes: &str| {
        let world = World::new().tenant("acme");
        let page = post(
            &world,
            ticket("").replace("<ticket>", &format!("<ticket {attributes}>")),
        );
        assert_eq!(page.status, 201, "{}", page.text());
        world.rows("SELECT to_address FROM outbox ORDER BY to_address")
    };
    let (ada, ana) = ("ada@acme.example", "ana@example.com");
    assert_eq!(letters(""), [ada, ana]);
    assert_eq!(letters("autorespond='False'"), [ada]);
    assert_eq!(letters("alert='false' autorespond='true'"), [ana]);
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_in_both_dialects() {
    let world = World::new().tenant("acme");
    for dialect in ["1.18", "1.16"] {
        set_key(&world, "acme-key", &format!("dialect = '{dialect}'"));
        for (body, text) in [
            ("", "XML error: Not well-formed (invalid token) at line 1:1"),
            ("<ticket/>", "XML error: No error at line 1:1"),
            ("<a>\n<b></a>", "XML error: Mismatched tag at line 2:4"),
            ("<a><b>", "XML error: Invalid document end at line 1:7"),
        ] {
            assert_eq!(told(&post(&world, body)), (400, text), "{body}");
        }
    }
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
}

#[test]
fn what_is_wrong_is_told_as_for_json() {
    let world = World::new().tenant("acme");
    let client = "Unable to create new ticket :user\nIncomplete client information";
    let without = ticket("").replace("ana@example.com", "");
    assert_eq!(told(&post(&world, without.clone())), (500, client));
    let twice = ticket("<email>bo@example.com</email>");
    assert_eq!(
        told(&post(&world, twice)),
        (500, client),
        "two addresses are none"
    );
    set_key(&world, "acme-key", "dialect = '1.16'");
    let client = "Unable to create new ticket: validation errors:\n\
                  user: Incomplete client information";
    assert_eq!(told(&post(&world, without)), (400, client));
}
