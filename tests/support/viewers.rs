//! Random trees with somebody in them who sees a part, as the database holds them, and a walk
//! along the parents, which knows no paths.

use desk::blueprint::ROOT;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tenancy::realm::Path;
use tenancy::separation::Direction;

use crate::World;

/// What the database is filled with; realms by their place in the list, their ids one more.
#[derive(Clone, Debug)]
pub struct Case {
    /// What each realm hangs on; none for a root.
    pub parents: Vec<Option<usize>>,
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

    /// Whether the viewer sees a realm, by walking.
    pub fn walks_to(&self, realm: usize) -> bool {
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
    #[must_use]
    pub fn at_the_root(self) -> Self {
        Self { primary: 0, ..self }
    }

    /// The ids of the realms that a walk finds, in order.
    pub fn walked(&self) -> Vec<i64> {
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
    pub fn world(&self, tickets: usize) -> World {
        let world = World::new().tenant("acme");
        for statement in self.statements("1", tickets) {
            world.execute(&statement);
        }
        world
    }

    /// The statements that make all this of a tenant with one realm and one agent, who becomes the
    /// viewer. The tenant is an SQL expression.
    pub fn statements(&self, tenant: &str, tickets: usize) -> Vec<String> {
        let mut statements = self.tree(tenant);
        statements.push(format!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
             VALUES ({tenant}, 'u', 1, 'u@x.example', 'U', 0)"
        ));
        let realms = self.parents.len();
        let tickets = (0..tickets).map(|ticket| ticket_sql(tenant, ticket, ticket % realms));
        statements.extend(tickets);
        statements.extend(self.standing(tenant));
        statements.extend(self.narrowing(tenant));
        statements
    }

    fn tree(&self, tenant: &str) -> Vec<String> {
        let paths = self.paths();
        let realms = paths.iter().enumerate().skip(1);
        let added = realms.map(|(realm, path)| {
            let parent = self.parents[realm].map_or("NULL".to_owned(), |it| id(it).to_string());
            format!(
                "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
                 VALUES ({tenant}, {}, {parent}, '{path}', 'R')",
                id(realm)
            )
        });
        added.collect()
    }

    fn standing(&self, tenant: &str) -> Vec<String> {
        let ada = format!("(SELECT agent_id FROM agent WHERE tenant_id = {tenant})");
        let primary = id(self.primary);
        let mut statements = vec![
            format!("UPDATE agent SET realm_id = {primary} WHERE tenant_id = {tenant}"),
            format!("INSERT INTO team_member VALUES ({tenant}, 1, {ada})"),
        ];
        let shown = [
            ("agent_grant", ada, &self.grants),
            ("team_grant", "1".to_owned(), &self.team_grants),
            ("realm_rule", primary.to_string(), &self.rules),
        ];
        for (table, to, realms) in shown {
            statements.extend(realms.iter().map(|realm| {
                let row = format!("({tenant}, {to}, {})", id(*realm));
                format!("INSERT OR IGNORE INTO {table} VALUES {row}")
            }));
        }
        statements
    }

    fn narrowing(&self, tenant: &str) -> Vec<String> {
        let closed = self.restrictions.iter().map(|(realm, role)| {
            let role = role.map_or("NULL".to_owned(), |role| role.to_string());
            let row = format!("({tenant}, {}, {role})", id(*realm));
            format!("INSERT INTO restriction VALUES {row}")
        });
        let selected = self.selected.iter().map(|realm| {
            let ada = format!("(SELECT agent_id FROM agent WHERE tenant_id = {tenant})");
            let row = format!("({tenant}, {ada}, {})", id(*realm));
            format!("INSERT INTO selection VALUES {row}")
        });
        let direction = self.direction.name();
        let looks = format!(
            "INSERT INTO separation (tenant_id, table_name, direction)
             VALUES ({tenant}, 'ticket', '{direction}')
             ON CONFLICT (tenant_id, table_name) DO UPDATE SET direction = excluded.direction"
        );
        closed.chain(selected).chain([looks]).collect()
    }
}

/// The id of a realm in the list.
pub fn id(realm: usize) -> i64 {
    ROOT.0 + i64::try_from(realm).unwrap()
}

/// The statement that adds a ticket, called after its realm.
pub fn ticket_sql(tenant: &str, ticket: usize, realm: usize) -> String {
    format!(
        "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                             department_id, created_at, updated_at)
         VALUES ({tenant}, '018bcfe5-6800-7707-8707-{ticket:012}', {realm}, '{ticket}', 'u', '{realm}',
                 'Web', 1, 0, 0)",
        realm = id(realm)
    )
}

/// A viewer in a tree of so many realms.
pub fn case(realms: usize) -> impl Strategy<Value = Case> {
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
