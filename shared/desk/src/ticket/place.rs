//! Where a ticket lies in the tree, for whoever explains who sees it.

use tenancy::policy::{Found, Thing};
use tenancy::port::{DbError, Row};
use tenancy::realm::Path;
use tenancy::sight::Node;
use tenancy::{Query, Scope, TenantId, sql};

/// A ticket, as far as its place is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its number.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Its realm.
    pub node: Node,
    tenant: TenantId,
}

impl Thing for Placed {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.node.path)
    }
}

/// Looks up where the ticket with this number lies.
pub fn find_place(scope: &Scope, number: &str) -> Query<Found<Placed>> {
    scope
        .statement(sql!(
            "SELECT t.tenant_id, t.number, t.subject, r.realm_id, r.path, r.name
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
              WHERE t.tenant_id = ?1 AND t.number = ?2"
        ))
        .bind(number)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

fn from_row(row: &Row) -> Result<Placed, DbError> {
    let node = Node {
        realm: row.get("realm_id")?,
        path: row.get("path")?,
        name: row.get("name")?,
    };
    Ok(Placed {
        number: row.get("number")?,
        subject: row.get("subject")?,
        node,
        tenant: row.get("tenant_id")?,
    })
}
