//! The API's description of itself.

use std::collections::BTreeSet;
use std::fs;

use realmdesk_tests::world::repository;
use realmdesk_tests::{Call, World};
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(&rest::document()).unwrap()
}

#[test]
fn the_document_that_is_answered_is_what_the_code_says() {
    // Written anew with: INSTA_UPDATE=always cargo test
    let path = repository().join("functions/rest/openapi.json");
    if std::env::var("INSTA_UPDATE").is_ok_and(|when| when == "always") {
        fs::write(&path, rest::document()).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), rest::document());
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let source = fs::read_to_string(repository().join("functions/rest/src/lib.rs")).unwrap();
    let routed: BTreeSet<&str> = source
        .split('"')
        .filter(|text| text.starts_with("/api/v1/"))
        .collect();
    let document = document();
    let described = document["paths"].as_object().unwrap();
    let described: BTreeSet<&str> = described.keys().map(String::as_str).collect();
    assert_eq!(described, routed);
}

#[test]
fn the_document_and_its_page_need_no_key_and_no_database() {
    let world = World::new();
    world.meter.set_broken(true);
    let page = world.send(Call::get("/api/v1/openapi.json"));
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "application/json");
    assert_eq!(page.json()["openapi"], "3.1.0");
    let page = world.send(Call::get("/api/v1/docs"));
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
}

#[test]
fn the_page_shows_every_call_every_field_and_every_problem() {
    let page = World::new().send(Call::get("/api/v1/docs"));
    let text = page.text();
    let document = document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let shown = text.contains(call["summary"].as_str().unwrap());
            assert!(shown, "{method} {path}");
        }
        assert!(text.contains(&format!(">{path}<")), "{path}");
    }
    for (name, _) in document["components"]["schemas"].as_object().unwrap() {
        assert!(text.contains(&format!("id=\"{name}\"")), "{name}");
    }
    for name in ["not-found", "stale", "too-many", "in-progress"] {
        assert!(text.contains(&format!("id=\"problem-{name}\"")), "{name}");
    }
}
