//! The queues themselves: as osTicket's installer makes them, and as the tenant has them.

use realmdesk_tests::World;

use super::{ada, listed};

#[test]
fn a_tenant_begins_with_osticket_s_fourteen_queues() {
    let world = World::new().tenant("acme");
    let listed = listed(&mut ada(&world), "/queues/closed");
    let queues = listed["queues"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let shown: Vec<String> = queues
        .map(|queue| {
            let [slug, name, below] = ["queue", "name", "below"].map(|field| text(&queue[field]));
            format!("{slug}: {name} in {below}")
        })
        .collect();
    assert_eq!(
        shown,
        [
            "open: Open in -",
            "unanswered: Open in open",
            "answered: Answered in open",
            "overdue: Overdue in open",
            "mine: My Tickets in -",
            "assigned-to-me: Assigned to Me in mine",
            "assigned-to-teams: Assigned to Teams in mine",
            "closed: Closed in -",
            "closed-today: Today in closed",
            "closed-yesterday: Yesterday in closed",
            "closed-this-week: This Week in closed",
            "closed-this-month: This Month in closed",
            "closed-this-quarter: This Quarter in closed",
            "closed-this-year: This Year in closed",
        ]
    );
}

#[test]
fn tenants_that_were_there_before_got_the_same_queues() {
    let world = World::new().tenant("acme").tenant("globex");
    let rows = |tenant: i64| {
        world.rows(&format!(
            "SELECT queue_id, parent_id, slug, name, position, criteria, is_public FROM queue
              WHERE tenant_id = {tenant} ORDER BY 1"
        ))
    };
    let made = rows(1);
    world.execute("DELETE FROM queue");
    let migration = realmdesk_tests::world::migrations()
        .into_iter()
        .find(|(name, _)| name.contains("0017"))
        .unwrap()
        .1;
    let seeding = migration.split("INSERT INTO queue").nth(1).unwrap();
    let seeding = seeding.split("AS seed;").next().unwrap();
    world.execute(&format!("INSERT INTO queue{seeding}AS seed"));
    assert_eq!((rows(1), rows(2)), (made.clone(), made));
}

#[test]
fn the_tree_is_the_tenants_own() {
    let world = World::new().tenant("acme");
    world.execute(
        "UPDATE queue SET name = 'Waiting <for> us' WHERE slug = 'unanswered';
         UPDATE queue SET slug = 'late', parent_id = NULL, position = 0 WHERE slug = 'overdue';
         UPDATE queue SET is_public = 0 WHERE slug = 'mine';
         UPDATE queue SET criteria = 'what-comes-later' WHERE slug = 'answered'",
    );
    let mut ada = ada(&world);
    let page = ada.get("/queues/late");
    assert!(page.text().contains("Waiting &#60;for&#62; us"));
    let listed = listed(&mut ada, "/queues/late");
    let queues = listed["queues"].as_array().unwrap().iter();
    let slugs: Vec<&str> = queues.map(|it| it["queue"].as_str().unwrap()).collect();
    assert_eq!(
        slugs,
        [
            "late",
            "open",
            "unanswered",
            "assigned-to-me",
            "assigned-to-teams",
            "closed"
        ]
    );
    for gone in ["overdue", "mine", "answered"] {
        assert_eq!(ada.get(&format!("/queues/{gone}")).status, 404, "{gone}");
    }
}

#[test]
fn one_queue_is_marked_as_the_current_one() {
    let world = World::new().tenant("acme");
    let mut ada = ada(&world);
    for slug in ["open", "answered", "assigned-to-teams", "closed-this-year"] {
        let page = ada.get(&format!("/queues/{slug}"));
        let marked = format!("href=\"/queues/{slug}\" aria-current=\"page\"");
        // At the side, and folded for little width.
        assert_eq!(page.text().matches(&marked).count(), 2, "{slug}");
        assert_eq!(page.text().matches("aria-current").count(), 2, "{slug}");
    }
}

#[test]
fn every_queue_is_read_in_two_round_trips() {
    let world = World::new().tenant("acme");
    let mut ada = ada(&world);
    for queue in desk::queue::Queue::ALL {
        world.meter.take_trips();
        assert_eq!(ada.get(&format!("/queues/{}", queue.name())).status, 200);
        assert_eq!(world.meter.take_trips(), 2, "{queue:?}");
    }
}
