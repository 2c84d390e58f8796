//! Tickets that are shared inside an organization (T-57).

use desk::blueprint::{self, NewOrganization};
use realmdesk_tests::{Browser, World};
use serde_json::json;
use tenancy::Id;
use tenancy::principal::Sharing;

use super::{listed, subjects, write_to};

/// An organization of a portal's realm.
fn organization(world: &World, host: &str, sharing: Sharing) -> Id {
    let (site, id) = (world.site(host), world.id());
    let scope = world.inside_id(site.tenant);
    let added = NewOrganization {
        id: &id,
        realm: site.realm,
        name: "Navy <Yard>",
        sharing,
    };
    world.write(&scope, vec![blueprint::add_organization(&scope, &added)]);
    id
}

fn join(world: &World, host: &str, user: &Id, organization: &Id, is_primary_contact: bool) {
    let scope = world.inside_id(world.site(host).tenant);
    let joined = blueprint::join_organization(&scope, user, organization, is_primary_contact);
    world.write(&scope, vec![joined]);
}

/// Bo, a colleague of Ana's in an organization of acme that shares like this; Ana has raised a
/// ticket. Returns the world, the ticket's number and Bo's id.
fn colleagues(sharing: Sharing, is_primary_contact: bool) -> (World, String, Id) {
    let world = World::new().tenant("acme");
    let navy = organization(&world, "acme.localhost", sharing);
    let ana = world.user("acme.localhost", "ana@example.com", "Ana Lima");
    let bo = world.user("acme.localhost", "bo@example.com", "Bo");
    join(&world, "acme.localhost", &ana, &navy, false);
    join(&world, "acme.localhost", &bo, &navy, is_primary_contact);
    let number = world.ticket("acme", "Printer on fire");
    (world, number, bo)
}

fn bo(world: &World) -> Browser<'_> {
    world
        .browser("acme.localhost")
        .signed_in_by_mail("bo@example.com")
}

#[test]
fn t_57_a_ticket_is_shared_with_whom_the_organization_says() {
    for (sharing, is_primary_contact, sees) in [
        (Sharing::None, true, false),
        (Sharing::Primary, false, false),
        (Sharing::Primary, true, true),
        (Sharing::Everybody, false, true),
    ] {
        let (world, number, _) = colleagues(sharing, is_primary_contact);
        let mut bo = bo(&world);
        let unknown = bo.get("/tickets/000000").raw();
        let page = bo.get(&format!("/tickets/{number}"));
        let list = bo.get_json("/tickets?whose=shared");
        assert_eq!(bo.get_json("/tickets").json()["tickets"], json!([]));
        if sees {
            assert!(page.text().contains("by Ana Lima, shared with you"));
            assert_eq!(subjects(&list.json()), ["Printer on fire"]);
            assert_eq!(list.json()["organization"], "Navy <Yard>");
            assert_eq!(list.json()["counts"], json!({ "open": 1, "closed": 0 }));
            let html = bo.get("/tickets?whose=shared");
            assert!(html.text().contains("Shared by Navy &#60;Yard&#62;"));
        } else {
            assert_eq!(page.raw(), unknown, "{sharing:?}");
            assert_eq!(list.status, 404, "{sharing:?}");
        }
    }
}

#[test]
fn ones_own_tickets_are_not_among_those_that_are_shared() {
    let (world, ..) = colleagues(Sharing::Everybody, false);
    let mut ana = super::ana(&world, "acme");
    assert_eq!(subjects(&listed(&mut ana, "/tickets")), ["Printer on fire"]);
    let shared = listed(&mut ana, "/tickets?whose=shared");
    assert_eq!(shared["tickets"], json!([]));
    assert_eq!(shared["counts"], json!({ "open": 0, "closed": 0 }));
}

#[test]
fn a_colleague_writes_under_their_own_name() {
    let (world, number, bo_id) = colleagues(Sharing::Everybody, false);
    let page = write_to(&mut bo(&world), &number, "It burns here too.");
    assert_eq!(page.status, 303);
    assert_eq!(
        world.rows("SELECT author, user_id FROM entry ORDER BY entry_id DESC LIMIT 1"),
        [format!("Bo|{bo_id}")]
    );
}

#[test]
fn who_leaves_the_organization_sees_nothing_from_the_next_request_on() {
    let (world, number, _) = colleagues(Sharing::Everybody, false);
    let mut bo = bo(&world);
    assert_eq!(bo.get(&format!("/tickets/{number}")).status, 200);
    world.execute("UPDATE user SET organization_id = NULL WHERE email = 'bo@example.com'");
    assert_eq!(bo.get(&format!("/tickets/{number}")).status, 404);
    assert_eq!(bo.get("/tickets?whose=shared").status, 404);
}

#[test]
fn nothing_is_shared_across_realms_or_tenants() {
    let world = World::new().parent();
    let navy = organization(&world, "sp3.localhost", Sharing::Everybody);
    let bo = world.user("sp3.localhost", "bo@example.com", "Bo");
    join(&world, "sp3.localhost", &bo, &navy, true);
    let other = world.ticket("c3a", "Another realm's user's");
    let raised_for = world.ticket("sp3", "Raised for another realm");
    world.execute(&format!(
        "UPDATE user SET organization_id = '{navy}' WHERE email = 'ana@example.com';
         UPDATE ticket SET realm_id = (SELECT realm_id FROM realm WHERE name = 'C3A')
          WHERE number = '{raised_for}'"
    ));
    let mut bo = world
        .browser("sp3.localhost")
        .signed_in_by_mail("bo@example.com");
    let unknown = bo.get("/tickets/000000").raw();
    for number in [other, raised_for] {
        assert_eq!(bo.get(&format!("/tickets/{number}")).raw(), unknown);
    }
    let shared = listed(&mut bo, "/tickets?whose=shared");
    assert_eq!(shared["tickets"], json!([]));
    assert_eq!(shared["counts"], json!({ "open": 0, "closed": 0 }));
}

#[test]
fn nobody_joins_an_organization_of_another_realm() {
    let world = World::new().parent();
    let navy = organization(&world, "sp3.localhost", Sharing::Everybody);
    let bo = world.user("p.localhost", "bo@example.com", "Bo");
    join(&world, "p.localhost", &bo, &navy, true);
    let joined = "SELECT count(*) FROM user WHERE organization_id IS NOT NULL";
    assert_eq!(world.number(joined), 0);
}

#[test]
fn the_tickets_of_many_colleagues_are_paged_in_one_order() {
    let (world, ..) = colleagues(Sharing::Everybody, false);
    let navy = world
        .rows("SELECT organization_id FROM organization")
        .concat();
    for number in 0..60 {
        let email = format!("user{}@example.com", number % 7);
        let fields = json!({ "email": email, "subject": number.to_string() });
        world.turn(1000);
        world.send(realmdesk_tests::world::ticket_call("acme", &fields));
    }
    world.execute(&format!("UPDATE user SET organization_id = '{navy}'"));
    let mut bo = bo(&world);
    let mut seen = Vec::new();
    let mut path = "/tickets?whose=shared".to_owned();
    loop {
        let page = listed(&mut bo, &path);
        seen.extend(subjects(&page).into_iter().map(str::to_owned));
        match page["older"].as_str() {
            Some(older) => older.clone_into(&mut path),
            None => break,
        }
    }
    let mut down: Vec<String> = (0..60).rev().map(|number| number.to_string()).collect();
    down.push("Printer on fire".to_owned());
    assert_eq!(seen, down);
}
