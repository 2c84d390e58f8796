//! Signing in by a mailed link, and signing out.

use realmdesk_tests::browser::mailed_link;
use realmdesk_tests::dispatch::Call;
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{HOUR, MINUTE, Page, SECOND, World, html};
use serde_json::json;

use super::{ana, listed, subjects};

const ANA: &str = "ana@example.com";

fn world() -> World {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    world
}

/// A sign-in link that was mailed to Ana.
fn link(world: &World, host: &str) -> String {
    world.browser(host).ask_for_link(ANA);
    mailed_link(world, host, ANA, "/account/link").unwrap()
}

fn links_mailed(world: &World) -> i64 {
    world.number("SELECT count(*) FROM outbox WHERE subject LIKE '%sign-in link%'")
}

#[test]
fn a_mailed_link_signs_in_once() {
    let world = world();
    let link = link(&world, "acme.localhost");
    assert!(link.starts_with("http://acme.localhost:8787/account/link?token="));
    let mut ana = world.browser("acme.localhost");
    let page = ana.press(&link);
    assert_eq!((page.status, page.location()), (303, "/tickets"));
    let tickets = ana.follow(page);
    assert!(tickets.text().contains("Printer on fire") && tickets.text().contains("Ana Lima"));
    let again = world.browser("acme.localhost").get(&link);
    assert_eq!(again.status, 404);
    assert!(again.text().contains("no longer works"));
}

#[test]
fn programs_that_open_links_before_people_do_use_none_up() {
    let world = world();
    let link = link(&world, "acme.localhost");
    for _ in 0..3 {
        let looked = world.browser("acme.localhost").get(&link);
        assert_eq!(looked.status, 200);
        assert!(!looked.raw().contains("__Host-user"), "nobody is signed in");
    }
    let pressed = world.browser("acme.localhost").press(&link);
    assert_eq!(pressed.status, 303);
}

#[test]
fn t_72_known_and_unknown_addresses_are_answered_alike() {
    let world = world();
    let mut mallory = world.browser("acme.localhost");
    mallory.get("/account/sign-in");
    let mut ask = |email: &str| {
        world.meter.take_trips();
        let page = mallory.ask_for_link(email);
        (page.raw(), world.meter.take_trips())
    };
    let known = ask(ANA);
    for unknown in ["bo@example.com", "ada@acme.example", "help@acme.example"] {
        assert_eq!(ask(unknown), known, "{unknown}");
    }
    assert_eq!(ask(" ANA@example.com "), known);
    assert_eq!(links_mailed(&world), 2);
    // What is asked for nobody is written down as well, so that both take a commit.
    assert_eq!(
        world.rows("SELECT address, links FROM mailed_link"),
        ["|3", "ana@example.com|2"]
    );
}

#[test]
fn what_is_no_address_is_said_beside_the_field() {
    let world = world();
    for (typed, words) in [
        ("", "Enter your e-mail address."),
        ("ana <b>\"at\"", "Enter an address like name@example.com."),
    ] {
        let page = world.browser("acme.localhost").ask_for_link(typed);
        assert_eq!(page.status, 422);
        assert!(page.text().contains(words), "{typed}");
        assert_eq!(html::value(page.text(), "email").as_deref(), Some(typed));
    }
    assert_eq!(links_mailed(&world), 0);
}

#[test]
fn u_32_the_letter_holds_nothing_that_anybody_typed() {
    let world = World::new().tenant("acme");
    let fields = json!({ "name": "Buy now\r\nBcc: x@y.example", "subject": "Cheap watches" });
    world.send(ticket_call("acme", &fields));
    link(&world, "acme.localhost");
    let mails = world.delivered("acme.localhost");
    let mail = mails
        .iter()
        .find(|mail| mail["subject"] == "Acme: your sign-in link");
    let mail = mail.unwrap();
    assert_eq!(mail["to"]["name"], "");
    assert_eq!(mail["from"]["address"], "help@acme.example");
    for typed in ["Buy", "Bcc", "watches", "\u{e000}"] {
        assert!(!mail.to_string().contains(typed), "{typed}");
    }
}

#[test]
fn an_address_is_mailed_few_links_an_hour_whoever_asks() {
    let world = World::new().parent();
    for realm in ["p", "sp1"] {
        world.ticket(realm, "Printer on fire");
    }
    for turn in 0..4 {
        for host in ["p.localhost", "sp1.localhost"] {
            let page = world.browser(host).ask_for_link(ANA);
            assert_eq!(
                (page.status, page.location()),
                (303, "/account/sent"),
                "{turn}"
            );
        }
    }
    assert_eq!(links_mailed(&world), 5);
    world.turn(HOUR - SECOND);
    world.browser("p.localhost").ask_for_link(ANA);
    assert_eq!(links_mailed(&world), 5);
    world.turn(2 * SECOND);
    world.browser("p.localhost").ask_for_link(ANA);
    assert_eq!(links_mailed(&world), 6);
    assert_eq!(
        world.rows("SELECT address, links FROM mailed_link"),
        ["ana@example.com|1"]
    );
}

#[test]
fn a_link_works_half_an_hour_to_the_second() {
    let world = world();
    let link = link(&world, "acme.localhost");
    world.turn(30 * MINUTE - SECOND);
    assert_eq!(world.browser("acme.localhost").get(&link).status, 200);
    let mut late = world.browser("acme.localhost");
    let page = late.get(&link);
    let form = html::form(page.text(), "/account/link").unwrap();
    world.turn(2 * SECOND);
    assert_eq!(world.browser("acme.localhost").get(&link).status, 404);
    assert_eq!(late.send_form(&form, &[]).status, 404, "pressed too late");
}

#[test]
fn using_one_link_ends_all_that_were_mailed_before() {
    let world = world();
    let first = link(&world, "acme.localhost");
    world.turn(MINUTE);
    let second = link(&world, "acme.localhost");
    assert_ne!(first, second);
    assert_eq!(world.browser("acme.localhost").press(&second).status, 303);
    assert_eq!(world.browser("acme.localhost").get(&first).status, 404);
}

#[test]
fn t_44_a_link_of_another_tenant_or_realm_answers_like_rubbish() {
    let world = World::new().tenant("acme").parent();
    for realm in ["acme", "p", "sp1"] {
        world.ticket(realm, "Printer on fire");
    }
    let link = link(&world, "sp1.localhost");
    let token = link.split_once("token=").unwrap().1;
    for host in ["acme.localhost", "p.localhost"] {
        let visit = |path: &str| world.browser(host).get(path).raw();
        let rubbish = visit("/account/link?token=rubbish");
        assert_eq!(visit(&link), rubbish, "{host}");
        assert_eq!(visit("/account/link"), rubbish, "{host}");
        assert_eq!(visit(&format!("/account/link?token={token}x")), rubbish);
    }
    assert_eq!(world.browser("sp1.localhost").get(&link).status, 200);
}

#[test]
fn t_44_the_same_address_in_two_tenants_is_two_users() {
    let world = World::new().tenant("acme").tenant("globex");
    world.ticket("acme", "Acme's");
    world.ticket("globex", "Globex's");
    let mut there = ana(&world, "acme");
    assert_eq!(subjects(&listed(&mut there, "/tickets")), ["Acme's"]);
    let mut smuggled = there.smuggled_to("globex.localhost");
    assert_eq!(smuggled.get_json("/tickets").status, 401);
    assert_eq!(smuggled.get("/tickets").location(), "/account/sign-in");
    let mut here = ana(&world, "globex");
    assert_eq!(subjects(&listed(&mut here, "/tickets")), ["Globex's"]);
}

#[test]
fn t_68_the_same_address_in_two_realms_is_two_users() {
    let world = World::new().parent();
    world.ticket("p", "P's");
    world.ticket("sp1", "SP1's");
    let mut there = ana(&world, "p");
    assert_eq!(subjects(&listed(&mut there, "/tickets")), ["P's"]);
    let mut smuggled = there.smuggled_to("sp1.localhost");
    assert_eq!(smuggled.get_json("/tickets").status, 401);
}

#[test]
fn a_cookie_that_is_not_ours_is_nobody() {
    let world = world();
    let signed_in = ana(&world, "acme");
    let session = signed_in.cookie("__Host-user").unwrap().to_owned();
    let ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let agents = ada.cookie("__Host-session").unwrap().to_owned();
    let mailed = link(&world, "acme.localhost");
    let mailed = mailed.split_once("token=").unwrap().1.to_owned();
    let middle = session.len() / 2;
    let tampered = format!("{}x{}", &session[..middle], &session[middle + 1..]);
    for (what, cookie) in [
        ("an agent's session", &agents),
        ("a sign-in link", &mailed),
        ("a tampered session", &tampered),
        ("rubbish", &"a.b.c".to_owned()),
    ] {
        let mut mallory = world.browser("acme.localhost");
        mallory.plant("__Host-user", cookie);
        assert_eq!(mallory.get_json("/tickets").status, 401, "{what}");
    }
    let mut mallory = world.browser("acme.localhost");
    mallory.plant("__Host-session", &session);
    assert_eq!(mallory.get_json("/queues/open").status, 401);
}

#[test]
fn signing_out_ends_the_sessions_of_every_browser() {
    let world = world();
    let (mut one, mut other) = (ana(&world, "acme"), ana(&world, "acme"));
    let page = one.get("/tickets");
    let form = html::form(page.text(), "/account/sign-out").unwrap();
    let out = one.send_form(&form, &[]);
    assert_eq!(
        (out.status, out.location()),
        (303, "/account/sign-in?signed_out=1")
    );
    assert!(one.follow(out).text().contains("You are signed out."));
    assert!(one.cookie("__Host-user").is_none());
    assert_eq!(other.get_json("/tickets").status, 401);
}

#[test]
fn a_session_goes_on_while_it_is_used_and_ends_after_twelve_hours() {
    let world = world();
    let mut ana = ana(&world, "acme");
    for _ in 0..3 {
        world.turn(12 * HOUR - SECOND);
        assert_eq!(ana.get_json("/tickets").status, 200);
    }
    world.turn(12 * HOUR + SECOND);
    assert_eq!(ana.get_json("/tickets").status, 401);
}

#[test]
fn a_suspended_tenant_signs_nobody_in() {
    let world = world();
    let link = link(&world, "acme.localhost");
    let mut ana = ana(&world, "acme");
    world.execute("UPDATE tenant SET status = 'suspended'");
    for path in [
        &*link,
        "/account/sign-in",
        "/account/sent",
        "/tickets",
        "/status",
    ] {
        assert_eq!(ana.get(path).status, 503, "{path}");
    }
}

#[test]
fn every_form_of_an_account_wants_its_token() {
    let world = world();
    let mut ana = ana(&world, "acme");
    let number = world.rows("SELECT number FROM ticket").concat();
    for path in [
        "/account/sign-in",
        "/account/link",
        "/account/sign-out",
        "/status",
        "/open",
        &format!("/tickets/{number}/message"),
    ] {
        for body in ["", "csrf=forged&email=ana%40example.com&message=x"] {
            assert_eq!(ana.post(path, body).status, 403, "{path} {body}");
        }
    }
    assert_eq!(ana.get_json("/tickets").status, 200, "still signed in");
    assert_eq!(world.number("SELECT count(*) FROM entry"), 1);
}

#[test]
fn whoever_is_signed_in_is_sent_to_their_tickets() {
    let world = world();
    let page = ana(&world, "acme").get("/account/sign-in");
    assert_eq!((page.status, page.location()), (303, "/tickets"));
}

#[test]
fn each_request_makes_as_few_round_trips_as_it_can() {
    let world = world();
    let mut ana = world.browser("acme.localhost");
    let form = html::form(ana.get("/account/sign-in").text(), "/account/sign-in").unwrap();
    let trips = |page: Page| (page.status, world.meter.take_trips());
    world.meter.take_trips();
    assert_eq!(trips(ana.send_form(&form, &[("email", ANA)])), (303, 2));
    let link = mailed_link(&world, "acme.localhost", ANA, "/account/link").unwrap();
    world.meter.take_trips();
    let page = ana.get(&link);
    let form = html::form(page.text(), "/account/link").unwrap();
    assert_eq!(trips(page), (200, 1));
    assert_eq!(trips(ana.send_form(&form, &[])), (303, 2));
    assert_eq!(trips(ana.get("/")), (200, 1));
    let page = ana.get("/status");
    let form = html::form(page.text(), "/account/sign-out").unwrap();
    assert_eq!(trips(page), (200, 1));
    assert_eq!(trips(ana.send_form(&form, &[])), (303, 2));
}

#[test]
fn two_who_press_one_link_at_once_are_one_session() {
    let made = || {
        let world = world();
        let link = link(&world, "acme.localhost");
        let mut ana = world.browser("acme.localhost");
        let page = ana.get(&link);
        let form = html::form(page.text(), "/account/link").unwrap();
        let cookie = format!("__Host-form={}", ana.cookie("__Host-form").unwrap());
        let press = Call::post("/account/link")
            .to("acme.localhost")
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(html::encoded(&form.hidden));
        (world, press)
    };
    in_every_order(8, |order| {
        let (world, press) = made();
        world.meter.go_stepwise();
        let tasks = [world.start(press.clone()), world.start(press)];
        let mut statuses = interleave(order, tasks).map(|page| page.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404], "{order:?}");
    });
}
