//! What end users see: the landing page, opening a ticket, and reading it behind the mailed link.

mod closed;
mod hostile;
mod limits;
mod uploads;

use desk::setting::Key;
use http::Method;
use realmdesk_tests::browser::Browser;
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::{DAY, SECOND, World, html};
use serde_json::Value;
use tenancy::port::Variable;

const TYPED: [(&str, &str); 5] = [
    ("topic", "1"),
    ("name", "Ana Lima"),
    ("email", "ana@example.com"),
    ("subject", "Printer on fire"),
    ("message", "It burns.\nIt really does."),
];

/// The same fields, one of them with another value.
fn typed_but(field: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let change = |(name, typed)| (name, if name == field { value } else { typed });
    TYPED.into_iter().map(change).collect()
}

/// Opens a ticket through the form, and returns its number.
fn open(ana: &mut Browser<'_>, typed: &[(&str, &str)]) -> String {
    let sent = ana.submit("/open", typed);
    assert_eq!((sent.status, sent.location()), (303, "/open/received"));
    let page = ana.follow(sent);
    assert_eq!(page.status, 200);
    let number = html::element(page.text(), "<p class=\"number\"").unwrap();
    number.trim_start_matches('#').to_owned()
}

/// The form on a page, as a browser has it that has opened the page.
fn form_at(browser: &mut Browser<'_>, path: &str, action: &str) -> html::Form {
    let page = browser.get(path);
    html::form(page.text(), action).unwrap()
}

/// Sets a value on the first realm of the first tenant.
fn set(world: &World, key: Key, value: &str) {
    assert!(key.takes(value), "{value}");
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{}', '{value}')
         ON CONFLICT DO UPDATE SET value = excluded.value",
        key.name()
    ));
}

/// The link in the newest mail to an address.
fn mailed_link(world: &World, host: &str, to: &str) -> String {
    world.sweep();
    let mails = world.delivered(host);
    let to_them = |mail: &&Value| mail["to"]["address"] == to;
    let mail = mails.iter().find(to_them).unwrap();
    let text = mail["text"].as_str().unwrap();
    let link = text.lines().find(|line| line.starts_with("http"));
    link.unwrap().to_owned()
}

#[test]
fn the_landing_page_leads_to_the_form() {
    let world = World::new().tenant("acme");
    let page = world.browser("acme.localhost").get("/");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Acme"));
    assert!(page.text().contains("href=\"/open\""));
}

#[test]
fn every_page_says_what_it_may_load_and_is_kept_by_no_cache() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    for path in ["/", "/open", "/tickets/1", "/auth/sign-in", "/nowhere"] {
        let page = ana.get(path);
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        let length = page.header("content-length").parse();
        assert_eq!(length, Ok(page.body.len()), "{path}");
    }
}

#[test]
fn a_host_that_is_no_portal_answers_like_a_page_that_does_not_exist() {
    let world = World::new().tenant("acme");
    let nowhere = world.browser("acme.localhost").get("/nowhere");
    assert_eq!(nowhere.status, 404);
    for path in ["/", "/open", "/tickets/1", "/auth/sign-in"] {
        let page = world.browser("globex.localhost").get(path);
        assert_eq!(page.raw(), nowhere.raw(), "{path}");
    }
}

#[test]
fn a_wrong_method_is_told_as_such() {
    let world = World::new().tenant("acme");
    for (method, path) in [
        (Method::POST, "/"),
        (Method::DELETE, "/open"),
        (Method::POST, "/tickets/1"),
        (Method::POST, "/queues/open"),
        (Method::GET, "/auth/sign-out"),
        (Method::GET, "/mail/raw"),
        (Method::GET, "/sweep"),
    ] {
        let page = world.send(Call::new(method.clone(), path).to("acme.localhost"));
        assert_eq!(page.status, 405, "{method} {path}");
    }
}

#[test]
fn a_suspended_tenant_is_told_to_be_offline() {
    let world = World::new().tenant("acme").tenant("globex");
    world.execute("UPDATE tenant SET status = 'suspended' WHERE slug = 'acme'");
    for path in ["/", "/open", "/tickets/1", "/auth/sign-in"] {
        assert_eq!(world.browser("acme.localhost").get(path).status, 503);
        assert_ne!(world.browser("globex.localhost").get(path).status, 503);
    }
}

#[test]
fn t_51_the_form_offers_the_tenants_own_public_topics() {
    let world = World::new().tenant("acme").tenant("globex");
    world.execute(
        "UPDATE help_topic SET name = 'Order a rocket' WHERE tenant_id = 1 AND topic_id = 2;
         UPDATE help_topic SET is_public = 0 WHERE tenant_id = 1 AND topic_id = 10;
         UPDATE help_topic SET is_active = 0 WHERE tenant_id = 1 AND topic_id = 11;",
    );
    let offered = |host: &str| {
        let page = world.browser(host).get("/open");
        let options = page.text().split("<option value=\"").skip(2);
        let name = |option: &str| option.split(['>', '<']).nth(1).unwrap().to_owned();
        options.map(name).collect::<Vec<_>>()
    };
    assert_eq!(
        offered("acme.localhost"),
        ["General Inquiry", "Order a rocket"]
    );
    assert_eq!(offered("globex.localhost").len(), 4);
}

#[test]
fn a_topic_that_is_not_offered_cannot_be_picked() {
    let world = World::new().tenant("acme");
    world.execute("UPDATE help_topic SET is_public = 0 WHERE topic_id = 10");
    for topic in ["10", "99", "one", "-1"] {
        let page = world
            .browser("acme.localhost")
            .submit("/open", &typed_but("topic", topic));
        assert_eq!(page.status, 422, "{topic}");
        assert!(page.text().contains("Choose one from the list."), "{topic}");
    }
}

#[test]
fn what_is_wrong_is_said_beside_each_field_and_what_was_typed_is_kept() {
    let world = World::new().tenant("acme");
    let typed = [
        ("topic", ""),
        ("name", "Ana <b>\"Lima\"</b>"),
        ("email", "ana at example"),
        ("subject", "  "),
        ("message", "\nkept & safe\n</textarea>"),
    ];
    let page = world.browser("acme.localhost").submit("/open", &typed);
    assert_eq!(page.status, 422);
    let beside = |field: &str| {
        let start = format!("<p class=\"problem\" id=\"{field}-problem\"");
        let (_, rest) = page.text().split_once(&start)?;
        html::element(rest, "<span")
    };
    assert_eq!(beside("topic").as_deref(), Some("Choose a topic."));
    assert_eq!(beside("name"), None);
    let example = "Enter an address like name@example.com.";
    assert_eq!(beside("email").as_deref(), Some(example));
    assert_eq!(beside("subject").as_deref(), Some("Enter a subject."));
    assert_eq!(beside("message"), None);
    let kept = |field: &str| html::value(page.text(), field).unwrap();
    assert_eq!(kept("name"), "Ana <b>\"Lima\"</b>");
    assert_eq!(kept("email"), "ana at example");
    assert_eq!(kept("message"), "\nkept & safe\n</textarea>");
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(world.number("SELECT count(*) FROM user"), 0);
}

#[test]
fn a_form_that_was_refused_can_be_sent_again() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let page = ana.submit("/open", &typed_but("subject", ""));
    let form = html::form(page.text(), "/open").unwrap();
    assert_eq!(ana.send_form(&form, &TYPED).status, 303);
}

#[test]
fn a_form_without_its_token_is_refused() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let page = ana.get("/open");
    let form = html::form(page.text(), "/open").unwrap();
    let fields: Vec<_> = TYPED
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(ana.post("/open", &html::encoded(&fields)).status, 403);
    let mut forged = TYPED.to_vec();
    forged.push(("csrf", "forged"));
    assert_eq!(ana.send_form(&form, &forged).status, 403);
    let mut other = world.browser("acme.localhost");
    assert_eq!(other.send_form(&form, &TYPED).status, 403, "no cookie");
    other.get("/open");
    let others = other.send_form(&form, &TYPED);
    assert_eq!(others.status, 403, "another's cookie");
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
}

#[test]
fn opening_a_ticket_confirms_its_number() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let number = open(&mut ana, &TYPED);
    let stored = world.rows(
        "SELECT number, realm_id, subject, state, source, ip, topic_id, department_id,
                sla_plan_id, priority, due_at - created_at FROM ticket",
    );
    let eighteen_hours = 18 * 60 * 60 * 1000;
    let expected =
        format!("{number}|1|Printer on fire|open|Web|192.0.2.10|1|1|1|2|{eighteen_hours}");
    assert_eq!(stored, [expected]);
    assert_eq!(
        world.rows("SELECT kind, author, body, source FROM entry"),
        ["message|Ana Lima|It burns.\nIt really does.|Web"]
    );
    assert_eq!(
        world.rows("SELECT kind, actor FROM event"),
        ["created|user"]
    );
    assert_eq!(
        world.rows("SELECT realm_id, email, name FROM user"),
        ["1|ana@example.com|Ana Lima"]
    );
}

#[test]
fn reloading_the_confirmation_opens_nothing_twice() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let number = open(&mut ana, &TYPED);
    assert!(ana.get("/open/received").text().contains(&number));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 1);
    let stranger = world.browser("acme.localhost").get("/open/received");
    assert_eq!((stranger.status, stranger.location()), (303, "/open"));
}

#[test]
fn the_second_ticket_of_an_address_is_of_the_same_user() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    open(&mut ana, &TYPED);
    open(&mut ana, &typed_but("email", "Ana@Example.com "));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 2);
    assert_eq!(world.number("SELECT count(*) FROM user"), 1);
}

#[test]
fn each_request_makes_as_few_round_trips_as_it_can() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let mut trips = |path: &str| {
        world.meter.take_trips();
        ana.get(path);
        world.meter.take_trips()
    };
    assert_eq!(trips("/"), 1);
    assert_eq!(trips("/open"), 1);
    assert_eq!(trips("/tickets/1"), 1);
    let form = html::form(ana.get("/open").text(), "/open").unwrap();
    world.meter.take_trips();
    ana.send_form(&form, &TYPED);
    assert_eq!(world.meter.take_trips(), 2);
}

#[test]
fn the_confirmation_mail_holds_the_link_and_nothing_that_was_typed() {
    // U-32: a stranger cannot make the desk mail text of their choice to somebody else.
    let world = World::new().tenant("acme");
    let number = open(&mut world.browser("acme.localhost"), &TYPED);
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let mail = mails
        .iter()
        .find(|mail| mail["to"]["address"] == "ana@example.com")
        .unwrap();
    assert_eq!(mail["from"]["address"], "help@acme.example");
    assert_eq!(mail["to"]["name"], "");
    assert!(mail["subject"].as_str().unwrap().contains(&number));
    for part in ["text", "html"] {
        let part = mail[part].as_str().unwrap();
        let link = format!("http://acme.localhost:8787/tickets/{number}?access=");
        assert!(part.contains(&link), "{part}");
        assert!(part.contains(&number), "{part}");
    }
    let whole = mail.to_string();
    for typed in ["Ana", "Lima", "Printer", "burns", "\u{e000}"] {
        assert!(!whole.contains(typed), "{typed}");
    }
}

#[test]
fn the_manager_hears_of_a_new_ticket() {
    let world = World::new().tenant("acme");
    let number = open(&mut world.browser("acme.localhost"), &TYPED);
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let to_ada = |mail: &&Value| mail["to"]["address"] == "ada@acme.example";
    let mail = mails.iter().find(to_ada).unwrap();
    let subject = format!("[#{number}] New: Printer on fire");
    assert_eq!(mail["subject"], subject.as_str());
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("Ana Lima") && !text.contains("access="));
}

#[test]
fn the_mailed_link_opens_the_ticket_and_leaves_the_address_bar() {
    let world = World::new().tenant("acme");
    let number = open(&mut world.browser("acme.localhost"), &TYPED);
    let link = mailed_link(&world, "acme.localhost", "ana@example.com");
    let mut ana = world.browser("acme.localhost");
    let exchanged = ana.get(&link);
    let clean = format!("/tickets/{number}");
    assert_eq!((exchanged.status, exchanged.location()), (303, &*clean));
    let page = ana.follow(exchanged);
    assert_eq!(page.status, 200);
    for shown in ["Printer on fire", "It burns.", "Ana Lima", &number] {
        assert!(page.text().contains(shown), "{shown}");
    }
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(ana.get(&clean).status, 200, "the cookie goes on opening it");
}

#[test]
fn what_is_typed_is_shown_as_text() {
    let world = World::new().tenant("acme");
    let typed = [
        ("topic", "1"),
        ("name", "<script>alert(1)</script>"),
        ("email", "ana@example.com"),
        ("subject", "<img src=x onerror=alert(1)>"),
        ("message", "<script>alert(2)</script>{{ 7*7 }}"),
    ];
    open(&mut world.browser("acme.localhost"), &typed);
    let link = mailed_link(&world, "acme.localhost", "ana@example.com");
    let page = world.browser("acme.localhost").visit(&link);
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"));
    assert!(page.text().contains("{{ 7*7 }}"));
}

#[test]
fn without_a_good_link_a_ticket_answers_like_one_that_does_not_exist() {
    let world = World::new().tenant("acme").tenant("globex");
    let number = open(&mut world.browser("acme.localhost"), &TYPED);
    let link = mailed_link(&world, "acme.localhost", "ana@example.com");
    let other = open(&mut world.browser("acme.localhost"), &TYPED);
    open(&mut world.browser("globex.localhost"), &TYPED);
    let foreign = mailed_link(&world, "globex.localhost", "ana@example.com");
    let token = link.split_once("access=").unwrap().1.to_owned();
    let foreign_token = foreign.split_once("access=").unwrap().1;
    let tampered = tampered(&token);

    let visit = |path: &str| world.browser("acme.localhost").get(path);
    let unknown = visit("/tickets/000000");
    assert_eq!(unknown.status, 404);
    let same = |what: &str, page: &Page| assert_eq!(page.raw(), unknown.raw(), "{what}");
    same("no link", &visit(&format!("/tickets/{number}")));
    same("no token", &visit(&format!("/tickets/{number}?access=")));
    let with = |number: &str, token: &str| visit(&format!("/tickets/{number}?access={token}"));
    same("an unknown number", &with("000000", &token));
    same("a tampered token", &with(&number, &tampered));
    same("another ticket's", &with(&other, &token));
    same("another tenant's", &with(&number, foreign_token));
    let mut planted = world.browser("acme.localhost");
    planted.plant(&format!("__Host-access-{other}"), &token);
    same(
        "a planted cookie",
        &planted.get(&format!("/tickets/{other}")),
    );

    world.turn(7 * DAY - SECOND);
    assert_eq!(with(&number, &token).status, 303, "the last second");
    world.turn(2 * SECOND);
    same("an expired link", &with(&number, &token));
}

/// The same token with another bit in its signature.
fn tampered(token: &str) -> String {
    let at = token.rfind('.').unwrap() + 5;
    let other = if token[at..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}

#[test]
fn a_ticket_of_another_tenant_answers_like_one_that_does_not_exist() {
    let world = World::new().tenant("acme").tenant("globex");
    let mut ana = world.browser("acme.localhost");
    let number = open(&mut ana, &TYPED);
    let link = mailed_link(&world, "acme.localhost", "ana@example.com");
    ana.visit(&link);
    let mut there = ana.smuggled_to("globex.localhost");
    let unknown = there.get("/tickets/000000");
    let foreign = there.get(&format!("/tickets/{number}"));
    assert_eq!(foreign.raw(), unknown.raw());
    assert_eq!(there.get(&link).raw(), unknown.raw());
}

#[test]
fn branding_is_taken_from_the_nearest_realm() {
    let world = World::new().parent();
    world.execute(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         SELECT tenant_id, realm_id, 'branding.accent',
                CASE name WHEN 'P' THEN 'teal' ELSE 'amber' END
           FROM realm WHERE name IN ('P', 'C1B')",
    );
    let accent = |host: &str| {
        let page = world.browser(host).get("/");
        let (_, rest) = page.text().split_once("data-accent=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let own = [accent("p.localhost"), accent("sp1.localhost")];
    let below = [accent("c1b.localhost"), accent("c1bi.localhost")];
    assert_eq!(own[0], own[1]);
    assert_eq!(below[0], below[1]);
    assert_ne!(own[0], below[0]);
}

#[test]
fn a_ticket_is_filed_into_the_realm_of_its_portal() {
    let world = World::new().parent();
    open(&mut world.browser("c1bi.localhost"), &TYPED);
    open(&mut world.browser("sp3.localhost"), &TYPED);
    let filed = "SELECT r.name FROM ticket AS t
                   JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
                  ORDER BY 1";
    assert_eq!(world.rows(filed), ["C1Bi", "SP3"]);
    // T-68: the same address in two realms is two users.
    assert_eq!(world.number("SELECT count(*) FROM user"), 2);
}

#[test]
fn captured_mail_exists_in_development_only() {
    let world = World::new().tenant("acme");
    open(&mut world.browser("acme.localhost"), &TYPED);
    world.sweep();
    let id = world.delivered("acme.localhost")[0]["id"].clone();
    let html = format!("/mail/captured/{}", id.as_str().unwrap());
    let visit = |path: &str| world.browser("acme.localhost").get(path);
    assert_eq!(visit("/mail/captured").status, 200);
    let preview = visit(&html);
    assert!(
        preview
            .header("content-security-policy")
            .starts_with("sandbox")
    );
    let nowhere = visit("/mail/nowhere");
    for environment in [Some("production"), Some("Development"), None] {
        world.set(Variable::Environment, environment);
        assert_eq!(visit("/mail/captured").raw(), nowhere.raw());
        assert_eq!(visit(&html).raw(), nowhere.raw());
    }
}

#[test]
fn our_own_trouble_is_told_to_the_log_and_not_to_the_visitor() {
    let world = World::new().tenant("acme");
    world.meter.set_broken(true);
    let page = world.browser("acme.localhost").get("/open");
    assert_eq!(page.status, 500);
    assert!(!page.text().contains("I/O"));
    assert_eq!(world.log.take(), ["GET /open: database: disk I/O error"]);
}
