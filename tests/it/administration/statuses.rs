//! Ticket statuses, as administrators make and change them (FO-7).

use realmdesk_tests::Browser;
use serde_json::{Value, json};

use super::{administrator, each, id, parent, post, post_json, told};

const PATH: &str = "/admin/statuses";

fn change(p: &mut Browser<'_>, fields: &[(&str, &str)]) -> Value {
    post_json(p, PATH, fields).json()
}

fn names(p: &mut Browser<'_>) -> Vec<String> {
    let all = told(p, PATH);
    let names = each(&all["statuses"], "name").into_iter();
    names.map(str::to_owned).collect()
}

fn waiting(p: &mut Browser<'_>) -> i64 {
    let fields = [
        ("change", "add"),
        ("name", " Waiting for <parts> "),
        ("description", "They are ordered"),
        ("state", "open"),
        ("active", "1"),
    ];
    change(p, &fields)["id"].as_i64().unwrap()
}

#[test]
fn fo_7_every_tenant_begins_with_osticket_statuses() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let all = told(&mut p, PATH);
    let rows = all["statuses"].as_array().unwrap().iter();
    let rows: Vec<_> = rows
        .map(|it| json!([it["id"], it["name"], it["state"], it["internal"]]))
        .collect();
    let expected = json!([
        [1, "Open", "open", true],
        [2, "Resolved", "closed", false],
        [3, "Closed", "closed", true],
        [4, "Archived", "archived", true],
        [5, "Deleted", "deleted", true],
    ]);
    assert_eq!(json!(rows), expected);
}

#[test]
fn fo_7_a_status_is_made_changed_ordered_and_removed() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let new = waiting(&mut p);
    assert_eq!(new, 6);
    let page = p.get(&format!("{PATH}?status=6"));
    assert!(page.text().contains("Waiting for &#60;parts&#62;"));
    assert_eq!(
        change(&mut p, &[("change", "up"), ("status", "6")])["done"],
        "saved"
    );
    assert_eq!(names(&mut p)[4], "Waiting for <parts>");
    let renamed = [
        ("change", "save"),
        ("status", "2"),
        ("name", "Solved"),
        ("can_reopen", "1"),
        ("reopens_as", "6"),
        ("active", "1"),
    ];
    assert_eq!(change(&mut p, &renamed)["done"], "saved");
    let all = told(&mut p, PATH);
    assert_eq!(all["statuses"][1]["reopens_as"], 6);
    let refused = change(&mut p, &[("change", "remove"), ("status", "6")]);
    assert_eq!(refused["error"], "in-use", "others are reopened as it");
    let freed: Vec<_> = renamed
        .iter()
        .copied()
        .filter(|(name, _)| *name != "reopens_as")
        .collect();
    change(&mut p, &freed);
    let gone = post(&mut p, PATH, &[("change", "remove"), ("status", "6")]);
    assert_eq!(
        (gone.status, gone.location()),
        (303, "/admin/statuses?done=saved")
    );
    assert_eq!(names(&mut p).len(), 5);
}

#[test]
fn fo_7_what_every_tenant_has_stays_and_so_does_what_is_in_use() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for internal in ["1", "3", "4", "5"] {
        let refused = change(&mut p, &[("change", "remove"), ("status", internal)]);
        assert_eq!(refused["error"], "in-use", "{internal}");
        let off = [
            ("change", "save"),
            ("status", internal),
            ("name", &format!("S{internal}")),
        ];
        assert_eq!(change(&mut p, &off)["done"], "saved");
    }
    assert_eq!(
        world.number("SELECT count(*) FROM ticket_status WHERE is_active = 0"),
        0
    );
    world.execute(
        "UPDATE ticket SET state = 'closed', closed_at = 1, status_id = 2 WHERE realm_id = 1",
    );
    let refused = change(&mut p, &[("change", "remove"), ("status", "2")]);
    assert_eq!(refused["error"], "in-use", "a ticket has it");
    world.execute("UPDATE ticket SET state = 'closed', closed_at = 1, status_id = NULL");
    world.execute("UPDATE help_topic SET state = 'closed', status_id = 2 WHERE topic_id = 1");
    let refused = change(&mut p, &[("change", "remove"), ("status", "2")]);
    assert_eq!(refused["error"], "in-use", "a topic gives it");
    assert_eq!(names(&mut p).len(), 5);
}

#[test]
fn what_is_wrong_with_a_status_is_said_beside_it_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let add = |p: &mut Browser<'_>, name: &str, reopens_as: &str| {
        let fields = [
            ("change", "add"),
            ("name", name),
            ("state", "closed"),
            ("reopens_as", reopens_as),
        ];
        change(p, &fields)
    };
    let error = |why: &str, field: &str| json!({ "error": why, "field": field });
    assert_eq!(add(&mut p, " ", ""), error("status-name", "name"));
    assert_eq!(
        add(&mut p, &"x".repeat(61), ""),
        error("status-name", "name")
    );
    assert_eq!(add(&mut p, "Closed", ""), error("taken", "name"));
    assert_eq!(
        add(&mut p, "Done", "3"),
        error("unknown", "reopens_as"),
        "that is no open one"
    );
    let page = post(
        &mut p,
        PATH,
        &[
            ("change", "add"),
            ("name", "Closed"),
            ("description", "<why>"),
            ("state", "open"),
        ],
    );
    assert_eq!(page.status, 422);
    assert!(page.text().contains("&#60;why&#62;"));
    for (name, value) in [("state", "gone"), ("change", "burn")] {
        let page = post_json(
            &mut p,
            PATH,
            &[(name, value), ("change", "add"), ("name", "Done")],
        );
        assert_eq!(page.status, 400, "{value}");
    }
    assert_eq!(
        change(&mut p, &[("change", "remove"), ("status", "99")])["error"],
        "there is no such thing"
    );
    for number in 6..=100 {
        add(&mut p, &format!("Status {number}"), "");
    }
    assert_eq!(add(&mut p, "One more", ""), error("full", ""));
}

#[test]
fn fo_7_only_who_administers_the_whole_tree_names_statuses() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    assert_eq!(sp3.get(PATH).status, 403);
    assert_eq!(
        post(&mut sp3, PATH, &[("change", "remove"), ("status", "2")]).status,
        403
    );
    let page = sp3.get(&format!("/admin/topics?in={}", id(&world, "SP3")));
    assert!(!page.text().contains(PATH));
}

#[test]
fn fo_7_a_filter_gives_a_status() {
    let world = parent();
    let mut p = administrator(&world, "P");
    waiting(&mut p);
    let realm = id(&world, "P").to_string();
    let filter = [
        ("in", &*realm),
        ("name", "Parts"),
        ("what", "subject"),
        ("operator", "contains"),
        ("value", "parts"),
    ];
    let made = post_json(&mut p, "/admin/filters", &filter);
    assert_eq!(made.status, 200, "{}", made.text());
    let path = format!("/admin/filters/{}?in={realm}", made.json()["id"]);
    let fields = |status: &'static str| {
        let mut fields = filter.to_vec();
        fields.extend([
            ("active", "1"),
            ("position", "1"),
            ("target", "any"),
            ("status", status),
        ]);
        fields
    };
    for (status, state, stored, shown) in [
        ("6", "open", "6", json!(6)),
        ("resolved", "closed", "2", json!(2)),
        ("closed", "closed", "NULL", json!("closed")),
        ("1", "open", "NULL", json!("open")),
    ] {
        let saved = post_json(&mut p, &path, &fields(status));
        assert_eq!(saved.status, 200, "{}", saved.text());
        let actions = told(&mut p, &path)["actions"].clone();
        assert_eq!(actions, json!([{ "do": "status", "value": shown }]));
        let number = world.ticket("p", "Some parts");
        let row = world.rows(&format!(
            "SELECT state, status_id FROM ticket WHERE number = '{number}'"
        ));
        assert_eq!(row, [format!("{state}|{stored}")]);
        let page = p.get(&path);
        assert!(
            page.text().contains("Waiting for &#60;parts&#62;"),
            "it is offered"
        );
    }
    for status in ["archived", "5", "gone"] {
        let refused = post_json(&mut p, &path, &fields(status));
        assert_eq!(refused.json()["field"], "status", "{status}");
    }
}
