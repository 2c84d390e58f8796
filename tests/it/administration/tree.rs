//! The tree: made, renamed, moved, archived, and found in.

use realmdesk_tests::{World, html};
use serde_json::json;

use super::{administrator, agent, doing, each, id, listed, parent, path, post, post_json, told};

fn version(browser: &mut realmdesk_tests::Browser<'_>, path: &str) -> String {
    told(browser, path)["version"].to_string()
}

#[test]
fn t_13_realms_of_any_kind_are_made_below_one_another() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let mut below = id(&world, "C1Bi").to_string();
    for kind in ["site", "company", "customer", "department"] {
        let fields = [("below", &*below), ("name", kind), ("kind", kind)];
        let made = post_json(&mut p, "/admin/realms", &fields);
        assert_eq!(made.status, 200, "{}", made.text());
        assert_eq!(made.json()["done"], "created");
        below = made.json()["realm"].to_string();
    }
    let deepest = told(&mut p, &format!("/admin/realms/{below}"));
    assert_eq!(deepest["kind"], "department");
    assert_eq!(
        each(&deepest["above"], "name"),
        ["P", "SP1", "C1B", "C1Bi", "site", "company", "customer"]
    );
    let page = doing(
        &mut p,
        "/admin/realms",
        &[("below", &below), ("name", " A & B "), ("kind", "site")],
    );
    let page = p.get(&page);
    assert!(page.text().contains("The realm was made."));
    assert!(
        page.text().contains("<h1 class=\"break\">A &#38; B</h1>"),
        "{}",
        page.text()
    );
}

#[test]
fn a_name_that_is_none_is_refused_and_stays_in_the_form() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let long = "x".repeat(256);
    for name in ["", "  ", "a\0b", &long] {
        let fields = [("below", "2"), ("name", name), ("kind", "customer")];
        let refused = post(&mut p, "/admin/realms", &fields);
        assert_eq!(refused.status, 422, "{name:?}");
        assert_eq!(html::value(refused.text(), "name").as_deref(), Some(name));
        assert!(
            refused
                .text()
                .contains("<option value=\"customer\" selected>")
        );
        assert!(refused.text().contains("id=\"name-problem\""));
        let told = post_json(&mut p, "/admin/realms", &fields);
        assert_eq!(
            (told.status, told.json()),
            (422, json!({"error": "name", "field": "name"}))
        );
        let path = path(&world, "SP1", "");
        let version = version(&mut p, &path);
        let fields = [
            ("change", "rename"),
            ("name", name),
            ("kind", "site"),
            ("version", &version),
        ];
        let refused = post(&mut p, &path, &fields);
        assert_eq!(refused.status, 422, "{name:?}");
        assert_eq!(html::value(refused.text(), "name").as_deref(), Some(name));
    }
    assert_eq!(world.number("SELECT count(*) FROM realm"), 10);
    let tampered = [("below", "2"), ("name", "x"), ("kind", "galaxy")];
    assert_eq!(post(&mut p, "/admin/realms", &tampered).status, 400);
}

#[test]
fn a_realm_is_renamed_once_for_each_reading() {
    let world = parent();
    let mut sp1 = administrator(&world, "SP1");
    let path = path(&world, "C1A", "");
    let read = version(&mut sp1, &path);
    let rename = |name: &'static str, version: &str| {
        [
            ("change", "rename"),
            ("name", name),
            ("kind", "site"),
            ("version", version),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let fields =
        |name, version: &str| -> Vec<(&'static str, String)> { rename(name, version).into() };
    let send = |browser: &mut realmdesk_tests::Browser<'_>, fields: &[(&'static str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        post(browser, &path, &fields)
    };
    assert_eq!(send(&mut sp1, &fields("Client A", &read)).status, 303);
    let stale = send(&mut sp1, &fields("Mine", &read));
    assert_eq!(stale.status, 409);
    assert!(
        stale
            .text()
            .contains("Somebody else changed this in the meantime")
    );
    assert_eq!(
        html::value(stale.text(), "name").as_deref(),
        Some("Mine"),
        "it is kept"
    );
    let current = html::value(stale.text(), "version").unwrap();
    assert_eq!(send(&mut sp1, &fields("Mine", &current)).status, 303);
    assert_eq!(
        world.rows("SELECT name, kind FROM realm WHERE realm_id = 7"),
        ["Mine|site"]
    );
}

#[test]
fn t_16_a_moved_realm_is_seen_from_its_new_place_and_undoing_it_restores_every_byte() {
    let world = parent();
    let (mut sp1, mut sp3) = (agent(&world, "SP1"), agent(&world, "SP3"));
    let mut p = administrator(&world, "P");
    let lists = |browser: &mut realmdesk_tests::Browser<'_>| {
        ["open", "overdue", "closed"]
            .map(|queue| browser.get_json(&format!("/queues/{queue}")).raw())
    };
    let body = |raws: [String; 3]| raws.map(|raw| raw.split("\n\n").last().unwrap().to_owned());
    let before = [body(lists(&mut sp1)), body(lists(&mut sp3))];
    let path = path(&world, "C1B", "");
    let read = version(&mut p, &path);
    let below = id(&world, "C3A").to_string();
    let moving = [("below", &*below), ("version", &*read)];
    let led = doing(&mut p, &format!("{path}/move"), &moving);
    assert_eq!(led, format!("{path}?from=2&place=1&done=moved"));
    assert_eq!(listed(&mut sp3), ["SP3", "C1B", "C3A", "C1Bi"]);
    assert_eq!(listed(&mut sp1), ["SP1", "C1A"]);
    let stale = post(&mut p, &format!("{path}/move"), &moving);
    assert_eq!(stale.status, 409, "it was decided on the older reading");
    let page = p.get(&led);
    let undo = html::form(page.text(), &format!("{path}/move")).unwrap();
    assert!(page.text().contains("Move it back below SP1"));
    let back = p.send_form(&undo, &[]);
    assert_eq!(back.status, 303, "{}", back.text());
    assert_eq!([body(lists(&mut sp1)), body(lists(&mut sp3))], before);
    assert_eq!(
        world.rows("SELECT path FROM realm WHERE name = 'C1Bi'"),
        ["a0a0a1a0"]
    );
}

#[test]
fn a_realm_is_not_moved_below_itself_into_the_archive_or_out_of_reach() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let before = world.rows("SELECT * FROM realm ORDER BY realm_id");
    let to = |browser: &mut realmdesk_tests::Browser<'_>, realm: &str, below: &str| {
        let page = path(&world, realm, "/move");
        let version = version(browser, &page);
        let fields = [("below", below), ("version", version.as_str())];
        let told = post_json(browser, &page, &fields);
        let page = post(browser, &page, &fields);
        assert_eq!(page.status, told.status);
        (
            told.status,
            told.json()["error"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let of = |realm: &str| id(&world, realm).to_string();
    for below in ["SP1", "C1B", "C1Bi"] {
        let refused = to(&mut p, "SP1", &of(below));
        assert_eq!(refused, (422, "below_itself".to_owned()), "{below}");
    }
    let unknown = (422, "unknown".to_owned());
    assert_eq!(to(&mut p, "SP1", "999"), unknown);
    let mut sp1 = administrator(&world, "SP1");
    assert_eq!(to(&mut sp1, "C1A", &of("SP3")), unknown, "it is not held");
    assert_eq!(to(&mut sp1, "C1A", &of("P")), unknown, "it is above");
    assert_eq!(world.rows("SELECT * FROM realm ORDER BY realm_id"), before);
    world.execute("UPDATE realm SET archived_at = 1 WHERE name = 'SP2'");
    assert_eq!(to(&mut p, "SP1", &of("SP2")), (422, "archived".to_owned()));
    let offered = told(&mut p, &path(&world, "SP1", "/move"));
    assert_eq!(
        each(&offered["offered"], "name"),
        ["P", "SP3", "C3A", "C2C", "C2D"]
    );
}

#[test]
fn a_realm_is_archived_and_restored_with_all_below_it() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = path(&world, "SP1", "");
    let change = |browser: &mut realmdesk_tests::Browser<'_>, change: &str| {
        let version = version(browser, &path);
        post_json(browser, &path, &[("change", change), ("version", &version)])
    };
    assert_eq!(change(&mut p, "archive").json()["done"], "archived");
    assert_eq!(world.browser("c1a.localhost").get("/").status, 503);
    let page = p.get(&format!("{path}?done=archived"));
    assert!(page.text().contains("Archived") && page.text().contains("Restore the realm"));
    let fields = [("below", "2"), ("name", "late"), ("kind", "site")];
    let late = post_json(&mut p, "/admin/realms", &fields);
    assert_eq!(
        (late.status, &late.json()["error"]),
        (422, &json!("archived"))
    );
    let below = super::path(&world, "C1A", "");
    let version = version(&mut p, &below);
    let alone = post_json(
        &mut p,
        &below,
        &[("change", "restore"), ("version", &version)],
    );
    assert_eq!(
        (alone.status, &alone.json()["error"]),
        (422, &json!("archived"))
    );
    assert_eq!(change(&mut p, "restore").json()["done"], "restored");
    assert_eq!(world.browser("c1a.localhost").get("/").status, 200);
    let own = super::path(&world, "P", "");
    let version = self::version(&mut p, &own);
    let refused = post_json(
        &mut p,
        &own,
        &[("change", "archive"), ("version", &version)],
    );
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (422, &json!("own_ground"))
    );
    assert!(!p.get(&own).text().contains("Archive the realm"));
}

/// A tenant with as many realms in one row below P.
fn many(world: &World, many: usize) {
    world.execute(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {many} - 1)
         INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT 1, 100 + i, 1, 'a0d' || printf('%04d', i + 1000), 'Branch ' || printf('%05d', i)
           FROM n"
    ));
}

#[test]
fn ten_thousand_realms_are_listed_page_by_page_and_found_by_name() {
    let world = parent();
    many(&world, 9_990);
    let mut p = administrator(&world, "P");
    let (mut next, mut seen) = (Some("/admin/realms".to_owned()), Vec::new());
    while let Some(path) = next {
        world.meter.take_trips();
        let page = told(&mut p, &path);
        assert_eq!(world.meter.take_trips(), 2, "{path}");
        let rows = page["realms"].as_array().unwrap();
        assert!(rows.len() <= 100);
        seen.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
        next = page["next"].as_str().map(str::to_owned);
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((all, seen.len()), (10_000, 10_000), "each once");
    let found = |browser: &mut realmdesk_tests::Browser<'_>, q: &str| {
        let page = told(browser, &format!("/admin/realms?q={q}"));
        each(&page["realms"], "name")
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&mut p, "branch+0998").len(), 10, "whatever the case");
    assert_eq!(found(&mut p, "sp"), ["SP1", "SP2", "SP3"]);
    assert_eq!(found(&mut p, "%25"), [""; 0], "no pattern");
    let mut sp1 = administrator(&world, "SP1");
    assert_eq!(found(&mut sp1, "Branch"), [""; 0], "out of reach");
    assert_eq!(found(&mut sp1, "c"), ["C1A", "C1B", "C1Bi"]);
    assert!(
        p.get("/admin/realms?q=nowhere")
            .text()
            .contains("No realm found")
    );
}

#[test]
fn the_tree_begins_where_the_reach_does() {
    let world = parent();
    let mut sp1 = administrator(&world, "SP1");
    let tree = told(&mut sp1, "/admin/realms");
    assert_eq!(each(&tree["realms"], "name"), ["SP1", "C1A", "C1B", "C1Bi"]);
    let depths: Vec<_> = tree["realms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["depth"])
        .collect();
    assert_eq!(depths, [0, 1, 1, 2]);
    assert_eq!(tree["in"]["above"], json!([]), "those above are not named");
    let inner = told(&mut sp1, &format!("/admin/realms?in={}", id(&world, "C1B")));
    assert_eq!(each(&inner["realms"], "name"), ["C1B", "C1Bi"]);
    assert_eq!(each(&inner["in"]["above"], "name"), ["SP1"]);
    let page = sp1.get("/admin/realms").text().to_owned();
    assert!(
        page.contains("class=\"d2\"")
            && !page.contains("SP3")
            && !page.contains("/admin/separation")
    );
}
