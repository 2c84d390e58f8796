//! Agents open tickets for users (IN-4, IN-17, AR-1).

use realmdesk_tests::{Browser, Page, World};
use serde_json::Value;

const NEW: &str = "/queues/new";

const PHONED: [(&str, &str); 5] = [
    ("name", "Ana Lima"),
    ("email", "ana@example.com"),
    ("subject", "Printer on fire"),
    ("message", "She says: it burns."),
    ("notice", "1"),
];

/// A tenant whose agent Ada may add users.
fn acme() -> World {
    let world = World::new().tenant("acme").tenant("globex");
    world.empower("ada@acme.example");
    world
}

fn ada(world: &World) -> Browser<'_> {
    let browser = world.browser("acme.localhost");
    browser.signed_in("ada@acme.example")
}

fn with<'t>(more: &[(&'t str, &'t str)]) -> Vec<(&'t str, &'t str)> {
    let is_left = |it: &&(&str, &str)| more.iter().all(|(name, _)| *name != it.0);
    let mut typed: Vec<_> = PHONED.iter().filter(is_left).copied().collect();
    typed.extend(more);
    typed
}

/// Opens a ticket, and returns its number.
fn open(agent: &mut Browser<'_>, more: &[(&str, &str)]) -> String {
    let page = agent.submit(NEW, &with(more));
    assert_eq!(page.status, 303, "{}", page.text());
    let number = page.location().strip_prefix("/queues/tickets/");
    number.unwrap().to_owned()
}

/// What is told of a refused form, by field.
fn wrong(agent: &mut Browser<'_>, more: &[(&str, &str)]) -> Vec<String> {
    let page = post_json(agent, more);
    assert_eq!(page.status, 422, "{}", page.text());
    let told = page.json();
    let problems = told["problems"].as_array().unwrap().iter();
    let pair = |it: &Value| {
        let part = |name: &str| it[name].as_str().unwrap().to_owned();
        format!("{}: {}", part("field"), part("error"))
    };
    problems.map(pair).collect()
}

fn post_json(agent: &mut Browser<'_>, more: &[(&str, &str)]) -> Page {
    let csrf = agent.get_json(NEW).json()["csrf"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut typed = with(more);
    typed.push(("csrf", &csrf));
    let encoded: Vec<(String, String)> = typed
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let call = realmdesk_tests::Call::post(NEW)
        .body(realmdesk_tests::html::encoded(&encoded))
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    agent.send(call)
}

#[test]
fn in_4_an_agent_opens_a_ticket_for_a_user_in_three_round_trips() {
    let world = acme();
    let mut ada = ada(&world);
    let page = ada.get(NEW);
    assert_eq!(page.status, 200);
    let form = realmdesk_tests::html::form(page.text(), NEW).unwrap();
    world.meter.take_trips();
    let page = ada.send_form(&form, &PHONED);
    assert_eq!(
        world.meter.take_trips(),
        3,
        "two readings and what is written"
    );
    assert_eq!(page.status, 303, "{}", page.text());
    let shown = ada.follow(page);
    assert_eq!(shown.status, 200);
    assert!(shown.text().contains("She says: it burns."));
    let ticket = "SELECT t.source, u.email, u.name, t.ip FROM ticket AS t
                    JOIN user AS u ON u.user_id = t.user_id";
    assert_eq!(world.rows(ticket), ["Phone|ana@example.com|Ana Lima|NULL"]);
    let told = "SELECT e.kind, e.actor, a.email FROM event AS e
                  JOIN agent AS a ON a.agent_id = e.actor_id";
    assert_eq!(world.rows(told), ["created|agent|ada@acme.example"]);
    let entry = "SELECT kind, author, user_id IS NOT NULL, agent_id FROM entry";
    assert_eq!(world.rows(entry), ["message|Ana Lima|1|NULL"]);
}

#[test]
fn ar_1_the_user_is_told_unless_the_agent_or_the_realm_says_no() {
    let world = acme();
    let mut ada = ada(&world);
    let letters = || world.rows("SELECT to_address, text_body FROM outbox ORDER BY to_address");
    open(&mut ada, &[("reply", "Unplug it.")]);
    let told = letters();
    assert_eq!(told.len(), 1, "and not Ada, who manages the department");
    let mail = &told[0];
    assert!(mail.starts_with("ana@example.com|"), "{mail}");
    for part in ["Ada", "She says: it burns.", "Unplug it.", "?access="] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    open(&mut ada, &[("notice", "")]);
    assert_eq!(letters().len(), 1);
    world.execute(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'ticket_notice_active', '0')",
    );
    assert!(!ada.get(NEW).text().contains("name=\"notice\""));
    open(&mut ada, &[]);
    assert_eq!(letters().len(), 1);
    let subject = "SELECT DISTINCT subject FROM outbox";
    assert!(world.rows(subject)[0].starts_with("Printer on fire [#"));
}

#[test]
fn first_words_are_the_agents_own() {
    let world = acme();
    let mut ada = ada(&world);
    let number = open(
        &mut ada,
        &[("reply", "Unplug it."), ("note", "Third time.")],
    );
    let thread = "SELECT kind, author, body, agent_id IS NOT NULL FROM entry ORDER BY entry_id";
    let mut rows = world.rows(thread);
    rows[1..].sort();
    assert_eq!(
        rows,
        [
            "message|Ana Lima|She says: it burns.|0",
            "note|Ada Byron|Third time.|1",
            "reply|Ada Byron|Unplug it.|1",
        ]
    );
    let answered = "SELECT answered_at IS NOT NULL FROM ticket";
    assert_eq!(world.number(answered), 1);
    assert!(ada.get("/queues/answered").text().contains(&number));
}

#[test]
fn it_goes_where_the_agent_says_and_is_due_when_they_say() {
    let world = acme();
    world.execute("INSERT INTO department (tenant_id, department_id, realm_id, name) VALUES (1, 50, 1, 'Repairs')");
    let mut ada = ada(&world);
    let said = [
        ("department", "50"),
        ("priority", "4"),
        ("plan", "1"),
        ("source", "Email"),
        ("topic", "2"),
        ("agent", " Ada@Acme.example"),
        ("due", "2200-01-01T12:00"),
    ];
    open(&mut ada, &said);
    let ticket = "SELECT t.department_id, t.priority, t.sla_plan_id, t.source, t.topic_id, a.email,
                         t.due_at
                    FROM ticket AS t JOIN agent AS a ON a.agent_id = t.agent_id";
    assert_eq!(
        world.rows(ticket),
        ["50|4|1|Email|2|ada@acme.example|7258161600000"]
    );
    world.turn(1);
    open(&mut ada, &[("team", "1")]);
    let team = "SELECT agent_id, team_id FROM ticket ORDER BY ticket_id DESC LIMIT 1";
    assert_eq!(world.rows(team), ["NULL|1"]);
}

#[test]
fn everything_that_is_wrong_is_told_beside_its_field_and_nothing_is_written() {
    let world = acme();
    let mut ada = ada(&world);
    let image = world.image();
    let bad = [
        ("name", " "),
        ("email", "nobody"),
        ("subject", ""),
        ("message", ""),
        ("source", "API"),
        ("topic", "4711"),
        ("department", "4711"),
        ("plan", "x"),
        ("priority", "9"),
        ("due", "soon"),
    ];
    assert_eq!(
        wrong(&mut ada, &bad),
        [
            "priority: not-offered",
            "topic: not-offered",
            "department: not-offered",
            "plan: not-offered",
            "due: not-a-date",
            "source: not-offered",
            "name: missing",
            "email: not-an-address",
            "subject: missing",
            "message: missing",
        ]
    );
    assert_eq!(
        wrong(&mut ada, &[("due", "1999-01-01T00:00")]),
        ["due: too-early"]
    );
    for nobody in ["nobody@acme.example", "gus@globex.example", "x"] {
        assert_eq!(wrong(&mut ada, &[("agent", nobody)]), ["agent: unknown"]);
    }
    assert_eq!(wrong(&mut ada, &[("team", "4711")]), ["team: unknown"]);
    let typed = [
        ("subject", ""),
        ("message", "<b>It</b> \"burns\""),
        ("note", "Third <time>"),
    ];
    let page = ada.submit(NEW, &with(&typed));
    assert_eq!(page.status, 422);
    for kept in [
        "&#60;b&#62;It&#60;/b&#62; &#34;burns&#34;",
        "Third &#60;time&#62;",
        "ana@example.com",
    ] {
        assert!(page.text().contains(kept), "{kept}");
    }
    assert!(page.text().contains("id=\"subject-problem\""));
    assert!(world.image() == image, "nothing was written");
}

#[test]
fn a_user_is_found_by_name_or_address_and_picked_without_script() {
    let world = acme();
    world.user("acme.localhost", "grace@example.com", "Grace Hopper");
    world.user("acme.localhost", "hop@example.com", "Ivy <Hop>");
    world.user("globex.localhost", "grace@globex.example", "Grace Globex");
    let mut ada = ada(&world);
    let found = |browser: &mut Browser<'_>, text: &str| {
        let page = browser.submit(
            NEW,
            &[("q", text), ("then", "find"), ("subject", "Keep me")],
        );
        assert_eq!(page.status, 200);
        assert!(page.text().contains("value=\"Keep me\""));
        page.text().to_owned()
    };
    for text in ["gRACE h", "Grace@exam"] {
        let page = found(&mut ada, text);
        assert!(page.contains("<b>Grace Hopper</b>"), "{text}");
        assert!(!page.contains("Ivy") && !page.contains("Globex"), "{text}");
    }
    assert!(found(&mut ada, "HOP@").contains("<b>Ivy &#60;Hop&#62;</b>"));
    for text in ["nobody", "%", "' OR 1=1 --", "\u{10ffff}"] {
        assert!(found(&mut ada, text).contains("Nobody is found"), "{text}");
    }
    let id = |email: &str| {
        world
            .rows(&format!("SELECT user_id FROM user WHERE email = '{email}'"))
            .remove(0)
    };
    let page = ada.submit(
        NEW,
        &[("pick", &*id("grace@example.com")), ("subject", "Keep me")],
    );
    for part in [
        "value=\"Grace Hopper\"",
        "value=\"grace@example.com\"",
        "value=\"Keep me\"",
    ] {
        assert!(page.text().contains(part), "{part}");
    }
    let foreign = ada.submit(NEW, &[("pick", &*id("grace@globex.example"))]);
    assert!(!foreign.text().contains("grace@globex.example"));
}

#[test]
fn in_17_neither_ban_nor_limit_turns_an_agent_away() {
    let world = acme();
    world.execute(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'intake.max_open_tickets', '1')",
    );
    let mut ada = ada(&world);
    let number = open(&mut ada, &[]);
    let page = ada.get(&format!("/queues/tickets/{number}"));
    let form = realmdesk_tests::html::form(page.text(), &format!("/queues/tickets/{number}"));
    assert_eq!(
        ada.send_form(&form.unwrap(), &[("change", "ban")]).status,
        303
    );
    open(&mut ada, &[]);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 2);
}

#[test]
fn whoever_may_not_open_tickets_finds_no_way_to() {
    let world = acme();
    let mut ada = ada(&world);
    assert!(
        ada.get("/queues/open")
            .text()
            .contains("href=\"/queues/new\"")
    );
    world.execute("UPDATE role SET permissions = '[\"ticket.reply\"]'");
    assert!(
        !ada.get("/queues/open")
            .text()
            .contains("href=\"/queues/new\"")
    );
    assert_eq!(ada.get(NEW).status, 403);
    assert_eq!(ada.post(NEW, "subject=x").status, 403);
    assert_eq!(
        world.browser("acme.localhost").get(NEW).status,
        303,
        "sign in first"
    );
}

#[test]
fn keys_are_those_of_the_department_concerned() {
    let world = acme();
    world.execute("INSERT INTO department (tenant_id, department_id, realm_id, name) VALUES (1, 50, 1, 'Repairs')");
    world.execute("UPDATE role SET permissions = '[\"ticket.create\"]' WHERE role_id = 4");
    world.execute("UPDATE agent SET role_id = 4");
    let mut ada = ada(&world);
    assert_eq!(
        wrong(&mut ada, &[("reply", "Unplug it.")]),
        ["reply: forbidden"]
    );
    assert_eq!(wrong(&mut ada, &[("team", "1")]), ["team: forbidden"]);
    assert!(!ada.get(NEW).text().contains("name=\"agent\""));
    world.execute("UPDATE role SET permissions = '[]' WHERE role_id = 4");
    world.execute("UPDATE role SET permissions = '[\"ticket.create\"]' WHERE role_id = 3");
    world.execute(
        "INSERT INTO department_member (tenant_id, department_id, agent_id, role_id)
         SELECT 1, 50, agent_id, 3 FROM agent WHERE tenant_id = 1",
    );
    assert_eq!(wrong(&mut ada, &[]), ["department: forbidden"]);
    let number = open(&mut ada, &[("department", "50")]);
    assert!(!number.is_empty());
}

#[test]
fn strangers_are_added_by_those_who_may_add_users() {
    let world = World::new().tenant("acme");
    world.execute("UPDATE agent SET permissions = '[]'");
    let mut ada = ada(&world);
    assert_eq!(wrong(&mut ada, &[]), ["email: stranger"]);
    world.user("acme.localhost", "ana@example.com", "Ana Lima");
    open(&mut ada, &[]);
}

#[test]
fn t_21_a_ticket_is_opened_in_a_realm_that_the_agent_sees() {
    let world = World::new().parent();
    world.empower("agent@sp3.example");
    world.empower("agent@p.example");
    let id = |realm: &str| {
        world
            .number(&format!(
                "SELECT realm_id FROM realm WHERE name = '{realm}'"
            ))
            .to_string()
    };
    let realm_of = || {
        world.turn(1);
        world
            .rows(
                "SELECT r.name FROM ticket AS t JOIN realm AS r ON r.realm_id = t.realm_id
                     ORDER BY t.ticket_id DESC LIMIT 1",
            )
            .remove(0)
    };
    let mut sp3 = world.browser("p.localhost").signed_in("agent@sp3.example");
    open(&mut sp3, &[]);
    assert_eq!(realm_of(), "SP3");
    open(&mut sp3, &[("in", &*id("C3A"))]);
    assert_eq!(realm_of(), "C3A");
    let nowhere = sp3.get(&format!("{NEW}?in=4711"));
    for outside in ["SP1", "P"] {
        let page = sp3.get(&format!("{NEW}?in={}", id(outside)));
        assert_eq!(page.status, 404, "{outside}");
        assert_eq!(page.raw(), nowhere.raw(), "{outside}");
    }
    world.execute("UPDATE realm SET archived_at = 1 WHERE name = 'C3A'");
    assert_eq!(
        sp3.get(&format!("{NEW}?in={}", id("C3A"))).raw(),
        nowhere.raw()
    );
    world.user("sp1.localhost", "max@sp1.example", "Max");
    let max = world
        .rows("SELECT user_id FROM user WHERE email = 'max@sp1.example'")
        .remove(0);
    let mut p = world.browser("p.localhost").signed_in("agent@p.example");
    let page = p.submit(NEW, &[("pick", &max)]);
    let chosen = format!("<option value=\"{}\" selected>", id("SP1"));
    assert!(page.text().contains(&chosen), "the user brings their realm");
    let picked = [
        ("in", &*id("C1A")),
        ("user", &max),
        ("email", "max@sp1.example"),
    ];
    open(&mut p, &picked);
    assert_eq!(realm_of(), "C1A");
    let users = "SELECT count(*) FROM user WHERE email = 'max@sp1.example'";
    assert_eq!(
        world.number(users),
        1,
        "raised by the user of the realm above"
    );
    open(
        &mut p,
        &[
            ("in", &*id("C2C")),
            ("user", &max),
            ("email", "max@sp1.example"),
        ],
    );
    assert_eq!(
        world.number(users),
        2,
        "to the others they are somebody else"
    );
    let mail = "SELECT DISTINCT text_body FROM outbox WHERE to_address = 'max@sp1.example'";
    assert!(
        world
            .rows(mail)
            .iter()
            .any(|mail| mail.contains("c1a.localhost"))
    );
}

#[test]
fn a_topic_asks_agents_what_agents_are_asked() {
    let world = acme();
    world.execute("INSERT INTO form (tenant_id, form_id, realm_id, kind, title) VALUES (1, 90, 1, 'topic', 'Tools')");
    for (id, label, user, agent) in [
        (1, "Drill", "required", "optional"),
        (2, "Secret", "hidden", "required"),
        (3, "Mood", "required", "hidden"),
        (4, "Closed", "optional", "required"),
    ] {
        world.execute(&format!(
            "INSERT INTO field (tenant_id, field_id, form_id, position, name, label, kind, user_access, agent_access)
             VALUES (1, 90{id}, 90, {id}, 'f{id}', '{label}', 'text', '{user}', '{agent}')"
        ));
    }
    world.execute("INSERT INTO field_role (tenant_id, field_id, role_id) VALUES (1, 904, 4)");
    world.execute(
        "INSERT INTO topic_form (tenant_id, topic_id, form_id, position) VALUES (1, 2, 90, 1)",
    );
    world.execute("UPDATE agent SET role_id = 1 WHERE tenant_id = 1");
    let mut ada = ada(&world);
    let page = ada.submit(NEW, &with(&[("topic", "2"), ("then", "ask")]));
    let asks = |label: &str| page.text().contains(&format!(">{label}"));
    assert!(asks("Drill") && asks("Secret") && !asks("Mood") && !asks("Closed"));
    assert_eq!(wrong(&mut ada, &[("topic", "2")]), ["field_902: invalid"]);
    open(
        &mut ada,
        &[("topic", "2"), ("field_902", "Psst"), ("field_904", "no")],
    );
    let filled = "SELECT field_id, text FROM field_value";
    assert_eq!(world.rows(filled), ["902|Psst"]);
}

#[test]
fn files_come_along_and_are_chosen_again_when_they_do_not() {
    let world = acme();
    let mut ada = ada(&world);
    let page = ada.get(NEW);
    let form = realmdesk_tests::html::form(page.text(), NEW).unwrap();
    let refused = ada.send_files(&form, &with(&[("subject", "")]), &[("a.txt", b"Hello")]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Files are not kept"));
    let sent = ada.send_files(&form, &PHONED, &[("a.txt", b"Hello")]);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(world.rows("SELECT name FROM attachment"), ["a.txt"]);
}

#[test]
fn a_form_that_was_not_ours_opens_nothing() {
    let world = acme();
    let mut ada = ada(&world);
    let foreign = ada.submit(NEW, &with(&[("csrf", "made-up")]));
    assert_eq!(foreign.status, 403);
    let linked = ada.get(&format!(
        "{NEW}?name=Ana&email=ana@example.com&subject=Hi&message=Hi&csrf=x"
    ));
    assert_eq!(linked.status, 200, "a link fills in and opens nothing");
    assert!(linked.text().contains("value=\"ana@example.com\""));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
}
