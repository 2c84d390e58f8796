//! What the items of lists have, as administrators say and fill in (FO-6).

use realmdesk_tests::{Browser, World, html};
use serde_json::{Value, json};

use super::lists::{change, made};
use super::{administrator, agent, each, id, parent, post, post_json, save, told};

/// A list of P with two rooms, whose items have a floor and a key; and the page of the first's.
fn rooms(world: &World, p: &mut Browser<'_>) -> (String, String) {
    let list = made(world, p, "P", "Room");
    change(p, &list, &[("change", "import"), ("items", "Hall\nCellar")]);
    let form = change(p, &list, &[("change", "properties")])["form"].clone();
    let realm = id(world, "P").to_string();
    let path = format!("/admin/forms/{form}?in={realm}");
    for (label, name, kind) in [("Floor", "floor", "text"), ("Key <no.>", "key", "text")] {
        let field = [
            ("in", &*realm),
            ("change", "add"),
            ("label", label),
            ("name", name),
            ("kind", kind),
        ];
        assert_eq!(post_json(p, &path, &field).status, 200);
    }
    let number = list.split(['/', '?']).nth(3).unwrap();
    let item = format!("/admin/profiles/lists/{number}/1?in={realm}");
    (list, item)
}

fn held(p: &mut Browser<'_>, path: &str) -> Vec<String> {
    let properties = told(p, path);
    let fields = properties["fields"].as_array().unwrap().iter();
    let said = |it: &Value| {
        let values = it["values"].as_array().unwrap().iter();
        let values: Vec<&str> = values.map(|it| it.as_str().unwrap()).collect();
        format!("{}={}", it["name"].as_str().unwrap(), values.join("+"))
    };
    fields.map(said).collect()
}

/// What the form calls each property.
fn names(p: &mut Browser<'_>, path: &str) -> Vec<String> {
    let properties = told(p, path);
    let names = each(&properties["fields"], "field").into_iter();
    names.map(str::to_owned).collect()
}

#[test]
fn fo_6_items_have_what_their_lists_form_asks_for() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (list, item) = rooms(&world, &mut p);
    let page = p.get(&format!("{list}&item=1"));
    assert!(page.text().contains(&format!("href=\"{item}\"")));
    let names = names(&mut p, &item);
    let page = p.get(&item);
    assert!(
        page.text()
            .contains("<h1 class=\"break\">Properties of Hall</h1>")
    );
    assert_eq!(save(&mut p, &item, &[(&names[0], "2")]).status, 303);
    assert_eq!(held(&mut p, &item), ["floor=2", "key="]);
    // The list's other items, and other lists', have their own.
    let other = item.replace("/1?", "/2?");
    assert_eq!(held(&mut p, &other), ["floor=", "key="]);
    let log = world.rows(
        "SELECT action || '|' || kind || '|' || name || '|' || changed FROM admin_event
          WHERE name = 'Room: Hall'",
    );
    assert_eq!(log, [r#"changed|list|Room: Hall|{"floor":"2"}"#]);
}

#[test]
fn fo_6_what_does_not_fit_an_item_is_told_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (_, item) = rooms(&world, &mut p);
    let names = names(&mut p, &item);
    let page = save(&mut p, &item, &[(&names[0], "3"), (&names[1], "=A1")]);
    assert_eq!(page.status, 422);
    assert_eq!(html::value(page.text(), &names[1]).as_deref(), Some("=A1"));
    assert_eq!(held(&mut p, &item), ["floor=", "key="], "nor is the other");
    assert_eq!(save(&mut p, &item, &[(&names[0], "3")]).status, 303);
    // What somebody else has read before that does not undo it.
    let stale = [("version", "1"), (&*names[0], "4")];
    assert_eq!(post(&mut p, &item, &stale).status, 409);
    assert_eq!(held(&mut p, &item), ["floor=3", "key="]);
}

#[test]
fn fo_6_properties_go_with_their_item_and_with_their_list() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (list, item) = rooms(&world, &mut p);
    let names = names(&mut p, &item);
    let other = item.replace("/1?", "/2?");
    for path in [&item, &other] {
        assert_eq!(save(&mut p, path, &[(&names[1], "7")]).status, 303);
    }
    let dropped = change(&mut p, &list, &[("change", "drop"), ("item", "1")]);
    assert_eq!(dropped["done"], "saved");
    assert_eq!(p.get(&item).status, 404);
    assert_eq!(
        world.rows("SELECT item_id || text FROM list_item_value"),
        ["27"]
    );
    let again = change(&mut p, &list, &[("change", "properties")]);
    assert_eq!(again, json!({ "error": "taken", "field": "" }));
    let gone = change(&mut p, &list, &[("change", "remove")]);
    assert_eq!(gone["done"], "saved");
    assert_eq!(world.number("SELECT count(*) FROM list_item_value"), 0);
    assert_eq!(
        world.number("SELECT count(*) FROM form WHERE kind = 'list'"),
        0
    );
    assert_eq!(p.get(&other).status, 404);
}

#[test]
fn fo_6_a_form_of_properties_stays_one_and_asks_nobody_else() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (list, item) = rooms(&world, &mut p);
    let realm = id(&world, "P").to_string();
    let form = format!("/admin/forms/{}?in={realm}", told(&mut p, &list)["form"]);
    let become_one = [
        ("in", &*realm),
        ("change", "save"),
        ("title", "Rooms"),
        ("purpose", "ticket"),
        ("active", "1"),
    ];
    assert_eq!(post_json(&mut p, &form, &become_one).status, 200);
    assert_eq!(told(&mut p, &form)["purpose"], "list");
    assert_eq!(save(&mut p, &form, &[("title", "About rooms")]).status, 303);
    let free = [("in", &*realm), ("title", "Loose"), ("purpose", "list")];
    assert_eq!(post_json(&mut p, "/admin/forms", &free).status, 400);
    let open = world.browser("p.localhost").get("/open?topic=1");
    assert!(!open.text().contains("Floor"), "{}", open.text());
    let filters = p.get(&format!("/admin/filters?in={realm}"));
    assert!(!filters.text().contains("Floor"));
    // Switched off, it asks for nothing, and what was filled in stays.
    let names = names(&mut p, &item);
    assert_eq!(save(&mut p, &item, &[(&names[0], "2")]).status, 303);
    assert_eq!(save(&mut p, &form, &[("active", "")]).status, 303);
    assert!(p.get(&item).text().contains("Nothing is kept here"));
    assert_eq!(save(&mut p, &form, &[("active", "1")]).status, 303);
    assert_eq!(held(&mut p, &item), ["floor=2", "key="]);
}

#[test]
fn fo_6_properties_are_their_realms() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (_, item) = rooms(&world, &mut p);
    let names = names(&mut p, &item);
    let (above, own) = (id(&world, "P"), id(&world, "SP3"));
    let below = item.replace(&format!("in={above}"), &format!("in={own}"));
    let mut sp3 = administrator(&world, "SP3");
    for path in [&item, &below] {
        assert_eq!(sp3.get(path).status, 404);
        let typed = [("version", "1"), (&*names[0], "9")];
        assert_eq!(post(&mut sp3, path, &typed).status, 404);
    }
    assert_eq!(p.get(&below).status, 404, "it belongs to the realm above");
    for odd in [item.replace("/1?", "/3?"), item.replace("/1?", "/x?")] {
        assert_eq!(p.get(&odd).status, 404);
    }
    assert_eq!(agent(&world, "C3A").get(&item).status, 403);
    assert_eq!(world.number("SELECT count(*) FROM list_item_value"), 0);
}
