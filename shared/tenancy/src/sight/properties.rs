//! The properties of sight, over random trees (tenancy.md 5.2).

use proptest::prelude::*;

use super::reference::{Case, case};
use crate::duty::random::{duties, work};
use crate::separation::{Direction, Table};

fn walked(case: &Case) -> Vec<usize> {
    let all = 0..case.tree.nodes.len();
    all.filter(|realm| case.walks_to(*realm)).collect()
}

fn is_within(inner: &[usize], outer: &[usize]) -> bool {
    inner.iter().all(|realm| outer.binary_search(realm).is_ok())
}

proptest! {
    #[test]
    fn t_1_to_t_12_the_spans_are_what_a_walk_of_the_tree_finds(case in case(1..=60)) {
        prop_assert_eq!(case.seen(), walked(&case));
    }

    #[test]
    fn the_explanation_agrees_with_the_sight(case in case(1..=30)) {
        let standing = case.standing();
        let sight = standing.sight(Table::Ticket);
        for node in &case.tree.nodes {
            let told = standing.explain(Table::Ticket, node);
            prop_assert_eq!(told.is_visible, sight.sees(&node.path), "{}", told);
            prop_assert!(!told.reasons.is_empty());
        }
    }

    #[test]
    fn the_explanation_agrees_with_sight_and_duties_about_every_ticket(
        case in case(1..=30),
        duties in duties(),
        works in prop::collection::vec(work(), 1..8),
    ) {
        let mut standing = case.standing();
        standing.duties = duties;
        for (node, work) in case.tree.nodes.iter().zip(works.iter().cycle()) {
            let told = standing.explain_ticket(node, work);
            let is_seen = standing.sees_ticket(&node.path, work);
            prop_assert_eq!(told.is_visible, is_seen, "{}", told);
            let text = told.to_string();
            prop_assert_eq!(text.lines().count(), told.reasons.len() + 1);
        }
    }

    #[test]
    fn t_10_one_restriction_more_never_shows_a_realm_more(
        case in case(1..=40),
        at in any::<prop::sample::Index>(),
    ) {
        // On a realm that has none: to ask for another role instead is a change, not an addition.
        let realm = at.index(case.tree.nodes.len());
        prop_assume!(case.restrictions.iter().all(|(other, _)| *other != realm));
        let before = case.seen();
        let mut after = case;
        after.restrictions.push((realm, Some(2)));
        prop_assert!(is_within(&after.seen(), &before));
    }

    #[test]
    fn t_8_one_grant_more_never_hides_a_realm(
        case in case(1..=40),
        at in any::<prop::sample::Index>(),
    ) {
        let before = case.seen();
        let mut after = case;
        after.extensions.push(at.index(after.tree.nodes.len()));
        prop_assert!(is_within(&before, &after.seen()));
    }

    #[test]
    fn t_21_to_select_a_realm_only_narrows(
        case in case(1..=40),
        at in any::<prop::sample::Index>(),
    ) {
        let whole = Case { selected: None, ..case };
        let realm = at.index(whole.tree.nodes.len());
        let narrowed = Case { selected: Some(realm), ..whole.clone() };
        prop_assert!(is_within(&narrowed.seen(), &whole.seen()));
    }

    #[test]
    fn t_23_what_the_selector_offers_is_always_in_sight(case in case(1..=40)) {
        let standing = Case { selected: None, ..case.clone() }.standing();
        let (offered, sight) = (standing.choices(&[]), standing.sight(Table::Ticket));
        for node in &case.tree.nodes {
            prop_assert!(!offered.sees(&node.path) || sight.sees(&node.path));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn t_14_ten_thousand_realms_twelve_deep_are_seen_as_a_walk_finds_them(
        case in case(10_000..=10_000),
    ) {
        for direction in Direction::ALL {
            let case = Case { direction, ..case.clone() };
            prop_assert_eq!(case.seen(), walked(&case));
        }
    }
}
