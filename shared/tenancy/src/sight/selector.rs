//! The realm selector: which realms a viewer can choose to work in (T-21 to T-23).
//!
//! A choice only narrows, so a stale one that would no longer be offered is harmless: it goes on
//! narrowing until it is changed, and never shows what the viewer could not see without it.

use crate::principal::Agent;
use crate::scope::{Query, Scope, Statement};
use crate::separation::Table;
use crate::{RealmId, sql};

use super::Sight;
use super::spans::Spans;
use super::standing::{Node, Standing};

/// A role that the selector asks for before it offers a realm, or any below without its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The realm.
    pub node: Node,
    /// The role's id; none when it is offered to everybody again.
    pub role: Option<i64>,
}

impl Standing {
    /// The realms that the viewer can select, as a sight over the realm table.
    ///
    /// Evaluation starts at the viewer's own realm and at each realm that was granted or is
    /// shown to it, and goes down from there; what realms above ask for does not count (T-23).
    pub fn choices(&self, required: &[Requirement]) -> Sight {
        let added = self.extensions.iter().map(|extension| &extension.node);
        let roots = added.chain([&self.primary]);
        let offered = roots.map(|root| self.offered_below(root, required));
        let offered = offered.fold(Spans::default(), Spans::or);
        Sight(offered.and(&self.view(Table::Ticket).open()))
    }

    fn offered_below(&self, root: &Node, required: &[Requirement]) -> Spans {
        let at_root = required.iter().find(|it| it.node.path == root.path);
        if at_root.is_some_and(|it| !self.meets(it.role)) {
            return Spans::default();
        }
        let below = required.iter().filter(|it| {
            let (path, root) = (&it.node.path, &root.path);
            path != root && root.covers(path)
        });
        let coats = below.map(|it| (&it.node.path, self.meets(it.role)));
        Spans::painted(coats.chain([(&root.path, true)]).collect())
    }
}

/// Looks up what the selector asks for.
pub fn requirements(scope: &Scope) -> Query<Requirement> {
    scope
        .statement(sql!(
            "SELECT r.realm_id, r.path, r.name AS realm, s.role_id
               FROM selector AS s
              CROSS JOIN realm AS r
              WHERE s.tenant_id = ?1 AND r.tenant_id = s.tenant_id AND r.realm_id = s.realm_id"
        ))
        .rows(|row| {
            Ok(Requirement {
                node: Node::from_row(row)?,
                role: row.get("role_id")?,
            })
        })
}

/// A realm that the selector offers.
pub type Choice = Node;

/// Lists choices in the order of the tree, up to so many.
pub fn choices(scope: &Scope, offered: &Sight, most: i64) -> Query<Choice> {
    scope
        .sighted(
            offered,
            sql!(
                "SELECT r.realm_id, r.path, r.name AS realm
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r
                  WHERE r.tenant_id = ?1 AND r.archived_at IS NULL
                    AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
                  LIMIT ?3"
            ),
        )
        .bind(most)
        .rows(Node::from_row)
}

/// Selects a realm, if it is offered; what was written comes back as `realm_id`. A realm that is
/// not offered answers like one that does not exist: nothing comes back.
pub fn select(scope: &Scope, offered: &Sight, agent: &Agent, realm: RealmId) -> Statement {
    scope
        .sighted(
            offered,
            sql!(
                "INSERT INTO selection (tenant_id, agent_id, realm_id)
                 SELECT r.tenant_id, ?3, r.realm_id
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r
                  WHERE r.tenant_id = ?1 AND r.realm_id = ?4 AND r.archived_at IS NULL
                    AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
                 ON CONFLICT (tenant_id, agent_id) DO UPDATE SET realm_id = excluded.realm_id
                 RETURNING realm_id"
            ),
        )
        .bind(&agent.id)
        .bind(realm)
}

/// Goes back to the primary realm.
pub fn deselect(scope: &Scope, agent: &Agent) -> Statement {
    scope
        .statement(sql!(
            "DELETE FROM selection WHERE tenant_id = ?1 AND agent_id = ?2"
        ))
        .bind(&agent.id)
}
