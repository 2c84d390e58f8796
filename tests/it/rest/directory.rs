//! Users, organizations and help topics.

use realmdesk_tests::World;
use serde_json::json;

use super::{acme, item, listed, read, tree};

fn emails(world: &World, realm: &str, path: &str) -> Vec<String> {
    listed(&item(world, realm, path), "email")
}

#[test]
fn users_are_listed_realm_by_realm_and_page_by_page() {
    let world = tree();
    for (host, email) in [
        ("sp3", "b@example.com"),
        ("sp3", "a@example.com"),
        ("c3a", "a@example.com"),
        ("sp1", "z@example.com"),
    ] {
        world.user(&format!("{host}.localhost"), email, "Somebody");
    }
    let first = item(&world, "sp3", "/users?limit=2");
    assert_eq!(listed(&first, "email"), ["a@example.com", "b@example.com"]);
    let next = first["next"]
        .as_str()
        .unwrap()
        .strip_prefix("/api/v1")
        .unwrap();
    let second = item(&world, "sp3", next);
    assert_eq!(listed(&second, "email"), ["a@example.com"]);
    assert_eq!(second["items"][0]["realm"]["name"], "C3A");
    assert!(second["next"].is_null());

    assert_eq!(emails(&world, "sp3", "/users?email=A@example.com").len(), 2);
    assert_eq!(emails(&world, "sp3", "/users?email=z@example.com"), [""; 0]);
    let id = first["items"][0]["id"].as_str().unwrap();
    let mut alone = item(&world, "sp3", &format!("/users/{id}"));
    assert_eq!(alone["fields"].take(), json!({}), "only there");
    alone.as_object_mut().unwrap().remove("fields");
    assert_eq!(alone, first["items"][0]);
    assert_eq!(read(&world, "sp3", "/users/nobody").status, 404);
}

#[test]
fn organizations_are_listed_and_read() {
    let world = tree();
    for (name, realm) in [
        ("Bolts", "SP3"),
        ("Anvils", "SP3"),
        ("Nails", "C3A"),
        ("Far", "P"),
    ] {
        let id = world.id();
        world.execute(&format!(
            "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
             SELECT tenant_id, '{id}', realm_id, '{name}' FROM realm WHERE name = '{realm}'"
        ));
    }
    let first = item(&world, "sp3", "/organizations?limit=1");
    let next = first["next"]
        .as_str()
        .unwrap()
        .strip_prefix("/api/v1")
        .unwrap();
    let all = item(&world, "sp3", "/organizations");
    assert_eq!(listed(&all, "name"), ["Anvils", "Bolts", "Nails"]);
    assert_eq!(listed(&item(&world, "sp3", next), "name"), ["Bolts"]);
    let id = all["items"][2]["id"].as_str().unwrap();
    let nails = item(&world, "sp3", &format!("/organizations/{id}"));
    assert_eq!(nails["realm"]["name"], "C3A");
    assert_eq!(
        read(&world, "sp1", &format!("/organizations/{id}")).status,
        404
    );
}

#[test]
fn topics_are_those_a_ticket_can_be_opened_with() {
    let world = acme();
    world.execute("UPDATE help_topic SET is_active = 0 WHERE topic_id > 1");
    let topics = item(&world, "acme", "/topics");
    assert_eq!(topics["items"].as_array().unwrap().len(), 1);
    assert!(topics["next"].is_null());
}
