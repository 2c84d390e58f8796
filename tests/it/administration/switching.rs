//! Fields of attached forms that are switched off for a topic (HT-2).

use realmdesk_tests::dispatch::Call;
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, World, html};
use serde_json::{Value, json};
use tenancy::token;

use super::forms::{added, made};
use super::{administrator, id, parent, post, save, told};

/// The whole tree with an administrator of P, whose form Device asks for a device (23), which
/// must be there, and a serial number (24), without which no ticket is closed. It is attached to
/// the topics 2 and 10.
fn asking(world: &World) -> Browser<'_> {
    let mut p = administrator(world, "P");
    let (form, path) = made(world, &mut p, "Device", false);
    for (label, name, usage) in [
        ("The <device>", "device", ("user", "required")),
        ("Serial", "serial", ("closing", "1")),
    ] {
        let new = [("label", label), ("name", name), ("kind", "text")];
        let field = added(&mut p, &path, &new);
        assert_eq!(save(&mut p, &field, &[usage]).status, 303);
    }
    for topic in [2, 10] {
        let attached = [("form", &*form.to_string())];
        let page = topic_page(world, topic);
        assert_eq!(save(&mut p, &page, &attached).status, 303);
    }
    world.execute(&format!(
        "UPDATE api_key SET permissions = '[\"tickets:read\",\"tickets:write\"]'
          WHERE key_hash = '{}'",
        token::digest("p-key")
    ));
    p
}

fn topic_page(world: &World, topic: i64) -> String {
    format!("/admin/topics/{topic}?in={}", id(world, "P"))
}

/// Leaves these fields of a topic's forms on, and returns what is off.
fn keep_on(world: &World, p: &mut Browser<'_>, topic: i64, on: &[&str]) -> Value {
    let page = topic_page(world, topic);
    let filled = html::filled(p.get(&page).text(), &page).unwrap();
    let kept = filled
        .iter()
        .filter(|(name, _)| name != "csrf" && name != "field");
    let kept = kept.map(|(name, it)| (&**name, &**it));
    let on = on.iter().map(|field| ("field", *field));
    let mut typed: Vec<_> = kept.chain(on).collect();
    typed.push(("change", "save"));
    assert_eq!(post(p, &page, &typed).status, 303);
    told(p, &page)["off"].clone()
}

fn portal_asks(world: &World, topic: i64) -> [bool; 2] {
    let page = world
        .browser("p.localhost")
        .get(&format!("/open?topic={topic}"));
    ["field_23", "field_24"].map(|field| page.text().contains(field))
}

fn rest(world: &World, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let call = Call::new(method.parse().unwrap(), &format!("/api/v1{path}"));
    let call = call
        .header("x-api-key", "p-key")
        .header("content-type", "application/json");
    let page = world.send(call.header("if-match", "*").body(body.to_string()));
    (page.status, page.json())
}

#[test]
fn ht_2_a_field_is_switched_off_for_one_topic_at_every_door() {
    let world = parent();
    let mut p = asking(&world);
    assert_eq!(told(&mut p, &topic_page(&world, 2))["off"], json!([]));
    assert!(
        p.get(&topic_page(&world, 2))
            .text()
            .contains("The &#60;device&#62;")
    );
    assert_eq!(keep_on(&world, &mut p, 2, &["24"]), json!([23]));
    assert_eq!(portal_asks(&world, 2), [false, true]);
    assert_eq!(portal_asks(&world, 10), [true, true], "of another topic");

    let call = |topic: i64| world.send(ticket_call("p", &json!({ "topicId": topic })));
    assert_eq!(call(2).status, 201);
    assert!(call(10).text().contains("The <device> is a required field"));

    let by_agent = |p: &mut Browser<'_>, topic| {
        let page = p.get(&format!("/queues/new?topic={topic}"));
        ["field_23", "field_24"].map(|field| page.text().contains(field))
    };
    assert_eq!(by_agent(&mut p, 2), [false, true]);
    assert_eq!(by_agent(&mut p, 10), [true, true]);

    let new = |fields: Value| {
        json!({ "requester": { "name": "Ana", "email": "ana@example.com" }, "subject": "Hi",
                "message": "Hi", "topic": 2, "fields": fields })
    };
    let (status, refused) = rest(&world, "POST", "/tickets", &new(json!({ "device": "x" })));
    let told = (status, &refused["errors"][0]["pointer"]);
    assert_eq!(told, (422, &json!("/fields/device")), "{refused}");
    let (status, made) = rest(&world, "POST", "/tickets", &new(json!({})));
    assert_eq!(status, 201, "{made}");
}

#[test]
fn ht_2_what_is_off_is_neither_filled_in_nor_needed_to_close() {
    let world = parent();
    let mut p = asking(&world);
    assert_eq!(keep_on(&world, &mut p, 2, &["23"]), json!([24]));
    let fields = json!({ "topicId": 2, "device": "x" });
    let number = world.send(ticket_call("p", &fields)).text().to_owned();
    let path = format!("/tickets/{number}");
    let serial = json!({ "fields": { "serial": "A1" } });
    let (status, refused) = rest(&world, "PATCH", &path, &serial);
    assert_eq!(status, 422, "though the device holds a value: {refused}");
    let elsewhere = json!({ "topic": 10, "status": "closed" });
    let (_, refused) = rest(&world, "PATCH", &path, &elsewhere);
    assert_eq!(refused["errors"][0]["pointer"], "/fields/serial");
    let closed = json!({ "status": "closed" });
    let (status, told) = rest(&world, "PATCH", &path, &closed);
    assert_eq!(status, 200, "{told}");

    keep_on(&world, &mut p, 2, &["23", "24"]);
    assert_eq!(rest(&world, "PATCH", &path, &serial).0, 200);
    keep_on(&world, &mut p, 2, &["23"]);
    let again = json!({ "fields": { "serial": "A2" } });
    assert_eq!(
        rest(&world, "PATCH", &path, &again).0,
        200,
        "what it holds by now can be put right"
    );
}

#[test]
fn ht_2_a_topic_that_takes_over_forms_takes_over_what_is_off() {
    let world = parent();
    let mut p = asking(&world);
    let inherits = [("inherits", "1")];
    let below = topic_page(&world, 11);
    assert_eq!(save(&mut p, &below, &inherits).status, 303);
    assert_eq!(portal_asks(&world, 11), [true, true]);
    assert_eq!(keep_on(&world, &mut p, 10, &["23"]), json!([24]));
    assert_eq!(portal_asks(&world, 11), [true, false]);
    let attached = [("form", "3"), ("inherits", "1")];
    assert_eq!(save(&mut p, &below, &attached).status, 303);
    let both = "what is off above is on where the form is attached anew";
    assert_eq!(portal_asks(&world, 11), [true, true], "{both}");
}

#[test]
fn ht_2_what_a_form_that_is_attached_anew_asks_for_is_on() {
    let world = parent();
    let mut p = asking(&world);
    keep_on(&world, &mut p, 2, &[]);
    assert_eq!(portal_asks(&world, 2), [false, false]);
    let page = topic_page(&world, 2);
    assert_eq!(save(&mut p, &page, &[("name", "Praise")]).status, 303);
    assert_eq!(
        told(&mut p, &page)["off"],
        json!([23, 24]),
        "all else stays"
    );
    assert_eq!(save(&mut p, &page, &[("form", "")]).status, 303);
    assert_eq!(told(&mut p, &page)["off"], json!([]));
    assert_eq!(save(&mut p, &page, &[("form", "3")]).status, 303);
    assert_eq!(portal_asks(&world, 2), [true, true]);
}

#[test]
fn what_every_ticket_is_asked_for_is_asked_for_whatever_a_topic_says() {
    let world = parent();
    let mut p = asking(&world);
    keep_on(&world, &mut p, 2, &["24"]);
    world.execute("UPDATE form SET kind = 'ticket' WHERE tenant_id = 1 AND form_id = 3");
    assert_eq!(portal_asks(&world, 2), [true, true]);
    let page = p.get(&topic_page(&world, 2));
    assert!(!page.text().contains("name=\"field\""), "nor is it offered");
    let made_up = json!({ "topicId": 77 });
    assert_eq!(world.send(ticket_call("p", &made_up)).status, 500);
}

#[test]
fn t_26_what_a_form_of_the_realm_above_asks_for_is_neither_shown_nor_switched() {
    let world = parent();
    drop(asking(&world));
    let realm = id(&world, "SP3");
    world.execute(&format!(
        "INSERT INTO help_topic (tenant_id, topic_id, realm_id, name) VALUES (1, 90, {realm}, 'Own');
         INSERT INTO topic_form (tenant_id, topic_id, form_id) VALUES (1, 90, 3);
         INSERT INTO topic_field_off (tenant_id, topic_id, form_id, field_id)
         VALUES (1, 90, 3, 24)"
    ));
    let mut sp3 = administrator(&world, "SP3");
    let page = format!("/admin/topics/90?in={realm}");
    let shown = sp3.get(&page);
    assert!(shown.text().contains("A form that you do not see"));
    assert!(!shown.text().contains("Serial") && !shown.text().contains("name=\"listed\""));
    assert_eq!(told(&mut sp3, &page)["off"], json!([]));
    let off = "SELECT field_id FROM topic_field_off WHERE topic_id = 90";
    let forged = [("listed", "23"), ("name", "Renamed")];
    assert_eq!(save(&mut sp3, &page, &forged).status, 303);
    assert_eq!(world.rows(off), ["24"], "it stays as it was");
}
