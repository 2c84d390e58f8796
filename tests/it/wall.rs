//! The wall between realms, through the pages and through SQL.

mod granting;
mod meanwhile;
mod newest;
mod next_request;
mod personas;
mod properties;
mod selecting;

use realmdesk_tests::tree::REALMS;
use realmdesk_tests::{Browser, World, task};
use tenancy::port::{FromValue, Value};
use tenancy::realm::Path;
use tenancy::sight::Standing;
use tenancy::{Id, Scope};

/// The reference tree with one ticket in each realm, called after it.
fn parent() -> World {
    let world = World::new().parent();
    for realm in REALMS {
        world.ticket(&realm.to_lowercase(), realm);
    }
    world
}

/// The agent of a realm, signed in.
fn agent<'w>(world: &'w World, realm: &str) -> Browser<'w> {
    let email = format!("agent@{}.example", realm.to_lowercase());
    world.browser("p.localhost").signed_in(&email)
}

/// Where an agent stands, as the product looks it up.
fn standing(world: &World, scope: &Scope, email: &str) -> Standing {
    let sql = format!("SELECT agent_id FROM agent WHERE email = '{email}'");
    let id = Id::parse(&world.rows(&sql)[0]).unwrap();
    let found = task::run(scope.read(Standing::of_agent(scope, &id)));
    found.unwrap().unwrap()
}

/// Where a realm of the reference tree lies.
fn path(world: &World, name: &str) -> Path {
    let found = world.rows(&format!("SELECT path FROM realm WHERE name = '{name}'"));
    Path::from_value(&Value::Text(found[0].clone())).unwrap()
}

/// The subjects of the open tickets on an agent's page, oldest first.
fn listed(agent: &mut Browser<'_>) -> Vec<String> {
    let page = agent.get_json("/queues/open").json();
    let tickets = page["tickets"].as_array().unwrap().iter().rev();
    let subjects = tickets.map(|ticket| ticket["subject"].as_str().unwrap().to_owned());
    subjects.collect()
}
