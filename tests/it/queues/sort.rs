//! Open tickets from either end.

use realmdesk_tests::World;
use serde_json::Value;

use super::{ada, close, listed, open_many, subjects};

/// Follows a link from page to page, and lists what is on them.
fn follow(world: &World, from: &str, link: &str) -> (Vec<String>, Vec<Value>) {
    let mut ada = ada(world);
    let (mut pages, mut path) = (Vec::new(), Some(from.to_owned()));
    while let Some(at) = path {
        let page = listed(&mut ada, &at);
        path = page[link].as_str().map(str::to_owned);
        pages.push(page);
        assert!(pages.len() < 10, "the pages go in a circle");
    }
    let shown = pages.iter().flat_map(subjects).map(str::to_owned).collect();
    (shown, pages)
}

#[test]
fn the_oldest_tickets_come_first_where_that_is_asked_for() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 60);
    let up: Vec<String> = (1..=60).map(|number| number.to_string()).collect();
    let (shown, pages) = follow(&world, "/queues/open?sort=oldest", "newer");
    assert_eq!(shown, up);
    assert_eq!(pages[0]["older"], Value::Null);
    assert!(pages.iter().all(|page| page["sort"] == "oldest"));
    let back = pages[2]["older"].as_str().unwrap();
    let (shown, _) = follow(&world, back, "older");
    assert_eq!(shown, [&up[25..50], &up[..25]].concat());
}

#[test]
fn the_page_links_to_the_other_order() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Toner");
    let mut ada = ada(&world);
    let page = ada.get("/queues/open");
    assert!(page.text().contains("newest first"), "{}", page.text());
    assert!(page.text().contains("href=\"/queues/open?sort=oldest\""));
    let page = ada.get("/queues/open?sort=oldest");
    assert!(page.text().contains("oldest first"), "{}", page.text());
    assert!(
        page.text()
            .contains("class=\"resort\" href=\"/queues/open\"")
    );
}

#[test]
fn closed_tickets_have_one_order_and_an_unknown_one_does_not_exist() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Toner");
    close(&world, "Toner");
    let mut ada = ada(&world);
    for path in ["/queues/closed?sort=oldest", "/queues/open?sort=loudest"] {
        assert_eq!(ada.get(path).status, 404, "{path}");
    }
    assert_eq!(ada.get("/queues/closed?sort=newest").status, 200);
    assert!(!ada.get("/queues/closed").text().contains("resort"));
}
