//! What sight is held against: a tree of parents, walked without any paths, and random
//! standings in it.

use std::ops::RangeInclusive;

use proptest::prelude::*;

use super::{Extension, Node, Restriction, Role, Standing, Way};
use crate::RealmId;
use crate::duty::Duties;
use crate::realm::Path;
use crate::separation::{Direction, Directions, Table};

/// A tree as its parents say; realm 0 is the root of the first of perhaps several trees (T-12).
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) parents: Vec<Option<usize>>,
    pub(super) nodes: Vec<Node>,
}

/// Realms above the first, one behind the other, at most.
const DEPTH: usize = 12;

impl Tree {
    /// Hangs each realm below the one its number picks, or makes it a root of its own.
    pub(super) fn grown(picks: &[usize]) -> Self {
        let mut tree = Self {
            parents: Vec::new(),
            nodes: Vec::new(),
        };
        let mut depths: Vec<usize> = Vec::new();
        let mut children = vec![0; picks.len()];
        let mut roots = 0;
        for (index, pick) in picks.iter().enumerate() {
            let parent = pick.checked_rem(index + 1).filter(|parent| *parent < index);
            let parent = parent.filter(|parent| depths[*parent] < DEPTH);
            let counter = parent.map_or(&mut roots, |parent| &mut children[parent]);
            let place = *counter;
            *counter += 1;
            let path = parent.map_or_else(
                || Path::root(place),
                |parent| tree.nodes[parent].path.child(place),
            );
            depths.push(parent.map_or(1, |parent| depths[parent] + 1));
            tree.parents.push(parent);
            tree.nodes.push(Node {
                realm: RealmId(i64::try_from(index).unwrap() + 1),
                path,
                name: format!("R{index}"),
            });
        }
        tree
    }

    /// The realm itself and those above it, nearest first.
    fn line(&self, realm: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(realm), |realm| self.parents[*realm])
    }

    fn is_below(&self, realm: usize, above: usize) -> bool {
        self.line(realm).any(|other| other == above)
    }

    fn looks(&self, direction: Direction, from: usize, realm: usize) -> bool {
        match direction {
            Direction::Down => self.is_below(realm, from),
            Direction::Up => self.is_below(from, realm),
            Direction::Both => self.is_below(realm, from) || self.is_below(from, realm),
            Direction::Off => true,
        }
    }
}

/// The role of every viewer here; the other is somebody else's.
const HELD: i64 = 1;

/// A standing as indexes into a tree.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) tree: Tree,
    pub(super) primary: usize,
    pub(super) extensions: Vec<usize>,
    /// The role each realm asks for: 1 is held, 2 is not.
    pub(super) restrictions: Vec<(usize, Option<i64>)>,
    pub(super) selected: Option<usize>,
    pub(super) direction: Direction,
}

impl Case {
    /// Whether the viewer sees a realm, by walking.
    pub(super) fn walks_to(&self, realm: usize) -> bool {
        let tree = &self.tree;
        let is_shown = tree.looks(self.direction, self.primary, realm)
            || self.extensions.iter().any(|it| tree.is_below(realm, *it));
        let asks = |above: usize| self.restrictions.iter().find(|(realm, _)| *realm == above);
        let nearest = tree.line(realm).find_map(asks);
        let is_open = nearest.is_none_or(|(_, role)| role.is_none_or(|role| role == HELD));
        let selected = self.selected;
        is_shown && is_open && selected.is_none_or(|from| tree.looks(self.direction, from, realm))
    }

    /// The same standing as the product has it.
    pub(super) fn standing(&self) -> Standing {
        let node = |index: usize| self.tree.nodes[index].clone();
        let way = |index: usize| {
            [Way::Agent, Way::Team("Night shift".to_owned()), Way::Rule][index % 3].clone()
        };
        let extension = |(index, realm): (usize, &usize)| Extension {
            node: node(*realm),
            way: way(index),
        };
        let restriction = |(realm, role): &(usize, Option<i64>)| Restriction {
            node: node(*realm),
            role: role.map(|id| Role {
                id,
                name: format!("Role {id}"),
            }),
        };
        Standing {
            primary: node(self.primary),
            role: Some(HELD),
            extensions: self.extensions.iter().enumerate().map(extension).collect(),
            restrictions: self.restrictions.iter().map(restriction).collect(),
            directions: Directions::from_iter([(Table::Ticket, self.direction)]),
            selected: self.selected.map(node),
            duties: Duties::default(),
        }
    }

    /// The realms that the product says are seen.
    pub(super) fn seen(&self) -> Vec<usize> {
        let sight = self.standing().sight(Table::Ticket);
        let all = self.tree.nodes.iter().enumerate();
        let seen = all.filter(|(_, node)| sight.sees(&node.path));
        seen.map(|(index, _)| index).collect()
    }
}

/// A viewer in a tree of so many realms.
pub(super) fn case(realms: RangeInclusive<usize>) -> impl Strategy<Value = Case> {
    let picks = prop::collection::vec(any::<usize>(), realms);
    picks.prop_flat_map(|picks| {
        let any_realm = 0..picks.len();
        let role = prop::sample::select(vec![None, Some(HELD), Some(2), Some(2)]);
        (
            Just(Tree::grown(&picks)),
            any_realm.clone(),
            prop::collection::vec(any_realm.clone(), 0..4),
            prop::collection::btree_map(any_realm.clone(), role, 0..12),
            prop::option::of(any_realm),
            prop::sample::select(Direction::ALL.to_vec()),
        )
            .prop_map(
                |(tree, primary, extensions, asked, selected, direction)| Case {
                    tree,
                    primary,
                    extensions,
                    restrictions: asked.into_iter().collect(),
                    selected,
                    direction,
                },
            )
    })
}
