//! The tree of realms: what can be done to it, by whom, and what it leaves alone.

mod moves;

use realmdesk_tests::{World, task};
use tenancy::policy::{Granted, Permission, RealmKey, Reason, Refusal, act};
use tenancy::port::{DbError, Rows};
use tenancy::principal::Agent;
use tenancy::realm::{self, Kind, Realm, Refused};
use tenancy::{Scope, Statement};

/// The reference tree, whose agent of `realm` administers it.
fn administered(realm: &str) -> (World, Agent) {
    let world = World::new().parent();
    let email = format!("agent@{}.example", realm.to_lowercase());
    world.empower(&email);
    let agent = world.agent_at("p.localhost", &email);
    (world, agent)
}

fn write(scope: &Scope, batch: Vec<Statement>) -> Result<Vec<Rows>, Refused> {
    task::run(scope.write(batch)).map_err(realm::refused)
}

/// Every realm: all columns, ordered by id.
fn realms(world: &World) -> Vec<String> {
    world.rows("SELECT * FROM realm ORDER BY tenant_id, realm_id")
}

fn create(world: &World, agent: &Agent, parent: &str, name: &str, kind: Kind) {
    let parent: Granted<Realm, act::RealmCreate> = world.ask(agent, parent).unwrap();
    let created = realm::create(&parent, name, kind).unwrap();
    write(parent.scope(), vec![created]).unwrap();
}

fn path(world: &World, name: &str) -> String {
    world
        .rows(&format!("SELECT path FROM realm WHERE name = '{name}'"))
        .remove(0)
}

#[test]
fn t_7_everybody_has_exactly_one_primary_realm() {
    let world = World::new().tenant("acme");
    let homeless = "UPDATE agent SET realm_id = NULL";
    let refused = world.sqlite.with(|sqlite| sqlite.execute_batch(homeless));
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("NOT NULL constraint failed")
    );
    let stray = "UPDATE agent SET realm_id = 99";
    let refused = world.sqlite.with(|sqlite| sqlite.execute_batch(stray));
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("FOREIGN KEY constraint failed")
    );
}

#[test]
fn t_12_disjoint_trees_stand_side_by_side_in_one_tenant_and_in_several() {
    let (world, agent) = administered("P");
    let world = world.tenant("acme");
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, path, name) VALUES (1, 99, 'a1', 'Island')",
    );
    create(&world, &agent, "P", "New", Kind::Site);
    assert_eq!(path(&world, "New"), "a0a5");
    assert_eq!(
        path(&world, "Acme"),
        path(&world, "P"),
        "each tenant has its own paths"
    );
    for elsewhere in ["Island", "Acme"] {
        let refused = world
            .ask::<act::RealmCreate>(&agent, elsewhere)
            .unwrap_err();
        assert_eq!(refused, Refusal::NotFound, "{elsewhere}");
    }
}

#[test]
fn t_13_realms_of_any_kind_stand_below_one_of_any_other() {
    let (world, agent) = administered("P");
    let mut parent = "C1Bi".to_owned();
    for (place, kind) in Kind::ALL
        .into_iter()
        .chain(Kind::ALL.into_iter().rev())
        .enumerate()
    {
        let name = format!("{} {place}", kind.name());
        create(&world, &agent, &parent, &name, kind);
        parent = name;
    }
    assert_eq!(
        path(&world, &parent),
        format!("{}{}", path(&world, "C1Bi"), "a0".repeat(8))
    );
}

#[test]
fn t_15_a_new_leaf_changes_no_other_row() {
    let (world, agent) = administered("P");
    let before = realms(&world);
    create(&world, &agent, "SP1", "C1C", Kind::Customer);
    let mut after = realms(&world);
    let leaf = after.pop().unwrap();
    assert_eq!(after, before);
    let expected = "1|11|2|a0a0a2|C1C|customer|NULL|1";
    assert!(leaf.starts_with(expected), "{leaf}");
    create(&world, &agent, "C1C", "C1Ci", Kind::Site);
    assert_eq!(path(&world, "C1Ci"), "a0a0a2a0");
}

#[test]
fn t_15_the_thirty_seventh_child_has_its_place() {
    let (world, agent) = administered("P");
    for place in 0..40 {
        create(&world, &agent, "C2D", &format!("child {place}"), Kind::Site);
    }
    assert_eq!(path(&world, "child 35"), "a0a4az");
    assert_eq!(path(&world, "child 39"), "a0a4b13");
}

#[test]
fn a_realm_gets_another_name_and_kind_once_for_each_reading() {
    let (world, agent) = administered("SP1");
    let realm: Granted<Realm, act::RealmRename> = world.ask(&agent, "C1A").unwrap();
    let renamed = || realm::rename(&realm, "  Client 1 A ", Kind::Site).unwrap();
    write(realm.scope(), vec![renamed()]).unwrap();
    assert_eq!(
        world.rows("SELECT name, kind FROM realm WHERE realm_id = 7"),
        ["Client 1 A|site"]
    );
    assert_eq!(write(realm.scope(), vec![renamed()]), Err(Refused::Stale));
    let long = "x".repeat(realm::LONGEST_NAME + 1);
    for name in ["", "  ", &long] {
        let refused = realm::rename(&realm, name, Kind::Site).unwrap_err();
        assert_eq!(refused, Refused::Name);
    }
}

#[test]
fn two_leaves_that_want_one_place_are_not_both_written() {
    let (world, agent) = administered("P");
    let parent: Granted<Realm, act::RealmCreate> = world.ask(&agent, "SP2").unwrap();
    let leaf = |name| realm::create(&parent, name, Kind::Site).unwrap();
    write(parent.scope(), vec![leaf("first")]).unwrap();
    assert_eq!(
        write(parent.scope(), vec![leaf("second")]),
        Err(Refused::Stale)
    );
    create(&world, &agent, "SP2", "second", Kind::Site);
    assert_eq!(path(&world, "second"), "a0a1a1");
}

#[test]
fn t_65_only_who_holds_a_realm_and_has_the_key_may_change_it() {
    let (world, agent) = administered("SP1");
    for held in ["SP1", "C1A", "C1Bi"] {
        let granted = world.ask::<act::RealmRename>(&agent, held).unwrap();
        let key = Permission::Realm(RealmKey::RealmRename);
        assert_eq!(granted.reason(), Reason::Has(key));
    }
    for other in ["P", "SP2", "SP3", "C3A", "C2C", "no such realm"] {
        let refused = world.ask::<act::RealmRename>(&agent, other).unwrap_err();
        assert_eq!(refused, Refusal::NotFound, "{other}");
    }
    let ordinary = world.agent_at("p.localhost", "agent@p.example");
    let refused = world.ask::<act::RealmRename>(&ordinary, "SP1").unwrap_err();
    let lacks = Reason::Lacks(Permission::Realm(RealmKey::RealmRename));
    assert_eq!(refused, Refusal::Forbidden(lacks));
}

#[test]
fn t_65_sight_that_was_granted_is_not_held() {
    let (world, _) = administered("SP3");
    world.execute(
        "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
         SELECT tenant_id, agent_id, 2 FROM agent WHERE email = 'agent@sp3.example'",
    );
    let agent = world.agent_at("p.localhost", "agent@sp3.example");
    assert!(
        agent
            .sight(tenancy::Table::Ticket)
            .sees(&world.site("sp1.localhost").path)
    );
    let refused = world.ask::<act::RealmRename>(&agent, "SP1").unwrap_err();
    assert_eq!(refused, Refusal::NotFound);
}

#[test]
fn an_archived_realm_is_closed_with_all_below_it_until_it_is_restored() {
    let (world, agent) = administered("P");
    let archive = |name: &str| {
        let realm: Granted<Realm, act::RealmArchive> = world.ask(&agent, name).unwrap();
        let batch = realm::archive(&realm, &agent, world.now()).unwrap();
        write(realm.scope(), batch).unwrap();
    };
    let restore = |name: &str| {
        let realm: Granted<Realm, act::RealmArchive> = world.ask(&agent, name).unwrap();
        write(realm.scope(), realm::restore(&realm)?)
    };
    let archived =
        || world.rows("SELECT name FROM realm WHERE archived_at IS NOT NULL ORDER BY path");
    archive("C1B");
    world.turn(1);
    archive("SP1");
    assert_eq!(archived(), ["SP1", "C1A", "C1B", "C1Bi"]);
    for (host, status) in [
        ("c1a.localhost", 503),
        ("sp1.localhost", 503),
        ("p.localhost", 200),
    ] {
        assert_eq!(world.browser(host).get("/").status, status, "{host}");
    }
    let parent: Granted<Realm, act::RealmCreate> = world.ask(&agent, "C1A").unwrap();
    let refused = realm::create(&parent, "late", Kind::Site).unwrap_err();
    assert_eq!(refused, Refused::Archived);
    assert_eq!(
        restore("C1A"),
        Err(Refused::Archived),
        "the realm above is archived"
    );
    restore("SP1").unwrap();
    assert_eq!(
        archived(),
        ["C1B", "C1Bi"],
        "what was archived before stays so"
    );
    restore("C1B").unwrap();
    assert_eq!(archived(), [""; 0]);
    assert_eq!(world.browser("c1a.localhost").get("/").status, 200);
}

#[test]
fn nobody_archives_the_realm_they_stand_in() {
    let (world, agent) = administered("SP1");
    let own: Granted<Realm, act::RealmArchive> = world.ask(&agent, "SP1").unwrap();
    let refused = realm::archive(&own, &agent, world.now()).unwrap_err();
    assert_eq!(refused, Refused::OwnGround);
}

#[test]
fn t_20_a_record_without_a_realm_is_refused() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    for table in [
        "ticket",
        "user",
        "team",
        "department",
        "help_topic",
        "agent",
    ] {
        let sql = format!("UPDATE {table} SET realm_id = NULL");
        let refused = world.sqlite.with(|sqlite| sqlite.execute_batch(&sql));
        let refused = DbError::from_message(&refused.unwrap_err().to_string());
        assert_eq!(refused, DbError::Missing(format!("{table}.realm_id")));
    }
}

#[test]
fn t_66_a_door_into_a_foreign_realm_is_refused_and_not_put_elsewhere() {
    let (world, agent) = administered("SP1");
    let refused = world.ask::<act::DoorManage>(&agent, "SP3").unwrap_err();
    assert_eq!(refused, Refusal::NotFound);
    let world = world.tenant("acme");
    for table in ["api_key", "mail_address", "portal_host", "setting"] {
        let row = match table {
            "api_key" => "(key_hash, prefix, name, created_at) VALUES (2, 7, 'k', 'k', 'k', 0)",
            "mail_address" => "(address, name, secret_hash) VALUES (2, 7, 'a@b.c', 'a', 's')",
            "portal_host" => "(host) VALUES (2, 7, 'x.localhost')",
            _ => "(key, value) VALUES (2, 7, 'locale', 'de')",
        };
        let row = row.replacen('(', "(tenant_id, realm_id, ", 1);
        let sql = format!("INSERT INTO {table} {row}");
        let refused = world.sqlite.with(|sqlite| sqlite.execute_batch(&sql));
        let refused = DbError::from_message(&refused.unwrap_err().to_string());
        assert_eq!(refused, DbError::Dangling, "{table}");
    }
}
