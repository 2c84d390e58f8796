//! Filters, as administrators make and change them (FI-1 to FI-4).

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, World, html};
use serde_json::{Value, json};

use super::{administrator, agent, each, id, parent, post, post_json, save, told};

fn page_of(world: &World, realm: &str, filter: i64) -> String {
    format!("/admin/filters/{filter}?in={}", id(world, realm))
}

/// Makes a filter over subjects that hold a word, and returns its page.
fn made(world: &World, browser: &mut Browser<'_>, realm: &str, word: &str) -> String {
    let here = id(world, realm).to_string();
    let fields = [
        ("in", &*here),
        ("name", word),
        ("what", "subject"),
        ("operator", "contains"),
        ("value", word),
    ];
    let page = post_json(browser, "/admin/filters", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    page_of(world, realm, page.json()["id"].as_i64().unwrap())
}

fn opened(world: &World, realm: &str, subject: &str) -> String {
    let page = world.send(ticket_call(realm, &json!({ "subject": subject })));
    assert_eq!(page.status, 201, "{}", page.text());
    page.text().to_owned()
}

fn column(world: &World, columns: &str, number: &str) -> String {
    let sql = format!("SELECT {columns} FROM ticket WHERE tenant_id = 1 AND number = '{number}'");
    world.rows(&sql).concat()
}

#[test]
fn a_filter_is_made_says_what_it_does_and_is_switched_off() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let fire = made(&world, &mut p, "P", "fire");
    let number = opened(&world, "sp3", "Fire");
    assert_eq!(
        column(&world, "priority", &number),
        "2",
        "it does nothing yet"
    );
    assert_eq!(
        save(
            &mut p,
            &fire,
            &[("pri", "4"), ("dept", "3"), ("status", "closed")]
        )
        .status,
        303
    );
    let number = opened(&world, "sp3", "A fire");
    assert_eq!(
        column(&world, "priority, department_id, state", &number),
        "4|3|closed"
    );
    assert_eq!(save(&mut p, &fire, &[("reject", "1")]).status, 303);
    let refused = world.send(ticket_call("c3a", &json!({ "subject": "Fire!" })));
    assert_eq!(refused.status, 403, "in realms below too");
    assert_eq!(save(&mut p, &fire, &[("active", "")]).status, 303);
    opened(&world, "sp3", "Fire");
    assert_eq!(
        told(&mut p, "/admin/filters")["filters"][0]["active"],
        false
    );
}

#[test]
fn fi_4_each_thing_that_a_filter_does_is_kept_and_told() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "fire");
    let changed = [
        ("name", "Fires"),
        ("position", "5"),
        ("target", "mailbox"),
        ("mailbox", "Help@P.example"),
        ("last", "1"),
        ("all", "1"),
        ("replyto", "1"),
        ("noresp", "1"),
        ("dept", "2"),
        ("pri", "3"),
        ("sla", "1"),
        ("topic", "10"),
        ("team", "1"),
        ("agent", "Agent@SP3.example"),
        ("status", "open"),
        ("recipients", "boss@example.com, %{user}"),
        ("subject", "Fire <now>"),
        ("text", "Run.\r\nFast."),
    ];
    assert_eq!(save(&mut p, &path, &changed).status, 303);
    let now = told(&mut p, &path);
    let expected = json!([
        { "do": "replyto", "value": true }, { "do": "noresp", "value": true },
        { "do": "dept", "value": 2 }, { "do": "pri", "value": 3 }, { "do": "sla", "value": 1 },
        { "do": "topic", "value": 10 }, { "do": "team", "value": 1 },
        { "do": "agent", "value": "agent@sp3.example" }, { "do": "status", "value": "open" },
        { "do": "email", "value": { "recipients": "boss@example.com, %{user}",
            "subject": "Fire <now>", "text": "Run.\nFast." } },
    ]);
    assert_eq!(now["actions"], expected);
    let asked =
        ["position", "target", "mailbox", "all", "last", "active"].map(|key| now[key].clone());
    let expected = [
        json!(5),
        json!("mailbox"),
        json!("help@p.example"),
        json!(true),
        json!(true),
        json!(true),
    ];
    assert_eq!(asked, expected);
    assert_eq!(save(&mut p, &path, &[]).status, 303, "saved as it is");
    assert_eq!(told(&mut p, &path)["actions"], now["actions"]);
    assert_eq!(told(&mut p, &path)["rules"], now["rules"]);
}

#[test]
fn rules_are_added_changed_and_left_out() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "fire");
    let (realm, rules) = (id(&world, "P").to_string(), |page: &Value| {
        page["rules"].clone()
    });
    let post_rules = |p: &mut Browser<'_>, rules: &[[&str; 3]]| {
        let mut fields = vec![
            ("in", &*realm),
            ("name", "Fires"),
            ("active", "1"),
            ("position", "1"),
            ("target", "any"),
        ];
        for [what, operator, value] in rules {
            fields.extend([("what", *what), ("operator", *operator), ("value", *value)]);
        }
        post(p, &path, &fields).status
    };
    let two = [
        ["field.22", "equal", "4"],
        ["email", "ends", " @example.com "],
        ["name", "equal", " "],
    ];
    assert_eq!(post_rules(&mut p, &two), 303);
    assert_eq!(
        rules(&told(&mut p, &path)),
        json!([
            { "what": "field.22", "operator": "equal", "value": "4" },
            { "what": "email", "operator": "ends", "value": "@example.com" },
        ])
    );
    let page = p.get(&path);
    assert_eq!(
        page.text().matches("name=\"what\"").count(),
        5,
        "three more can be added"
    );
    for wrong in [
        &[][..],
        &[["subject", "match", "("]],
        &[["subject", "is like", "x"]],
        &[["colour", "equal", "x"]],
        &[["field.99", "equal", "x"]],
        &[["subject", "equal", "x"]; 26],
    ] {
        assert_eq!(post_rules(&mut p, wrong), 422, "{wrong:?}");
    }
    assert_eq!(
        rules(&told(&mut p, &path)).as_array().unwrap().len(),
        2,
        "nothing was written"
    );
}

#[test]
fn filters_are_asked_in_the_order_of_their_numbers() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let first = made(&world, &mut p, "P", "fire");
    let second = made(&world, &mut p, "P", "ire");
    assert_eq!(save(&mut p, &first, &[("pri", "4")]).status, 303);
    assert_eq!(
        save(&mut p, &second, &[("pri", "1"), ("position", "1")]).status,
        303
    );
    assert_eq!(
        each(&told(&mut p, "/admin/filters")["filters"], "name"),
        ["ire", "fire"]
    );
    let number = opened(&world, "p", "Fire");
    assert_eq!(
        column(&world, "priority", &number),
        "4",
        "the later one counts"
    );
    assert_eq!(save(&mut p, &second, &[("last", "1")]).status, 303);
    let number = opened(&world, "p", "Fire");
    assert_eq!(
        column(&world, "priority", &number),
        "1",
        "and none behind the last"
    );
}

#[test]
fn what_is_wrong_with_a_filter_is_said_beside_it_and_what_was_typed_is_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "fire");
    made(&world, &mut p, "P", "water");
    let long = "x".repeat(33);
    for (field, value, beside) in [
        ("name", " ", "name"),
        ("name", &*long, "name"),
        ("name", "water", "name"),
        ("position", "first", "position"),
        ("position", "-1", "position"),
        ("target", "fax", "target"),
        ("mailbox", "nobody", "mailbox"),
        ("dept", "77", "dept"),
        ("pri", "5", "pri"),
        ("sla", "x", "sla"),
        ("topic", "77", "topic"),
        ("team", "77", "team"),
        ("agent", "nobody@p.example", "agent"),
        ("status", "gone", "status"),
        ("text", "To whom?", "mails"),
    ] {
        let target = (
            "target",
            match field {
                "target" => value,
                "mailbox" => "mailbox",
                _ => "any",
            },
        );
        let page = save(
            &mut p,
            &path,
            &[(field, value), target, ("value", "smoke & <fire>")],
        );
        assert_eq!(page.status, 422, "{field} {value}");
        assert!(
            page.text().contains(&format!("id=\"{beside}-problem\"")),
            "{field}"
        );
        assert_eq!(
            html::value(page.text(), "value").unwrap(),
            "smoke & <fire>",
            "{field}"
        );
    }
    let fields = [
        ("in", &*id(&world, "P").to_string()),
        ("name", "New"),
        ("what", "subject"),
        ("operator", "match"),
        ("value", "(<"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let page = post(&mut p, "/admin/filters", &fields);
    assert_eq!(
        (
            page.status,
            html::value(page.text(), "value").unwrap().as_str()
        ),
        (422, "(<")
    );
    let refused = post_json(&mut p, "/admin/filters", &fields).json();
    assert_eq!(refused, json!({ "error": "rules", "field": "rules" }));
}

#[test]
fn whom_an_administrator_does_not_see_stays_and_is_not_told() {
    let world = parent();
    let (mut p, mut sp3) = (administrator(&world, "P"), administrator(&world, "SP3"));
    let path = made(&world, &mut p, "SP3", "fire");
    assert_eq!(
        save(
            &mut p,
            &path,
            &[("agent", "agent@p.example"), ("dept", "2")]
        )
        .status,
        303
    );
    let page = sp3.get(&path);
    assert!(
        !page.text().contains("agent@p.example") && page.text().contains("whom you do not see")
    );
    let data = told(&mut sp3, &path);
    assert_eq!(
        data["actions"],
        json!([{ "do": "dept", "value": null }, { "do": "agent", "value": null }])
    );
    assert_eq!(save(&mut sp3, &path, &[("name", "Mine")]).status, 303);
    let kept = told(&mut p, &path);
    assert_eq!(kept["actions"][1]["value"], "agent@p.example");
    assert_eq!(
        save(&mut sp3, &path, &[("agent", "agent@p.example")]).status,
        422,
        "nor assigned anew"
    );
    assert_eq!(save(&mut sp3, &path, &[("keep_agent", "")]).status, 303);
    assert_eq!(told(&mut p, &path)["actions"].as_array().unwrap().len(), 1);
}

#[test]
fn only_who_holds_the_realm_looks_after_its_filters() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "fire");
    let mut sp3 = administrator(&world, "SP3");
    let here = id(&world, "SP3");
    let filter = path.split(['/', '?']).nth(3).unwrap().parse().unwrap();
    assert_eq!(sp3.get(&path).status, 404);
    assert_eq!(
        sp3.get(&page_of(&world, "SP3", filter)).status,
        404,
        "it is P's"
    );
    let ban_list =
        world.number("SELECT filter_id FROM filter WHERE is_ban_list = 1 AND tenant_id = 1");
    assert_eq!(
        p.get(&page_of(&world, "P", ban_list)).status,
        404,
        "the ban list is none of these"
    );
    let own = sp3.get("/admin/filters");
    assert!(own.text().contains("No filters yet") && !own.text().contains("fire"));
    made(&world, &mut sp3, "SP3", "smoke");
    let both = told(&mut p, &format!("/admin/filters?in={here}"));
    assert_eq!(each(&both["filters"], "name"), ["fire", "smoke"]);
    let mut c1b = agent(&world, "C1B");
    assert_eq!(c1b.get("/admin/filters").status, 403);
}
