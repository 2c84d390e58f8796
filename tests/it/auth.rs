//! Signing in and out.

use realmdesk_tests::{MINUTE, SECOND, World, html};

const ADA: &str = "ada@acme.example";

fn credentials<'a>(email: &'a str, password: &'a str) -> [(&'static str, &'a str); 2] {
    [("email", email), ("password", password)]
}

/// Whether the queues can be read.
fn is_in(browser: &mut realmdesk_tests::Browser<'_>) -> bool {
    browser.get("/queues/open").status == 200
}

#[test]
fn signing_in_leads_to_the_queues() {
    let world = World::new().tenant("acme");
    let mut ada = world.browser("acme.localhost").signed_in(ADA);
    assert!(is_in(&mut ada));
}

#[test]
fn signing_in_leads_back_to_where_the_agent_was_going() {
    let world = World::new().tenant("acme");
    let wanted = "/queues/closed?older=018bcfe5-6800-7707-8707-070707070707";
    let mut ada = world.browser("acme.localhost");
    let sent = ada.get(wanted);
    assert_eq!(sent.status, 303);
    let next = format!("/auth/sign-in?next={wanted}");
    assert_eq!(sent.location(), next);
    let page = ada.submit(&next, &credentials(ADA, World::PASSWORD));
    assert_eq!((page.status, page.location()), (303, wanted));
}

#[test]
fn signing_in_never_leads_to_another_host() {
    let world = World::new().tenant("acme");
    let elsewhere = [
        "//evil.example",
        "https://evil.example/queues",
        "/\\evil",
        "/queues\r\nx: y",
    ];
    for next in elsewhere.into_iter().chain(["/open", "/queues/ü"]) {
        let typed = [&credentials(ADA, World::PASSWORD)[..], &[("next", next)]].concat();
        let page = world
            .browser("acme.localhost")
            .submit("/auth/sign-in", &typed);
        assert_eq!((page.status, page.location()), (303, "/queues"), "{next}");
    }
}

#[test]
fn an_address_is_recognised_however_it_is_typed() {
    let world = World::new().tenant("acme");
    let typed = credentials(" Ada@ACME.example ", World::PASSWORD);
    let page = world
        .browser("acme.localhost")
        .submit("/auth/sign-in", &typed);
    assert_eq!(page.status, 303);
}

#[test]
fn who_is_refused_is_not_told_why() {
    let world = World::new().tenant("acme").tenant("globex");
    world.execute("UPDATE agent SET is_active = 0 WHERE email = 'ada@globex.example'");
    let refused = |host: &str, email: &str, password: &str| {
        let typed = credentials(email, password);
        let page = world.browser(host).submit("/auth/sign-in", &typed);
        assert_eq!(page.status, 422, "{email}");
        let kept = html::value(page.text(), "email").unwrap();
        assert_eq!(kept, email, "what was typed is kept");
        assert!(!page.text().contains(password), "but never the password");
        html::element(page.text(), "role=\"alert\"").unwrap();
        let (_, rest) = page.text().split_once("id=\"problem\"").unwrap();
        html::element(rest, "<span").unwrap()
    };
    let said = refused("acme.localhost", ADA, "wrong");
    assert_eq!(
        refused("acme.localhost", "nobody@acme.example", "wrong"),
        said
    );
    assert_eq!(refused("acme.localhost", "not an address", "wrong"), said);
    let right = World::PASSWORD;
    assert_eq!(refused("acme.localhost", "ada@globex.example", right), said);
    assert_eq!(
        refused("globex.localhost", "ada@globex.example", right),
        said
    );
    assert_eq!(refused("acme.localhost", ADA, &"x".repeat(5000)), said);
}

#[test]
fn a_refusal_costs_the_same_round_trips_whoever_is_refused() {
    let world = World::new().tenant("acme");
    let trips = |email: &str| {
        let mut browser = world.browser("acme.localhost");
        let form = html::form(browser.get("/auth/sign-in").text(), "/auth/sign-in").unwrap();
        world.meter.take_trips();
        browser.send_form(&form, &credentials(email, "wrong"));
        world.meter.take_trips()
    };
    assert_eq!([trips(ADA), trips("nobody@acme.example")], [2, 2]);
}

#[test]
fn five_failures_lock_the_account_for_two_minutes() {
    let world = World::new().tenant("acme");
    let attempt = |password: &str| {
        let mut ada = world.browser("acme.localhost");
        ada.submit("/auth/sign-in", &credentials(ADA, password))
            .status
    };
    for _ in 0..4 {
        assert_eq!(attempt("wrong"), 422);
    }
    assert_eq!(attempt(World::PASSWORD), 303, "four are forgiven");
    for _ in 0..5 {
        assert_eq!(attempt("wrong"), 422);
    }
    let mut ada = world.browser("acme.localhost");
    let page = ada.submit("/auth/sign-in", &credentials(ADA, World::PASSWORD));
    assert_eq!(page.status, 422, "the right password does not help now");
    assert!(page.text().contains("That was tried too often."));
    world.turn(2 * MINUTE - SECOND);
    assert_eq!(attempt(World::PASSWORD), 422);
    world.turn(SECOND);
    assert_eq!(attempt(World::PASSWORD), 303);
}

#[test]
fn t_44_the_same_address_in_two_tenants_is_two_accounts() {
    let world = World::new().tenant("acme").tenant("globex");
    world.execute(
        "UPDATE agent SET email = 'ada@acme.example', password_hash = NULL WHERE tenant_id = 2",
    );
    for _ in 0..5 {
        let mut there = world.browser("globex.localhost");
        let typed = credentials(ADA, World::PASSWORD);
        assert_eq!(there.submit("/auth/sign-in", &typed).status, 422);
    }
    let _ = world.browser("acme.localhost").signed_in(ADA);
}

#[test]
fn t_44_a_session_of_one_tenant_is_nobody_in_another() {
    let world = World::new().tenant("acme").tenant("globex");
    let ada = world.browser("acme.localhost").signed_in(ADA);
    let mut there = ada.smuggled_to("globex.localhost");
    assert!(!is_in(&mut there));
    // Not even when the other tenant has an agent of the same id.
    world.execute(
        "UPDATE department SET manager_id = NULL WHERE tenant_id = 2;
         UPDATE agent SET agent_id = (SELECT agent_id FROM agent WHERE tenant_id = 1)
          WHERE tenant_id = 2",
    );
    assert!(!is_in(&mut there));
}

#[test]
fn a_session_lasts_half_an_hour_after_the_last_request() {
    let world = World::new().tenant("acme");
    let mut ada = world.browser("acme.localhost").signed_in(ADA);
    for _ in 0..3 {
        world.turn(29 * MINUTE);
        assert!(is_in(&mut ada));
    }
    world.turn(31 * MINUTE);
    assert!(!is_in(&mut ada));
}

#[test]
fn a_tampered_or_foreign_token_is_no_session() {
    let world = World::new().tenant("acme");
    let ada = world.browser("acme.localhost").signed_in(ADA);
    let token = ada.cookie("__Host-session").unwrap().to_owned();
    let form = ada.cookie("__Host-form").unwrap().to_owned();
    let unsigned = token.rsplit_once('.').unwrap().0.to_owned() + ".";
    for planted in ["", "nonsense", &unsigned, &form, &token[1..]] {
        let mut eve = world.browser("acme.localhost");
        eve.plant("__Host-session", planted);
        assert!(!is_in(&mut eve), "{planted}");
    }
    let mut copied = world.browser("acme.localhost");
    copied.plant("__Host-session", &token);
    assert!(is_in(&mut copied));
}

#[test]
fn signing_out_ends_the_sessions_of_every_browser() {
    let world = World::new().tenant("acme");
    let mut here = world.browser("acme.localhost").signed_in(ADA);
    let mut there = world.browser("acme.localhost").signed_in(ADA);
    let token = here.cookie("__Host-session").unwrap().to_owned();
    let form = html::form(here.get("/queues/open").text(), "/auth/sign-out").unwrap();
    let page = here.send_form(&form, &[]);
    assert_eq!(
        (page.status, page.location()),
        (303, "/auth/sign-in?signed_out=1")
    );
    assert_eq!(here.cookie("__Host-session"), None);
    assert!(!is_in(&mut there));
    here.plant("__Host-session", &token);
    assert!(!is_in(&mut here), "a kept token is of no use");
    let _ = world.browser("acme.localhost").signed_in(ADA);
}

#[test]
fn signing_out_takes_a_form_of_ours() {
    let world = World::new().tenant("acme");
    let mut ada = world.browser("acme.localhost").signed_in(ADA);
    assert_eq!(ada.post("/auth/sign-out", "").status, 403);
    assert!(is_in(&mut ada));
}

#[test]
fn an_agent_who_was_switched_off_is_out_at_the_next_request() {
    let world = World::new().tenant("acme");
    let mut ada = world.browser("acme.localhost").signed_in(ADA);
    world.execute("UPDATE agent SET is_active = 0");
    assert!(!is_in(&mut ada));
}
