//! Whom a ticket can be handed or referred to, with its SQL.

use tenancy::policy::{Found, Thing};
use tenancy::port::{DbError, FromValue, Row};
use tenancy::realm::Path;
use tenancy::{Id, Query, Scope, TenantId, sql};

/// A department, a team or an agent that a ticket is to be handed or referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target<I> {
    /// Its id.
    pub id: I,
    /// Its name.
    pub name: String,
    tenant: TenantId,
    path: Path,
}

impl<I> Thing for Target<I> {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

/// Looks up a department.
pub fn find_department(scope: &Scope, id: i64) -> Query<Found<Target<i64>>> {
    scope
        .statement(sql!(
            "SELECT d.tenant_id, d.department_id AS id, d.name, r.path
               FROM department AS d
               JOIN realm AS r ON r.tenant_id = d.tenant_id AND r.realm_id = d.realm_id
              WHERE d.tenant_id = ?1 AND d.department_id = ?2"
        ))
        .bind(id)
        .rows(from_row)
}

/// Looks up a team.
pub fn find_team(scope: &Scope, id: i64) -> Query<Found<Target<i64>>> {
    scope
        .statement(sql!(
            "SELECT m.tenant_id, m.team_id AS id, m.name, r.path
               FROM team AS m
               JOIN realm AS r ON r.tenant_id = m.tenant_id AND r.realm_id = m.realm_id
              WHERE m.tenant_id = ?1 AND m.team_id = ?2"
        ))
        .bind(id)
        .rows(from_row)
}

/// Looks up the agent with this address, if they work at all.
pub fn find_assignee(scope: &Scope, email: &str) -> Query<Found<Target<Id>>> {
    scope
        .statement(sql!(
            "SELECT a.tenant_id, a.agent_id AS id, a.name, r.path
               FROM agent AS a
               JOIN realm AS r ON r.tenant_id = a.tenant_id AND r.realm_id = a.realm_id
              WHERE a.tenant_id = ?1 AND a.email = ?2 AND a.is_active = 1"
        ))
        .bind(email)
        .rows(from_row)
}

fn from_row<I: FromValue>(row: &Row) -> Result<Found<Target<I>>, DbError> {
    Ok(Found::new(Target {
        id: row.get("id")?,
        name: row.get("name")?,
        tenant: row.get("tenant_id")?,
        path: row.get("path")?,
    }))
}
