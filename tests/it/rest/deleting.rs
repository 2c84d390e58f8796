//! Deleting tickets.

use realmdesk_tests::World;
use serde_json::json;

use super::{ALL, acme, delete, item, listed, patch, permit, problem, read, send, tree};

/// Acme, whose key may delete too, with a ticket of Ana's.
fn with_ticket() -> (World, String) {
    let world = acme();
    permit(&world, "acme", &[&ALL[..], &["tickets:delete"]].concat());
    let number = world.ticket("acme", "Printer on fire");
    (world, number)
}

fn stored(world: &World) -> Vec<String> {
    world.rows("SELECT state, shelf, status_id FROM ticket")
}

#[test]
fn a_ticket_is_deleted_in_two_round_trips_and_is_gone_for_everybody() {
    let (world, number) = with_ticket();
    let path = format!("/tickets/{number}");
    let mut ana = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    assert_eq!(ana.get(&path).status, 200);
    world.meter.take_trips();
    let page = world.send(delete("acme", &path));
    assert_eq!((page.status, page.text()), (204, ""));
    assert_eq!(world.meter.take_trips(), 2);
    assert_eq!(stored(&world), ["closed|deleted|NULL"]);
    for below in ["", "/entries", "/collaborators"] {
        let page = read(&world, "acme", &format!("{path}{below}"));
        assert_eq!(problem(&page), (404, "not-found".to_owned()), "{below}");
    }
    for below in ["replies", "notes"] {
        let body = json!({ "body": "Hello." });
        let page = send(&world, "acme", &format!("{path}/{below}"), &body);
        assert_eq!(problem(&page).0, 404, "{below}");
    }
    for queue in ["open", "closed"] {
        let list = item(&world, "acme", &format!("/tickets?queue={queue}"));
        assert_eq!(listed(&list, "number"), [""; 0], "{queue}");
    }
    let change = patch("acme", &path, &json!({ "status": "open" }));
    assert_eq!(problem(&world.send(change)).0, 404, "there is no way back");
    assert_eq!(ana.get(&path).status, 404);
    assert!(!ana.get("/tickets").text().contains("Printer on fire"));
    let again = world.send(delete("acme", &path));
    assert_eq!(problem(&again).0, 404);
    let told = world.rows("SELECT kind, actor FROM event WHERE kind <> 'created'");
    assert_eq!(told, ["deleted|api"]);
    let counts = "SELECT open_tickets, closed_tickets FROM tenant_count";
    assert_eq!(world.rows(counts), ["0|0"]);
}

#[test]
fn it_takes_a_permission_of_its_own() {
    let (world, number) = with_ticket();
    let path = format!("/tickets/{number}");
    permit(&world, "acme", &ALL);
    let page = world.send(delete("acme", &path));
    assert_eq!(problem(&page), (403, "forbidden".to_owned()));
    assert_eq!(page.json()["detail"], "The key lacks tickets:delete.");
    let status = json!({ "status": "deleted" });
    let page = world.send(patch("acme", &path, &status));
    assert_eq!(page.json()["detail"], "The key lacks tickets:delete.");
    assert_eq!(stored(&world), ["open|NULL|NULL"]);
    permit(&world, "acme", &["tickets:delete"]);
    assert_eq!(world.send(delete("acme", &path)).status, 204);
}

#[test]
fn a_status_of_the_deleted_deletes_too() {
    let (world, number) = with_ticket();
    world.execute(
        "INSERT INTO ticket_status (tenant_id, status_id, name, state)
         VALUES (1, 6, 'Spam', 'deleted')",
    );
    let path = format!("/tickets/{number}");
    let page = world.send(patch("acme", &path, &json!({ "status": "spam" })));
    assert_eq!((page.status, page.text()), (204, ""));
    assert_eq!(stored(&world), ["closed|deleted|6"]);
    assert_eq!(read(&world, "acme", &path).status, 404);
}

#[test]
fn whoever_says_what_they_read_deletes_nothing_else() {
    let (world, number) = with_ticket();
    let path = format!("/tickets/{number}");
    let tag = read(&world, "acme", &path).header("etag").to_owned();
    let page = world.send(patch("acme", &path, &json!({ "priority": "high" })));
    let now = page.header("etag").to_owned();
    let with = |tag: &str| world.send(delete("acme", &path).header("if-match", tag));
    for stale in [&tag, "", "\"x\""] {
        assert_eq!(problem(&with(stale)), (412, "stale".to_owned()), "{stale}");
    }
    assert_eq!(with(&now).status, 204);
}

#[test]
fn t_60_a_ticket_out_of_sight_is_deleted_by_nobody() {
    let world = tree();
    for realm in ["p", "sp1", "sp3"] {
        permit(&world, realm, &["tickets:delete"]);
    }
    let number = world.ticket("sp3", "Printer on fire");
    let gone = |number: &str| {
        let page = world.send(delete("sp1", &format!("/tickets/{number}")));
        (page.status, page.text().to_owned())
    };
    assert_eq!(gone(&number), gone("000000"));
    assert_eq!(gone(&number).0, 404);
    assert_eq!(stored(&world), ["open|NULL|NULL"]);
    let page = world.send(delete("p", &format!("/tickets/{number}")));
    assert_eq!(page.status, 204);
}
