//! Adding and changing users.

use realmdesk_tests::World;
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
    let stale = realmdesk_tests::Call::new("PATCH".parse().unwrap(), &format!("/api/v1{path}"));
    let stale = stale
        .header("x-api-key", "acme-key")
        .header("if-match", "\"x\"");
    assert_eq!(problem(&world.send(stale.clone().body("{}"))).0, 412);
    // What would be refused anyway is refused for that (RFC 9110, 13.2.1).
    let nameless = world.send(stale.body(r#"{ "name": " " }"#));
    assert_eq!(wrong(&nameless), ["/name"]);
}
