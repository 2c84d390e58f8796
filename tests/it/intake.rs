//! What intake decides: numbers, forms, filters, topics and limits, at every door.

mod attached;
mod defaults;
mod fields;
mod filters;
mod forms;
mod kinds;
mod numbers;
mod organizations;
mod rules;
mod topics;

use desk::filter::{Action, NewFilter, Operator, Rule, Target, What};
use desk::list::{self, NewList};
use desk::setting::Key;
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{World, task};
use serde_json::Value;
use tenancy::Statement;
use tenancy::policy::{Act, Granted, act};
use tenancy::principal::Agent;
use tenancy::realm::Realm;

/// A tenant whose agent Ada may administer it.
fn acme() -> (World, Agent) {
    let world = World::new().tenant("acme").tenant("globex");
    world.empower("ada@acme.example");
    let ada = world.agent_at("acme.localhost", "ada@acme.example");
    (world, ada)
}

/// Acme's realm, for an action of Ada's.
fn realm<A: Act>(world: &World, ada: &Agent) -> Granted<Realm, A> {
    world.ask(ada, "Acme").unwrap()
}

fn write(world: &World, ada: &Agent, batch: Vec<Statement>) {
    let realm = realm::<act::DeskManage>(world, ada);
    task::run(realm.scope().write(batch)).unwrap();
}

/// The list of things that fields can offer, with its items.
fn things(realm: &Granted<Realm, act::DeskManage>, items: &[&str]) -> Vec<Statement> {
    let things = NewList {
        name: "Things",
        ..NewList::default()
    };
    let items = list::pasted(&items.join("\n")).unwrap();
    vec![
        list::add(realm, &things).unwrap(),
        list::import(realm, 1, &items),
    ]
}

fn set(world: &World, key: Key, value: &str) {
    assert!(key.takes(value), "{value}");
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{}', '{value}')
         ON CONFLICT DO UPDATE SET value = excluded.value",
        key.name()
    ));
}

fn call(world: &World, fields: &Value) -> Page {
    world.send(ticket_call("acme", fields))
}

fn mailed(world: &World, tenant: &str, text: &str) -> Page {
    let to = format!("/mail/raw?to=help@{tenant}.example");
    let call = Call::post(&to).header("authorization", &format!("Bearer {tenant}-secret"));
    world.send(call.body(text.replace('\n', "\r\n")))
}

const PORTAL: [(&str, &str); 5] = [
    ("topic", "1"),
    ("name", "Ana Lima"),
    ("email", "ana@example.com"),
    ("subject", "Printer on fire"),
    ("message", "It burns."),
];

/// A filter over subjects that hold a word.
fn about(word: &str, actions: Vec<Action>) -> NewFilter<'static> {
    NewFilter {
        name: "About",
        position: 1,
        target: Target::Any,
        is_match_all: true,
        is_last: false,
        rules: vec![Rule {
            what: What::Subject,
            operator: Operator::Contains,
            value: word.to_owned(),
        }],
        actions,
    }
}

fn filtered(world: &World, ada: &Agent, filter: &NewFilter<'_>) {
    let realm = realm(world, ada);
    write(world, ada, desk::filter::add(&realm, filter).unwrap());
}
