//! The statements of tenancy.md 5.1 A, on the reference tree.

use super::{Effect, Extension, Node, Requirement, Restriction, Role, Standing, Way};
use crate::RealmId;
use crate::duty::Duties;
use crate::realm::Path;
use crate::separation::{Direction, Directions, Table};

/// P with its providers, customers and a subsidiary, and Q, a tree of its own (T-12).
const REALMS: [(&str, &[u32]); 11] = [
    ("P", &[0]),
    ("SP1", &[0, 0]),
    ("C1A", &[0, 0, 0]),
    ("C1B", &[0, 0, 1]),
    ("C1Bi", &[0, 0, 1, 0]),
    ("SP2", &[0, 1]),
    ("SP3", &[0, 2]),
    ("C3A", &[0, 2, 0]),
    ("C2C", &[0, 3]),
    ("C2D", &[0, 4]),
    ("Q", &[1]),
];

const HR: i64 = 7;

fn node(name: &str) -> Node {
    let index = REALMS.iter().position(|(known, _)| *known == name).unwrap();
    let places = REALMS[index].1;
    let root = Path::root(places[0]);
    Node {
        realm: RealmId(i64::try_from(index).unwrap()),
        path: places[1..].iter().fold(root, |path, it| path.child(*it)),
        name: name.to_owned(),
    }
}

fn at(name: &str) -> Standing {
    Standing {
        primary: node(name),
        role: Some(1),
        extensions: Vec::new(),
        restrictions: Vec::new(),
        directions: Directions::from_iter([(Table::Team, Direction::Both)]),
        selected: None,
        duties: Duties::default(),
    }
}

fn looking(direction: Direction, name: &str) -> Standing {
    Standing {
        directions: Directions::from_iter([(Table::Ticket, direction)]),
        ..at(name)
    }
}

fn shown(standing: Standing, name: &str, way: Way) -> Standing {
    let node = node(name);
    Standing {
        extensions: vec![Extension { node, way }],
        ..standing
    }
}

fn restricted(standing: Standing, asked: &[(&str, Option<i64>)]) -> Standing {
    let restriction = |(name, role): &(&str, Option<i64>)| Restriction {
        node: node(name),
        role: role.map(|id| Role {
            id,
            name: "Personnel".to_owned(),
        }),
    };
    Standing {
        restrictions: asked.iter().map(restriction).collect(),
        ..standing
    }
}

fn selecting(standing: Standing, name: &str) -> Standing {
    Standing {
        selected: Some(node(name)),
        ..standing
    }
}

fn seen_of(standing: &Standing, table: Table) -> String {
    let sight = standing.sight(table);
    let names = REALMS.map(|(name, _)| name);
    let seen = names
        .into_iter()
        .filter(|name| sight.sees(&node(name).path));
    seen.collect::<Vec<_>>().join(" ")
}

fn seen(standing: &Standing) -> String {
    seen_of(standing, Table::Ticket)
}

fn offered(standing: &Standing, asked: &[(&str, Option<i64>)]) -> String {
    let requirement = |(name, role): &(&str, Option<i64>)| Requirement {
        node: node(name),
        role: *role,
    };
    let asked: Vec<Requirement> = asked.iter().map(requirement).collect();
    let offered = standing.choices(&asked);
    let names = REALMS.map(|(name, _)| name);
    let names = names
        .into_iter()
        .filter(|name| offered.sees(&node(name).path));
    names.collect::<Vec<_>>().join(" ")
}

const ALL: &str = "P SP1 C1A C1B C1Bi SP2 SP3 C3A C2C C2D Q";

#[test]
fn t_1_a_table_that_is_not_separated_is_seen_from_everywhere() {
    for (name, _) in REALMS {
        assert_eq!(seen(&looking(Direction::Off, name)), ALL);
    }
}

#[test]
fn t_2_a_table_without_a_direction_looks_down() {
    assert_eq!(
        seen_of(&at("SP3"), Table::User),
        seen(&looking(Direction::Down, "SP3"))
    );
}

#[test]
fn t_3_down_sees_the_own_realm_and_those_below() {
    assert_eq!(seen(&looking(Direction::Down, "SP1")), "SP1 C1A C1B C1Bi");
    assert_eq!(seen(&looking(Direction::Down, "C1Bi")), "C1Bi");
}

#[test]
fn t_4_up_sees_the_own_realm_and_those_above() {
    assert_eq!(seen(&looking(Direction::Up, "C1Bi")), "P SP1 C1B C1Bi");
    assert_eq!(seen(&looking(Direction::Up, "P")), "P");
}

#[test]
fn t_5_both_never_sees_siblings_or_cousins() {
    assert_eq!(seen(&looking(Direction::Both, "C1B")), "P SP1 C1B C1Bi");
}

#[test]
fn t_8_a_grant_shows_a_realm_elsewhere_with_all_below_it() {
    let granted = shown(at("SP3"), "C1B", Way::Agent);
    assert_eq!(seen(&granted), "C1B C1Bi SP3 C3A");
    assert_eq!(seen(&at("SP3")), "SP3 C3A");
}

#[test]
fn t_9_a_teams_grant_shows_the_same_to_its_members() {
    let member = shown(at("SP3"), "C1B", Way::Team("Night shift".to_owned()));
    assert_eq!(seen(&member), "C1B C1Bi SP3 C3A");
}

#[test]
fn t_10_a_closed_realm_is_closed_even_to_the_top_and_to_its_own_people() {
    let closed = [("SP1", Some(HR))];
    assert_eq!(seen(&restricted(at("P"), &closed)), "P SP2 SP3 C3A C2C C2D");
    assert_eq!(seen(&restricted(at("SP1"), &closed)), "");
    assert_eq!(
        seen(&restricted(shown(at("SP3"), "SP1", Way::Agent), &closed)),
        "SP3 C3A"
    );
    let off = restricted(looking(Direction::Off, "C2C"), &closed);
    assert_eq!(seen(&off), "P SP2 SP3 C3A C2C C2D Q");
}

#[test]
fn t_10_holders_of_the_role_see_what_is_closed() {
    let holder = Standing {
        role: Some(HR),
        ..restricted(at("P"), &[("SP1", Some(HR))])
    };
    assert_eq!(seen(&holder), seen(&at("P")));
}

#[test]
fn t_10_a_realm_below_may_be_open_again() {
    let closed = [("SP1", Some(HR)), ("C1B", None)];
    assert_eq!(
        seen(&restricted(at("P"), &closed)),
        "P C1B C1Bi SP2 SP3 C3A C2C C2D"
    );
}

#[test]
fn t_11_a_rule_shows_a_realm_to_those_of_another() {
    let ruled = shown(at("C2C"), "C1B", Way::Rule);
    assert_eq!(seen(&ruled), "C1B C1Bi C2C");
}

#[test]
fn t_12_another_tree_of_the_tenant_is_out_of_sight() {
    assert_eq!(seen(&at("Q")), "Q");
    assert!(!seen(&at("P")).contains('Q'));
}

#[test]
fn t_14_two_levels_are_a_tree_like_any_other() {
    assert_eq!(seen(&looking(Direction::Both, "C2C")), "P C2C");
    assert_eq!(seen(&looking(Direction::Down, "C2C")), "C2C");
}

#[test]
fn t_21_a_selected_realm_narrows_what_is_seen() {
    assert_eq!(seen(&selecting(at("P"), "SP3")), "SP3 C3A");
    assert_eq!(
        seen_of(&selecting(at("P"), "SP3"), Table::Team),
        "P SP3 C3A"
    );
}

#[test]
fn t_21_selecting_what_is_out_of_sight_shows_nothing() {
    assert_eq!(seen(&selecting(at("SP3"), "SP1")), "");
    let closed = restricted(selecting(at("P"), "SP1"), &[("SP1", Some(HR))]);
    assert_eq!(seen(&closed), "");
}

#[test]
fn t_22_the_selected_realm_is_not_the_primary_realm() {
    let standing = selecting(at("P"), "SP3");
    assert_eq!(
        (standing.primary(), standing.current()),
        (&node("P"), &node("SP3"))
    );
    assert_eq!(at("P").current(), &node("P"));
}

#[test]
fn t_23_a_realm_asks_for_a_role_and_those_below_inherit_it() {
    assert_eq!(
        offered(&at("P"), &[("SP1", Some(HR))]),
        "P SP2 SP3 C3A C2C C2D"
    );
    let holder = Standing {
        role: Some(HR),
        ..at("P")
    };
    assert_eq!(
        offered(&holder, &[("SP1", Some(HR))]),
        offered(&at("P"), &[])
    );
}

#[test]
fn t_23_a_realm_below_may_ask_for_something_else() {
    let asked = [("SP1", Some(HR)), ("C1B", None)];
    assert_eq!(offered(&at("P"), &asked), "P C1B C1Bi SP2 SP3 C3A C2C C2D");
}

#[test]
fn t_23_evaluation_starts_at_the_viewers_own_realm() {
    assert_eq!(offered(&at("SP1"), &[("P", Some(HR))]), "SP1 C1A C1B C1Bi");
}

#[test]
fn t_23_below_a_hidden_root_nothing_is_offered() {
    assert_eq!(offered(&at("SP1"), &[("SP1", Some(HR)), ("C1B", None)]), "");
}

#[test]
fn t_65_to_be_shown_a_realm_is_not_to_hold_it() {
    let standing = shown(at("SP3"), "SP1", Way::Agent);
    let holdings = standing.holdings();
    assert!(holdings.as_sight().sees(&node("C3A").path));
    assert!(!holdings.as_sight().sees(&node("SP1").path));
    let closed = restricted(at("P"), &[("SP1", Some(HR))]).holdings();
    assert!(!closed.as_sight().sees(&node("C1A").path));
}

#[test]
fn the_ranges_travel_as_one_json_text() {
    let sight = looking(Direction::Up, "SP1").sight(Table::Ticket);
    assert_eq!(sight.to_json(), r#"[["a0","a0!"],["a0a0","a0a0!"]]"#);
}

#[test]
fn an_explanation_gives_every_reason() {
    let standing = shown(at("P"), "SP1", Way::Team("Night shift".to_owned()));
    let standing = restricted(selecting(standing, "SP3"), &[("SP1", Some(HR))]);
    let told = standing.explain(Table::Ticket, &node("C1A"));
    let effects: Vec<Effect> = told.reasons.iter().map(super::Reason::effect).collect();
    assert_eq!(
        effects,
        [Effect::Shows, Effect::Shows, Effect::Hides, Effect::Hides]
    );
    assert_eq!(
        told.to_string(),
        "not seen\n\
         - tickets are seen from P downwards\n\
         - SP1 was granted to the team Night shift\n\
         - SP1 is closed to all but the role Personnel\n\
         - SP3 is selected and does not see the realm"
    );
}

#[test]
fn an_explanation_says_what_is_missing() {
    let told = at("SP3");
    let told = told.explain(Table::Ticket, &node("SP1")).to_string();
    assert_eq!(
        told,
        "not seen\n- tickets are seen from SP3 downwards and the realm does not lie there"
    );
}
