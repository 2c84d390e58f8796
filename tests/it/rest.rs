//! What programs see of the REST API.

mod answering;
mod closing;
mod collaborators;
mod deleting;
mod directory;
mod document;
mod doors;
mod filling;
mod hostile;
mod once;
mod opening;
mod people;
mod reading;
mod statuses;
mod teams;
mod working;
mod writing;

use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};
use serde_json::Value;
use tenancy::token;

/// Lets a realm's key do these things over the REST API.
fn permit(world: &World, realm: &str, permissions: &[&str]) {
    let hash = token::digest(&format!("{realm}-key"));
    let list = serde_json::to_string(permissions).unwrap();
    world.execute(&format!(
        "UPDATE api_key SET permissions = '{list}' WHERE key_hash = '{hash}'"
    ));
}

/// Everything a key may do.
const ALL: [&str; 5] = [
    "tickets:read",
    "tickets:write",
    "users:read",
    "users:write",
    "topics:read",
];

/// A tree of realms whose keys may do everything.
fn tree() -> World {
    let world = World::new().parent();
    for realm in ["p", "sp1", "sp3", "c1a", "c3a"] {
        permit(&world, realm, &ALL);
    }
    world
}

/// A tenant whose key may do everything.
fn acme() -> World {
    let world = World::new().tenant("acme");
    permit(&world, "acme", &ALL);
    world
}

/// A GET with a realm's key.
fn get(realm: &str, path: &str) -> Call {
    Call::get(&format!("/api/v1{path}")).header("x-api-key", &format!("{realm}-key"))
}

/// A POST with a realm's key.
fn post(realm: &str, path: &str, body: &Value) -> Call {
    Call::post(&format!("/api/v1{path}"))
        .header("x-api-key", &format!("{realm}-key"))
        .header("content-type", "application/json")
        .body(body.to_string())
}

/// A PATCH with a realm's key, of whatever is there.
fn patch(realm: &str, path: &str, body: &Value) -> Call {
    Call::new("PATCH".parse().unwrap(), &format!("/api/v1{path}"))
        .header("x-api-key", &format!("{realm}-key"))
        .header("if-match", "*")
        .body(body.to_string())
}

/// A DELETE with a realm's key.
fn delete(realm: &str, path: &str) -> Call {
    Call::new("DELETE".parse().unwrap(), &format!("/api/v1{path}"))
        .header("x-api-key", &format!("{realm}-key"))
}

fn send(world: &World, realm: &str, path: &str, body: &Value) -> Page {
    world.send(post(realm, path, body))
}

/// The fields that are told to be wrong.
fn wrong(page: &Page) -> Vec<String> {
    assert_eq!(
        problem(page),
        (422, "invalid".to_owned()),
        "{}",
        page.text()
    );
    let told = page.json();
    let errors = told["errors"].as_array().unwrap().iter();
    errors
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect()
}

fn read(world: &World, realm: &str, path: &str) -> Page {
    world.send(get(realm, path))
}

/// What is read, if it is answered.
fn item(world: &World, realm: &str, path: &str) -> Value {
    let page = read(world, realm, path);
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    page.json()
}

/// One field of all that is listed.
fn listed(page: &Value, field: &str) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item[field].as_str().unwrap().to_owned())
        .collect()
}

/// The short name of the problem that is told.
fn problem(page: &Page) -> (u16, String) {
    assert_eq!(
        page.header("content-type"),
        "application/problem+json",
        "{}",
        page.text()
    );
    let told = page.json();
    assert_eq!(told["status"], page.status);
    let kind = told["type"].as_str().unwrap();
    let name = kind.strip_prefix("/api/v1/docs#problem-").unwrap();
    (page.status, name.to_owned())
}
