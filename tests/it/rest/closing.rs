//! What a ticket must have before it is closed (FO-4, HT-3).

use realmdesk_tests::World;
use realmdesk_tests::dispatch::Page;
use serde_json::{Value, json};

use super::{acme, patch, tree, wrong};

/// A ticket for which a cause is needed, and a serial number if it is about a printer; and
/// something that only agents of a role see.
fn needing() -> (World, String) {
    let world = acme();
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, 1, 'ticket', 'More');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, agent_access,
                            when_field_id, when_values, position, is_needed_to_close)
         VALUES
           (1, 90, 9, 'device', 'Device', 'text', 'optional', NULL, '[]', 1, 0),
           (1, 91, 9, 'serial', 'Serial', 'text', 'optional', 90, '[\"printer\"]', 2, 1),
           (1, 92, 9, 'cause', 'Cause', 'text', 'optional', NULL, '[]', 3, 1)",
    );
    let number = world.ticket("acme", "Printer on fire");
    (world, number)
}

fn change(world: &World, number: &str, change: &Value) -> Page {
    world.send(patch("acme", &format!("/tickets/{number}"), change))
}

fn state(world: &World) -> String {
    world.rows("SELECT state FROM ticket").concat()
}

#[test]
fn fo_4_a_ticket_that_lacks_what_is_needed_is_not_closed() {
    let (world, number) = needing();
    let closed = json!({ "status": "closed" });
    world.meter.take_trips();
    assert_eq!(wrong(&change(&world, &number, &closed)), ["/fields/cause"]);
    assert_eq!(world.meter.take_trips(), 1, "one read");
    let both = json!({ "status": "resolved", "fields": { "device": "printer", "cause": " " } });
    assert_eq!(
        wrong(&change(&world, &number, &both)),
        ["/fields/serial", "/fields/cause"]
    );
    assert_eq!(world.number("SELECT count(*) FROM field_value"), 0);
    assert_eq!(state(&world), "open");
    let other = json!({ "priority": "high", "status": "open" });
    assert_eq!(change(&world, &number, &other).status, 200, "it goes on");
    let all = json!({ "status": "closed", "fields": { "cause": "Age" } });
    world.meter.take_trips();
    let page = change(&world, &number, &all);
    assert_eq!((page.status, world.meter.take_trips()), (200, 2));
    assert_eq!(state(&world), "closed");
    let emptied = json!({ "fields": { "cause": null } });
    assert_eq!(change(&world, &number, &emptied).status, 200);
    let renamed = json!({ "status": "resolved" });
    assert_eq!(
        change(&world, &number, &renamed).status,
        200,
        "it was closed already"
    );
}

#[test]
fn t_47_what_a_program_does_not_see_is_not_named_when_it_is_lacking() {
    let (world, number) = needing();
    world.execute("UPDATE field SET agent_access = 'hidden' WHERE name = 'cause'");
    let page = change(&world, &number, &json!({ "status": "closed" }));
    assert_eq!(wrong(&page), ["/status"]);
    assert!(!page.text().contains("ause"), "{}", page.text());
}

#[test]
fn ht_3_a_realm_can_want_a_topic_before_a_ticket_is_closed() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    world.execute(
        "UPDATE ticket SET topic_id = NULL;
         INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'require_topic_to_close', '1')",
    );
    let closed = json!({ "status": "closed" });
    assert_eq!(wrong(&change(&world, &number, &closed)), ["/topic"]);
    let with_topic = json!({ "status": "closed", "topic": 10 });
    let page = change(&world, &number, &with_topic);
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(state(&world), "closed");
}

#[test]
fn it_is_the_tickets_realm_that_wants_a_topic_and_not_the_keys() {
    let world = tree();
    let number = world.ticket("sp3", "Printer on fire");
    world.execute(
        "UPDATE ticket SET topic_id = NULL;
         INSERT INTO setting (tenant_id, realm_id, key, value)
         SELECT tenant_id, realm_id, 'require_topic_to_close', '1' FROM realm WHERE name = 'SP3'",
    );
    let closed = json!({ "status": "closed" });
    let path = format!("/tickets/{number}");
    assert_eq!(wrong(&world.send(patch("p", &path, &closed))), ["/topic"]);
    world.execute(
        "UPDATE setting SET realm_id = (SELECT realm_id FROM realm WHERE name = 'SP1')
          WHERE key = 'require_topic_to_close'",
    );
    assert_eq!(world.send(patch("p", &path, &closed)).status, 200);
}
