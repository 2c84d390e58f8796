//! What changes where somebody stands counts from their next request on, in the same session.

use realmdesk_tests::{Browser, World};
use tenancy::Table;
use tenancy::separation::{Direction, directed};

use super::{agent, listed, parent, path, standing};

/// A request of SP3's agent: what is listed once these statements have run.
fn after(world: &World, agent: &mut Browser<'_>, sql: &str) -> Vec<String> {
    world.execute(sql);
    listed(agent)
}

const GRANT: &str = "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
     SELECT a.tenant_id, a.agent_id, r.realm_id FROM agent AS a, realm AS r
      WHERE a.email = 'agent@sp3.example' AND r.name = 'C1B'";

#[test]
fn t_8_a_grant_counts_at_once_and_so_does_its_end() {
    let world = parent();
    let mut sp3 = agent(&world, "SP3");
    assert_eq!(listed(&mut sp3), ["SP3", "C3A"]);
    let granted = after(&world, &mut sp3, GRANT);
    assert_eq!(granted, ["SP3", "C1B", "C3A", "C1Bi"]);
    assert_eq!(
        after(&world, &mut sp3, "DELETE FROM agent_grant"),
        ["SP3", "C3A"]
    );
}

#[test]
fn t_9_a_teams_grant_counts_for_whoever_is_a_member() {
    let world = parent();
    world.execute(
        "INSERT INTO team_grant (tenant_id, team_id, realm_id)
         SELECT r.tenant_id, 1, r.realm_id FROM realm AS r WHERE r.name = 'C2D'",
    );
    let mut sp3 = agent(&world, "SP3");
    assert_eq!(listed(&mut sp3), ["SP3", "C3A"]);
    let joined = after(
        &world,
        &mut sp3,
        "INSERT INTO team_member (tenant_id, team_id, agent_id)
         SELECT tenant_id, 1, agent_id FROM agent WHERE email = 'agent@sp3.example'",
    );
    assert_eq!(joined, ["SP3", "C2D", "C3A"]);
    assert_eq!(
        after(&world, &mut sp3, "DELETE FROM team_member"),
        ["SP3", "C3A"]
    );
}

#[test]
fn t_10_a_closed_realm_is_gone_for_all_but_holders_of_the_role() {
    let world = parent();
    let mut p = agent(&world, "P");
    let closed = after(
        &world,
        &mut p,
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 3 FROM realm WHERE name = 'SP1'",
    );
    assert_eq!(closed, ["P", "SP2", "SP3", "C2C", "C2D", "C3A"]);
    assert_eq!(listed(&mut agent(&world, "C1A")), [""; 0]);
    let opened = after(
        &world,
        &mut p,
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, NULL FROM realm WHERE name = 'C1B'",
    );
    assert_eq!(
        opened,
        ["P", "SP2", "SP3", "C2C", "C2D", "C1B", "C3A", "C1Bi"]
    );
    let holding = "UPDATE agent SET role_id = 3 WHERE email = 'agent@p.example'";
    assert_eq!(after(&world, &mut p, holding).len(), 10);
}

#[test]
fn t_10_more_restrictions_than_can_be_read_stop_the_request_and_open_nothing() {
    let world = parent();
    world.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
         INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT t.tenant_id, 100 + i, 1, 'z' || i, 'Z' || i FROM n, tenant AS t;
         INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 3 FROM realm WHERE realm_id > 100",
    );
    let mut p = agent(&world, "P");
    assert_eq!(p.get_json("/queues/open").status, 500);
}

#[test]
fn t_21_lists_and_counts_follow_the_selected_realm() {
    let world = parent();
    let mut p = agent(&world, "P");
    let selected = after(
        &world,
        &mut p,
        "INSERT INTO selection (tenant_id, agent_id, realm_id)
         SELECT a.tenant_id, a.agent_id, r.realm_id FROM agent AS a, realm AS r
          WHERE a.email = 'agent@p.example' AND r.name = 'SP3'",
    );
    assert_eq!(selected, ["SP3", "C3A"]);
    assert_eq!(p.get_json("/queues/open").json()["counts"]["open"], 2);
    assert_eq!(after(&world, &mut p, "DELETE FROM selection").len(), 10);
}

#[test]
fn t_2_a_direction_counts_from_the_next_request_on() {
    let world = parent();
    let scope = world.inside("parent");
    let mut c1b = agent(&world, "C1B");
    for (direction, sees) in [
        (Direction::Up, &["P", "SP1", "C1B"] as &[_]),
        (Direction::Both, &["P", "SP1", "C1B", "C1Bi"]),
        (Direction::Down, &["C1B", "C1Bi"]),
    ] {
        world.write(&scope, vec![directed(&scope, Table::Ticket, direction)]);
        assert_eq!(listed(&mut c1b), sees, "{direction:?}");
    }
    world.write(
        &scope,
        vec![directed(&scope, Table::Ticket, Direction::Off)],
    );
    assert_eq!(listed(&mut c1b).len(), 10);
}

#[test]
fn t_16_a_moved_realm_is_seen_from_its_new_place_and_back_again() {
    let world = parent();
    let (mut sp1, mut sp3) = (agent(&world, "SP1"), agent(&world, "SP3"));
    let [from, to] = ["C1B", "C3A"].map(|name| path(&world, name).to_string());
    let to = format!("{to}a7");
    let moved = |from: &str, to: &str| {
        format!(
            "UPDATE realm SET path = '{to}' || substr(path, {})
              WHERE path >= '{from}' AND path < '{from}~'",
            from.len() + 1
        )
    };
    let scope = world.inside("parent");
    let before = standing(&world, &scope, "agent@c1b.example");
    assert_eq!(
        after(&world, &mut sp3, &moved(&from, &to)),
        ["SP3", "C1B", "C3A", "C1Bi"]
    );
    assert_eq!(listed(&mut sp1), ["SP1", "C1A"]);
    assert_eq!(after(&world, &mut sp3, &moved(&to, &from)), ["SP3", "C3A"]);
    assert_eq!(listed(&mut sp1), ["SP1", "C1A", "C1B", "C1Bi"]);
    assert_eq!(standing(&world, &scope, "agent@c1b.example"), before);
}

#[test]
fn a_page_still_takes_two_round_trips() {
    let world = parent();
    let mut p = agent(&world, "P");
    world.meter.take_trips();
    listed(&mut p);
    assert_eq!(world.meter.take_trips(), 2);
}
