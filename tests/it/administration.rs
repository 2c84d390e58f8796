//! The administration, through its pages and as programs see it.

mod access;
mod agents;
mod bans;
mod canned;
mod departments;
mod doors;
mod explaining;
mod filters;
mod forms;
mod inviting;
mod keys;
mod lists;
mod log;
mod organizations;
mod profiles;
mod properties;
mod removals;
mod selecting;
mod separating;
mod settings;
mod statuses;
mod switching;
mod templates;
mod topics;
mod tree;
mod users;

use realmdesk_tests::tree::REALMS;
use realmdesk_tests::{Browser, Call, Page, World, html};
use serde_json::Value;

/// The reference tree with one ticket in each realm, called after it.
fn parent() -> World {
    let world = World::new().parent();
    for realm in REALMS {
        world.ticket(&realm.to_lowercase(), realm);
    }
    world
}

fn email(realm: &str) -> String {
    format!("agent@{}.example", realm.to_lowercase())
}

/// The agent of a realm, signed in.
fn agent<'w>(world: &'w World, realm: &str) -> Browser<'w> {
    world.browser("p.localhost").signed_in(&email(realm))
}

/// The same, with all rights of administration.
fn administrator<'w>(world: &'w World, realm: &str) -> Browser<'w> {
    world.empower(&email(realm));
    agent(world, realm)
}

fn id(world: &World, realm: &str) -> i64 {
    world.number(&format!(
        "SELECT realm_id FROM realm WHERE name = '{realm}'"
    ))
}

fn path(world: &World, realm: &str, page: &str) -> String {
    format!("/admin/realms/{}{page}", id(world, realm))
}

/// Posts fields, with the token that goes with the browser, as a form does.
fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Page {
    let body = form(browser, fields);
    browser.post(path, &body)
}

/// The same, as a program that wants data.
fn post_json(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Page {
    let body = form(browser, fields);
    let call = Call::post(path).header("accept", "application/json");
    browser.send(
        call.header("content-type", "application/x-www-form-urlencoded")
            .body(body),
    )
}

fn form(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> String {
    let page = browser.get("/queues/open");
    let token = html::form(page.text(), "/auth/sign-out").unwrap().hidden;
    let typed = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    html::encoded(&token.into_iter().chain(typed).collect::<Vec<_>>())
}

/// What a program is told.
fn told(browser: &mut Browser<'_>, path: &str) -> Value {
    let page = browser.get_json(path);
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    page.json()
}

/// Does something that must succeed, and returns where it leads.
fn doing(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let page = post(browser, path, fields);
    assert_eq!(page.status, 303, "{path} {fields:?}: {}", page.text());
    page.location().to_owned()
}

/// The subjects of the open tickets on an agent's page, oldest first.
fn listed(agent: &mut Browser<'_>) -> Vec<String> {
    let page = told(agent, "/queues/open");
    let tickets = page["tickets"].as_array().unwrap().iter().rev();
    let subjects = tickets.map(|ticket| ticket["subject"].as_str().unwrap().to_owned());
    subjects.collect()
}

/// The texts of one field of a list.
fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item[field].as_str().unwrap_or_default())
        .collect()
}

/// What a page would post with some fields changed; an empty one is left out, as a
/// box is that is not ticked.
fn saving<'a>(page: &str, path: &str, changed: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    let mut fields = html::filled(page, path).unwrap();
    fields.retain(|(name, _)| name != "csrf" && changed.iter().all(|(it, _)| it != name));
    let typed = changed.iter().filter(|(_, value)| !value.is_empty());
    fields.extend(typed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields.push(("change".to_owned(), "save".to_owned()));
    fields
}

fn save(browser: &mut Browser<'_>, path: &str, changed: &[(&str, &str)]) -> Page {
    let page = browser.get(path);
    let fields = saving(page.text(), path, changed);
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    post(browser, path, &fields)
}
