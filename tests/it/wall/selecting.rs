//! The realm selector (T-21 to T-23): what it offers, and what becomes of a choice.

use realmdesk_tests::{World, task};
use tenancy::principal::Agent;
use tenancy::scope::returned;
use tenancy::sight::{choices, deselect, requirements, select};
use tenancy::{DbError, RealmId, Sight};

use super::{agent, listed, parent};

fn agent_of(world: &World, realm: &str) -> Agent {
    let email = format!("agent@{}.example", realm.to_lowercase());
    world.agent_at("p.localhost", &email)
}

fn offered(world: &World, agent: &Agent) -> Sight {
    let scope = world.inside("parent");
    let (asked,) = task::run(scope.read((requirements(&scope),))).unwrap();
    agent.standing().unwrap().choices(&asked)
}

fn names(world: &World, offered: &Sight) -> Vec<String> {
    let scope = world.inside("parent");
    let (nodes,) = task::run(scope.read((choices(&scope, offered, 100),))).unwrap();
    nodes.into_iter().map(|node| node.name).collect()
}

fn realm(world: &World, name: &str) -> RealmId {
    RealmId(world.number(&format!("SELECT realm_id FROM realm WHERE name = '{name}'")))
}

/// Selects a realm in an agent's name, and returns what came back.
fn selected(world: &World, agent: &Agent, name: &str) -> Result<RealmId, DbError> {
    let scope = world.inside("parent");
    let statement = select(&scope, &offered(world, agent), agent, realm(world, name));
    let rows = task::run(scope.write(vec![statement])).unwrap();
    returned(&rows, 0, "realm_id")
}

fn require(world: &World, name: &str, role: &str) {
    world.execute(&format!(
        "INSERT INTO selector (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, {role} FROM realm WHERE name = '{name}'"
    ));
}

#[test]
fn t_21_what_is_selected_is_listed_and_where_new_records_go() {
    let world = parent();
    let p = agent_of(&world, "P");
    let mut browser = agent(&world, "P");
    assert_eq!(selected(&world, &p, "SP3"), Ok(realm(&world, "SP3")));
    assert_eq!(listed(&mut browser), ["SP3", "C3A"]);
    assert_eq!(selected(&world, &p, "C1B"), Ok(realm(&world, "C1B")));
    assert_eq!(listed(&mut browser), ["C1B", "C1Bi"]);
    let again = agent_of(&world, "P");
    let standing = again.standing().unwrap();
    assert_eq!(
        (&*standing.primary().name, &*standing.current().name),
        ("P", "C1B")
    );
    let scope = world.inside("parent");
    world.write(&scope, vec![deselect(&scope, &p)]);
    assert_eq!(listed(&mut browser).len(), 10);
}

#[test]
fn t_21_a_selection_does_not_narrow_what_can_be_selected() {
    let world = parent();
    let p = agent_of(&world, "P");
    let before = names(&world, &offered(&world, &p));
    selected(&world, &p, "SP3").unwrap();
    assert_eq!(
        names(&world, &offered(&world, &agent_of(&world, "P"))),
        before
    );
}

#[test]
fn t_23_what_is_not_offered_answers_like_what_does_not_exist() {
    let world = parent();
    let sp3 = agent_of(&world, "SP3");
    assert_eq!(names(&world, &offered(&world, &sp3)), ["SP3", "C3A"]);
    let foreign = selected(&world, &sp3, "SP1").unwrap_err();
    let scope = world.inside("parent");
    let nowhere = select(&scope, &offered(&world, &sp3), &sp3, RealmId(4711));
    let rows = task::run(scope.write(vec![nowhere])).unwrap();
    assert_eq!(
        returned::<RealmId>(&rows, 0, "realm_id").unwrap_err(),
        foreign
    );
    assert_eq!(listed(&mut agent(&world, "SP3")), ["SP3", "C3A"]);
}

#[test]
fn t_23_a_realm_asks_for_a_role_unless_a_realm_below_does_not() {
    let world = parent();
    require(&world, "SP1", "3");
    let p = agent_of(&world, "P");
    let hidden = ["P", "SP2", "SP3", "C3A", "C2C", "C2D"];
    assert_eq!(names(&world, &offered(&world, &p)), hidden);
    assert!(selected(&world, &p, "C1A").is_err());
    require(&world, "C1B", "NULL");
    assert_eq!(selected(&world, &p, "C1Bi"), Ok(realm(&world, "C1Bi")));
    assert_eq!(
        names(&world, &offered(&world, &agent_of(&world, "SP1"))),
        [""; 0]
    );
    world.execute("UPDATE agent SET role_id = 3 WHERE email = 'agent@sp1.example'");
    let holder = offered(&world, &agent_of(&world, "SP1"));
    assert_eq!(names(&world, &holder), ["SP1", "C1A", "C1B", "C1Bi"]);
}
