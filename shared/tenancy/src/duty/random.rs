//! Random duties and works, for properties.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::{Band, Capacity, Duties, HeldRole, Post, Referee, Work};
use crate::Id;
use crate::policy::{Keys, RoleKey};
use crate::realm::Path;

fn agent() -> impl Strategy<Value = Id> {
    select(vec!['1', '2'])
        .prop_map(|last| Id::parse(&format!("018bcfe5-6800-7707-8707-07070707070{last}")).unwrap())
}

fn capacity() -> impl Strategy<Value = Capacity> {
    let role = HeldRole {
        name: "Closer".to_owned(),
        keys: Keys::of(&[RoleKey::TicketClose]),
    };
    select(vec![
        Capacity::Member,
        Capacity::Holding(role),
        Capacity::Manager,
    ])
}

/// Somebody who works in some of five departments and three teams.
pub(crate) fn duties() -> impl Strategy<Value = Duties> {
    let posts = btree_map(1..=5_i64, capacity(), 0..3);
    let bands = btree_set(1..=3_i64, 0..3);
    (agent(), any::<bool>(), posts, bands).prop_map(|(agent, is_limited, posts, bands)| Duties {
        agent: Some(agent),
        is_limited,
        posts: posts.into_iter().map(post).collect(),
        bands: bands.into_iter().map(band).collect(),
    })
}

fn post((department, capacity): (i64, Capacity)) -> Post {
    Post {
        department,
        name: format!("Department {department}"),
        capacity,
        path: Path::root(0),
    }
}

fn band(team: i64) -> Band {
    Band {
        team,
        name: format!("Team {team}"),
        path: Path::root(0),
    }
}

/// A ticket of one of those departments.
pub(crate) fn work() -> impl Strategy<Value = Work> {
    let referee = prop_oneof![
        agent().prop_map(Referee::Agent),
        (1..=3_i64).prop_map(Referee::Team),
        (1..=5_i64).prop_map(Referee::Department),
    ];
    (
        1..=5_i64,
        prop::option::of(agent()),
        prop::option::of(1..=3_i64),
        any::<bool>(),
        vec(referee, 0..2),
    )
        .prop_map(|(department, agent, team, is_open, referrals)| Work {
            department,
            agent,
            team,
            is_open,
            referrals,
        })
}
