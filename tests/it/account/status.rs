//! `/status`: the link to one ticket, mailed again.

use realmdesk_tests::browser::mailed_link;
use realmdesk_tests::{Page, World, html};

fn ask(world: &World, host: &str, number: &str, email: &str) -> Page {
    let mut browser = world.browser(host);
    browser.submit("/status", &[("number", number), ("email", email)])
}

fn mailed(world: &World) -> i64 {
    world.number("SELECT count(*) FROM outbox WHERE subject LIKE '%the link to your ticket'")
}

#[test]
fn the_link_to_a_ticket_is_mailed_to_whoever_raised_it() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    let sent = ask(
        &world,
        "acme.localhost",
        &format!(" #{number}"),
        "Ana@Example.com",
    );
    assert_eq!((sent.status, sent.location()), (303, "/status/sent"));
    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    assert!(link.contains(&format!("/tickets/{number}?access=")));
    let page = world.browser("acme.localhost").visit(&link);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Printer on fire"));
    let told = world.delivered("acme.localhost")[0].to_string();
    assert!(told.contains(&number));
    for typed in ["Ana", "Lima", "Printer", "\u{e000}"] {
        assert!(!told.contains(typed), "{typed}");
    }
    assert_eq!(
        world.number("SELECT count(*) FROM message_reference WHERE is_ours = 1"),
        3,
        "an answer to the mail goes on with the ticket"
    );
}

#[test]
fn t_72_right_and_wrong_pairs_are_answered_alike() {
    let world = World::new().tenant("acme").tenant("globex").parent();
    let number = world.ticket("acme", "Printer on fire");
    let foreign = world.ticket("globex", "Another tenant's");
    let below = world.ticket("sp1", "Another realm's");
    let ask = |host: &str, number: &str, email: &str| {
        let mut browser = world.browser(host);
        browser.plant("__Host-form", "a-form-cookie-of-ours");
        world.meter.take_trips();
        let page = browser.submit("/status", &[("number", number), ("email", email)]);
        (page.raw(), world.meter.take_trips())
    };
    let ana = "ana@example.com";
    let right = ask("acme.localhost", &number, ana);
    assert_eq!(right.1, 3, "one to show the form, two to send it");
    assert_eq!(ask("acme.localhost", &number, "bo@example.com"), right);
    assert_eq!(ask("acme.localhost", "000000", ana), right);
    assert_eq!(ask("acme.localhost", "' OR 1=1 --", ana), right);
    assert_eq!(ask("acme.localhost", &foreign, ana), right);
    assert_eq!(ask("p.localhost", &below, ana), right);
    assert_eq!(mailed(&world), 1);
}

#[test]
fn what_is_missing_is_said_beside_its_field_and_what_was_typed_is_kept() {
    let world = World::new().tenant("acme");
    let page = ask(&world, "acme.localhost", " # ", "ana \"at\"");
    assert_eq!(page.status, 422);
    assert!(page.text().contains("Enter the ticket&#39;s number."));
    assert!(
        page.text()
            .contains("Enter an address like name@example.com.")
    );
    assert_eq!(html::value(page.text(), "email").unwrap(), "ana \"at\"");
    assert_eq!(mailed(&world), 0);
}

#[test]
fn nobody_can_have_an_address_flooded() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    for _ in 0..8 {
        ask(&world, "acme.localhost", &number, "ana@example.com");
    }
    assert_eq!(mailed(&world), 5);
    world
        .browser("acme.localhost")
        .ask_for_link("ana@example.com");
    assert_eq!(
        world.number("SELECT count(*) FROM outbox WHERE subject LIKE '%sign-in%'"),
        0,
        "both kinds of link count"
    );
}
