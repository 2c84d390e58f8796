//! The tenant `parent`: a service provider's tree, with providers, customers and a subsidiary.
//!
//! ```text
//! P ─┬─ SP1 ─┬─ C1A
//!    │       └─ C1B ── C1Bi
//!    ├─ SP2
//!    ├─ SP3 ── C3A
//!    ├─ C2C
//!    └─ C2D
//! ```

use desk::blueprint::{self, NewApiKey, NewMailAddress, NewRealm};
use desk::setting::Key;
use serde_json::{Value, json};
use tenancy::policy::{CallKey, Key as _};
use tenancy::realm::Path;
use tenancy::separation::{Direction, directed};
use tenancy::{RealmId, Scope, Statement, Table};

use crate::Outcome;
use crate::tenant::{Asked, EndUser, Person, World, agent_info, user_info, write};

const HOST: &str = "parent.localhost";
const API_KEY: &str = "PARENT00000000000000000000000001";
const MAIL: &str = "help@parent.example";
const MAIL_SECRET: &str = "parent-mail-secret";

/// A realm of the tree: id, the realm above, place among its siblings, short name, name, kind,
/// colour.
type Node = (
    i64,
    i64,
    u32,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const TREE: [Node; 9] = [
    (2, 1, 0, "sp1", "SP1", "company", "teal"),
    (3, 1, 1, "sp2", "SP2", "company", "green"),
    (4, 1, 2, "sp3", "SP3", "company", "violet"),
    (5, 2, 0, "c1a", "C1A", "customer", "rose"),
    (6, 2, 1, "c1b", "C1B", "customer", "amber"),
    (7, 6, 0, "c1bi", "C1Bi", "customer", "amber"),
    (8, 1, 3, "c2c", "C2C", "customer", "slate"),
    (9, 1, 4, "c2d", "C2D", "customer", "slate"),
    (10, 4, 0, "c3a", "C3A", "customer", "blue"),
];

const PEOPLE: [Person; 5] = [
    Person {
        name: "P Service Desk",
        email: "agent@p.example",
        realm: (1, "P"),
    },
    Person {
        name: "SP1 Service Desk",
        email: "agent@sp1.example",
        realm: (2, "SP1"),
    },
    Person {
        name: "SP2 Service Desk",
        email: "agent@sp2.example",
        realm: (3, "SP2"),
    },
    Person {
        name: "SP3 Service Desk",
        email: "agent@sp3.example",
        realm: (4, "SP3"),
    },
    Person {
        name: "C3A Service Desk",
        email: "agent@c3a.example",
        realm: (10, "C3A"),
    },
];

/// Each signs in at the portal of their own realm, and raises tickets for it and those below it.
const USERS: [EndUser; 3] = [
    EndUser {
        name: "P end user",
        email: "user@p.example",
        realm: (1, "P"),
    },
    EndUser {
        name: "SP3 end user",
        email: "user@sp3.example",
        realm: (4, "SP3"),
    },
    EndUser {
        name: "C3A end user",
        email: "user@c3a.example",
        realm: (10, "C3A"),
    },
];

pub(crate) fn fill(world: &World) -> Outcome {
    world.clock.turn_to(200 * 60);
    let (_, scope) = world.create_tenant("parent", "P")?;
    let mut batch = realms(&scope);
    // A provider can hand a ticket up to its parent's people, who see it there.
    batch.extend(
        [Table::Team, Table::Department].map(|table| directed(&scope, table, Direction::Both)),
    );
    batch.push(blueprint::add_host(&scope, HOST, RealmId(1), true));
    batch.push(blueprint::set_setting(
        &scope,
        RealmId(1),
        Key::Accent,
        "blue",
    ));
    for (index, person) in PEOPLE.iter().enumerate() {
        let id = world.id();
        batch.push(world.add_agent(&scope, &id, person));
        if index == 0 {
            batch.push(blueprint::make_administrator(&scope, &id));
            batch.push(blueprint::add_manager(&scope, blueprint::SUPPORT, &id));
        }
    }
    batch.push(blueprint::add_mail_address(
        &scope,
        &NewMailAddress {
            address: MAIL,
            name: "P Help",
            realm: RealmId(1),
            secret: MAIL_SECRET,
            is_primary: true,
        },
    ));
    batch.push(add_key(world, &scope, API_KEY, RealmId(1)));
    for (id, _, _, short, ..) in TREE {
        batch.push(add_key(world, &scope, &key(short), RealmId(id)));
    }
    write(&scope, batch)?;
    world.add_users(&scope, &USERS)?;
    tickets(world)?;
    own_tickets(world)?;
    world.sweep();
    Ok(())
}

fn realms(scope: &Scope) -> Vec<Statement> {
    let mut paths = vec![(1, Path::root(0))];
    let mut batch = Vec::new();
    for (id, parent, place, short, name, kind, accent) in TREE {
        let above = paths
            .iter()
            .find(|(known, _)| *known == parent)
            .map(|(_, path)| path);
        let path = above.map_or(Path::root(place), |above| above.child(place));
        batch.push(blueprint::add_realm(
            scope,
            &NewRealm {
                id: RealmId(id),
                parent: Some(RealmId(parent)),
                path: &path,
                name,
                kind,
            },
        ));
        batch.push(blueprint::add_host(
            scope,
            &format!("{short}.{HOST}"),
            RealmId(id),
            false,
        ));
        batch.push(blueprint::set_setting(
            scope,
            RealmId(id),
            Key::Accent,
            accent,
        ));
        paths.push((id, path));
    }
    batch
}

fn add_key(world: &World, scope: &Scope, key: &str, realm: RealmId) -> Statement {
    blueprint::add_api_key(
        scope,
        &NewApiKey {
            key,
            name: "Demo key",
            realm,
            sources: &[],
            can_run_cron: false,
            permissions: CallKey::ALL,
            now: world.runtime.clock.now(),
        },
    )
}

/// Each realm has a key of its own, so that programs can file into it.
fn key(short: &str) -> String {
    format!("{:0<32}", format!("PARENT{}", short.to_uppercase()))
}

/// Three tickets in every realm.
fn tickets(world: &World) -> Outcome {
    let keys = [("p".to_owned(), API_KEY.to_owned())].into_iter();
    let keys = keys.chain(TREE.iter().map(|node| (node.3.to_owned(), key(node.3))));
    for (offset, (_, key)) in (0i64..).zip(keys) {
        for asked in &ASKED {
            world.ask(
                &key,
                &Asked {
                    hours_ago: asked.hours_ago + offset,
                    ..*asked
                },
            )?;
        }
    }
    Ok(())
}

/// A ticket of each end user.
fn own_tickets(world: &World) -> Outcome {
    let keys = [API_KEY.to_owned(), key("sp3"), key("c3a")];
    for (user, key) in USERS.iter().zip(keys) {
        let (name, email) = (user.name, user.email);
        world.ask(&key, &Asked { name, email, ..OWN })?;
    }
    Ok(())
}

const OWN: Asked = Asked {
    hours_ago: 6,
    name: "",
    email: "",
    topic: 1,
    subject: "Telephone conference cannot be joined from outside",
    message: "Guests hear that the number is not in service. From inside it works.",
};

const ASKED: [Asked; 3] = [
    Asked {
        hours_ago: 40,
        name: "Branch Office",
        email: "branch@customer.example",
        topic: 1,
        subject: "VPN drops every hour",
        message: "The connection drops on the hour and comes back after a minute.",
    },
    Asked {
        hours_ago: 16,
        name: "Purchasing",
        email: "purchasing@customer.example",
        topic: 11,
        subject: "Two colleagues need access to the order system",
        message: "Both start on the first. Same rights as the rest of the team.",
    },
    Asked {
        hours_ago: 2,
        name: "Branch Office",
        email: "branch@customer.example",
        topic: 10,
        subject: "Meeting room display stays black",
        message: "Room 3, since this morning. Another cable did not help.",
    },
];

pub(crate) fn info(portal_origin: &str) -> Value {
    let mut people: Vec<Value> = PEOPLE.iter().map(agent_info).collect();
    people.extend(USERS.iter().map(user_info));
    let realms: Vec<Value> = TREE
        .iter()
        .map(|(_, _, _, short, name, ..)| {
            json!({ "name": name, "host": format!("{short}.{HOST}"), "api_key": key(short) })
        })
        .collect();
    json!({
        "slug": "parent",
        "host": HOST,
        "portal_url": portal_origin.replace("{host}", HOST),
        "api_key": API_KEY,
        "mail": { "address": MAIL, "secret": MAIL_SECRET },
        "people": people,
        "realms": realms,
    })
}
