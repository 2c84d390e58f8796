//! What osTicket's clients see of its HTTP API, to the letter.

mod attachments;
mod cron;
mod denied;
mod dialects;
mod email;
mod hostile;
mod payloads;
mod picked;
mod refusals;
mod spelling;
mod xml;

use std::collections::BTreeSet;

use desk::blueprint::{self, NewApiKey, ROOT};
use realmdesk_tests::browser::Browser;
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{HOUR, World};
use serde_json::{Value, json};
use tenancy::token;

fn create(world: &World, fields: &Value) -> Page {
    world.send(ticket_call("acme", fields))
}

/// A call with acme's key and any body.
fn raw(body: impl Into<Vec<u8>>) -> Call {
    let call = Call::post("/api/tickets.json").header("x-api-key", "acme-key");
    call.body(body.into())
}

fn told(page: &Page) -> (u16, &str) {
    (page.status, page.text())
}

fn keyed(key: &str) -> Call {
    ticket_call(key, &json!({}))
}

fn add_key(world: &World, key: &str, sources: &[&str]) {
    let scope = world.inside("acme");
    let key = NewApiKey {
        key,
        name: key,
        realm: ROOT,
        sources,
        can_run_cron: false,
        permissions: &[],
        now: world.now(),
    };
    world.write(&scope, vec![blueprint::add_api_key(&scope, &key)]);
}

/// Lets a key do more, or be answered otherwise.
fn set_key(world: &World, key: &str, columns: &str) {
    let hash = token::digest(key);
    world.execute(&format!(
        "UPDATE api_key SET {columns} WHERE key_hash = '{hash}'"
    ));
}

/// A browser that has followed the link to a ticket.
fn guest<'w>(world: &'w World, host: &str, number: &str) -> Browser<'w> {
    world.sweep();
    let wanted = format!("/tickets/{number}?access=");
    let mails = world.delivered(host);
    let texts = mails.iter().filter_map(|mail| mail["text"].as_str());
    let mut lines = texts.flat_map(str::lines);
    let link = lines.find(|line| line.contains(&wanted)).unwrap();
    let mut browser = world.browser(host);
    assert_eq!(browser.visit(link).status, 200);
    browser
}

/// The paths of the files that a page links to.
fn files_on(page: &Page) -> Vec<String> {
    let links = page.text().split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    let files = links.filter(|link| link.contains("/files/"));
    files.map(str::to_owned).collect()
}

#[test]
fn a_ticket_is_created_and_answered_with_its_number_alone() {
    let world = World::new().tenant("acme");
    let page = create(&world, &json!({ "subject": "Printer on fire" }));
    assert_eq!(page.status, 201);
    assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
    assert_eq!(page.header("content-length"), "6");
    assert_eq!(
        world.rows(
            "SELECT number, realm_id, subject, source, ip, department_id, priority FROM ticket"
        ),
        [format!(
            "{}|1|Printer on fire|API|192.0.2.10|1|2",
            page.text()
        )]
    );
    assert_eq!(world.rows("SELECT kind, actor FROM event"), ["created|api"]);
}

#[test]
fn a_create_makes_two_round_trips() {
    let world = World::new().tenant("acme");
    world.meter.take_trips();
    create(&world, &json!({}));
    assert_eq!(world.meter.take_trips(), 2);
    world.send(raw("no json"));
    assert_eq!(world.meter.take_trips(), 1);
    world.send(Call::post("/api/tickets.json").body("{}"));
    assert_eq!(world.meter.take_trips(), 0);
}

#[test]
fn our_own_trouble_is_an_unknown_error() {
    let world = World::new().tenant("acme");
    world.meter.set_broken(true);
    let page = create(&world, &json!({}));
    let text = "Unable to create new ticket :unknown error";
    assert_eq!(told(&page), (500, text));
    let logged = world.log.take();
    assert_eq!(logged, ["POST /api/tickets.json: database: disk I/O error"]);
}

#[test]
fn a_suspended_tenants_key_is_told_to_come_back() {
    let world = World::new().tenant("acme");
    world.execute("UPDATE tenant SET status = 'suspended'");
    assert_eq!(create(&world, &json!({})).status, 503);
}

#[test]
fn t_58_a_key_works_from_its_addresses_and_ranges() {
    let world = World::new().tenant("acme");
    add_key(&world, "bound-key", &["198.51.100.7", "2001:db8::/32"]);
    for address in ["198.51.100.7", "::ffff:198.51.100.7", "2001:db8:7::1"] {
        let page = world.send(keyed("bound").from(Some(address)));
        assert_eq!(page.status, 201, "{address}");
    }
    for address in ["198.51.100.70", "2001:db9::1"] {
        let page = world.send(keyed("bound").from(Some(address)));
        assert_eq!(page.status, 401, "{address}");
    }
}

#[test]
fn the_tenant_is_the_keys_even_where_the_host_names_another() {
    let world = World::new().tenant("acme").tenant("globex");
    let page = world.send(ticket_call("globex", &json!({})).to("acme.localhost"));
    assert_eq!(page.status, 201);
    assert_eq!(
        world.rows("SELECT n.slug FROM ticket AS t JOIN tenant AS n USING (tenant_id)"),
        ["globex"]
    );
    world.sweep();
    assert_eq!(world.delivered("acme.localhost").len(), 0);
    let mails = world.delivered("globex.localhost");
    let text = mails[0]["text"].to_string();
    assert!(text.contains("http://globex.localhost:8787/"), "{text}");
}

#[test]
fn a_key_files_into_its_own_realm() {
    let world = World::new().parent();
    world.ticket("c3a", "Printer on fire");
    let filed = "SELECT r.name FROM ticket AS t
                   JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id";
    assert_eq!(world.rows(filed), ["C3A"]);
}

#[test]
fn fields_are_read_as_osticket_reads_them() {
    let world = World::new().tenant("acme");
    let stored = |fields: Value| {
        let page = create(&world, &fields);
        assert_eq!(page.status, 201, "{fields}: {}", page.text());
        let columns = "subject, source, topic_id, department_id, priority, ip";
        let sql = format!(
            "SELECT {columns} FROM ticket WHERE number = '{}'",
            page.text()
        );
        world.rows(&sql).concat()
    };
    let all = json!({
        "subject": 42, "source": "phone", "topicId": "10", "priority": "4", "ip": "203.0.113.9",
        "unknown": { "field": [1, 2] },
    });
    assert_eq!(stored(all), "42|Phone|10|3|4|203.0.113.9");
    let telephone = json!({ "subject": "+15551234", "topicId": 11 });
    assert_eq!(stored(telephone), "+15551234|API|11|3|3|192.0.2.10");
    let unknown_topic = json!({ "topicId": 99, "priorityId": 1, "priority": 3 });
    let expected = "Printer on fire|API|NULL|1|1|192.0.2.10";
    assert_eq!(stored(unknown_topic), expected);
    let nonsense = json!({ "priority": 9, "ip": "not an address", "source": "", "topicId": "0" });
    let expected = "Printer on fire|API|NULL|1|2|192.0.2.10";
    assert_eq!(stored(nonsense), expected);
}

#[test]
fn a_topic_of_0_is_none_and_has_the_default() {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'intake.default_topic', '2')",
    );
    for (topic, filed) in [
        (json!(0), "2"),
        (json!("0"), "2"),
        (json!(null), "2"),
        (json!(99), "NULL"),
    ] {
        let number = create(&world, &json!({ "topicId": topic }))
            .text()
            .to_owned();
        let sql = format!("SELECT topic_id FROM ticket WHERE number = '{number}'");
        assert_eq!(world.rows(&sql), [filed], "{topic}");
    }
}

#[test]
fn mail_goes_to_whom_the_call_says() {
    let letters = |fields: Value| {
        let world = World::new().tenant("acme");
        create(&world, &fields);
        world.rows("SELECT to_address FROM outbox ORDER BY to_address")
    };
    let (ada, ana) = ("ada@acme.example", "ana@example.com");
    assert_eq!(letters(json!({})), [ada, ana]);
    assert_eq!(letters(json!({ "autorespond": false })), [ada]);
    assert_eq!(letters(json!({ "alert": "false" })), [ana]);
    assert_eq!(letters(json!({ "alert": 0, "autorespond": "0" })), [""; 0]);
}

#[test]
fn the_due_time_follows_the_topics_department_and_plan() {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO sla_plan (tenant_id, sla_plan_id, name, grace_hours)
         VALUES (1, 2, 'Fast', 4), (1, 3, 'Faster', 2);
         UPDATE department SET sla_plan_id = 2 WHERE department_id = 3;
         UPDATE help_topic SET sla_plan_id = 3 WHERE topic_id = 11",
    );
    let due = |topic: i64| {
        let number = create(&world, &json!({ "topicId": topic }));
        let number = number.text();
        let sql = format!("SELECT due_at - created_at FROM ticket WHERE number = '{number}'");
        world.number(&sql) / HOUR
    };
    assert_eq!([due(1), due(10), due(11)], [18, 4, 2]);
}

#[test]
fn a_message_that_is_too_large_is_refused_and_not_cut() {
    let world = World::new().tenant("acme");
    let page = create(&world, &json!({ "message": "x".repeat(1_000_001) }));
    assert_eq!(page.status, 500);
    assert!(page.text().starts_with("Unable to create new ticket :21\n"));
    let page = create(&world, &json!({ "message": "x".repeat(1_000_000) }));
    assert_eq!(page.status, 201);
    // JSON may write one character as six.
    let escaped = format!(
        r#"{{"name":"Ana","email":"ana@example.com","subject":"x","message":"{}"}}"#,
        "\\u0041".repeat(900_000)
    );
    assert_eq!(world.send(raw(escaped)).status, 201);
    assert_eq!(world.send(raw(vec![b' '; 13 << 20])).status, 413);
}

#[test]
fn concurrent_creates_share_no_number_even_when_both_draw_the_same() {
    in_every_order(usize::MAX, |order| {
        let world = World::new().tenant("acme");
        world.random.draw_few_numbers();
        world.meter.go_stepwise();
        let tasks = [0, 1].map(|_| world.start(ticket_call("acme", &json!({}))));
        let pages = interleave(order, tasks);
        assert!(pages.iter().all(|page| page.status == 201), "{order:?}");
        let numbers: BTreeSet<&str> = pages.iter().map(Page::text).collect();
        assert_eq!(numbers, ["100007", "1000007"].into(), "{order:?}");
        assert_eq!(world.number("SELECT count(*) FROM user"), 1, "{order:?}");
    });
}

#[test]
fn two_tenants_may_have_the_same_number() {
    let world = World::new().tenant("acme").tenant("globex");
    world.random.draw_few_numbers();
    assert_eq!(world.ticket("acme", "Printer on fire"), "100007");
    assert_eq!(world.ticket("globex", "Rocket on fire"), "100007");
}

#[test]
fn a_tenant_without_free_numbers_gets_trouble_and_half_a_ticket_never() {
    let world = World::new().tenant("acme");
    world.random.draw_few_numbers();
    for number in ["100007", "1000007", "10000007", "100000000007"] {
        assert_eq!(world.ticket("acme", "Printer on fire"), number);
    }
    let page = create(&world, &json!({ "email": "bo@example.com" }));
    assert_eq!(page.status, 500);
    assert_eq!(world.log.take().len(), 1);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 4);
    assert_eq!(world.number("SELECT count(*) FROM user"), 1);
    assert_eq!(world.number("SELECT count(*) FROM outbox"), 8);
}
