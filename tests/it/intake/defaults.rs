//! What a ticket that names no topic is asked for: the forms of the default.

use desk::setting::Key;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};
use serde_json::{Value, json};

use super::forms::{VALUES, asks_for, devices};
use super::{PORTAL, call, set};

/// Where tickets that name no topic get the one with the devices' form.
fn by_default() -> World {
    let (world, _) = devices();
    set(&world, Key::DefaultTopic, "10");
    world
}

fn lock(world: &World, topic: i64) {
    world.execute(&format!(
        "INSERT INTO tenant_setting (tenant_id, key, value, is_locked)
         VALUES (1, 'intake.default_topic', '{topic}', 1)"
    ));
}

fn opened_by_rest(world: &World, fields: &Value) -> Page {
    let body = json!({
        "requester": { "email": "ana@example.com", "name": "Ana Lima" },
        "subject": "Printer on fire", "message": "It burns.", "fields": fields,
    });
    let call = Call::post("/api/v1/tickets").header("x-api-key", "acme-key");
    world.send(call.body(body.to_string()))
}

/// The portal's form without a topic.
fn untold(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut typed = PORTAL[1..].to_vec();
    typed.extend(more);
    typed
}

#[test]
fn osticket_s_api_asks_for_the_default_topic_s_form() {
    let world = by_default();
    world.meter.take_trips();
    let refused = call(&world, &json!({}));
    assert_eq!(refused.status, 500);
    assert!(
        refused.text().contains("Device Type is a required field"),
        "{}",
        refused.text()
    );
    assert_eq!(world.meter.take_trips(), 1);
    let page = call(&world, &json!({ "device_type": "screen" }));
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.rows(VALUES), ["23|0|screen|NULL"]);
    assert_eq!(world.rows("SELECT topic_id FROM ticket"), ["10"]);
    let other = call(&world, &json!({ "topicId": 1 }));
    assert_eq!(other.status, 201, "another topic asks for nothing of it");
}

#[test]
fn the_rest_api_asks_for_the_default_topic_s_form() {
    let world = by_default();
    let refused = opened_by_rest(&world, &json!({}));
    assert_eq!(refused.status, 422);
    assert!(
        refused.text().contains("\"/fields/device_type\""),
        "{}",
        refused.text()
    );
    let fields = json!({ "device_type": "screen" });
    assert_eq!(opened_by_rest(&world, &fields).status, 201);
    assert_eq!(world.rows(VALUES), ["23|0|screen|NULL"]);
}

#[test]
fn the_portal_asks_for_the_default_topic_s_form_where_there_is_none_to_pick() {
    let world = by_default();
    let mut ana = world.browser("acme.localhost");
    assert!(!asks_for(&ana.get("/open"), "field_23"), "one is to pick");
    world.execute("UPDATE help_topic SET is_public = 0");
    assert!(asks_for(&ana.get("/open"), "field_23"));
    let refused = ana.submit("/open", &untold(&[]));
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Fill in “Device Type”."));
    let round = ana.submit("/open", &untold(&[("topic", "1")]));
    assert_eq!(round.status, 422, "no made-up topic gets round it");
    let sent = ana.submit("/open", &untold(&[("field_23", "screen")]));
    assert_eq!(sent.status, 303);
    assert_eq!(world.rows(VALUES), ["23|0|screen|NULL"]);
    assert_eq!(world.rows("SELECT topic_id FROM ticket"), ["10"]);
}

#[test]
fn the_default_is_the_one_that_counts_in_the_realm() {
    let world = by_default();
    lock(&world, 1);
    assert_eq!(call(&world, &json!({})).status, 201, "locked by the tenant");
    world.execute("UPDATE tenant_setting SET is_locked = 0");
    assert_eq!(call(&world, &json!({})).status, 500, "the realm's own");
    world.execute("DELETE FROM setting WHERE key = 'intake.default_topic'");
    assert_eq!(call(&world, &json!({})).status, 201, "the tenant's");
    world.execute("UPDATE tenant_setting SET value = '10'");
    assert_eq!(call(&world, &json!({})).status, 500);
}

#[test]
fn a_default_that_tickets_cannot_have_asks_for_nothing() {
    let world = by_default();
    for gone in ["is_active = 0", "is_active = 1, archived_at = 1"] {
        world.execute(&format!("UPDATE help_topic SET {gone} WHERE topic_id = 10"));
        let page = call(&world, &json!({}));
        assert_eq!(page.status, 201, "{gone}: {}", page.text());
        assert_eq!(opened_by_rest(&world, &json!({})).status, 201, "{gone}");
    }
    for set_to in ["4711", "0", "", "ten"] {
        let sql = "UPDATE setting SET value = '?' WHERE key = 'intake.default_topic'";
        world.execute(&sql.replace('?', set_to));
        assert_eq!(call(&world, &json!({})).status, 201, "{set_to:?}");
    }
}
