//! Lists and their items, as administrators make and change them (FO-6).

use realmdesk_tests::{Browser, World, html};
use serde_json::{Value, json};

use super::{administrator, agent, each, id, parent, post, post_json, save, told};

/// Makes a list in a realm, and returns its page.
pub(super) fn made(world: &World, browser: &mut Browser<'_>, realm: &str, name: &str) -> String {
    let realm = id(world, realm).to_string();
    let fields = [("in", &*realm), ("name", name), ("plural", "Devices")];
    let page = post_json(browser, "/admin/lists", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    format!("/admin/lists/{}?in={realm}", page.json()["id"])
}

/// Does something to a list, and tells what comes of it.
pub(super) fn change(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Value {
    let realm = path.split_once("?in=").unwrap().1;
    let mut whole = vec![("in", realm)];
    whole.extend(fields);
    post_json(browser, path, &whole).json()
}

fn values(browser: &mut Browser<'_>, path: &str) -> Vec<String> {
    let told = told(browser, path);
    let values = each(&told["items"], "value").into_iter();
    values.map(str::to_owned).collect()
}

#[test]
fn fo_6_a_list_is_made_filled_ordered_and_offered() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", " Device <any> ");
    let pasted = "Printer,PR\r\n\"Screen, wide\",SC\nLamp\n";
    let told_of = change(&mut p, &path, &[("change", "import"), ("items", pasted)]);
    assert_eq!(told_of["done"], "saved");
    assert_eq!(values(&mut p, &path), ["Printer", "Screen, wide", "Lamp"]);
    // What is there already takes the abbreviation, and is not there twice.
    change(
        &mut p,
        &path,
        &[("change", "import"), ("items", "Lamp,LA\nDesk")],
    );
    let all = told(&mut p, &path);
    assert_eq!(all["name"], "Device <any>");
    assert_eq!(
        all["items"][2],
        json!({ "id": 3, "value": "Lamp", "abbreviation": "LA", "active": true })
    );
    assert_eq!(all["items"].as_array().unwrap().len(), 4);
    change(&mut p, &path, &[("change", "up"), ("item", "3")]);
    change(
        &mut p,
        &path,
        &[("change", "save"), ("name", "Device"), ("order", "manual")],
    );
    change(
        &mut p,
        &path,
        &[("change", "item"), ("item", "1"), ("value", "Printers")],
    );

    let realm = id(&world, "P").to_string();
    let form = [("in", &*realm), ("title", "More"), ("purpose", "ticket")];
    let form = post_json(&mut p, "/admin/forms", &form).json()["id"].clone();
    let list = path.split(['/', '?']).nth(3).unwrap();
    let field = [
        ("in", &*realm),
        ("change", "add"),
        ("label", "Device"),
        ("name", "device"),
        ("kind", "list"),
        ("list", list),
    ];
    let added = post_json(&mut p, &format!("/admin/forms/{form}?in={realm}"), &field);
    assert_eq!(added.status, 200, "{}", added.text());
    let asked = world.browser("sp3.localhost").get("/open?topic=1");
    let offered: Vec<String> = asked
        .text()
        .split("<option value=\"")
        .filter_map(|option| html::element(&format!("<option value=\"{option}"), "<option"))
        .filter(|words| ["Printers", "Lamp", "Screen, wide", "Desk"].contains(&&**words))
        .collect();
    assert_eq!(
        offered,
        ["Lamp", "Screen, wide", "Desk"],
        "one is switched off"
    );
    let refused = change(&mut p, &path, &[("change", "remove")]);
    assert_eq!(refused, json!({ "error": "in-use", "field": "" }));
    assert_eq!(values(&mut p, &path).len(), 4, "nor are its items gone");
}

#[test]
fn a_list_that_nothing_offers_is_removed_and_so_are_items() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "Device");
    change(&mut p, &path, &[("change", "import"), ("items", "a\nb")]);
    let dropped = change(&mut p, &path, &[("change", "drop"), ("item", "1")]);
    assert_eq!(dropped["done"], "saved");
    assert_eq!(values(&mut p, &path), ["b"]);
    let gone = post(
        &mut p,
        &path,
        &[
            ("in", path.split('=').nth(1).unwrap()),
            ("change", "remove"),
        ],
    );
    assert_eq!(gone.status, 303);
    assert!(gone.location().starts_with("/admin/lists?in="));
    assert_eq!(p.get(&path).status, 404);
    assert_eq!(world.number("SELECT count(*) FROM list_item"), 0);
}

#[test]
fn what_is_wrong_with_a_list_is_said_beside_it_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "Device");
    let refused = |p: &mut Browser<'_>, fields: &[(&str, &str)]| change(p, &path, fields);
    let error = |why: &str, field: &str| json!({ "error": why, "field": field });
    let long = "x".repeat(256);
    for items in ["", "a\na", &long, ",b"] {
        let told = refused(&mut p, &[("change", "import"), ("items", items)]);
        assert_eq!(told, error("items", "items"));
    }
    let many: Vec<String> = (0..2_001).map(|it| format!("item {it}")).collect();
    let told = refused(
        &mut p,
        &[("change", "import"), ("items", &many[..2_000].join("\n"))],
    );
    assert_eq!(told["done"], "saved");
    let told = refused(&mut p, &[("change", "import"), ("items", &many[2_000])]);
    assert_eq!(told, error("items", "items"), "a list has an end");
    let told = refused(
        &mut p,
        &[("change", "item"), ("item", "2"), ("value", "item 0")],
    );
    assert_eq!(told, error("taken", "value"));
    assert_eq!(
        refused(&mut p, &[("change", "save"), ("name", " ")]),
        error("name", "name")
    );
    let page = save(
        &mut p,
        "/admin/lists",
        &[("name", "Device"), ("plural", "<Devices>")],
    );
    assert_eq!(page.status, 422);
    assert_eq!(
        html::value(page.text(), "plural").as_deref(),
        Some("<Devices>")
    );
    for change in [
        [("change", "drop"), ("item", "9999")],
        [("change", "up"), ("item", "x")],
    ] {
        let realm = path.split('=').nth(1).unwrap();
        let whole = [change[0], change[1], ("in", realm)];
        assert_eq!(post_json(&mut p, &path, &whole).status, 404);
    }
}

#[test]
fn a_list_from_above_is_offered_below_and_changed_where_it_belongs() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "Device");
    let mut sp3 = administrator(&world, "SP3");
    let own = made(&world, &mut sp3, "SP3", "Site");
    let listed = told(&mut sp3, &format!("/admin/lists?in={}", id(&world, "SP3")));
    assert_eq!(
        each(&listed["lists"], "name"),
        ["Site"],
        "what is not hers to see stays unseen"
    );
    let below = path.replace(
        &format!("in={}", id(&world, "P")),
        &format!("in={}", id(&world, "SP3")),
    );
    assert_eq!(sp3.get(&below).status, 404);
    assert_eq!(sp3.get(&path).status, 404);
    let seen = told(&mut p, &format!("/admin/lists?in={}", id(&world, "SP3")));
    assert_eq!(each(&seen["lists"], "name"), ["Device", "Site"]);
    assert_eq!(agent(&world, "C3A").get(&own).status, 403);
}

#[test]
fn fo_6_an_item_of_a_long_list_is_typed_and_taken_by_its_name() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "P", "Room");
    let rooms: Vec<String> = (1..=600).map(|it| format!("Room {it:03}")).collect();
    change(
        &mut p,
        &path,
        &[("change", "import"), ("items", &rooms.join("\n"))],
    );
    let field = typed_into(&world, &mut p, &path);
    let mut ana = world.browser("sp3.localhost");
    let page = ana.get("/open?topic=1");
    let name = format!("field_{field}");
    assert!(page.text().contains(&format!("list=\"{name}-offered\"")));
    assert!(page.text().contains("<option value=\"Room 500\">"));
    assert!(!page.text().contains("Room 501"), "pages stay small");
    let mut typed = vec![
        ("topic", "1"),
        ("name", "Ana Lima"),
        ("email", "ana@example.com"),
        ("subject", "Printer"),
        ("message", "It burns."),
        (&*name, "<Room> 7"),
    ];
    let page = ana.submit("/open", &typed);
    assert_eq!(page.status, 422);
    assert_eq!(
        html::value(page.text(), &name).as_deref(),
        Some("<Room> 7"),
        "what was typed is kept"
    );
    typed[5].1 = " room 599 ";
    assert_eq!(ana.submit("/open", &typed).status, 303);
    assert_eq!(
        world.rows("SELECT text || number FROM field_value"),
        ["Room 599599"]
    );
    // Agents fill it in anew under the item's name, as it is by now.
    change(
        &mut p,
        &path,
        &[
            ("change", "item"),
            ("item", "599"),
            ("value", "Hall"),
            ("offered", "1"),
        ],
    );
    let number = &world.rows("SELECT number FROM ticket WHERE subject = 'Printer'")[0];
    let page = p.get(&format!("/queues/edit/{number}"));
    assert_eq!(html::value(page.text(), &name).as_deref(), Some("Hall"));
}

/// A field of all tickets, of the list of a page, into which one types.
fn typed_into(world: &World, browser: &mut Browser<'_>, list: &str) -> Value {
    let realm = id(world, "P").to_string();
    let form = [("in", &*realm), ("title", "More"), ("purpose", "ticket")];
    let form = post_json(browser, "/admin/forms", &form).json()["id"].clone();
    let field = [
        ("in", &*realm),
        ("change", "add"),
        ("label", "Room"),
        ("name", "room"),
        ("kind", "list"),
        ("list", list.split(['/', '?']).nth(3).unwrap()),
    ];
    let path = format!("/admin/forms/{form}?in={realm}");
    let field = post_json(browser, &path, &field).json()["field"].clone();
    let path = format!("/admin/forms/{form}/fields/{field}?in={realm}");
    let saved = save(browser, &path, &[("typeahead", "1")]);
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(told(browser, &path)["options"]["has_typeahead"], true);
    field
}
