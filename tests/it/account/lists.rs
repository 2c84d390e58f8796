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
                "requester": "Ana Lima", "takes_part": false, "realm": "Acme",
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

#[test]
fn a_list_is_narrowed_by_state_topic_subject_and_number() {
    let world = World::new().tenant("acme");
    let mut numbers = Vec::new();
    for (subject, topic) in [
        ("Printer on fire", 1),
        ("PRINTER out of paper", 2),
        ("Lost key", 2),
    ] {
        world.turn(MINUTE);
        let call = ticket_call("acme", &json!({ "subject": subject, "topicId": topic }));
        numbers.push(world.send(call).text().to_owned());
    }
    let bos = json!({ "email": "bo@example.com", "subject": "Bo's printer" });
    world.send(ticket_call("acme", &bos));
    close(&world, "Printer on fire");
    let mut ana = ana(&world, "acme");
    let mut found = |path: &str| {
        let list = listed(&mut ana, path);
        subjects(&list)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let all = ["Lost key", "PRINTER out of paper", "Printer on fire"];
    assert_eq!(found("/tickets?state=all"), all);
    assert_eq!(found("/tickets?state=all&topic=2"), all[..2]);
    assert_eq!(found("/tickets?state=all&search=+printer"), all[1..]);
    assert_eq!(found("/tickets?search=printer&topic=2"), all[1..2]);
    assert_eq!(found("/tickets?state=all&search=printer&topic=1"), all[2..]);
    assert_eq!(
        found(&format!("/tickets?state=all&search=%23{}", numbers[0])),
        all[2..]
    );
    for none in [
        "search=bo%27s",
        "search=%25",
        "search=_",
        "topic=99",
        "search=%00",
    ] {
        let expected: &[&str] = if none == "search=%00" { &all } else { &[] };
        assert_eq!(
            found(&format!("/tickets?state=all&{none}")),
            expected,
            "{none}"
        );
    }
    let page = ana.get("/tickets?state=all&topic=2&search=nothing%22+like+this");
    assert!(page.text().contains("No ticket fits"));
    assert!(page.text().contains("<option value=\"2\" selected>"));
    let closed =
        "/tickets?whose=mine&#38;state=closed&#38;topic=2&#38;search=nothing%22%20like%20this";
    assert!(page.text().contains(closed), "{}", page.text());
    assert_eq!(ana.get("/tickets?topic=x").status, 404);
    let large = "x".repeat(60_000);
    assert_eq!(ana.get(&format!("/tickets?search={large}")).status, 200);
}

#[test]
fn pages_of_a_narrowed_list_stay_narrow() {
    let world = World::new().tenant("acme");
    for at in 0..60 {
        world.turn(MINUTE);
        let subject = format!("Printer {at}");
        world.send(ticket_call("acme", &json!({ "subject": subject })));
        if at % 2 == 0 {
            close(&world, &subject);
        }
        world.send(ticket_call("acme", &json!({ "subject": "Lost key" })));
    }
    let mut ana = ana(&world, "acme");
    let mut path = "/tickets?state=all&search=printer".to_owned();
    let mut seen = Vec::new();
    loop {
        let list = listed(&mut ana, &path);
        seen.extend(subjects(&list).iter().map(ToString::to_string));
        match list["older"].as_str() {
            Some(older) => path = older.to_owned(),
            None => break,
        }
    }
    let expected: Vec<String> = (0..60).rev().map(|at| format!("Printer {at}")).collect();
    assert_eq!(seen, expected);
}
