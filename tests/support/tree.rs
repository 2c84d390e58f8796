//! The reference tree of realms: a parent company, its service providers and their customers.

use desk::blueprint::{self, NewRealm, ROOT};
use tenancy::realm::Path;
use tenancy::separation::{Direction, directed};
use tenancy::{RealmId, Scope, Statement, Table};

use crate::World;

/// A realm of the tree: its name, the one above it, its place among its siblings, its kind.
type Node = (&'static str, &'static str, u32, &'static str);

/// The realms below P.
const BELOW: [Node; 9] = [
    ("SP1", "P", 0, "company"),
    ("SP2", "P", 1, "company"),
    ("SP3", "P", 2, "company"),
    ("C2C", "P", 3, "customer"),
    ("C2D", "P", 4, "customer"),
    ("C1A", "SP1", 0, "customer"),
    ("C1B", "SP1", 1, "customer"),
    ("C3A", "SP3", 0, "customer"),
    ("C1Bi", "C1B", 0, "customer"),
];

/// Every realm of the tree, from the top down.
pub const REALMS: [&str; 10] = [
    "P", "SP1", "SP2", "SP3", "C2C", "C2D", "C1A", "C1B", "C3A", "C1Bi",
];

/// Everything else looks down.
fn groups_look_both_ways(scope: &Scope) -> [Statement; 2] {
    [Table::Team, Table::Department].map(|table| directed(scope, table, Direction::Both))
}

impl World {
    /// Adds the tenant `parent` with the reference tree. Each realm has what a tenant's root
    /// has: a portal, an agent, an API key and a mail address, under its name in lower case.
    #[must_use]
    pub fn parent(self) -> Self {
        self.create("parent", "P");
        let scope = self.inside("parent");
        let mut known: Vec<(&str, RealmId, Path)> = vec![("P", ROOT, Path::root(0))];
        let mut batch = Vec::from(groups_look_both_ways(&scope));
        for (id, (name, above, place, kind)) in (2..).map(RealmId).zip(BELOW) {
            let (parent, path) = {
                let above = known.iter().find(|(known, ..)| *known == above);
                let (_, parent, path) = above.expect("the tree is listed from the top down");
                (*parent, path.child(place))
            };
            batch.push(blueprint::add_realm(
                &scope,
                &NewRealm {
                    id,
                    parent: Some(parent),
                    path: &path,
                    name,
                    kind,
                },
            ));
            known.push((name, id, path));
        }
        for (name, realm, _) in &known {
            let slug = name.to_lowercase();
            batch.extend(self.doors(&scope, *realm, &slug, name));
            let email = format!("agent@{slug}.example");
            let named = format!("Agent of {name}");
            batch.push(self.agent(&scope, &self.id(), *realm, &email, &named));
        }
        self.write(&scope, batch);
        self
    }
}
