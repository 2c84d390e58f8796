//! The personas of the reference tree (T-25 to T-37): what each sees in lists and counts, and
//! whom they can pick. What has no page yet is asked of the sight that its page will use.

use realmdesk_tests::World;
use realmdesk_tests::tree::REALMS;
use tenancy::separation::{Direction, directed};
use tenancy::{Scope, Table};

use super::{agent, listed, parent, path, standing};

/// The realms whose rows of a table an agent sees.
fn seen(world: &World, scope: &Scope, agent: &str, table: Table) -> Vec<&'static str> {
    let email = format!("agent@{}.example", agent.to_lowercase());
    let sight = standing(world, scope, &email).sight(table);
    let seen = REALMS
        .into_iter()
        .filter(|name| sight.sees(&path(world, name)));
    seen.collect()
}

#[test]
fn t_25_to_t_30_each_agent_lists_and_counts_the_own_realm_and_those_below() {
    let world = parent();
    let expected: [(&str, &[&str]); 10] = [
        ("P", &REALMS),
        ("SP1", &["SP1", "C1A", "C1B", "C1Bi"]),
        ("SP2", &["SP2"]),
        ("SP3", &["SP3", "C3A"]),
        ("C2C", &["C2C"]),
        ("C2D", &["C2D"]),
        ("C1A", &["C1A"]),
        ("C1B", &["C1B", "C1Bi"]),
        ("C3A", &["C3A"]),
        ("C1Bi", &["C1Bi"]),
    ];
    for (agent, sees) in expected {
        let mut browser = self::agent(&world, agent);
        assert_eq!(listed(&mut browser), sees, "{agent}");
        let page = browser.get_json("/queues/open").json();
        assert_eq!(page["counts"]["open"], sees.len(), "{agent}");
    }
}

#[test]
fn t_26_an_agent_of_p_reaches_the_users_and_teams_of_every_realm() {
    let world = World::new().parent();
    let scope = world.inside("parent");
    for table in Table::ALL {
        assert_eq!(seen(&world, &scope, "P", table), REALMS, "{table:?}");
    }
}

#[test]
fn t_31_t_32_an_agent_of_sp3_picks_teams_of_p_but_no_people_of_p() {
    let world = World::new().parent();
    let scope = world.inside("parent");
    for table in [Table::Team, Table::Department] {
        assert_eq!(seen(&world, &scope, "SP3", table), ["P", "SP3", "C3A"]);
    }
    for table in [Table::User, Table::Agent, Table::Organization] {
        assert_eq!(seen(&world, &scope, "SP3", table), ["SP3", "C3A"]);
    }
}

#[test]
fn t_33_a_ticket_that_was_handed_to_a_team_of_p_stays_in_sight_of_its_realm() {
    let world = parent();
    world.execute("UPDATE ticket SET team_id = 1 WHERE subject = 'SP3'");
    for agent in ["SP3", "P"] {
        assert!(
            listed(&mut self::agent(&world, agent)).contains(&"SP3".to_owned()),
            "{agent}"
        );
    }
    assert_eq!(
        listed(&mut agent(&world, "SP1")),
        ["SP1", "C1A", "C1B", "C1Bi"]
    );
}

#[test]
fn t_36_sp3_is_shown_sp1_and_nothing_else_more() {
    let world = parent();
    world.execute(
        "INSERT INTO realm_rule (tenant_id, viewer_id, realm_id)
         SELECT q.tenant_id, q.realm_id, r.realm_id FROM realm AS q, realm AS r
          WHERE q.name = 'SP3' AND r.name = 'SP1'",
    );
    assert_eq!(
        listed(&mut agent(&world, "SP3")),
        ["SP1", "SP3", "C1A", "C1B", "C3A", "C1Bi"]
    );
    assert_eq!(listed(&mut agent(&world, "C3A")), ["C3A"]);
}

#[test]
fn t_37_what_is_not_separated_is_seen_in_all_realms() {
    let world = World::new().parent();
    let scope = world.inside("parent");
    world.write(
        &scope,
        vec![directed(&scope, Table::HelpTopic, Direction::Off)],
    );
    for agent in REALMS {
        assert_eq!(
            seen(&world, &scope, agent, Table::HelpTopic),
            REALMS,
            "{agent}"
        );
    }
}
