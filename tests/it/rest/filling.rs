//! Filling in a ticket's fields anew.

use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::world::ticket_call;
use serde_json::{Value, json};

use super::{acme, item, patch, problem, read, tree, wrong};

/// Every ticket of Acme's is asked for a device, for its serial number if it is a printer, for
/// what is broken, since when, and for things that not everybody sees; those of a topic for a
/// room.
fn asking() -> (World, String) {
    let world = acme();
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 8, 1, 'topic', 'Where'), (1, 9, 1, 'ticket', 'More');
         INSERT INTO topic_form (tenant_id, topic_id, form_id) VALUES (1, 1, 8);
         INSERT INTO list (tenant_id, list_id, realm_id, name) VALUES (1, 1, 1, 'Things');
         INSERT INTO list_item (tenant_id, list_id, item_id, value)
         VALUES (1, 1, 1, 'Lamp'), (1, 1, 2, 'Desk');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, list_id, options,
                            user_access, agent_access, when_field_id, when_values, position)
         VALUES
           (1, 80, 8, 'room', 'Room', 'text', NULL, '{}', 'optional', 'optional', NULL, '[]', 1),
           (1, 90, 9, 'device', 'Device', 'text', NULL, '{}', 'required', 'optional', NULL, '[]', 1),
           (1, 91, 9, 'serial', 'Serial', 'text', NULL, '{\"longest\": 8}', 'optional', 'optional',
            90, '[\"printer\"]', 2),
           (1, 92, 9, 'broken', 'Broken', 'list', 1, '{\"is_multiple\": true}', 'optional',
            'optional', NULL, '[]', 3),
           (1, 93, 9, 'since', 'Since', 'date', NULL, '{}', 'optional', 'optional', NULL, '[]', 4),
           (1, 94, 9, 'shown', 'Shown', 'text', NULL, '{}', 'optional', 'shown', NULL, '[]', 5),
           (1, 95, 9, 'hidden', 'Hidden', 'text', NULL, '{}', 'optional', 'hidden', NULL, '[]', 6),
           (1, 96, 9, 'secret', 'Secret', 'text', NULL, '{}', 'optional', 'optional', NULL, '[]', 7);
         INSERT INTO field_role (tenant_id, field_id, role_id) VALUES (1, 96, 1)",
    );
    let fields = json!({
        "device": "printer", "serial": "AB12", "broken": ["Lamp"], "shown": "s", "hidden": "h",
        "secret": "x",
    });
    let page = world.send(ticket_call("acme", &fields));
    assert_eq!(page.status, 201, "{}", page.text());
    let number = page.text().to_owned();
    (world, number)
}

fn fill(world: &World, number: &str, fields: &Value) -> Page {
    let body = json!({ "fields": fields });
    world.send(patch("acme", &format!("/tickets/{number}"), &body))
}

fn stored(world: &World) -> Vec<String> {
    world.rows("SELECT field_id, position, text, number FROM field_value ORDER BY 1, 2")
}

fn history(world: &World) -> Vec<String> {
    world.rows("SELECT kind, detail FROM event WHERE kind <> 'created' ORDER BY event_id")
}

#[test]
fn fo_3_a_time_without_an_offset_is_as_the_realms_clocks_show_it() {
    let (world, number) = asking();
    world.execute(
        "UPDATE field SET options = '{\"has_time\": true}' WHERE name = 'since';
         INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'time_zone', 'Europe/Berlin')
         ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    for typed in ["2026-11-20T09:30", "2026-11-20T08:30Z"] {
        let page = fill(&world, &number, &json!({ "since": typed }));
        assert_eq!(page.status, 200, "{}", page.text());
        let since = "SELECT text, number FROM field_value WHERE field_id = 93";
        assert_eq!(world.rows(since), ["2026-11-20T09:30|1795163400000"]);
    }
}

#[test]
fn fo_9_what_is_named_changes_in_two_round_trips_and_the_history_tells_of_it() {
    let (world, number) = asking();
    world.meter.take_trips();
    let fields = json!({
        "serial": "CD34", "broken": ["Desk", "lamp"], "since": "2026-11-20",
    });
    let page = fill(&world, &number, &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    let expected = json!({
        "device": "printer", "serial": "CD34", "broken": ["Desk", "Lamp"], "since": "2026-11-20",
        "shown": "s",
    });
    assert_eq!(page.json()["fields"], expected);
    assert_eq!(
        stored(&world),
        [
            "90|0|printer|NULL",
            "91|0|CD34|NULL",
            "92|0|Desk|2",
            "92|1|Lamp|1",
            "93|0|2026-11-20|1795132800000",
            "94|0|s|NULL",
            "95|0|h|NULL",
            "96|0|x|NULL",
        ]
    );
    let told = "edited|{\"fields\":{\"91\":[[\"AB12\"],[\"CD34\"]],\
                \"92\":[[\"Lamp\"],[\"Desk\",\"Lamp\"]],\"93\":[[],[\"2026-11-20\"]]}}";
    assert_eq!(history(&world), [told]);
    let realms = "SELECT count(*) FROM field_value AS v JOIN ticket AS t USING (ticket_id)
                   WHERE v.realm_id <> t.realm_id";
    assert_eq!(world.number(realms), 0);
}

#[test]
fn fields_change_with_all_else_or_not_at_all() {
    let (world, number) = asking();
    let path = format!("/tickets/{number}");
    let before = (
        stored(&world),
        read(&world, "acme", &path).text().to_owned(),
    );
    let body = json!({ "priority": "high", "status": "closed", "fields": { "since": "never" } });
    let page = world.send(patch("acme", &path, &body));
    assert_eq!(wrong(&page), ["/fields/since"]);
    assert_eq!(
        (
            stored(&world),
            read(&world, "acme", &path).text().to_owned()
        ),
        before
    );
    assert_eq!(history(&world), [""; 0]);
    let body = json!({ "priority": "high", "status": "closed", "fields": { "device": "screen" } });
    assert_eq!(world.send(patch("acme", &path, &body)).status, 200);
    let mut told = history(&world);
    told.sort();
    assert_eq!(
        told,
        [
            "closed|NULL",
            "edited|{\"fields\":{\"90\":[[\"printer\"],[\"screen\"]]}}"
        ]
    );
}

#[test]
fn what_must_be_filled_in_is_not_emptied_and_null_empties_the_rest() {
    let (world, number) = asking();
    for nothing in [json!(null), json!(""), json!("  "), json!([])] {
        let page = fill(&world, &number, &json!({ "device": nothing }));
        assert_eq!(wrong(&page), ["/fields/device"]);
        assert!(page.text().contains("It is missing."), "{}", page.text());
    }
    let page = fill(&world, &number, &json!({ "serial": null, "broken": [] }));
    assert_eq!(
        page.json()["fields"],
        json!({ "device": "printer", "shown": "s" })
    );
    let page = fill(&world, &number, &json!({ "serial": null }));
    assert_eq!(page.status, 200, "it is empty already");
    assert_eq!(history(&world).len(), 1);
}

#[test]
fn t_47_what_programs_do_not_see_is_no_field_and_what_agents_only_see_stays() {
    let (world, number) = asking();
    let fields = json!({
        "hidden": "y", "secret": "y", "nothing": "y", "shown": "y", "room": "12", "a/b~": "y",
    });
    let page = fill(&world, &number, &fields);
    let expected = [
        "/fields/a~1b~0",
        "/fields/hidden",
        "/fields/nothing",
        "/fields/room",
        "/fields/secret",
        "/fields/shown",
    ];
    assert_eq!(wrong(&page), expected);
    let detail = |of: usize| page.json()["errors"][of]["detail"].clone();
    assert_eq!((detail(1), detail(4)), (detail(2), detail(2)));
    assert_eq!(stored(&world).len(), 6);
}

#[test]
fn a_field_is_asked_for_as_the_ticket_will_stand() {
    let (world, number) = asking();
    let screen = json!({ "device": "screen" });
    assert_eq!(fill(&world, &number, &screen).status, 200);
    let serial = json!({ "serial": "EF56" });
    assert_eq!(wrong(&fill(&world, &number, &serial)), ["/fields/serial"]);
    let both = json!({ "serial": "EF56", "device": "printer" });
    assert_eq!(
        fill(&world, &number, &both).json()["fields"]["serial"],
        "EF56"
    );
    let path = format!("/tickets/{number}");
    let body = json!({ "topic": 1, "fields": { "room": "12" } });
    let page = world.send(patch("acme", &path, &body));
    assert_eq!(page.json()["fields"]["room"], "12", "{}", page.text());
    let body = json!({ "topic": null, "fields": { "room": "13" } });
    let page = world.send(patch("acme", &path, &body));
    assert_eq!(
        page.json()["fields"]["room"],
        "13",
        "it has a value: {}",
        page.text()
    );
}

#[test]
fn a_priority_that_is_picked_in_a_field_is_the_ticket_s() {
    let (world, number) = asking();
    let page = fill(&world, &number, &json!({ "priority": "high" }));
    assert_eq!(page.json()["priority"], "high", "{}", page.text());
    let body = json!({ "priority": "low", "fields": { "priority": "high" } });
    let page = world.send(patch("acme", &format!("/tickets/{number}"), &body));
    assert_eq!(page.json()["priority"], "low");
    assert_eq!(stored(&world).len(), 6);
}

#[test]
fn what_was_read_covers_the_fields() {
    let (world, number) = asking();
    let path = format!("/tickets/{number}");
    let tag = read(&world, "acme", &path).header("etag").to_owned();
    let with = |tag: &str| {
        let call = Call::new("PATCH".parse().unwrap(), &format!("/api/v1{path}"));
        let call = call
            .header("x-api-key", "acme-key")
            .header("if-match", tag)
            .body(json!({ "fields": { "serial": "Z9" } }).to_string());
        world.send(call)
    };
    let page = with(&tag);
    assert_eq!(page.status, 200);
    assert_ne!(page.header("etag"), tag);
    assert_eq!(problem(&with(&tag)), (412, "stale".to_owned()));
}

#[test]
fn nothing_that_is_typed_is_taken_for_more_than_text() {
    let (world, number) = asking();
    for bad in [
        json!({ "serial": "123456789" }),
        json!({ "serial": "=cmd" }),
        json!({ "serial": "x".repeat(3_000_000) }),
        json!({ "broken": ["Lamp", "Chair"] }),
        json!({ "since": "2026-02-30" }),
    ] {
        let page = fill(&world, &number, &bad);
        assert_eq!(wrong(&page).len(), 1);
        assert!(page.body.len() < 1_000, "what was typed is told back");
    }
    for bad in [json!(1), json!({ "x": 1 }), json!([[1]]), json!(true)] {
        assert_eq!(
            wrong(&fill(&world, &number, &json!({ "serial": bad }))),
            [""]
        );
    }
    let page = fill(&world, &number, &json!({ "serial": "a\u{0}\u{e000}b" }));
    assert!([200, 422].contains(&page.status), "{}", page.text());
    assert_eq!(world.log.take(), [""; 0]);
}

#[test]
fn a_ticket_of_a_realm_below_is_asked_for_what_that_realm_asks_for() {
    let world = tree();
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         SELECT tenant_id, 900, realm_id, 'ticket', 'Here' FROM realm WHERE name = 'C1A';
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind)
         SELECT tenant_id, 900, 900, 'bed', 'Bed', 'text' FROM form WHERE form_id = 900",
    );
    let number = world.ticket("c1a", "Printer on fire");
    let path = format!("/tickets/{number}");
    let body = json!({ "fields": { "bed": "7" } });
    let page = world.send(patch("sp1", &path, &body));
    assert_eq!(page.json()["fields"], json!({ "bed": "7" }));
    assert_eq!(item(&world, "c1a", &path)["fields"]["bed"], "7");
    let elsewhere = world.send(patch("sp3", &path, &body));
    let nowhere = world.send(patch("sp3", "/tickets/000000", &body));
    assert_eq!((elsewhere.status, elsewhere.text()), (404, nowhere.text()));
    let above = world.ticket("sp1", "Printer on fire");
    let page = world.send(patch("sp1", &format!("/tickets/{above}"), &body));
    assert_eq!(wrong(&page), ["/fields/bed"]);
}

#[test]
fn fo_5_a_change_that_has_a_required_field_asked_for_demands_it() {
    let (world, number) = asking();
    world.execute("UPDATE field SET agent_access = 'required' WHERE field_id = 91");
    let page = fill(
        &world,
        &number,
        &json!({ "device": "screen", "serial": null }),
    );
    assert_eq!(page.status, 200, "{}", page.text());
    let before = stored(&world);
    let page = fill(&world, &number, &json!({ "device": "printer" }));
    assert_eq!(problem(&page), (422, "invalid".to_owned()));
    assert_eq!(wrong(&page), ["/fields/serial"]);
    assert_eq!(stored(&world), before, "nothing is half written");
    let both = json!({ "device": "printer", "serial": "CD34" });
    assert_eq!(fill(&world, &number, &both).status, 200);
}
