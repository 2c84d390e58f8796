//! The two dialects a key can be answered in: osTicket's since 1.17, and that until 1.16.

use realmdesk_tests::World;
use serde_json::{Value, json};

use super::{create, set_key, told};

/// Fields, and what is wrong with them as pairs of a key and words.
fn refused() -> Vec<(Value, Vec<(&'static str, &'static str)>)> {
    let client = ("user", "Incomplete client information");
    let characters = "Content cannot start with the following characters: = - + @";
    let formula = ("20", characters);
    let summary = ("20", "Issue Summary is a required field");
    let details = ("21", "Issue Details is a required field");
    let invalid = "Missing or invalid data — Correct any errors below and try again";
    let nothing = json!({ "name": "", "email": "", "subject": "", "message": "" });
    vec![
        (json!({ "email": "ana" }), vec![client]),
        (json!({ "email": null }), vec![client]),
        (json!({ "name": " " }), vec![client]),
        (json!({ "phone": "555" }), vec![client]),
        (json!({ "phone": "call me maybe" }), vec![client]),
        (json!({ "subject": "" }), vec![summary]),
        (json!({ "message": "" }), vec![details]),
        (json!({ "message": "data:," }), vec![details]),
        (
            json!({ "message": "data:text/html,<p></p>" }),
            vec![details],
        ),
        (json!({ "subject": "=1+1" }), vec![formula]),
        (json!({ "subject": "@sum" }), vec![formula]),
        (json!({ "subject": "x".repeat(300) }), vec![("20", invalid)]),
        (
            json!({ "source": "Fax" }),
            vec![("source", "Invalid ticket origin given")],
        ),
        (nothing, vec![client, summary, details]),
    ]
}

fn lines(problems: &[(&str, &str)], between: &str) -> String {
    let line = |(key, words): &(&str, &str)| format!("{key}{between}{words}");
    let lines: Vec<String> = problems.iter().map(line).collect();
    lines.join("\n")
}

#[test]
fn since_1_17_what_is_wrong_answers_500() {
    let world = World::new().tenant("acme");
    for (fields, problems) in refused() {
        let page = create(&world, &fields);
        let text = format!("Unable to create new ticket :{}", lines(&problems, "\n"));
        assert_eq!(told(&page), (500, &*text), "{fields}");
    }
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(world.log.take(), [""; 0]);
}

#[test]
fn until_1_16_what_is_wrong_answers_400() {
    let world = World::new().tenant("acme");
    set_key(&world, "acme-key", "dialect = '1.16'");
    for (fields, problems) in refused() {
        let page = create(&world, &fields);
        let head = "Unable to create new ticket: validation errors:";
        let text = format!("{head}\n{}", lines(&problems, ": "));
        assert_eq!(told(&page), (400, &*text), "{fields}");
    }
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(create(&world, &json!({})).status, 201);
}

#[test]
fn our_own_trouble_is_told_in_both() {
    for (dialect, text) in [
        ("1.18", "Unable to create new ticket :unknown error"),
        ("1.16", "Unable to create new ticket: unknown error"),
    ] {
        let world = World::new().tenant("acme");
        set_key(&world, "acme-key", &format!("dialect = '{dialect}'"));
        // Whoever calls was found; the ticket cannot be written.
        world.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON ticket
             BEGIN SELECT raise(ABORT, 'disk I/O error'); END",
        );
        assert_eq!(told(&create(&world, &json!({}))), (500, text));
        assert_eq!(world.log.take().len(), 1);
    }
}

#[test]
fn q_11_department_and_plan_count_only_for_keys_that_may_choose_them() {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO sla_plan (tenant_id, sla_plan_id, name, grace_hours) VALUES (1, 7, 'Fast', 4)",
    );
    let filed = |fields: &Value| {
        let number = create(&world, fields);
        let number = number.text();
        let columns = "department_id, sla_plan_id, agent_id, state";
        world
            .rows(&format!(
                "SELECT {columns} FROM ticket WHERE number = '{number}'"
            ))
            .concat()
    };
    let chosen = json!({ "deptId": 3, "slaId": "7", "staffId": 1, "statusId": 3 });
    assert_eq!(filed(&chosen), "1|1|NULL|open");
    set_key(&world, "acme-key", "can_route = 1");
    assert_eq!(filed(&chosen), "3|7|NULL|open");
    let unknown = json!({ "deptId": 999, "slaId": 999, "topicId": 11 });
    assert_eq!(filed(&unknown), filed(&json!({ "topicId": 11 })));
}
