//! The log of what administrators do (LO-2).

use realmdesk_tests::World;
use serde_json::{Value, json};

use super::{administrator, agent, doing, each, id, parent, path, post, post_json, save, told};

fn log(browser: &mut realmdesk_tests::Browser<'_>, query: &str) -> Vec<Value> {
    told(browser, &format!("/admin/log{query}"))["deeds"]
        .as_array()
        .unwrap()
        .clone()
}

/// A deed as kind, action and name.
fn line(deed: &Value) -> String {
    let text = |field: &str| deed[field].as_str().unwrap().to_owned();
    format!("{} {} {}", text("kind"), text("action"), text("name"))
}

fn new_filter(world: &World, browser: &mut realmdesk_tests::Browser<'_>, realm: &str) -> String {
    let here = id(world, realm).to_string();
    let fields = [
        ("in", &*here),
        ("name", "Fires"),
        ("what", "subject"),
        ("operator", "contains"),
        ("value", "fire"),
    ];
    world.turn(1);
    let made = post_json(browser, "/admin/filters", &fields);
    assert_eq!(made.status, 200, "{}", made.text());
    format!("/admin/filters/{}?in={here}", made.json()["id"])
}

#[test]
fn lo_2_what_is_done_is_told_with_what_was_changed() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let filter = new_filter(&world, &mut p, "SP3");
    world.turn(1);
    assert_eq!(
        save(&mut p, &filter, &[("pri", "4"), ("name", "Fires!")]).status,
        303
    );
    world.turn(1);
    doing(
        &mut p,
        &path(&world, "SP3", "/settings"),
        &[("change", "set"), ("key", "locale"), ("value", "de")],
    );
    world.turn(1);
    doing(
        &mut p,
        &path(&world, "SP3", ""),
        &[
            ("change", "rename"),
            ("name", "SP three"),
            ("kind", "site"),
            ("version", "1"),
        ],
    );
    let deeds = log(&mut p, "");
    let lines: Vec<String> = deeds.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "realm changed SP3",
            "setting changed locale",
            "filter changed Fires",
            "filter made Fires",
        ]
    );
    assert_eq!(
        deeds[0]["changed"],
        json!({ "name": "SP three", "kind": "site" })
    );
    assert_eq!(deeds[1]["changed"], json!({ "set": "de" }));
    assert_eq!(deeds[2]["changed"], json!({ "name": "Fires!", "pri": "4" }));
    assert_eq!(deeds[2]["object"], deeds[3]["object"]);
    assert!(filter.contains(&format!("/{}?", deeds[3]["object"].as_str().unwrap())));
    let page = p.get("/admin/log");
    assert!(page.text().contains("Fires!"));
    assert_eq!(
        world.rows("SELECT count(*) FROM admin_event WHERE changed LIKE '%csrf%'"),
        ["0"]
    );
}

#[test]
fn what_is_refused_leaves_no_trace() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = path(&world, "SP3", "");
    let stale = [
        ("change", "rename"),
        ("name", "x"),
        ("kind", "site"),
        ("version", "9"),
    ];
    assert_eq!(post(&mut p, &here, &stale).status, 409);
    let unfit = [("change", "set"), ("key", "locale"), ("value", "xx")];
    assert_eq!(
        post(&mut p, &path(&world, "SP3", "/settings"), &unfit).status,
        422
    );
    assert_eq!(log(&mut p, ""), [Value::Null; 0]);
}

#[test]
fn the_log_is_asked_for_an_agent_and_a_kind_and_goes_on_page_by_page() {
    let world = parent();
    let (mut p, mut sp3) = (administrator(&world, "P"), administrator(&world, "SP3"));
    let here = id(&world, "SP3").to_string();
    for number in 0..60 {
        let address = format!("x{number}@example.com");
        let by = if number % 2 == 0 { &mut p } else { &mut sp3 };
        doing(
            by,
            "/admin/bans",
            &[("in", &here), ("change", "ban"), ("address", &address)],
        );
        world.turn(1_000);
    }
    new_filter(&world, &mut sp3, "SP3");
    assert_eq!(log(&mut p, "?kind=filter").len(), 1);
    assert_eq!(log(&mut p, "?agent=Agent%40SP3.example").len(), 31);
    assert_eq!(log(&mut p, "?agent=agent%40sp3.example&kind=ban").len(), 30);
    assert_eq!(log(&mut p, "?agent=nobody%40sp3.example").len(), 0);
    let (mut next, mut names) = (Some("/admin/log?kind=ban".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = told(&mut p, &path);
        names.extend(each(&page["deeds"], "name").into_iter().map(str::to_owned));
        next = page["next"].as_str().map(str::to_owned);
    }
    let expected: Vec<String> = (0..60)
        .rev()
        .map(|at| format!("x{at}@example.com"))
        .collect();
    assert_eq!(names, expected);
}

#[test]
fn t_32_t_74_the_log_tells_of_held_realms_only_and_names_nobody_from_above() {
    let world = parent();
    let (mut p, mut sp3) = (administrator(&world, "P"), administrator(&world, "SP3"));
    new_filter(&world, &mut p, "SP1");
    let filter = new_filter(&world, &mut p, "SP3");
    world.turn(1);
    assert_eq!(
        save(&mut p, &filter, &[("agent", "agent@p.example")]).status,
        303
    );
    new_filter(&world, &mut sp3, "C3A");
    let page = told(&mut sp3, "/admin/log");
    let deeds = page["deeds"].as_array().unwrap();
    let realms: Vec<&str> = deeds
        .iter()
        .map(|it| it["realm"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(realms, ["C3A", "SP3", "SP3"]);
    assert_eq!(deeds[1]["actor"], Value::Null);
    assert_eq!(
        deeds[1]["changed"],
        json!({ "agent": null }),
        "that it was, not what it is"
    );
    assert!(!sp3.get("/admin/log").text().contains("agent@p.example"));
    let asked = log(&mut sp3, "?agent=agent%40p.example");
    assert_eq!(
        asked,
        log(&mut sp3, "?agent=nobody%40p.example"),
        "as if there were nobody"
    );
    assert_eq!(log(&mut p, "").len(), 4);
    let mut plain = agent(&world, "SP1");
    assert_eq!(plain.get("/admin/log").status, 403);
}

#[test]
fn what_the_operator_does_to_a_tenant_is_told_to_its_administrators() {
    let world = parent();
    let rename = realmdesk_tests::Call::post("/admin/tenants/parent/rename")
        .header("authorization", "Bearer operator-secret")
        .body(json!({ "name": "Parents" }).to_string());
    assert_eq!(world.send(rename).status, 200);
    let mut p = administrator(&world, "P");
    let deeds = log(&mut p, "");
    assert_eq!(deeds[0]["actor"], "operator");
    assert_eq!(deeds[0]["changed"], json!({ "name": "Parents" }));
    let mut sp3 = administrator(&world, "SP3");
    assert!(
        log(&mut sp3, "").is_empty(),
        "below the top it is nobody's to know"
    );
}
