//! `/tickets`: what a user has raised.

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{MINUTE, World};
use serde_json::{Value, json};

use super::{ana, listed, subjects};

fn close(world: &World, subject: &str) {
    let now = world.now().0;
    world.execute(&format!(
        "UPDATE ticket SET state = 'closed', closed_at = {now} WHERE subject = '{subject}'"
    ));
}

#[test]
fn a_list_is_for_whoever_has_signed_in() {
    let world = World::new().tenant("acme");
    let page = world.browser("acme.localhost").get("/tickets");
    assert_eq!((page.status, page.location()), (303, "/account/sign-in"));
    let json = world.browser("acme.localhost").get_json("/tickets");
    assert_eq!(json.status, 401);
}

#[test]
fn a_list_is_a_page_for_people_and_json_for_programs() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer <b>on</b> fire");
    let created = world.now().0;
    world.turn(MINUTE);
    let mut ana = ana(&world, "acme");
    let page = ana.get("/tickets");
    assert!(
        page.text()
            .contains("Printer &#60;b&#62;on&#60;/b&#62; fire")
    );
    assert!(page.text().contains(&format!("href=\"/tickets/{number}\"")));
    // T-73: no cache keeps it, and it is no answer to another Accept.
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("vary"), "accept");
    let json = ana.get_json("/tickets");
    assert_eq!(json.header("cache-control"), "no-store");
    assert_eq!(json.header("vary"), "accept");
    let id = world.rows("SELECT ticket_id FROM ticket").concat();
    assert_eq!(
        json.json(),
        json!({
            "whose": "mine", "state": "open", "organization": null,
            "counts": { "open": 1, "closed": 0 },
            "tickets": [{
                "id": id, "number": number, "subject": "Printer <b>on</b> fire",
                "requester": "Ana Lima", "realm": "Acme",
                "created_at": created, "updated_at": created, "closed_at": null,
            }],
            "newer": null, "older": null,
        })
    );
}

#[test]
fn t_28_t_35_a_user_sees_what_they_raised_and_nothing_else() {
    let world = World::new().parent();
    for realm in ["p", "sp3", "c3a", "c2c"] {
        world.ticket(realm, &format!("Ana's of {realm}"));
        let bo = json!({ "email": "bo@example.com", "subject": "Bo's" });
        world.send(ticket_call(realm, &bo));
    }
    for realm in ["p", "sp3"] {
        let mut ana = ana(&world, realm);
        let list = listed(&mut ana, "/tickets");
        assert_eq!(subjects(&list), [format!("Ana's of {realm}")]);
        assert_eq!(list["counts"], json!({ "open": 1, "closed": 0 }));
        let unknown = ana.get("/tickets/000000");
        assert_eq!(unknown.status, 404);
        let others = format!(
            "SELECT t.number FROM ticket AS t JOIN realm AS r USING (tenant_id, realm_id)
              WHERE t.subject <> 'Ana''s of {realm}'"
        );
        for number in world.rows(&others) {
            let page = ana.get(&format!("/tickets/{number}"));
            assert_eq!(page.raw(), unknown.raw(), "{realm}: {number}");
        }
    }
}

#[test]
fn closed_tickets_have_a_list_of_their_own() {
    let world = World::new().tenant("acme");
    for subject in ["1", "2", "3"] {
        world.ticket("acme", subject);
    }
    close(&world, "2");
    let mut ana = ana(&world, "acme");
    let open = listed(&mut ana, "/tickets?state=open");
    assert_eq!(subjects(&open), ["3", "1"]);
    assert_eq!(open["counts"], json!({ "open": 2, "closed": 1 }));
    let closed = listed(&mut ana, "/tickets?state=closed");
    assert_eq!(subjects(&closed), ["2"]);
}

#[test]
fn an_empty_list_says_what_belongs_there() {
    let world = World::new().tenant("acme");
    world.user("acme.localhost", "ana@example.com", "Ana Lima");
    let mut ana = ana(&world, "acme");
    let page = ana.get("/tickets");
    assert!(page.text().contains("You have no open tickets"));
    let page = ana.get("/tickets?state=closed");
    assert!(page.text().contains("Nothing is closed yet"));
}

#[test]
fn a_list_that_is_not_there_does_not_exist() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "1");
    let mut ana = ana(&world, "acme");
    for query in [
        "whose=theirs",
        "whose=shared",
        "state=overdue",
        "older=1",
        "newer='",
    ] {
        assert_eq!(ana.get(&format!("/tickets?{query}")).status, 404, "{query}");
    }
}

#[test]
fn paging_shows_every_ticket_once_in_both_directions() {
    let world = World::new().tenant("acme");
    for number in 1..=60 {
        world.ticket("acme", &number.to_string());
    }
    let down: Vec<String> = (1..=60).rev().map(|number| number.to_string()).collect();
    let mut ana = ana(&world, "acme");
    let mut pages = vec![listed(&mut ana, "/tickets")];
    while let Some(older) = pages.last().unwrap()["older"].as_str() {
        let older = older.to_owned();
        pages.push(listed(&mut ana, &older));
        assert!(pages.len() < 10, "the pages go in a circle");
    }
    let sizes: Vec<usize> = pages.iter().map(|page| subjects(page).len()).collect();
    assert_eq!(sizes, [25, 25, 10]);
    assert_eq!(pages.iter().flat_map(subjects).collect::<Vec<_>>(), down);
    let mut page = pages.pop().unwrap();
    while let Some(earlier) = pages.pop() {
        page = listed(&mut ana, page["newer"].as_str().unwrap());
        assert_eq!(subjects(&page), subjects(&earlier));
    }
    assert_eq!(page["newer"], Value::Null);
}

#[test]
fn a_list_is_read_in_two_round_trips() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "1");
    let mut ana = ana(&world, "acme");
    world.meter.take_trips();
    ana.get("/tickets");
    assert_eq!(world.meter.take_trips(), 2);
    ana.get(&format!("/tickets/{number}"));
    assert_eq!(world.meter.take_trips(), 1);
}
