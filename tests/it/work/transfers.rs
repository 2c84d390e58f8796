//! Tickets that are handed to another department or realm.

use desk::ticket::{self, Actor, Change, Handover, Priority};
use realmdesk_tests::{World, task};
use tenancy::policy::{Asking, Reason, Refusal, act};
use tenancy::port::DbError;
use tenancy::principal::{Agent, Principal};
use tenancy::separation::{RealmSource, take_realm_from};
use tenancy::{Scope, Table};

fn agent(world: &World, realm: &str) -> Agent {
    world.agent_at("p.localhost", &format!("agent@{realm}.example"))
}

/// The realms of the tickets, oldest first, and of all that hangs on each.
fn realms(world: &World) -> Vec<String> {
    world.rows(
        "SELECT r.name || ' ' || e.name || ' ' || v.name
           FROM ticket AS t
           JOIN realm AS r USING (tenant_id, realm_id)
           JOIN entry AS n ON n.ticket_id = t.ticket_id
           JOIN realm AS e ON e.tenant_id = t.tenant_id AND e.realm_id = n.realm_id
           JOIN event AS x ON x.ticket_id = t.ticket_id
           JOIN realm AS v ON v.tenant_id = t.tenant_id AND v.realm_id = x.realm_id
          GROUP BY t.ticket_id, r.name, e.name, v.name
          ORDER BY t.ticket_id",
    )
}

fn take_from(world: &World, source: RealmSource) {
    world.empower("agent@p.example");
    let tree = world.ask::<act::RealmSeparate>(&agent(world, "p"), "P");
    let statement = take_realm_from(&[tree.unwrap()], source);
    world.write(&world.inside("parent"), statement.into_iter().collect());
}

/// A department of a realm, under an id of its own.
fn department(world: &World, id: i64, realm: &str) {
    world.execute(&format!(
        "INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT tenant_id, {id}, realm_id, 'Desk' FROM realm WHERE name = '{realm}'"
    ));
}

#[derive(Debug, PartialEq)]
enum Refused {
    NotFound,
    Database(DbError),
}

/// Hands a ticket to a department in the name of an agent.
fn handed(
    world: &World,
    scope: &Scope,
    agent: &Agent,
    number: &str,
    department: i64,
) -> Result<(), Refused> {
    let ticket = world.ask_ticket::<act::TicketTransfer>(agent, scope, number);
    let ticket = ticket.unwrap();
    let found = task::run(scope.read((ticket::find_department(scope, department),)));
    let (principal, sight) = (Principal::Agent(agent), agent.sight(Table::Department));
    let asking = Asking::new(world.runtime(), principal, &sight);
    let department = asking.grant(found.unwrap().0);
    let department = department.map_err(|_| Refused::NotFound)?;
    let change = Change::of(&ticket, world.now()).transfer(&ticket, &department);
    let batch = change.statements(&Actor::Agent(agent.id.clone()), &*world.random);
    let written = task::run(ticket.scope().write(batch));
    written.map(drop).map_err(Refused::Database)
}

#[test]
fn t_17_a_new_ticket_takes_its_realm_from_where_the_tenant_says() {
    let world = World::new().parent();
    world.ticket("sp3", "by its door");
    take_from(&world, RealmSource::Department);
    world.ticket("sp3", "by P's department");
    take_from(&world, RealmSource::Organization);
    world.execute(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
         SELECT tenant_id, 'o', realm_id, 'Customer' FROM realm WHERE name = 'C3A';
         UPDATE user SET organization_id = 'o'",
    );
    world.ticket("sp3", "by the requester's organization");
    let expected = ["SP3 SP3 SP3", "P P P", "C3A C3A C3A"];
    assert_eq!(realms(&world), expected);
}

#[test]
fn t_20_a_realm_that_leads_nowhere_is_the_doors_and_never_everybodys() {
    let world = World::new().parent();
    take_from(&world, RealmSource::Organization);
    world.ticket("sp3", "by a stranger");
    assert_eq!(realms(&world), ["SP3 SP3 SP3"]);
}

#[test]
fn t_18_a_transfer_takes_the_realm_anew_where_departments_say_it() {
    let world = World::new().parent();
    department(&world, 91, "C3A");
    let number = world.ticket("sp3", "Printer on fire");
    let scope = world.inside("parent");
    let sp3 = agent(&world, "sp3");
    let transfer = |department| handed(&world, &scope, &sp3, &number, department);
    assert_eq!(transfer(91), Ok(()));
    assert_eq!(realms(&world), ["SP3 SP3 SP3"], "doors say it");
    take_from(&world, RealmSource::Department);
    assert_eq!(transfer(91), Ok(()));
    assert_eq!(realms(&world), ["C3A C3A C3A"]);
    let told = "SELECT kind FROM event ORDER BY kind";
    assert_eq!(world.rows(told), ["created", "transferred", "transferred"]);
}

#[test]
fn t_31_t_32_a_ticket_is_transferred_only_to_a_department_in_sight() {
    let world = World::new().parent();
    department(&world, 92, "SP1");
    let number = world.ticket("sp3", "Printer on fire");
    let scope = world.inside("parent");
    let sp3 = agent(&world, "sp3");
    for unseen in [92, 4711] {
        let refused = handed(&world, &scope, &sp3, &number, unseen);
        assert_eq!(refused, Err(Refused::NotFound));
    }
    // Departments look both ways here: P's own can be picked.
    let support = desk::blueprint::SUPPORT;
    assert_eq!(handed(&world, &scope, &sp3, &number, support), Ok(()));
}

#[test]
fn a_ticket_that_somebody_changed_first_is_not_changed() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    let ada = world.agent_at("acme.localhost", "ada@acme.example");
    let scope = world.inside("acme");
    let ticket = world
        .ask_ticket::<act::TicketEdit>(&ada, &scope, &number)
        .unwrap();
    let change = || {
        let change = Change::of(&ticket, world.now()).prioritize(&ticket, Priority::High);
        let batch = change.statements(&Actor::Agent(ada.id.clone()), &*world.random);
        task::run(ticket.scope().write(batch)).map(drop)
    };
    assert_eq!(change(), Ok(()));
    assert_eq!(change(), Err(DbError::Stale));
    let told = "SELECT kind FROM event ORDER BY kind";
    assert_eq!(world.rows(told), ["created", "edited"]);
}

#[test]
fn t_70_a_ticket_is_moved_by_whoever_holds_both_realms_and_the_move_is_told() {
    let world = World::new().parent();
    let number = world.ticket("c1a", "Meant for C1B");
    let scope = world.inside("parent");
    let both = |realm: &str| {
        let agent = agent(&world, realm);
        let ticket = world.ask_ticket::<act::TicketMove>(&agent, &scope, &number);
        let target = world.ask::<act::TicketMove>(&agent, "C1B");
        (agent, ticket, target)
    };
    let (_, ticket, target) = both("c1a");
    assert!(ticket.is_ok());
    assert_eq!(target.unwrap_err(), Refusal::NotFound);
    let (_, ticket, target) = both("c1b");
    assert_eq!(ticket.unwrap_err(), Refusal::NotFound);
    assert!(target.is_ok());

    let (sp1, ticket, target) = both("sp1");
    let (ticket, target, event) = (ticket.unwrap(), target.unwrap(), world.id());
    let by = Handover {
        agent: &sp1,
        event: &event,
        now: world.now(),
    };
    let batch = || ticket::move_to(&ticket, &target, by).to_vec();
    assert!(task::run(ticket.scope().write(batch())).is_ok());
    assert_eq!(realms(&world), ["C1B C1B C1B"]);
    let told = world.rows("SELECT kind, actor, actor_id FROM event ORDER BY kind");
    assert_eq!(told[1], format!("moved|agent|{}", sp1.id));
    assert_eq!(
        task::run(ticket.scope().write(batch())),
        Err(DbError::Stale)
    );
}

#[test]
fn t_70_to_be_shown_a_realm_is_not_enough_to_move_a_ticket_out_of_it() {
    let world = World::new().parent();
    let number = world.ticket("c1a", "Printer on fire");
    world.execute(
        "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
         SELECT a.tenant_id, a.agent_id, r.realm_id FROM agent AS a, realm AS r
          WHERE a.email = 'agent@sp3.example' AND r.name = 'C1A'",
    );
    let sp3 = agent(&world, "sp3");
    let scope = world.inside("parent");
    let refused = world.ask_ticket::<act::TicketMove>(&sp3, &scope, &number);
    assert_eq!(
        refused.unwrap_err(),
        Refusal::Forbidden(Reason::RealmNotHeld)
    );
}
