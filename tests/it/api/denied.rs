//! Tickets that nobody may open: the ban list, a rejecting filter, strangers, the limit of open
//! tickets. Each in both dialects, and in each way to say it.

use desk::filter::{Action, NewFilter, Operator, Rule, Target, What};
use desk::setting::Key;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};
use serde_json::json;
use tenancy::policy::act;

use super::xml::{post as post_xml, ticket};
use super::{create, set_key, told};

const DENIED: &str = "Unable to create new ticket :Ticket denied: ana@example.com\n\n\
                      This help desk is for use by authorized users only";
const OVER: &str = "You've reached the maximum open tickets allowed.";

fn acme(dialect: &str) -> World {
    let world = World::new().tenant("acme");
    set_key(&world, "acme-key", &format!("dialect = '{dialect}'"));
    world
}

fn mail(world: &World, id: &str) -> Page {
    let text = format!(
        "From: Ana <Ana@example.com>\r\nTo: help@acme.example\r\n\
         Message-ID: <{id}@example.com>\r\nSubject: Fire\r\n\r\nIt burns.\r\n"
    );
    let call = Call::post("/api/tickets.email").header("x-api-key", "acme-key");
    world.send(call.body(text))
}

/// What Ana is told as JSON, as XML and as a mail; none of it makes a ticket or mails anybody.
fn refusals(world: &World) -> [(u16, String); 3] {
    let opened = || world.rows("SELECT count(*) FROM ticket UNION ALL SELECT count(*) FROM outbox");
    let before = opened();
    let pages = [
        create(world, &json!({ "email": "ANA@example.com" })),
        post_xml(world, ticket("")),
        mail(world, "a"),
    ];
    assert_eq!(opened(), before);
    assert_eq!(world.log.take(), [""; 0], "it is no trouble of ours");
    pages.map(|page| {
        assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
        assert_eq!(page.header("content-length"), page.text().len().to_string());
        let (status, text) = told(&page);
        (status, text.to_owned())
    })
}

fn all(status: u16, text: &str) -> [(u16, String); 3] {
    [(); 3].map(|()| (status, text.to_owned()))
}

fn ban(world: &World) {
    world.execute(
        "INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES (1, 1, 2, 'email', 'equal', 'ana@example.com')",
    );
}

fn reject(world: &World) {
    world.empower("ada@acme.example");
    let ada = world.agent_at("acme.localhost", "ada@acme.example");
    let realm = world.ask::<act::DeskManage>(&ada, "Acme").unwrap();
    let filter = NewFilter {
        name: "No fires",
        position: 1,
        target: Target::Any,
        is_match_all: true,
        is_last: false,
        rules: vec![Rule {
            what: What::Subject,
            operator: Operator::Contains,
            value: "fire".to_owned(),
        }],
        actions: vec![Action::Reject],
    };
    let batch = desk::filter::add(&realm, &filter).unwrap();
    realmdesk_tests::task::run(realm.scope().write(batch)).unwrap();
}

fn set(world: &World, key: Key, value: &str) {
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{}', '{value}')",
        key.name()
    ));
}

#[test]
fn ar_7_whoever_is_banned_is_told_so_in_both_dialects() {
    for (dialect, text) in [("1.18", DENIED), ("1.16", "Ticket denied")] {
        let world = acme(dialect);
        ban(&world);
        assert_eq!(refusals(&world), all(403, text), "{dialect}");
    }
}

#[test]
fn fi_6_what_a_filter_rejects_is_told_as_if_it_were_banned() {
    for (dialect, text) in [("1.18", DENIED), ("1.16", "Ticket denied")] {
        let world = acme(dialect);
        reject(&world);
        assert_eq!(refusals(&world), all(403, text), "{dialect}");
        assert_eq!(create(&world, &json!({ "subject": "Water" })).status, 201);
    }
}

#[test]
fn in_16_mail_of_strangers_is_told_so_in_both_dialects() {
    for (dialect, text) in [("1.18", DENIED), ("1.16", "Ticket denied")] {
        let world = acme(dialect);
        set(&world, Key::AcceptUnregistered, "0");
        assert_eq!(told(&mail(&world, "a")), (403, text), "{dialect}");
        assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
        assert_eq!(create(&world, &json!({})).status, 201);
        assert_eq!(mail(&world, "b").status, 201, "now they are known");
    }
}

#[test]
fn in_17_the_limit_of_open_tickets_is_told_as_what_is_wrong() {
    let head = "Unable to create new ticket :err\n";
    let old = "Unable to create new ticket: validation errors:\nerr: ";
    for (dialect, status, head) in [("1.18", 500, head), ("1.16", 400, old)] {
        let world = acme(dialect);
        set(&world, Key::MaxOpenTickets, "1");
        assert_eq!(create(&world, &json!({})).status, 201);
        let told = format!("{head}{OVER}");
        assert_eq!(refusals(&world), all(status, &told), "{dialect}");
        let other = create(&world, &json!({ "email": "bo@example.com" }));
        assert_eq!(other.status, 201, "each has a limit of their own");
    }
}

#[test]
fn a_refused_mail_that_is_tried_again_is_done_with() {
    let world = acme("1.18");
    set(&world, Key::MaxOpenTickets, "1");
    assert_eq!(create(&world, &json!({})).status, 201);
    assert_eq!(mail(&world, "a").status, 500, "the mail server keeps it");
    assert_eq!(told(&mail(&world, "a")), (201, ""), "AR-8");
    assert_eq!(
        world.rows("SELECT result FROM inbound_mail"),
        ["dropped"],
        "and its source is kept once"
    );
}
