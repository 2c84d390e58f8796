//! Working tickets: nobody changes one that was not granted to them for that.

mod details;
mod facts;
mod opening;
mod transfers;

use desk::ticket::{Actor, Change};
use realmdesk_tests::{World, task};
use tenancy::policy::{Permission, Reason, Refusal, RoleKey, act};
use tenancy::port::DbError;

#[test]
fn t_61_a_ticket_is_closed_by_who_sees_it_and_may_and_by_nobody_else() {
    let world = World::new().parent();
    let number = world.ticket("c1a", "Printer on fire");
    let scope = world.inside("parent");
    let agent = |realm: &str| world.agent_at("p.localhost", &format!("agent@{realm}.example"));
    let ask = |realm: &str, number: &str| {
        world.ask_ticket::<act::TicketClose>(&agent(realm), &scope, number)
    };
    for outside in ["sp2", "sp3", "c1b", "c3a"] {
        assert_eq!(
            ask(outside, &number).unwrap_err(),
            Refusal::NotFound,
            "{outside}"
        );
        assert_eq!(ask(outside, "000000").unwrap_err(), Refusal::NotFound);
    }
    world.execute("UPDATE agent SET role_id = 4 WHERE email = 'agent@c1a.example'");
    let lacks = Reason::Lacks(Permission::Role(RoleKey::TicketClose));
    assert_eq!(ask("c1a", &number).unwrap_err(), Refusal::Forbidden(lacks));

    let sp1 = agent("sp1");
    let ticket = ask("sp1", &number).unwrap();
    let scope = world.inside("parent");
    let (statuses,) = task::run(scope.read((desk::status::all(&scope),))).unwrap();
    let closed = desk::status::meant(&statuses, "closed").unwrap().clone();
    let close = || {
        let change = Change::of(&ticket, world.now()).give_status(&ticket, &closed);
        let batch = change.statements(&Actor::Agent(sp1.id.clone()), &*world.random);
        task::run(ticket.scope().write(batch))
    };
    assert!(close().is_ok());
    assert_eq!(close(), Err(DbError::Stale));
    assert_eq!(
        world.rows("SELECT state, version FROM ticket"),
        ["closed|2"]
    );
    assert_eq!(
        world.number("SELECT count(*) FROM event WHERE kind = 'closed'"),
        1
    );
}

#[test]
fn t_61_another_tenants_ticket_is_not_found_even_in_its_own_scope() {
    let world = World::new().tenant("acme").tenant("globex");
    let number = world.ticket("globex", "Printer on fire");
    let ada = world.agent_at("acme.localhost", "ada@acme.example");
    for tenant in ["acme", "globex"] {
        let scope = world.inside(tenant);
        let refused = world.ask_ticket::<act::TicketView>(&ada, &scope, &number);
        assert_eq!(refused.unwrap_err(), Refusal::NotFound, "{tenant}");
    }
}

#[test]
fn a_manager_may_release_without_the_key() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    world.execute("UPDATE agent SET role_id = 4");
    let ada = world.agent_at("acme.localhost", "ada@acme.example");
    let scope = world.inside("acme");
    let granted = world.ask_ticket::<act::TicketRelease>(&ada, &scope, &number);
    assert_eq!(granted.unwrap().reason(), Reason::Manager);
    let refused = world.ask_ticket::<act::TicketReply>(&ada, &scope, &number);
    let lacks = Reason::Lacks(Permission::Role(RoleKey::TicketReply));
    assert_eq!(refused.unwrap_err(), Refusal::Forbidden(lacks));
}
