//! A portal that is closed for now: what people, programs and mails meet, and what goes on.

use desk::setting::Key;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::Call;
use realmdesk_tests::world::ticket_call;
use serde_json::json;

use super::{TYPED, form_at, set};

const PATHS: [&str; 8] = [
    "/",
    "/open",
    "/status",
    "/status/sent",
    "/tickets/482913",
    "/tickets/482913/files/x",
    "/account/sign-in",
    "/account/sent",
];

#[test]
fn a_closed_portal_says_so_on_every_page_in_its_own_words_and_language() {
    let world = World::new().tenant("acme").tenant("globex");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    set(&world, Key::Online, "0");
    set(&world, Key::Accent, "teal");
    for path in PATHS {
        let page = ana.get(path);
        assert_eq!(page.status, 503, "{path}");
        assert!(page.text().contains("We are closed for now"), "{path}");
        assert!(page.text().contains("data-accent=\"teal\"") && page.text().contains("Acme"));
        assert_ne!(world.browser("globex.localhost").get(path).status, 503);
    }
    assert_eq!(ana.send_form(&form, &TYPED).status, 503);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    set(&world, Key::OfflineText, "We <move> until Monday.");
    set(&world, Key::Locale, "ar");
    let page = ana.get("/");
    assert!(page.text().contains("We &#60;move&#62; until Monday."));
    assert!(page.text().contains("dir=\"rtl\"") && page.text().contains("نحن مغلقون حاليًا"));
    set(&world, Key::Online, "1");
    assert_eq!(ana.send_form(&form, &TYPED).status, 303);
}

#[test]
fn while_the_portal_is_closed_agents_and_mail_go_on_and_programs_are_told_to_come_back() {
    let world = World::new().tenant("acme");
    world.execute("UPDATE api_key SET permissions = '[\"tickets:write\",\"tickets:read\"]'");
    set(&world, Key::Online, "0");
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    assert_eq!(ada.get("/queues/open").status, 200);

    let page = world.send(ticket_call("acme", &json!({})));
    assert_eq!((page.status, page.text()), (503, "Help desk is offline"));
    let wanted = json!({
        "requester": { "email": "ana@example.com", "name": "Ana" },
        "subject": "Printer on fire",
        "message": "It burns.",
    });
    let rest = |call: Call| world.send(call.header("x-api-key", "acme-key"));
    let page = rest(Call::post("/api/v1/tickets").body(wanted.to_string()));
    assert_eq!(page.status, 503, "{}", page.text());
    assert_eq!(rest(Call::get("/api/v1/tickets")).status, 200);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);

    let mail = |id: u8| {
        format!(
            "From: Ana Lima <ana@example.com>\r\nTo: help@acme.example\r\nSubject: Fire\r\n\
             Message-ID: <{id}@example.com>\r\n\r\nIt burns.\r\n"
        )
    };
    let posted = Call::post("/mail/raw?to=help@acme.example").body(mail(1));
    let posted = world.send(posted.header("authorization", "Bearer acme-secret"));
    assert_eq!(posted.json()["result"], "created");
    let piped = Call::post("/api/tickets.email").body(mail(2));
    assert_eq!(rest(piped).status, 201);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 2);
}

#[test]
fn a_realm_above_closes_the_portals_below_it_and_can_lock_that() {
    let world = World::new().parent();
    let held = |realm: &str, value: &str, is_locked: u8| {
        world.execute(&format!(
            "INSERT INTO setting (tenant_id, realm_id, key, value, is_locked)
             SELECT tenant_id, realm_id, 'portal.online', '{value}', {is_locked}
               FROM realm WHERE name = '{realm}'
             ON CONFLICT DO UPDATE SET value = excluded.value, is_locked = excluded.is_locked"
        ));
    };
    let status = |host: &str| world.browser(host).get("/").status;
    held("SP1", "0", 0);
    assert_eq!(
        [status("sp1.localhost"), status("c1b.localhost")],
        [503, 503]
    );
    assert_eq!([status("p.localhost"), status("sp3.localhost")], [200, 200]);
    held("C1B", "1", 0);
    assert_eq!(status("c1b.localhost"), 200);
    held("SP1", "0", 1);
    assert_eq!(status("c1b.localhost"), 503);
}
