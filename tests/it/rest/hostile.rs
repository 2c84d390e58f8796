//! Calls that mean harm, or are broken: a clear answer, and nothing half-written.

use proptest::prelude::*;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::Call;
use serde_json::{Value, json};

use super::{acme, patch, problem, send, wrong};
use crate::for_all;

fn whole() -> Value {
    json!({
        "requester": { "name": "Ana Lima", "email": "ana@example.com" },
        "subject": "Tür",
        "message": "It burns.",
        "files": [{ "name": "a.txt", "content": "aGk=" }],
    })
}

fn raw(body: impl Into<Vec<u8>>) -> Call {
    let call = Call::post("/api/v1/tickets").header("x-api-key", "acme-key");
    call.body(body.into())
}

fn is_untouched(world: &World) -> bool {
    let tables = [
        "ticket",
        "user",
        "entry",
        "event",
        "file",
        "attachment",
        "outbox",
    ];
    let count = |table: &&str| world.number(&format!("SELECT count(*) FROM {table}"));
    tables.iter().all(|table| count(table) == 0)
}

#[test]
fn every_cut_of_a_body_is_refused_whole() {
    let world = acme();
    world.execute("UPDATE api_key SET calls_a_minute = 100000");
    let body = whole().to_string().into_bytes();
    for end in 0..body.len() {
        let page = world.send(raw(&body[..end]));
        assert_eq!(problem(&page).0, 400, "{end}: {}", page.text());
    }
    let spoiled: Vec<u8> = body
        .iter()
        .map(|byte| if *byte == 0xc3 { 0xff } else { *byte })
        .collect();
    assert_eq!(problem(&world.send(raw(spoiled))).0, 400, "another charset");
    assert!(is_untouched(&world));
    assert_eq!(world.send(raw(body)).status, 201);
}

#[test]
fn ten_megabytes_in_any_field_are_refused() {
    let world = acme();
    let large = json!("x".repeat(10_000_000));
    for pointer in [
        "/requester/name",
        "/requester/email",
        "/subject",
        "/message",
        "/priority",
    ] {
        let mut body = whole();
        if let Some(field) = body.pointer_mut(pointer) {
            *field = large.clone();
        } else {
            body["priority"] = large.clone();
        }
        let page = send(&world, "acme", "/tickets", &body);
        assert!(
            [400, 422].contains(&page.status),
            "{pointer}: {}",
            page.status
        );
        assert!(page.body.len() < 1_000, "{pointer} is told back");
    }
    let mut body = whole();
    body["files"][0]["name"] = large.clone();
    body["files"][0]["content"] = json!("!!!");
    assert_eq!(wrong(&send(&world, "acme", "/tickets", &body)), ["/files"]);
    assert!(is_untouched(&world));
    let number = world.ticket("acme", "Printer on fire");
    let ticket = format!("/tickets/{number}");
    let page = world.send(patch("acme", &ticket, &json!({ "assignee": large })));
    assert_eq!(page.status, 422, "{}", page.text());
    for path in ["/messages", "/replies", "/notes"] {
        let page = send(
            &world,
            "acme",
            &format!("{ticket}{path}"),
            &json!({ "body": large }),
        );
        assert!([404, 422].contains(&page.status), "{path}: {}", page.status);
    }
    assert_eq!(world.number("SELECT count(*) FROM entry"), 1);
    assert_eq!(world.log.take(), [""; 0], "no trouble of ours");
}

#[test]
fn deep_and_wide_bodies_are_refused() {
    let world = acme();
    let deep = "[".repeat(100_000);
    let wide: Vec<String> = (0..100_000)
        .map(|field| format!("\"f{field}\":1"))
        .collect();
    for body in [deep, format!("{{{}}}", wide.join(","))] {
        let page = world.send(raw(body));
        assert!([400, 422].contains(&problem(&page).0), "{}", page.status);
    }
    assert!(is_untouched(&world));
}

#[test]
fn a_list_is_not_taken_for_fields_in_their_order() {
    let world = acme();
    let ticket = json!([{ "email": "ana@example.com", "name": "Ana" }, "Fire", "It burns.",
                        null, null, null, {}, [], null]);
    for body in [ticket.to_string(), " \n[]".to_owned()] {
        assert_eq!(problem(&world.send(raw(body))), (422, "invalid".to_owned()));
    }
    assert!(is_untouched(&world));
    let number = world.ticket("acme", "Printer on fire");
    let path = format!("/api/v1/tickets/{number}");
    let call = Call::new("PATCH".parse().unwrap(), &path)
        .header("x-api-key", "acme-key")
        .header("if-match", "*");
    assert_eq!(
        problem(&world.send(call.body("[]"))),
        (422, "invalid".to_owned())
    );
}

#[test]
fn a_script_or_a_path_in_any_field_stays_text() {
    let world = acme();
    let script = "<script>alert(1)</script>";
    let mut body = whole();
    for pointer in ["/requester/name", "/subject", "/message"] {
        *body.pointer_mut(pointer).unwrap() = json!(script);
    }
    body["files"][0]["name"] = json!("../../etc/\u{202e}<b>passwd");
    assert_eq!(send(&world, "acme", "/tickets", &body).status, 201);
    assert_eq!(world.rows("SELECT name FROM attachment"), ["_b_passwd"]);
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    assert!(!ada.get("/queues/open").text().contains("<script>alert"));
    let mut ana = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    let number = world.rows("SELECT number FROM ticket").remove(0);
    for path in ["/tickets".to_owned(), format!("/tickets/{number}")] {
        let page = ana.get(&path);
        assert!(
            page.status == 200 && !page.text().contains("<script>alert"),
            "{path}"
        );
    }
}

#[test]
fn whatever_is_sent_gets_a_clear_answer() {
    let world = acme();
    world.execute("UPDATE api_key SET calls_a_minute = 100000");
    let bodies = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}\":,a-z0-9\\\\]{0,80}".prop_map(String::into_bytes),
        "\\{\"(requester|subject|files|topic)\":[\\[\\]{}\":,a-z0-9]{0,30}\\}"
            .prop_map(String::into_bytes),
    ];
    for_all(300, &bodies, |body| {
        let (status, _) = problem(&world.send(raw(body.clone())));
        prop_assert!(status == 400 || status == 422, "{status}: {body:?}");
        Ok(())
    });
    assert!(is_untouched(&world));
    assert_eq!(world.log.take(), [""; 0]);
}
