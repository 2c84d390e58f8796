//! Forms and fields (FO-1 to FO-5, T-19, T-40, T-47).

use desk::form::{
    self, Access, Condition, Kind, NewField, NewForm, Options, Purpose, Refused, Validator,
};
use desk::topic;
use realmdesk_tests::browser::Browser;
use realmdesk_tests::dispatch::Page;
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{World, html, task};
use serde_json::{Value, json};
use tenancy::policy::act;
use tenancy::principal::Agent;

use super::{PORTAL, acme, call, realm, things, write};

fn field<'a>(name: &'a str, label: &'a str, kind: Kind) -> NewField<'a> {
    NewField {
        form: 4,
        name,
        label,
        hint: "",
        kind,
        options: Options::default(),
        list: None,
        user: Access::Optional,
        agent: Access::Optional,
        condition: None,
    }
}

/// Acme asks of problems: a device (23), its serial number (24) if it is a printer, since when
/// (25), what else is broken (26), and for itself a cost centre (27).
pub(super) fn devices() -> (World, Agent) {
    let (world, ada) = acme();
    let realm = realm::<act::DeskManage>(&world, &ada);
    let form = NewForm {
        title: "Device",
        purpose: Purpose::Topic,
    };
    let choices = [("printer", "Printer"), ("screen", "Screen <wide>")];
    let choices = choices.map(|(key, words)| (key.to_owned(), words.to_owned()));
    let fields = [
        NewField {
            user: Access::Required,
            options: Options {
                choices: choices.to_vec(),
                ..Options::default()
            },
            ..field("device_type", "Device Type", Kind::Choice)
        },
        NewField {
            user: Access::Required,
            options: Options {
                validator: Validator::Regex,
                pattern: "/^[A-Z]{2}[0-9]+$/".to_owned(),
                error: "It looks like AB12.".to_owned(),
                ..Options::default()
            },
            condition: Some(Condition {
                field: 23,
                values: vec!["printer".to_owned()],
            }),
            ..field("serial", "Serial", Kind::Text)
        },
        field("since", "Since", Kind::Date),
        NewField {
            list: Some(1),
            options: Options {
                is_multiple: true,
                ..Options::default()
            },
            ..field("broken", "Also broken", Kind::List)
        },
        NewField {
            user: Access::Hidden,
            ..field("cost", "Cost centre", Kind::Text)
        },
    ];
    let mut batch = things(&realm, &["Tray", "Lid"]);
    batch.push(form::add(&realm, &form).unwrap());
    batch.extend(
        fields
            .iter()
            .map(|field| form::add_field(&realm, field).unwrap()),
    );
    batch.push(topic::attach_form(&realm, 10, 4));
    write(&world, &ada, batch);
    (world, ada)
}

fn printer() -> Value {
    json!({
        "topicId": 10,
        "device_type": "Printer",
        "serial": "AB12",
        "since": "2026-11-20T13:00:00Z",
        "broken": ["1", "Lid"],
        "cost": "4711",
    })
}

pub(super) const VALUES: &str =
    "SELECT field_id, position, text, number FROM field_value ORDER BY 1, 2";

#[test]
fn t_40_each_tenant_has_its_own_fields_and_they_are_stored_as_what_they_are() {
    let (world, _) = devices();
    assert_eq!(call(&world, &printer()).status, 201);
    let expected = [
        "23|0|printer|NULL",
        "24|0|AB12|NULL",
        "25|0|2026-11-20|1795132800000",
        "26|0|Tray|1",
        "26|1|Lid|2",
        "27|0|4711|NULL",
    ];
    assert_eq!(world.rows(VALUES), expected);
    let theirs = world.send(ticket_call(
        "globex",
        &json!({ "topicId": 10, "serial": "?" }),
    ));
    assert_eq!(
        theirs.status, 201,
        "who has no such field is not asked for it"
    );
    assert_eq!(world.rows(VALUES).len(), expected.len());
}

#[test]
fn what_is_wrong_with_a_field_is_told_under_its_id() {
    let (world, _) = devices();
    let told = |fields: Value| {
        let mut whole = json!({ "topicId": 10 });
        for (name, value) in fields.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let page = call(&world, &whole);
        assert_eq!(page.status, 500, "{}", page.text());
        let told = page.text().strip_prefix("Unable to create new ticket :");
        told.unwrap().to_owned()
    };
    assert_eq!(told(json!({})), "23\nDevice Type is a required field");
    let printer = json!({ "device_type": "printer" });
    assert_eq!(told(printer), "24\nSerial is a required field");
    let all = json!({ "device_type": "tank", "since": "soon", "broken": [7], "message": "" });
    let expected = "21\nIssue Details is a required field\n23\nUnknown or invalid input\n\
                    25\nEnter a valid date\n26\nUnknown or invalid input";
    assert_eq!(told(all), expected);
    let serial = json!({ "device_type": "printer", "serial": "12" });
    assert_eq!(told(serial), "24\nIt looks like AB12.");
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    let no_topic = call(&world, &json!({ "serial": "?" }));
    assert_eq!(no_topic.status, 201, "another topic asks for nothing");
}

#[test]
fn hostile_fields_make_no_ticket_and_no_trouble() {
    let (world, _) = devices();
    for value in [
        json!("x".repeat(1_000_000)),
        json!({ "a": { "b": [[[["deep"]]]] } }),
        json!([null, [], {}, "\u{0}"]),
        json!("'; DROP TABLE ticket; --"),
        json!(1e300),
    ] {
        for name in ["device_type", "serial", "since", "broken", "cost"] {
            let mut fields = printer();
            fields[name] = value.clone();
            let page = call(&world, &fields);
            assert!([201, 500].contains(&page.status), "{name}");
            assert!(
                !page.text().contains("unknown error"),
                "{name} {}",
                page.text()
            );
        }
    }
}

fn typed(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut typed = PORTAL.to_vec();
    typed[0] = ("topic", "10");
    typed.extend(more);
    typed
}

fn sent(ana: &mut Browser<'_>, more: &[(&'static str, &'static str)]) -> Page {
    ana.submit("/open", &typed(more))
}

pub(super) fn asks_for(page: &Page, id: &str) -> bool {
    page.text().contains(&format!("id=\"{id}\""))
}

#[test]
fn the_form_of_a_topic_is_shown_by_a_button_and_keeps_what_was_typed() {
    let (world, _) = devices();
    let mut ana = world.browser("acme.localhost");
    let blank = ana.get("/open");
    assert!(blank.text().contains("value=\"ask\"") && !asks_for(&blank, "field_23"));
    let page = sent(&mut ana, &[("then", "ask")]);
    assert_eq!(page.status, 200);
    assert!(asks_for(&page, "field_23") && asks_for(&page, "field_25"));
    assert!(
        !asks_for(&page, "field_24"),
        "not before a printer is picked"
    );
    assert!(
        !asks_for(&page, "field_27"),
        "that is none of their business"
    );
    assert!(
        !page.text().contains("class=\"problem\""),
        "nothing is wrong yet"
    );
    assert_eq!(
        html::value(page.text(), "subject").unwrap(),
        "Printer on fire"
    );
    let page = sent(
        &mut ana,
        &[("then", "ask"), ("field_23", "printer"), ("field_25", "?")],
    );
    assert!(asks_for(&page, "field_24"), "FO-5");
    assert_eq!(html::value(page.text(), "field_25").unwrap(), "?");
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    let linked = ana.get("/open?topic=10");
    assert!(asks_for(&linked, "field_23"), "a link can name the topic");
}

#[test]
fn a_refused_form_says_what_is_wrong_beside_each_field_and_keeps_the_rest() {
    let (world, _) = devices();
    let mut ana = world.browser("acme.localhost");
    let wrong = [
        ("field_23", "printer"),
        ("field_24", "12\"><script>"),
        ("field_25", "2026-02-30"),
        ("field_26", "2"),
        ("field_27", "smuggled"),
    ];
    let page = sent(&mut ana, &wrong);
    assert_eq!(page.status, 422);
    let beside = |id: &str| {
        let start = format!("<p class=\"problem\" id=\"{id}-problem\"");
        let (_, rest) = page.text().split_once(&start)?;
        html::element(rest, "<span")
    };
    assert_eq!(beside("field_24").as_deref(), Some("It looks like AB12."));
    assert_eq!(
        beside("field_25").as_deref(),
        Some("Enter a day like 2026-11-21.")
    );
    assert_eq!(
        html::value(page.text(), "field_24").unwrap(),
        "12\"><script>"
    );
    assert!(!page.text().contains("<script>"));
    assert!(page.text().contains("value=\"2\" checked"));
    let right = [
        ("field_23", "printer"),
        ("field_24", "AB12"),
        ("field_27", "smuggled"),
    ];
    assert_eq!(sent(&mut ana, &right).status, 303);
    assert_eq!(world.rows(VALUES), ["23|0|printer|NULL", "24|0|AB12|NULL"]);
    let missing = sent(&mut ana, &[]);
    assert_eq!(missing.status, 422);
    assert!(missing.text().contains("Fill in “Device Type”."));
}

#[test]
fn a_topic_that_is_not_offered_shows_nothing_of_its_form() {
    let (world, _) = devices();
    world.execute("UPDATE help_topic SET is_public = 0 WHERE topic_id = 10");
    let mut ana = world.browser("acme.localhost");
    for page in [
        ana.get("/open?topic=10"),
        sent(&mut ana, &[("then", "ask")]),
    ] {
        assert!(!page.text().contains("Device Type"));
    }
}

#[test]
fn the_ticket_page_shows_what_the_requester_may_see() {
    let (world, _) = devices();
    let number = call(&world, &printer()).text().to_owned();
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let mail = mails
        .iter()
        .find(|mail| mail["to"]["address"] == "ana@example.com");
    let text = mail.unwrap()["text"].as_str().unwrap().to_owned();
    let link = text.lines().find(|line| line.starts_with("http")).unwrap();
    let page = world.browser("acme.localhost").visit(link);
    assert_eq!(page.status, 200);
    assert!(page.text().contains(&number));
    for shown in [
        "Device Type",
        "Printer",
        "AB12",
        "20 Nov 2026",
        "Tray",
        "Lid",
    ] {
        assert!(page.text().contains(shown), "{shown}");
    }
    assert!(!page.text().contains("4711") && !page.text().contains("Cost centre"));
}

fn seen(world: &World, ada: &Agent) -> Vec<String> {
    let scope = world.inside("acme");
    let numbers = world.rows("SELECT number FROM ticket");
    let query = (form::shown_to_agent(&scope, ada, &numbers[0]),);
    let (shown,) = task::run(scope.read(query)).unwrap();
    shown.into_iter().map(|value| value.text).collect()
}

#[test]
fn t_47_a_field_can_be_limited_to_roles() {
    let (world, ada) = devices();
    call(&world, &printer());
    let all = ["Printer", "AB12", "2026-11-20", "Tray", "Lid", "4711"];
    assert_eq!(seen(&world, &ada), all);
    let realm = realm::<act::DeskManage>(&world, &ada);
    write(&world, &ada, vec![form::limit_to_role(&realm, 27, 2)]);
    assert_eq!(seen(&world, &ada), all[..5]);
    write(&world, &ada, vec![form::limit_to_role(&realm, 27, 1)]);
    assert_eq!(seen(&world, &ada), all, "one of her roles will do");
    world.execute("UPDATE field SET agent_access = 'hidden' WHERE field_id = 24");
    assert_eq!(seen(&world, &ada).len(), 5);
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name, kind)
         VALUES (1, 2, 1, 'a0a0', 'Depot', 'site');
         UPDATE agent SET realm_id = 2 WHERE tenant_id = 1;",
    );
    let below = world.agent_at("acme.localhost", "ada@acme.example");
    assert_eq!(
        seen(&world, &below),
        [""; 0],
        "a ticket out of sight shows nothing"
    );
}

#[test]
fn t_19_what_was_filled_in_follows_the_ticket() {
    let (world, ada) = devices();
    super::filtered(
        &world,
        &ada,
        &super::about("fire", vec![desk::filter::Action::Silence]),
    );
    call(&world, &printer());
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name, kind)
         VALUES (1, 2, 1, 'a0a0', 'Depot', 'site');
         UPDATE ticket SET realm_id = 2;",
    );
    for table in ["field_value", "filter_match"] {
        assert_eq!(
            world.rows(&format!("SELECT DISTINCT realm_id FROM {table}")),
            ["2"]
        );
    }
}

#[test]
fn a_field_that_cannot_be_one_is_refused() {
    let (world, ada) = devices();
    let realm = realm::<act::DeskManage>(&world, &ada);
    let refused = |field: &NewField<'_>| form::add_field(&realm, field).unwrap_err();
    for name in ["", "Name", "a-b", "email", "1a"] {
        assert_eq!(
            refused(&field(name, "x", Kind::Text)),
            Refused::Name,
            "{name}"
        );
    }
    assert_eq!(refused(&field("x", " ", Kind::Text)), Refused::Label);
    assert_eq!(refused(&field("x", "x", Kind::Choice)), Refused::Choices);
    assert_eq!(refused(&field("x", "x", Kind::List)), Refused::Choices);
    let taken = form::add_field(&realm, &field("serial", "x", Kind::Text)).unwrap();
    let error = task::run(realm.scope().write(vec![taken])).unwrap_err();
    assert_eq!(form::refused(error), Refused::Taken);
    let foreign = NewField {
        form: 99,
        ..field("x", "x", Kind::Text)
    };
    let error = task::run(
        realm
            .scope()
            .write(vec![form::add_field(&realm, &foreign).unwrap()]),
    );
    assert_eq!(form::refused(error.unwrap_err()), Refused::Form);
}
