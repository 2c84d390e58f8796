//! Adding and changing users.

use realmdesk_tests::{Call, World};
use serde_json::json;

use super::{acme, item, patch, problem, send, tree, wrong};

/// An organization of a realm.
fn organization(world: &World, realm: &str) -> String {
    let id = world.id().to_string();
    world.execute(&format!(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
         SELECT tenant_id, '{id}', realm_id, 'Firm of {realm}' FROM realm WHERE name = '{realm}'"
    ));
    id
}

fn realm(world: &World, name: &str) -> i64 {
    world.number(&format!("SELECT realm_id FROM realm WHERE name = '{name}'"))
}

#[test]
fn a_user_is_added_in_two_round_trips_and_once_only() {
    let world = acme();
    let user = json!({ "email": "Bo@Example.com", "name": " Bo \n Ek " });
    world.meter.take_trips();
    let page = send(&world, "acme", "/users", &user);
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    let bo = item(
        &world,
        "acme",
        page.location().strip_prefix("/api/v1").unwrap(),
    );
    assert_eq!(
        (&bo["email"], &bo["name"]),
        (&json!("bo@example.com"), &json!("Bo Ek"))
    );
    let again = send(&world, "acme", "/users", &user);
    assert_eq!(problem(&again), (409, "exists".to_owned()));
}

#[test]
fn a_user_is_added_below_the_key_s_realm_with_an_organization_of_that_realm() {
    let world = tree();
    let (own, below) = (organization(&world, "SP3"), organization(&world, "C3A"));
    let user = |realm: i64, organization: &str| {
        json!({
            "email": "bo@example.com", "name": "Bo", "realm": realm,
            "organization": organization,
        })
    };
    let c3a = realm(&world, "C3A");
    let refused = send(&world, "sp3", "/users", &user(c3a, &own));
    assert_eq!(wrong(&refused), ["/organization"]);
    let page = send(&world, "sp3", "/users", &user(c3a, &below));
    assert_eq!(page.status, 201, "{}", page.text());
    let bo = item(
        &world,
        "sp3",
        page.location().strip_prefix("/api/v1").unwrap(),
    );
    assert_eq!(bo["realm"]["name"], "C3A");
    assert_eq!(bo["organization"]["name"], "Firm of C3A");
}

#[test]
fn t_65_t_66_nobody_is_added_to_a_realm_out_of_sight() {
    let world = tree();
    let add = |realm: i64| {
        let user = json!({ "email": "bo@example.com", "name": "Bo", "realm": realm });
        send(&world, "sp3", "/users", &user)
    };
    let nowhere = add(99_999);
    assert_eq!(wrong(&nowhere), ["/realm"]);
    for foreign in ["P", "SP1"] {
        assert_eq!(
            add(realm(&world, foreign)).text(),
            nowhere.text(),
            "{foreign}"
        );
    }
    world.execute("UPDATE realm SET archived_at = 1 WHERE name = 'C3A'");
    assert_eq!(add(realm(&world, "C3A")).text(), nowhere.text());
    assert_eq!(world.number("SELECT count(*) FROM user"), 0);
}

#[test]
fn what_is_wrong_with_a_user_is_told_at_once() {
    let world = acme();
    let page = send(
        &world,
        "acme",
        "/users",
        &json!({ "email": "bo", "name": "" }),
    );
    assert_eq!(wrong(&page), ["/email", "/name"]);
}

#[test]
fn a_user_is_changed_by_who_has_read_them() {
    let world = acme();
    let firm = organization(&world, "Acme");
    let id = world.user("acme.localhost", "bo@example.com", "Bo");
    let path = format!("/users/{id}");
    let change = |body| world.send(patch("acme", &path, &body));
    let page = change(json!({ "name": "Bo Ek", "organization": firm }));
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.json()["organization"]["name"], "Firm of Acme");
    assert_eq!(item(&world, "acme", &path), page.json());
    let page = change(json!({ "organization": null }));
    assert!(page.json()["organization"].is_null());
    assert_eq!(page.json()["name"], "Bo Ek");
    assert_eq!(wrong(&change(json!({ "name": " " }))), ["/name"]);
    assert_eq!(
        wrong(&change(json!({ "organization": "none" }))),
        ["/organization"]
    );
    let stale = Call::new("PATCH".parse().unwrap(), &format!("/api/v1{path}"));
    let stale = stale
        .header("x-api-key", "acme-key")
        .header("if-match", "\"x\"");
    assert_eq!(problem(&world.send(stale.clone().body("{}"))).0, 412);
    // What would be refused anyway is refused for that (RFC 9110, 13.2.1).
    let nameless = world.send(stale.body(r#"{ "name": " " }"#));
    assert_eq!(wrong(&nameless), ["/name"]);
}

/// A user of Acme's whose profile has a limited field and one that agents do not see beside those
/// that every tenant has, and the path of the user.
fn profiled() -> (World, String) {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let ana = item(&world, "acme", &format!("/tickets/{number}"))["requester"]["id"].clone();
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, 1, 'user', 'More');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, options, user_access,
                            agent_access, position)
         VALUES (1, 90, 9, 'tools', 'Tools', 'choice',
                 '{\"is_multiple\": true, \"choices\": [[\"d\", \"Drill\"], [\"s\", \"Saw\"]]}',
                 'optional', 'optional', 1),
                (1, 91, 9, 'shown', 'Shown', 'text', '{}', 'optional', 'shown', 2),
                (1, 92, 9, 'hidden', 'Hidden', 'text', '{}', 'optional', 'hidden', 3),
                (1, 93, 9, 'secret', 'Secret', 'text', '{}', 'optional', 'optional', 4);
         INSERT INTO field_role (tenant_id, field_id, role_id) VALUES (1, 93, 1);
         INSERT INTO user_value (tenant_id, user_id, field_id, position, text)
         SELECT u.tenant_id, u.user_id, f.column1, 0, f.column2
           FROM user AS u, (VALUES (91, 'shown'), (92, 'hidden'), (93, 'secret')) AS f",
    );
    (world, format!("/users/{}", ana.as_str().unwrap()))
}

#[test]
fn fo_1_a_profile_is_read_and_filled_in_by_the_names_of_its_fields() {
    let (world, path) = profiled();
    world.meter.take_trips();
    let before = item(&world, "acme", &path);
    assert_eq!(world.meter.take_trips(), 1);
    assert_eq!(before["fields"], json!({ "shown": "shown" }));
    let fields = json!({ "phone": "555 123 4567", "notes": "Important", "tools": ["Saw", "d"] });
    let change = json!({ "name": "Ana Lima", "fields": fields });
    let page = world.send(patch("acme", &path, &change));
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    let held = json!({
        "phone": "555 123 4567", "notes": "Important", "tools": ["s", "d"], "shown": "shown",
    });
    assert_eq!(page.json()["fields"], held);
    assert_eq!(page.json()["name"], "Ana Lima");
    assert_eq!(item(&world, "acme", &path), page.json());
    let emptied = json!({ "fields": { "notes": null, "tools": "d" } });
    let page = world.send(patch("acme", &path, &emptied));
    let held = json!({ "phone": "555 123 4567", "tools": "d", "shown": "shown" });
    assert_eq!(page.json()["fields"], held);
    let kept = "SELECT count(*) FROM user_value WHERE field_id IN (92, 93)";
    assert_eq!(world.number(kept), 2, "what programs do not see stays");
    let listed = item(&world, "acme", "/users");
    assert!(listed["items"][0].get("fields").is_none(), "{listed}");
}

#[test]
fn what_is_wrong_with_a_profile_is_told_field_by_field_and_nothing_is_written() {
    let (world, path) = profiled();
    let before = item(&world, "acme", &path);
    let fields = json!({
        "phone": "none", "tools": "Hammer", "shown": "x", "hidden": "x", "secret": "x", "no/pe": "x",
    });
    let change = json!({ "name": "Other", "fields": fields });
    let mut told = wrong(&world.send(patch("acme", &path, &change)));
    told.sort();
    let expected = [
        "/fields/hidden",
        "/fields/no~1pe",
        "/fields/phone",
        "/fields/secret",
        "/fields/shown",
        "/fields/tools",
    ];
    assert_eq!(told, expected);
    assert_eq!(item(&world, "acme", &path), before);
}

#[test]
fn a_profile_that_was_changed_since_it_was_read_is_not_changed() {
    let (world, path) = profiled();
    let read = super::read(&world, "acme", &path);
    let first = json!({ "fields": { "phone": "555 123 4567" } });
    let stale = || {
        let call = Call::new("PATCH".parse().unwrap(), &format!("/api/v1{path}"))
            .header("x-api-key", "acme-key")
            .header("if-match", read.header("etag"));
        world.send(call.body(first.to_string()))
    };
    assert_eq!(stale().status, 200);
    assert_eq!(stale().status, 412, "the profile is part of what is read");
}

#[test]
fn fo_1_an_organization_s_profile_is_read() {
    let world = acme();
    let id = organization(&world, "Acme");
    world.execute(&format!(
        "INSERT INTO organization_value (tenant_id, organization_id, field_id, position, text)
         VALUES (1, '{id}', 7, 0, 'https://globex.example')"
    ));
    let told = item(&world, "acme", &format!("/organizations/{id}"));
    assert_eq!(
        told["fields"],
        json!({ "website": "https://globex.example" })
    );
    let listed = item(&world, "acme", "/organizations");
    assert!(listed["items"][0].get("fields").is_none(), "{listed}");
}
