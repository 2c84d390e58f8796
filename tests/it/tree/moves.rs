//! Moving realms: what changes, what does not, and what is refused.

use std::collections::BTreeMap;

use realmdesk_tests::World;
use realmdesk_tests::tree::REALMS;
use tenancy::policy::{Granted, Refusal, act};
use tenancy::principal::Agent;
use tenancy::realm::{self, Kind, Placing, Realm, Refused};

use super::{administered, path, realms, write};

type Movable = Granted<Realm, act::RealmMove>;

fn relocate(
    world: &World,
    agent: &Agent,
    (realm, parent): (&str, &str),
    placing: Placing,
) -> Result<(), Refused> {
    let realm: Movable = world.ask(agent, realm).unwrap();
    let parent: Movable = world.ask(agent, parent).unwrap();
    let batch = realm::relocate(&realm, &parent, placing)?;
    world.meter.take_trips();
    write(realm.scope(), batch)?;
    assert_eq!(world.meter.take_trips(), 1);
    Ok(())
}

/// Everything but the realms: each table as it stands.
fn other_tables(world: &World) -> BTreeMap<String, Vec<String>> {
    let tables = world.rows(
        "SELECT name FROM pragma_table_list
          WHERE schema = 'main' AND type = 'table' AND name NOT IN ('realm', 'sqlite_schema')",
    );
    let rows = |table: String| {
        let rows = world.rows(&format!("SELECT * FROM {table}"));
        (table, rows)
    };
    tables.into_iter().map(rows).collect()
}

/// What every agent of the tree sees in the open queue.
fn seen(world: &World) -> Vec<String> {
    let page = |realm: &&str| {
        let email = format!("agent@{}.example", realm.to_lowercase());
        let page = world
            .browser("p.localhost")
            .signed_in(&email)
            .get_json("/queues/open");
        page.text().to_owned()
    };
    REALMS.iter().map(page).collect()
}

/// The reference tree with a ticket in each realm; its P administers.
fn with_tickets() -> (World, Agent) {
    let (world, agent) = administered("P");
    for realm in REALMS {
        world.ticket(&realm.to_lowercase(), realm);
    }
    (world, agent)
}

#[test]
fn t_16_a_move_rewrites_realms_and_nothing_else_and_sight_follows() {
    let (world, agent) = with_tickets();
    let (before, seen_before) = (other_tables(&world), seen(&world));
    relocate(&world, &agent, ("SP1", "SP3"), Placing::Last).unwrap();
    assert_eq!(other_tables(&world), before);
    assert_eq!(path(&world, "SP1"), "a0a2a1", "after C3A");
    assert_eq!(path(&world, "C1Bi"), "a0a2a1a1a0");
    let seen_after = seen(&world);
    let sp3 = REALMS.iter().position(|realm| *realm == "SP3").unwrap();
    assert!(!seen_before[sp3].contains("C1Bi") && seen_after[sp3].contains("C1Bi"));
    let others = (0..REALMS.len()).filter(|index| *index != sp3);
    for index in others {
        assert_eq!(seen_before[index], seen_after[index], "{}", REALMS[index]);
    }
}

#[test]
fn moving_and_moving_back_restores_everything() {
    let (world, agent) = with_tickets();
    let places = "SELECT tenant_id, realm_id, parent_id, path, name, kind, archived_at FROM realm";
    let (before, seen_before) = (world.rows(places), seen(&world));
    relocate(&world, &agent, ("SP1", "C3A"), Placing::Last).unwrap();
    assert_ne!(world.rows(places), before);
    relocate(&world, &agent, ("SP1", "P"), Placing::At(0)).unwrap();
    assert_eq!(world.rows(places), before);
    assert_eq!(seen(&world), seen_before);
}

#[test]
fn t_16_a_move_that_fails_half_way_was_never_begun() {
    let (world, agent) = administered("P");
    let before = realms(&world);
    let realm: Movable = world.ask(&agent, "SP1").unwrap();
    let parent: Movable = world.ask(&agent, "SP3").unwrap();
    let mut batch = realm::relocate(&realm, &parent, Placing::Last).unwrap();
    let again = realm::relocate(&realm, &parent, Placing::Last).unwrap();
    batch.extend(again);
    assert_eq!(write(realm.scope(), batch), Err(Refused::Stale));
    assert_eq!(realms(&world), before);
}

#[test]
fn a_realm_never_stands_below_itself_nor_where_another_stands() {
    let (world, agent) = administered("P");
    let before = realms(&world);
    for below in ["SP1", "C1B", "C1Bi"] {
        let refused = relocate(&world, &agent, ("SP1", below), Placing::Last);
        assert_eq!(refused, Err(Refused::BelowItself), "{below}");
    }
    let taken = relocate(&world, &agent, ("C3A", "SP1"), Placing::At(1));
    assert_eq!(taken, Err(Refused::Stale));
    assert_eq!(realms(&world), before);
}

#[test]
fn a_move_decided_on_an_older_reading_is_refused() {
    let (world, agent) = administered("P");
    let realm: Movable = world.ask(&agent, "SP1").unwrap();
    let parent: Movable = world.ask(&agent, "C3A").unwrap();
    let batch = || realm::relocate(&realm, &parent, Placing::Last).unwrap();
    // Meanwhile the new parent goes below the realm: both moves together would tie a knot.
    relocate(&world, &agent, ("SP3", "C1A"), Placing::Last).unwrap();
    let before = realms(&world);
    assert_eq!(write(realm.scope(), batch()), Err(Refused::Stale));
    // Meanwhile the realm itself has moved.
    relocate(&world, &agent, ("SP3", "P"), Placing::At(2)).unwrap();
    relocate(&world, &agent, ("SP1", "SP2"), Placing::Last).unwrap();
    assert_eq!(write(realm.scope(), batch()), Err(Refused::Stale));
    assert_ne!(realms(&world), before);
    // Meanwhile the new parent is archived.
    let realm: Movable = world.ask(&agent, "C2C").unwrap();
    let batch = realm::relocate(&realm, &parent, Placing::Last).unwrap();
    world.execute("UPDATE realm SET archived_at = 1 WHERE name = 'C3A'");
    assert_eq!(write(realm.scope(), batch), Err(Refused::Stale));
}

#[test]
fn a_leaf_below_a_realm_that_has_moved_is_refused() {
    let (world, agent) = administered("P");
    let parent: Granted<Realm, act::RealmCreate> = world.ask(&agent, "C1B").unwrap();
    let leaf = realm::create(&parent, "C1Bii", Kind::Site).unwrap();
    relocate(&world, &agent, ("SP1", "SP2"), Placing::Last).unwrap();
    assert_eq!(write(parent.scope(), vec![leaf]), Err(Refused::Stale));
}

#[test]
fn t_65_a_move_needs_both_ends() {
    let (world, agent) = administered("SP1");
    for other in ["P", "SP3", "C3A"] {
        let refused = world.ask::<act::RealmMove>(&agent, other).unwrap_err();
        assert_eq!(refused, Refusal::NotFound, "{other}");
    }
    relocate(&world, &agent, ("C1Bi", "C1A"), Placing::Last).unwrap();
    assert_eq!(path(&world, "C1Bi"), "a0a0a0a0");
}

#[test]
fn ten_thousand_realms_move_in_one_batch() {
    let (world, agent) = administered("P");
    // Four levels below SP2: 10 times 10 times 10 times 10 leaves, and what is between.
    for level in 0..4 {
        let digits = format!("length(r.path) = {}", 4 + 2 * level);
        world.execute(&format!(
            "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
             SELECT 1, (SELECT max(realm_id) FROM realm) + row_number() OVER (),
                    r.realm_id, r.path || 'a' || n.value, r.path || n.value
               FROM realm AS r, json_each('[0,1,2,3,4,5,6,7,8,9]') AS n
              WHERE r.tenant_id = 1 AND r.path >= 'a0a1' AND r.path < 'a0a1~' AND {digits}"
        ));
    }
    let below = |path: &str| {
        world.number(&format!(
            "SELECT count(*) FROM realm WHERE path >= '{path}' AND path < '{path}~'"
        ))
    };
    assert_eq!(below("a0a1"), 11_111);
    relocate(&world, &agent, ("SP2", "C1Bi"), Placing::Last).unwrap();
    assert_eq!((below("a0a1"), below("a0a0a1a0a0")), (0, 11_111));
    let strays = world.number(
        "SELECT count(*) FROM realm AS r JOIN realm AS p
             ON p.tenant_id = r.tenant_id AND p.realm_id = r.parent_id
          WHERE substr(r.path, 1, length(p.path)) <> p.path
             OR length(r.path) <> length(p.path) + 2",
    );
    assert_eq!(strays, 0);
}
