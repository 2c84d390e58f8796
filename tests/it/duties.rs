//! Departments, teams and referrals: by which role agents work tickets, and what those see who
//! are limited to their duties (DP-5, DP-6, TK-5).

mod limited;
mod referring;

use realmdesk_tests::tree::REALMS;
use realmdesk_tests::{Browser, Page, World, html};
use serde_json::Value;

/// The reference tree with one ticket in each realm, called after it, in the department of all.
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

fn number(world: &World, subject: &str) -> String {
    let sql = format!("SELECT number FROM ticket WHERE subject = '{subject}'");
    world.rows(&sql).remove(0)
}

/// The page of the ticket with this subject.
fn path(world: &World, subject: &str) -> String {
    format!("/queues/tickets/{}", number(world, subject))
}

/// A department of a realm, under an id of its own.
fn department(world: &World, id: i64, realm: &str) {
    world.execute(&format!(
        "INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT tenant_id, {id}, realm_id, 'Desk of {realm}' FROM realm WHERE name = '{realm}'"
    ));
}

/// A team of a realm, under an id of its own.
fn team(world: &World, id: i64, realm: &str) {
    world.execute(&format!(
        "INSERT INTO team (tenant_id, team_id, realm_id, name)
         SELECT tenant_id, {id}, realm_id, 'Team of {realm}' FROM realm WHERE name = '{realm}'"
    ));
}

/// Gives an agent a role in a department, or the primary one there.
fn joins(world: &World, realm: &str, department: i64, role: &str) {
    let email = email(realm);
    world.execute(&format!(
        "INSERT INTO department_member (tenant_id, department_id, agent_id, role_id)
         SELECT tenant_id, {department}, agent_id, {role} FROM agent WHERE email = '{email}'"
    ));
}

/// Limits an agent to their duties.
fn limit(world: &World, realm: &str) {
    let email = email(realm);
    world.execute(&format!(
        "UPDATE agent SET is_limited = 1 WHERE email = '{email}'"
    ));
}

/// Posts fields to a ticket's page, with the token that goes with the browser.
fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get("/queues/open");
    let token = html::form(page.text(), "/auth/sign-out").unwrap().hidden;
    let typed = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let body = html::encoded(&token.into_iter().chain(typed).collect::<Vec<_>>());
    browser.post(path, &body)
}

/// What a program is told.
fn told(browser: &mut Browser<'_>, path: &str) -> Value {
    let page = browser.get_json(path);
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    page.json()
}
