//! Programs that send forms: the field that only they fill in, and how often one source may send.

use desk::setting::Key;
use realmdesk_tests::browser::{Browser, mailed_link};
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::{MINUTE, World, html};

use super::{TYPED, form_at, set};

const TOO_MUCH: &str = "Too much has come from you in a short time.";

/// Sends a form from another address.
fn send_from(browser: &mut Browser<'_>, form: &html::Form, address: Option<&str>) -> Page {
    let body = html::encoded(&Browser::filled(form, &TYPED));
    let call = Call::post("/open").body(body).from(address);
    browser.send(call.header("content-type", "application/x-www-form-urlencoded"))
}

fn seconds(page: &Page) -> i64 {
    page.header("retry-after").parse().unwrap()
}

#[test]
fn a_field_that_people_do_not_see_costs_no_ticket_and_no_typing() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let page = ana.get("/open");
    assert!(
        page.text()
            .contains("<div class=\"trap\" aria-hidden=\"true\">")
    );
    let form = html::form(page.text(), "/open").unwrap();
    let mut typed = TYPED.to_vec();
    typed.push(("homepage", "https://example.com/"));
    let page = ana.send_form(&form, &typed);
    assert_eq!(page.status, 403);
    assert!(
        page.text()
            .contains("A field was filled in that people do not see")
    );
    assert_eq!(
        html::value(page.text(), "homepage").as_deref(),
        None,
        "it is empty again"
    );
    for (name, typed) in &TYPED[1..] {
        assert_eq!(
            html::value(page.text(), name).as_deref(),
            Some(*typed),
            "{name}"
        );
    }
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(
        ana.send_form(&form, &TYPED).status,
        303,
        "a person sends it again"
    );
}

#[test]
fn a_source_sends_only_so_many_tickets_and_loses_nothing_it_typed() {
    let world = World::new().tenant("acme").tenant("globex");
    set(&world, Key::OpenLimit, "2");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    for _ in 0..2 {
        assert_eq!(ana.send_form(&form, &TYPED).status, 303);
    }
    world.meter.take_trips();
    let page = ana.send_form(&form, &TYPED);
    assert_eq!((page.status, world.meter.take_trips()), (429, 1));
    assert!((1..=600).contains(&seconds(&page)));
    assert!(page.text().contains(TOO_MUCH));
    assert_eq!(
        html::value(page.text(), "message").as_deref(),
        Some(TYPED[4].1)
    );
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 2);
    // Whoever comes from elsewhere, and the same source at another tenant, is another matter.
    assert_eq!(send_from(&mut ana, &form, Some("192.0.2.11")).status, 303);
    let mut there = world.browser("globex.localhost");
    assert_eq!(there.submit("/open", &TYPED).status, 303);
    world.turn(seconds(&page) * 1000);
    assert_eq!(
        ana.send_form(&form, &TYPED).status,
        303,
        "once the time is over"
    );
}

#[test]
fn the_addresses_of_a_household_are_one_source() {
    let world = World::new().tenant("acme");
    set(&world, Key::OpenLimit, "1");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let mut send = |address| send_from(&mut ana, &form, address).status;
    assert_eq!(send(Some("2001:db8:1:2::1")), 303);
    assert_eq!(send(Some("2001:db8:1:2:ffff::1")), 429);
    assert_eq!(send(Some("2001:db8:1:3::1")), 303);
    assert_eq!(send(None), 303, "a runtime that tells no address");
    assert_eq!(send(None), 303);
}

#[test]
fn who_has_signed_in_is_counted_alone_whoever_shares_the_address() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    let mut user = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    set(&world, Key::OpenLimit, "1");
    let mut bo = world.browser("acme.localhost");
    let bos = form_at(&mut bo, "/open", "/open");
    assert_eq!(bo.send_form(&bos, &TYPED).status, 303);
    assert_eq!(bo.send_form(&bos, &TYPED).status, 429);
    let own = form_at(&mut user, "/open", "/open");
    assert_eq!(user.send_form(&own, &TYPED).status, 303);
    assert_eq!(user.send_form(&own, &TYPED).status, 429);
}

#[test]
fn nobody_meets_the_limits_who_only_works() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    let mut user = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    let form = form_at(&mut user, "/open", "/open");
    for _ in 0..60 {
        assert_eq!(user.send_form(&form, &TYPED).status, 303);
    }
}

#[test]
fn a_source_writes_only_so_many_messages_and_loses_nothing_it_typed() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    ana.submit("/open", &TYPED);
    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    ana.visit(&link);
    let number = world.rows("SELECT number FROM ticket").remove(0);
    set(&world, Key::MessageLimit, "1");
    let path = format!("/tickets/{number}");
    let by_link = form_at(&mut ana, &path, &format!("{path}/message"));
    let mut user = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    let signed_in = form_at(&mut user, &path, &format!("{path}/message"));
    for (browser, form) in [(&mut ana, by_link), (&mut user, signed_in)] {
        let typed = [("message", "Still burning.")];
        assert_eq!(browser.send_form(&form, &typed).status, 303);
        let page = browser.send_form(&form, &typed);
        assert_eq!(page.status, 429);
        assert!(seconds(&page) > 0 && page.text().contains(TOO_MUCH));
        let kept = html::value(page.text(), "message");
        assert_eq!(kept.as_deref(), Some("Still burning."));
    }
    assert_eq!(world.number("SELECT count(*) FROM entry"), 3);
}

#[test]
fn a_source_asks_for_only_so_many_links_right_or_wrong() {
    let world = World::new().tenant("acme");
    set(&world, Key::StatusLimit, "2");
    let mut ana = world.browser("acme.localhost");
    let typed = [("number", "482913"), ("email", "ana@example.com")];
    for _ in 0..2 {
        assert_eq!(ana.submit("/status", &typed).status, 303);
    }
    let page = ana.submit("/status", &typed);
    assert_eq!(page.status, 429);
    assert!(seconds(&page) > 0 && page.text().contains(TOO_MUCH));
    assert_eq!(
        html::value(page.text(), "number").as_deref(),
        Some("482913")
    );
}

#[test]
fn a_realm_sets_other_limits_and_a_page_speaks_its_language() {
    let world = World::new().tenant("acme");
    set(&world, Key::OpenLimit, "1");
    set(&world, Key::Locale, "de");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    ana.send_form(&form, &TYPED);
    let page = ana.send_form(&form, &TYPED);
    assert_eq!(page.status, 429);
    assert!(
        page.text()
            .contains("In kurzer Zeit ist zu viel von Ihnen gekommen.")
    );
    set(&world, Key::OpenLimit, "0");
    assert_eq!(ana.send_form(&form, &TYPED).status, 303, "any number");
}

#[test]
fn where_somebody_came_from_is_forgotten_by_the_sweep() {
    let world = World::new().tenant("acme");
    world.browser("acme.localhost").submit("/open", &TYPED);
    let counted = "SELECT count(*) FROM source_count";
    world.sweep();
    assert_eq!(world.number(counted), 1);
    world.turn(10 * MINUTE);
    world.sweep();
    assert_eq!(world.number(counted), 0);
}
