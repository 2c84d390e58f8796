//! The kinds of fields, what each tenant starts with, and lists (FO-1, FO-2, FO-6 to FO-8).

use desk::form::{self, Access, Kind, NewField, NewForm, Options, Purpose, moment};
use desk::setting::Key;
use realmdesk_tests::{HOUR, World};
use serde_json::{Value, json};
use tenancy::policy::act;
use tenancy::principal::Agent;

use super::{PORTAL, about, acme, call, filtered, realm, set, things, write};

/// Acme, with a form for all tickets that holds these fields, from 23 on.
fn asking(fields: &[NewField<'_>]) -> (World, Agent) {
    let (world, ada) = acme();
    let realm = realm::<act::DeskManage>(&world, &ada);
    let mut batch = things(&realm, &["lamp", "Chair", "Desk"]);
    let form = NewForm {
        title: "More",
        purpose: Purpose::Ticket,
    };
    batch.push(form::add(&realm, &form).unwrap());
    let add = |field| form::add_field(&realm, field).unwrap();
    batch.extend(fields.iter().map(add));
    write(&world, &ada, batch);
    (world, ada)
}

fn field(name: &'static str, kind: Kind) -> NewField<'static> {
    let choices = [("red", "Red"), ("blue", "Blue")];
    let choices = choices.map(|(key, words)| (key.to_owned(), words.to_owned()));
    NewField {
        form: 4,
        name,
        label: name,
        hint: "",
        kind,
        options: Options {
            choices: if kind == Kind::Choice {
                choices.to_vec()
            } else {
                Vec::new()
            },
            ..Options::default()
        },
        list: (kind == Kind::List).then_some(1),
        user: Access::Optional,
        agent: Access::Optional,
        condition: None,
    }
}

fn stored(world: &World, fields: &Value) -> Vec<String> {
    world.execute("DELETE FROM field_value");
    let page = call(world, fields);
    assert_eq!(page.status, 201, "{}", page.text());
    world.rows("SELECT text, number FROM field_value ORDER BY field_id, position")
}

fn column(world: &World, columns: &str, number: &str) -> String {
    let sql = format!("SELECT {columns} FROM ticket WHERE number = '{number}'");
    world.rows(&sql).concat()
}

#[test]
fn fo_1_a_tenant_starts_with_osticket_s_forms() {
    let (world, _) = acme();
    let forms = "SELECT form_id, kind, title FROM form WHERE tenant_id = 1";
    assert_eq!(
        world.rows(forms),
        [
            "1|user|Contact Information",
            "2|ticket|Ticket Details",
            "3|organization|Organization Information"
        ]
    );
    let fields = "SELECT field_id, name, label, user_access FROM field WHERE tenant_id = 1";
    assert_eq!(
        world.rows(fields),
        [
            "3|phone|Phone Number|optional",
            "4|notes|Internal Notes|hidden",
            "5|address|Address|hidden",
            "6|phone|Phone|hidden",
            "7|website|Website|hidden",
            "8|notes|Internal Notes|hidden",
            "22|priority|Priority Level|hidden"
        ]
    );
}

#[test]
fn fo_2_each_kind_of_field_is_stored_as_what_it_is() {
    let (world, _) = asking(&[
        field("line", Kind::Text),
        field("box", Kind::Memo),
        field("mail", Kind::Email),
        field("call", Kind::Phone),
        field("tick", Kind::Checkbox),
        field("colour", Kind::Choice),
        field("thing", Kind::List),
        field("day", Kind::Date),
        field("heading", Kind::Section),
        field("words", Kind::Information),
    ]);
    let fields = json!({
        "line": "One line", "box": "Two\nlines", "mail": "Bo@Example.com",
        "call": "+49 30 1234567", "tick": true, "colour": "Blue", "thing": "Chair",
        "day": "2026-11-20", "heading": "is no question", "words": "neither",
    });
    let expected = [
        "One line|NULL",
        "Two\nlines|NULL",
        "bo@example.com|NULL",
        "+49 30 1234567|NULL",
        "1|1",
        "blue|NULL",
        "Chair|2",
        "2026-11-20|1795132800000",
    ];
    assert_eq!(stored(&world, &fields), expected);
}

#[test]
fn fo_3_a_time_is_typed_as_the_realm_s_clocks_show_it() {
    let timed = |options: Options| NewField {
        options: Options {
            has_time: true,
            ..options
        },
        ..field("when", Kind::Date)
    };
    let (world, _) = asking(&[
        timed(Options {
            earliest: moment("2026-11-25T09:00"),
            ..Options::default()
        }),
        NewField {
            options: Options {
                is_past: true,
                ..Options::default()
            },
            ..field("since", Kind::Date)
        },
    ]);
    set(&world, Key::TimeZone, "Europe/Berlin");
    let nine = ["2026-11-25T09:30|1795595400000"];
    let mut typed = PORTAL.to_vec();
    typed.push(("field_23", "2026-11-25T09:30"));
    let sent = world.browser("acme.localhost").submit("/open", &typed);
    assert_eq!(sent.status, 303);
    assert_eq!(world.rows("SELECT text, number FROM field_value"), nine);
    for written in ["2026-11-25 09:30", "2026-11-25T08:30Z", "1795595400"] {
        assert_eq!(stored(&world, &json!({ "when": written })), nine);
    }
    let early = call(&world, &json!({ "when": "2026-11-25T07:59Z" }));
    assert!(early.text().contains("earlier than permitted"));
    // It is the 22nd in Berlin for half an hour, and the 21st in UTC.
    world.turn(14 * HOUR + HOUR / 2);
    let day = ["2026-11-22|1795305600000"];
    assert_eq!(stored(&world, &json!({ "since": "2026-11-22" })), day);
    let late = call(&world, &json!({ "since": "2026-11-23" }));
    assert!(late.text().contains("later than permitted"));
}

#[test]
fn fo_6_a_list_is_offered_in_its_order_without_what_is_switched_off() {
    let (world, _) = asking(&[field("thing", Kind::List)]);
    let offered = |ordering: &str| {
        world.execute(&format!("UPDATE list SET ordering = '{ordering}'"));
        let page = world.browser("acme.localhost").get("/open?topic=1");
        let (_, list) = page.text().split_once("field_23").unwrap();
        let place = |word: &str| (list.find(&format!(">{word}<")), word.to_owned());
        let mut places = ["lamp", "Chair", "Desk"].map(place).to_vec();
        places.retain(|(at, _)| at.is_some());
        places.sort();
        places.into_iter().map(|(_, word)| word).collect::<Vec<_>>()
    };
    assert_eq!(offered("alpha"), ["Chair", "Desk", "lamp"]);
    assert_eq!(offered("-alpha"), ["lamp", "Desk", "Chair"]);
    assert_eq!(offered("manual"), ["lamp", "Chair", "Desk"]);
    world.execute("UPDATE list_item SET is_active = 0 WHERE value = 'Desk'");
    assert_eq!(offered("alpha"), ["Chair", "lamp"]);
    let page = call(&world, &json!({ "thing": "Desk" }));
    assert_eq!(page.status, 500, "nor is it taken");
}

#[test]
fn fo_7_a_ticket_is_open_or_a_filter_closes_it_from_the_start() {
    let (world, ada) = acme();
    let closing = vec![desk::filter::Action::Status(desk::filter::Given {
        is_closed: true,
        status: None,
    })];
    filtered(&world, &ada, &about("spam", closing));
    for (subject, expected) in [("Fire", "open|0"), ("Spam", "closed|1")] {
        let page = call(&world, &json!({ "subject": subject }));
        let state = column(&world, "state, closed_at IS NOT NULL", page.text());
        assert_eq!(state, expected);
    }
}

#[test]
fn fo_8_the_four_priorities_are_osticket_s() {
    let (world, _) = acme();
    let stored = |priority: Value| {
        let page = call(&world, &json!({ "priority": priority }));
        column(&world, "priority", page.text())
    };
    let given = [json!(1), json!("2"), json!(3), json!(4)];
    assert_eq!(given.map(stored), ["1", "2", "3", "4"]);
    let unknown = [json!(9), json!("high")];
    assert_eq!(unknown.map(stored), ["2", "2"], "they count as none");
}

#[test]
fn a_topic_that_is_not_there_gets_nobody_round_what_all_are_asked_for() {
    let (world, _) = asking(&[NewField {
        user: Access::Required,
        ..field("line", Kind::Text)
    }]);
    let missing = "Unable to create new ticket :23\nline is a required field";
    for topic in [1, 99, 11] {
        world.execute("UPDATE help_topic SET is_active = topic_id <> 11");
        let page = call(&world, &json!({ "topicId": topic }));
        assert_eq!((page.status, page.text()), (500, missing), "{topic}");
    }
    let filled = json!({ "topicId": 99, "line": "x" });
    assert_eq!(stored(&world, &filled), ["x|NULL"]);
}
