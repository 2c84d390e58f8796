//! Tickets that a user takes part in, among their own (TK-12).

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, SECOND, World};
use serde_json::json;

use super::{listed, subjects};

/// Acme with a ticket of Bo's, and an own one of Ana's before and after it.
fn between() -> World {
    let world = World::new().tenant("acme");
    for (email, subject) in [
        ("ana@example.com", "First"),
        ("bo@example.com", "Bo's"),
        ("ana@example.com", "Last"),
    ] {
        world.turn(SECOND);
        let ticket = json!({ "email": email, "subject": subject });
        assert_eq!(world.send(ticket_call("acme", &ticket)).status, 201);
    }
    world
}

/// Has Ana take part in tickets of these subjects.
fn join(world: &World, subjects: &str, is_active: bool) {
    world.execute(&format!(
        "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active, created_at)
         SELECT t.tenant_id, t.ticket_id, u.user_id, t.realm_id, {is_active}, 0
           FROM ticket AS t JOIN user AS u ON u.tenant_id = t.tenant_id
          WHERE t.subject LIKE '{subjects}' AND u.email = 'ana@example.com'
            AND u.realm_id = (SELECT min(realm_id) FROM portal_host WHERE tenant_id = t.tenant_id)"
    ));
}

fn ana(world: &World) -> Browser<'_> {
    super::ana(world, "acme")
}

#[test]
fn tk_12_a_ticket_one_takes_part_in_stands_among_ones_own_and_says_so() {
    let world = between();
    join(&world, "Bo''s", true);
    let mut ana = ana(&world);
    world.meter.take_trips();
    let list = listed(&mut ana, "/tickets");
    assert_eq!(world.meter.take_trips(), 2);
    assert_eq!(subjects(&list), ["Last", "Bo's", "First"]);
    let parts: Vec<_> = (0..3)
        .map(|at| list["tickets"][at]["takes_part"].clone())
        .collect();
    assert_eq!(parts, [false, true, false]);
    assert_eq!(list["counts"], json!({ "open": 3, "closed": 0 }));
    let page = ana.get("/tickets");
    assert_eq!(page.text().matches("You take part").count(), 1);
    let found = listed(&mut ana, "/tickets?search=bo");
    assert_eq!(subjects(&found), ["Bo's"]);
}

#[test]
fn whoever_waits_or_was_put_out_finds_nothing() {
    let world = between();
    join(&world, "Bo''s", false);
    let mut ana = ana(&world);
    let is_alone = |ana: &mut Browser<'_>| {
        let list = listed(ana, "/tickets");
        assert_eq!(subjects(&list), ["Last", "First"]);
        assert_eq!(list["counts"], json!({ "open": 2, "closed": 0 }));
    };
    is_alone(&mut ana);
    world.execute(
        "UPDATE collaborator SET is_active = 1;
         UPDATE ticket SET shelf = 'deleted', state = 'closed', closed_at = 1
          WHERE subject = 'Bo''s'",
    );
    is_alone(&mut ana);
    world.execute(
        "DELETE FROM collaborator;
         UPDATE ticket SET shelf = NULL, state = 'open', closed_at = NULL",
    );
    is_alone(&mut ana);
}

#[test]
fn a_realm_that_hides_tickets_from_collaborators_lists_none() {
    let world = between();
    join(&world, "Bo''s", true);
    world.execute(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'collaborator_ticket_visibility', '0')",
    );
    let mut ana = ana(&world);
    let list = listed(&mut ana, "/tickets");
    assert_eq!(subjects(&list), ["Last", "First"]);
    assert_eq!(list["counts"], json!({ "open": 2, "closed": 0 }));
}

#[test]
fn ones_own_ticket_is_listed_once_though_one_takes_part_in_it() {
    let world = between();
    join(&world, "%", true);
    let mut ana = ana(&world);
    let list = listed(&mut ana, "/tickets");
    assert_eq!(subjects(&list), ["Last", "Bo's", "First"]);
    assert_eq!(list["counts"], json!({ "open": 3, "closed": 0 }));
}

#[test]
fn t_35_what_is_moved_to_another_realm_is_not_followed() {
    let world = between();
    join(&world, "Bo''s", true);
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT tenant_id, 900, realm_id, path || 'a9', 'Below' FROM realm WHERE realm_id = 1;
         UPDATE ticket SET realm_id = 900 WHERE subject = 'Bo''s'",
    );
    let mut ana = ana(&world);
    let list = listed(&mut ana, "/tickets");
    assert_eq!(subjects(&list), ["Last", "First"]);
}

#[test]
fn pages_go_on_through_both() {
    let world = World::new().tenant("acme");
    for at in 0..60 {
        world.turn(SECOND);
        let email = if at % 2 == 0 {
            "ana@example.com"
        } else {
            "bo@example.com"
        };
        let ticket = json!({ "email": email, "subject": format!("{at:02}") });
        world.send(ticket_call("acme", &ticket));
    }
    join(&world, "%", true);
    world.execute("UPDATE ticket SET state = 'closed', closed_at = 1 WHERE subject < '04'");
    for (state, expected) in [
        ("open", (4..60).rev().collect::<Vec<_>>()),
        ("closed", (0..4).rev().collect()),
        ("all", (0..60).rev().collect()),
    ] {
        let mut ana = ana(&world);
        let mut path = format!("/tickets?state={state}");
        let mut seen = Vec::new();
        let mut back = Vec::new();
        loop {
            let list = listed(&mut ana, &path);
            seen.extend(subjects(&list).iter().map(|it| it.parse::<i32>().unwrap()));
            back.push(list["newer"].as_str().map(str::to_owned));
            match list["older"].as_str() {
                Some(older) => older.clone_into(&mut path),
                None => break,
            }
        }
        assert_eq!(seen, expected, "{state}");
        if let Some(Some(newer)) = back.last() {
            let before = subjects(&listed(&mut ana, newer)).len();
            assert!(before > 0, "{state}");
        }
    }
    let mut ana = ana(&world);
    let counts = listed(&mut ana, "/tickets")["counts"].clone();
    assert_eq!(counts, json!({ "open": 56, "closed": 4 }));
}

#[test]
fn t_44_another_tenants_user_of_the_same_address_finds_nothing_of_it() {
    let world = between().tenant("globex");
    world.ticket("globex", "Ours");
    join(&world, "Bo''s", true);
    let mut other = super::ana(&world, "globex");
    assert_eq!(subjects(&listed(&mut other, "/tickets")), ["Ours"]);
}
