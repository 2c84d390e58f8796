//! Random trees with somebody in them who sees a part, as the database holds them, and a walk
//! along the parents, which knows no paths.

use desk::blueprint::ROOT;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use realmdesk_tests::World;
use tenancy::Table;
use tenancy::realm::Path;
use tenancy::separation::{Direction, directed};

/// What the database is filled with; realms by their place in the list, their ids one more.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) parents: Vec<Option<usize>>,
    primary: usize,
    grants: Vec<usize>,
    team_grants: Vec<usize>,
    rules: Vec<usize>,
    /// Role 1 is the viewer's.
    restrictions: Vec<(usize, Option<i64>)>,
    selected: Option<usize>,
    direction: Direction,
}

const DEPTH: usize = 12;

impl Case {
    fn line(&self, realm: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(realm), |realm| self.parents[*realm])
    }

    fn is_below(&self, realm: usize, above: usize) -> bool {
        self.line(realm).any(|other| other == above)
    }

    fn looks(&self, from: usize, realm: usize) -> bool {
        match self.direction {
            Direction::Down => self.is_below(realm, from),
            Direction::Up => self.is_below(from, realm),
            Direction::Both => self.is_below(realm, from) || self.is_below(from, realm),
            Direction::Off => true,
        }
    }

    pub(super) fn walks_to(&self, realm: usize) -> bool {
        let mut added = self
            .grants
            .iter()
            .chain(&self.team_grants)
            .chain(&self.rules);
        let is_shown = self.looks(self.primary, realm) || added.any(|it| self.is_below(realm, *it));
        let asks = |above: usize| self.restrictions.iter().find(|(realm, _)| *realm == above);
        let nearest = self.line(realm).find_map(asks);
        let is_open = nearest.is_none_or(|(_, role)| role.is_none_or(|role| role == 1));
        is_shown && is_open && self.selected.is_none_or(|from| self.looks(from, realm))
    }

    /// The same with the viewer at the top, who sees much.
    pub(super) fn at_the_root(self) -> Self {
        Self { primary: 0, ..self }
    }

    /// The ids of the realms that a walk finds, in order.
    pub(super) fn walked(&self) -> Vec<i64> {
        let all = (0..self.parents.len()).filter(|realm| self.walks_to(*realm));
        all.map(id).collect()
    }

    fn paths(&self) -> Vec<Path> {
        let mut paths: Vec<Path> = Vec::new();
        let mut children = vec![0; self.parents.len()];
        let mut roots = 0;
        for parent in &self.parents {
            let counter = parent.map_or(&mut roots, |parent| &mut children[parent]);
            let place = *counter;
            *counter += 1;
            let path = parent.map(|parent| paths[parent].child(place));
            paths.push(path.unwrap_or_else(|| Path::root(place)));
        }
        paths
    }

    /// A tenant with this tree, its agent Ada, and a ticket in each of the first realms.
    pub(super) fn world(&self, tickets: usize) -> World {
        let world = World::new().tenant("acme");
        for (realm, path) in self.paths().iter().enumerate().skip(1) {
            let parent = self.parents[realm].map_or("NULL".to_owned(), |it| id(it).to_string());
            world.execute(&format!(
                "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
                 VALUES (1, {}, {parent}, '{path}', 'R')",
                id(realm)
            ));
        }
        world.execute("INSERT INTO user SELECT 1, 'u', 1, NULL, 'u@x.example', 'U', 0");
        for ticket in 0..tickets {
            world.execute(&ticket_sql(ticket, ticket % self.parents.len()));
        }
        self.stand(&world);
        world
    }

    fn stand(&self, world: &World) {
        let ada = world.rows("SELECT agent_id FROM agent").remove(0);
        let primary = id(self.primary);
        world.execute(&format!("UPDATE agent SET realm_id = {primary}"));
        world.execute(&format!("INSERT INTO team_member VALUES (1, 1, '{ada}')"));
        let shown = [
            ("agent_grant", format!("'{ada}'"), &self.grants),
            ("team_grant", "1".to_owned(), &self.team_grants),
            ("realm_rule", primary.to_string(), &self.rules),
        ];
        for (table, to, realms) in shown {
            for realm in realms {
                let row = format!("(1, {to}, {})", id(*realm));
                world.execute(&format!("INSERT OR IGNORE INTO {table} VALUES {row}"));
            }
        }
        self.narrow(world, &ada);
    }

    fn narrow(&self, world: &World, ada: &str) {
        for (realm, role) in &self.restrictions {
            let role = role.map_or("NULL".to_owned(), |role| role.to_string());
            let row = format!("(1, {}, {role})", id(*realm));
            world.execute(&format!("INSERT INTO restriction VALUES {row}"));
        }
        if let Some(realm) = self.selected {
            let row = format!("(1, '{ada}', {})", id(realm));
            world.execute(&format!("INSERT INTO selection VALUES {row}"));
        }
        let scope = world.inside("acme");
        world.write(
            &scope,
            vec![directed(&scope, Table::Ticket, self.direction)],
        );
    }
}

pub(super) fn id(realm: usize) -> i64 {
    ROOT.0 + i64::try_from(realm).unwrap()
}

/// The statement that adds a ticket, called after its realm.
pub(super) fn ticket_sql(ticket: usize, realm: usize) -> String {
    format!(
        "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                             department_id, created_at, updated_at)
         VALUES (1, '018bcfe5-6800-7707-8707-{ticket:012}', {realm}, {ticket}, 'u', '{realm}',
                 'Web', 1, 0, 0)",
        realm = id(realm)
    )
}

/// A viewer in a tree of so many realms.
pub(super) fn case(realms: usize) -> impl Strategy<Value = Case> {
    let grown = vec(any::<Index>(), realms - 1..realms).prop_map(parents);
    grown.prop_flat_map(|parents| {
        let any_realm = 0..parents.len();
        let some = vec(any_realm.clone(), 0..3);
        let asked = btree_map(
            any_realm.clone(),
            select(vec![None, Some(1), Some(2)]),
            0..8,
        );
        (
            (
                Just(parents),
                any_realm.clone(),
                some.clone(),
                some.clone(),
                some,
            ),
            asked,
            prop::option::weighted(0.3, any_realm),
            select(Direction::ALL.to_vec()),
        )
            .prop_map(|(tree, asked, selected, direction)| Case {
                parents: tree.0,
                primary: tree.1,
                grants: tree.2,
                team_grants: tree.3,
                rules: tree.4,
                restrictions: asked.into_iter().collect(),
                selected,
                direction,
            })
    })
}

/// Hangs each realm below an earlier one; where that would be too deep, it is a root.
fn parents(picks: Vec<Index>) -> Vec<Option<usize>> {
    let mut depths = vec![1];
    let mut parents = vec![None];
    for pick in picks {
        let parent = Some(pick.index(parents.len())).filter(|parent| depths[*parent] < DEPTH);
        depths.push(parent.map_or(1, |parent| depths[parent] + 1));
        parents.push(parent);
    }
    parents
}
