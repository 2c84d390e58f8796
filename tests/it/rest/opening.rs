//! Opening tickets.

use realmdesk_tests::World;
use serde_json::{Value, json};

use super::{acme, item, listed, permit, problem, send, tree, wrong};

fn ticket(more: &Value) -> Value {
    let mut ticket = json!({
        "requester": { "email": "Ana@Example.com", "name": "Ana Lima" },
        "subject": "Printer on fire",
        "message": "It burns.",
    });
    let fields = more.as_object().unwrap().clone();
    ticket.as_object_mut().unwrap().extend(fields);
    ticket
}

#[test]
fn a_ticket_is_opened_in_two_round_trips_and_told_with_its_address() {
    let world = acme();
    world.meter.take_trips();
    let page = send(
        &world,
        "acme",
        "/tickets",
        &ticket(&json!({ "priority": "high" })),
    );
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    let made = page.json();
    assert_eq!(page.location(), made["href"]);
    let href = page.location().strip_prefix("/api/v1").unwrap();
    let opened = item(&world, "acme", href);
    assert_eq!(opened["id"], made["id"]);
    assert_eq!(opened["number"], made["number"]);
    assert_eq!(opened["priority"], "high");
    assert_eq!(opened["requester"]["email"], "ana@example.com");
    let told = "SELECT kind, actor, length(actor_id) FROM event";
    assert_eq!(world.rows(told), ["created|api|64"]);
}

#[test]
fn the_requester_is_told_unless_the_program_says_no() {
    let world = acme();
    let told = |world: &World| {
        world.number("SELECT count(*) FROM outbox WHERE to_address = 'ana@example.com'")
    };
    send(
        &world,
        "acme",
        "/tickets",
        &ticket(&json!({ "notify": false })),
    );
    assert_eq!(told(&world), 0);
    send(&world, "acme", "/tickets", &ticket(&json!({})));
    assert_eq!(told(&world), 1);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_written() {
    let world = acme();
    let image = world.number("SELECT count(*) FROM user");
    let bad = json!({
        "requester": { "email": "nobody", "name": " " },
        "subject": "\n", "message": "", "topic": 4711, "fields": { "colour": "red" },
    });
    let page = send(&world, "acme", "/tickets", &bad);
    let expected = [
        "/fields/colour",
        "/topic",
        "/requester/name",
        "/requester/email",
        "/subject",
        "/message",
    ];
    assert_eq!(wrong(&page), expected);
    assert_eq!(world.number("SELECT count(*) FROM user"), image);
    let files = json!({ "files": [{ "name": "a.txt", "content": "%%%" }] });
    assert_eq!(
        wrong(&send(&world, "acme", "/tickets", &ticket(&files))),
        ["/files"]
    );
    let misspelt = json!({ "sublect": "x" });
    let page = send(&world, "acme", "/tickets", &ticket(&misspelt));
    assert_eq!(wrong(&page), [""]);
    assert!(
        page.text().contains("unknown field `sublect`"),
        "{}",
        page.text()
    );
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
}

#[test]
fn files_hang_on_the_message() {
    let world = acme();
    let files = json!({ "files": [{ "name": "a.txt", "content": "aGVsbG8=" }] });
    let page = send(&world, "acme", "/tickets", &ticket(&files));
    let href = page.location().strip_prefix("/api/v1").unwrap().to_owned();
    let thread = item(&world, "acme", &format!("{href}/entries"));
    assert_eq!(thread["items"][0]["files"][0]["name"], "a.txt");
}

#[test]
fn a_key_that_may_not_create_tickets_does_not() {
    let world = acme();
    world.execute("UPDATE api_key SET can_create_tickets = 0");
    let page = send(&world, "acme", "/tickets", &ticket(&json!({})));
    assert_eq!(problem(&page), (403, "forbidden".to_owned()));
    assert_eq!(page.json()["detail"], "The key lacks tickets:create.");
}

#[test]
fn a_key_made_before_may_create_as_before() {
    let world = World::new().tenant("acme");
    let page = send(&world, "acme", "/tickets", &ticket(&json!({})));
    assert_eq!(page.status, 201);
}

#[test]
fn t_66_a_topic_of_another_realm_is_no_choice() {
    let world = tree();
    world.execute(
        "INSERT INTO help_topic (tenant_id, topic_id, realm_id, name)
         SELECT tenant_id, 900, realm_id, 'Far' FROM realm WHERE name = 'SP1'",
    );
    let foreign = send(&world, "sp3", "/tickets", &ticket(&json!({ "topic": 900 })));
    let nobodys = send(&world, "sp3", "/tickets", &ticket(&json!({ "topic": 901 })));
    assert_eq!(foreign.text(), nobodys.text());
    assert_eq!(wrong(&foreign), ["/topic"]);
    assert_eq!(
        send(&world, "sp1", "/tickets", &ticket(&json!({ "topic": 900 }))).status,
        201
    );
}

#[test]
fn a_ban_holds_for_programs_too() {
    let world = acme();
    permit(&world, "acme", &super::ALL);
    world.execute(
        "INSERT INTO filter (tenant_id, filter_id, realm_id, name, is_ban_list)
         VALUES (1, 900, 1, 'Banned here', 1);
         INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES (1, 900, 1, 'email', 'equal', 'ana@example.com');
         INSERT INTO filter_action (tenant_id, filter_id, position, kind)
         VALUES (1, 900, 1, 'reject')",
    );
    let page = send(&world, "acme", "/tickets", &ticket(&json!({})));
    assert_eq!(wrong(&page), ["/requester/email"]);
    assert_eq!(listed(&item(&world, "acme", "/tickets"), "number"), [""; 0]);
}

/// Every ticket of Acme's is asked for a bill, one PDF of at most 30 bytes, if there is one.
fn billed() -> World {
    let world = acme();
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, 1, 'ticket', 'Bill');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, options, user_access,
                            when_field_id, position)
         VALUES (1, 90, 9, 'billed', 'Billed', 'checkbox', '{}', 'optional', NULL, 1),
                (1, 91, 9, 'bill', 'Bill', 'files',
                 '{\"pattern\": \"pdf\", \"longest\": 30, \"rows\": 1}', 'required', 90, 2)",
    );
    world
}

fn with_bill(world: &World, more: &Value) -> realmdesk_tests::dispatch::Page {
    let mut fields = json!({ "billed": "yes" });
    let more = more.as_object().unwrap().clone();
    fields.as_object_mut().unwrap().extend(more);
    send(
        world,
        "acme",
        "/tickets",
        &ticket(&json!({ "fields": fields })),
    )
}

#[test]
fn fo_2_files_are_attached_to_a_field_that_takes_them() {
    let world = billed();
    world.meter.take_trips();
    let bill = json!([{ "name": "bill.pdf", "content": "JVBERi0xLjcgYQ==" }]);
    let page = with_bill(&world, &json!({ "bill": bill }));
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    let kept = "SELECT name, content_type, field_id FROM attachment";
    assert_eq!(world.rows(kept), ["bill.pdf|application/pdf|91"]);
    let href = page.location().strip_prefix("/api/v1").unwrap();
    let opened = item(&world, "acme", href);
    assert_eq!(
        opened["fields"],
        json!({ "billed": "1", "bill": "bill.pdf" })
    );
}

#[test]
fn fo_3_a_file_that_a_field_does_not_take_makes_no_ticket() {
    let world = billed();
    let file = |name: &str, content: &str| json!({ "name": name, "content": content });
    let small = "JVBERi0xLjcgYQ==";
    let bad = [
        json!(null),
        json!([]),
        json!("bill.pdf"),
        json!([file("bill.png", small)]),
        json!([file("bill.pdf", "%%")]),
        json!([file("bill.pdf", &"JVBERi0x".repeat(9))]),
        json!([file("a.pdf", small), file("b.pdf", small)]),
    ];
    for bill in bad {
        let fields = if bill.is_null() {
            json!({})
        } else {
            json!({ "bill": bill })
        };
        let page = with_bill(&world, &fields);
        assert_eq!(wrong(&page), ["/fields/bill"], "{bill}");
    }
    let files = json!([file("bill.pdf", small)]);
    let page = with_bill(&world, &json!({ "billed": files }));
    assert_eq!(wrong(&page), ["/fields/billed"]);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(world.number("SELECT count(*) FROM file"), 0);
    let unasked = json!({ "fields": { "bill": [file("bill.png", small)] } });
    let page = send(&world, "acme", "/tickets", &ticket(&unasked));
    assert_eq!(page.status, 201, "nobody asked for a bill");
    assert_eq!(world.number("SELECT count(*) FROM attachment"), 0);
}
