//! Who can change who sees a realm: whoever holds it, wholly, and has the right (T-65).

use realmdesk_tests::{World, task};
use tenancy::grant;
use tenancy::policy::{Granted, Refusal, act};
use tenancy::principal::Agent;
use tenancy::realm::Realm;
use tenancy::{DbError, Id, RealmId, Statement};

use super::{agent, listed, parent};

type Given = Granted<Realm, act::RealmGrant>;

/// The agent of a realm, who may administer what they hold.
fn administrator(world: &World, realm: &str) -> Agent {
    let email = format!("agent@{}.example", realm.to_lowercase());
    world.empower(&email);
    world.agent_at("p.localhost", &email)
}

fn id_of(world: &World, realm: &str) -> Id {
    let realm = realm.to_lowercase();
    let sql = format!("SELECT agent_id FROM agent WHERE email = 'agent@{realm}.example'");
    Id::parse(&world.rows(&sql)[0]).unwrap()
}

fn written(realm: &Given, statement: Statement) -> Result<(), DbError> {
    task::run(realm.scope().write(vec![statement])).map(|_| ())
}

fn close(world: &World, realm: &str) {
    world.execute(&format!(
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 3 FROM realm WHERE name = '{realm}'"
    ));
}

#[test]
fn t_8_t_9_t_11_what_is_given_is_seen_and_what_is_taken_back_is_not() {
    let world = parent();
    let p = administrator(&world, "P");
    let sp2 = id_of(&world, "SP2");
    let held = p.holdings();
    let given: Given = world.ask(&p, "C1B").unwrap();
    let mut browser = agent(&world, "SP2");
    let viewer = RealmId(world.number("SELECT realm_id FROM realm WHERE name = 'SP2'"));
    world.execute(
        "INSERT INTO team_member SELECT tenant_id, 1, agent_id FROM agent
                    WHERE email = 'agent@sp2.example'",
    );
    let ways = [
        (
            grant::show_agent(&given, &held, &sp2),
            grant::hide_from_agent(&given, &held, &sp2),
        ),
        (
            grant::show_team(&given, &held, 1),
            grant::hide_from_team(&given, &held, 1),
        ),
        (
            grant::show_realm(&given, &held, viewer),
            grant::hide_from_realm(&given, &held, viewer),
        ),
    ];
    for (show, hide) in ways {
        for _ in 0..2 {
            assert_eq!(written(&given, show.clone()), Ok(()));
        }
        assert_eq!(listed(&mut browser), ["SP2", "C1B", "C1Bi"]);
        assert_eq!(written(&given, hide), Ok(()));
        assert_eq!(listed(&mut browser), ["SP2"]);
    }
}

#[test]
fn t_10_a_restriction_can_be_set_changed_and_lifted() {
    let world = parent();
    let p = administrator(&world, "P");
    let held = p.holdings();
    let given: Given = world.ask(&p, "SP1").unwrap();
    let mut browser = agent(&world, "C1A");
    assert_eq!(
        written(&given, grant::restrict(&given, &held, Some(3))),
        Ok(())
    );
    assert_eq!(listed(&mut browser), [""; 0]);
    // Whoever closed it without holding the role has closed it to themselves.
    let closed = world.agent_at("p.localhost", "agent@p.example");
    let lift = grant::lift_restriction(&given, &closed.holdings());
    assert_eq!(written(&given, lift), Ok(()));
    assert_eq!(listed(&mut browser), [""; 0]);
    let open = grant::restrict(&given, &closed.holdings(), None);
    assert!(grant::is_not_held(&written(&given, open).unwrap_err()));
    world.execute("UPDATE agent SET role_id = 3 WHERE email = 'agent@p.example'");
    let holder = world.agent_at("p.localhost", "agent@p.example");
    let lift = grant::lift_restriction(&given, &holder.holdings());
    assert_eq!(written(&given, lift), Ok(()));
    assert_eq!(listed(&mut browser), ["C1A"]);
}

#[test]
fn t_65_nobody_is_granted_the_right_to_a_realm_they_do_not_hold() {
    let world = parent();
    let sp3 = administrator(&world, "SP3");
    for realm in ["P", "SP1", "C1A"] {
        let refused = world.ask::<act::RealmGrant>(&sp3, realm).unwrap_err();
        assert_eq!(refused, Refusal::NotFound, "{realm}");
    }
    assert!(world.ask::<act::RealmGrant>(&sp3, "C3A").is_ok());
}

#[test]
fn t_65_nobody_gives_a_realm_with_a_part_that_is_closed_to_them() {
    let world = parent();
    let p = administrator(&world, "P");
    let given: Given = world.ask(&p, "SP1").unwrap();
    let c2c = id_of(&world, "C2C");
    close(&world, "C1B");
    let held = world.agent_at("p.localhost", "agent@p.example").holdings();
    let refused = written(&given, grant::show_agent(&given, &held, &c2c)).unwrap_err();
    assert!(grant::is_not_held(&refused), "{refused}");
    assert_eq!(listed(&mut agent(&world, "C2C")), ["C2C"]);
}

#[test]
fn t_65_a_realm_that_moved_away_in_between_is_not_given() {
    let world = parent();
    let sp3 = administrator(&world, "SP3");
    let given: Given = world.ask(&sp3, "C3A").unwrap();
    world.execute("UPDATE realm SET path = 'a0a1a0' WHERE name = 'C3A'");
    let held = sp3.holdings();
    let statements = [
        grant::show_agent(&given, &held, &id_of(&world, "C2C")),
        grant::show_team(&given, &held, 1),
        grant::show_realm(&given, &held, RealmId(1)),
        grant::restrict(&given, &held, Some(3)),
        grant::require(&given, &held, Some(3)),
    ];
    for statement in statements {
        let refused = written(&given, statement).unwrap_err();
        assert!(grant::is_not_held(&refused), "{refused}");
    }
}

#[test]
fn t_10_a_tenant_cannot_have_more_restrictions_than_are_read() {
    let world = parent();
    world.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT t.tenant_id, 100 + i, 1, 'z' || i, 'Z' || i FROM n, tenant AS t;
         INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 3 FROM realm WHERE realm_id > 100",
    );
    let p = administrator(&world, "P");
    let given: Given = world.ask(&p, "SP1").unwrap();
    let restrict = grant::restrict(&given, &p.holdings(), Some(3));
    assert!(grant::is_not_held(&written(&given, restrict).unwrap_err()));
    world.execute("DELETE FROM restriction WHERE realm_id = 101");
    let restrict = grant::restrict(&given, &p.holdings(), Some(3));
    assert_eq!(written(&given, restrict), Ok(()));
}
