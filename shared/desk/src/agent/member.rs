//! Who works in a department or is in a team.

use tenancy::port::{DbError, Row};
use tenancy::realm::Path;
use tenancy::{Id, Query, Scope, sql};

/// So many members are listed.
const MOST: i64 = 500;

/// An agent as a member of a department or of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The agent's id.
    pub id: Id,
    /// The agent's name.
    pub name: String,
    /// The agent's address.
    pub email: String,
    /// Where the agent's primary realm lies.
    pub path: Path,
    /// The name of the role there, where it is not the primary one.
    pub role: Option<String>,
}

fn from_row(row: &Row) -> Result<Member, DbError> {
    Ok(Member {
        id: row.get("agent_id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        path: row.get("path")?,
        role: row.get("role")?,
    })
}

/// Looks up who is a member of a department, by address.
pub fn of_department(scope: &Scope, department: i64) -> Query<Member> {
    scope
        .statement(sql!(
            "SELECT a.agent_id, a.name, a.email, r.path, o.name AS role
               FROM department_member AS m
              CROSS JOIN agent AS a
              CROSS JOIN realm AS r
               LEFT JOIN role AS o ON o.tenant_id = ?1 AND o.role_id = m.role_id
              WHERE m.tenant_id = ?1 AND m.department_id = ?2
                AND a.tenant_id = ?1 AND a.agent_id = m.agent_id
                AND r.tenant_id = ?1 AND r.realm_id = a.realm_id
              ORDER BY a.email
              LIMIT ?3"
        ))
        .bind(department)
        .bind(MOST)
        .rows(from_row)
}

/// Looks up who is in a team, by address.
pub fn of_team(scope: &Scope, team: i64) -> Query<Member> {
    scope
        .statement(sql!(
            "SELECT a.agent_id, a.name, a.email, r.path, NULL AS role
               FROM team_member AS m
              CROSS JOIN agent AS a
              CROSS JOIN realm AS r
              WHERE m.tenant_id = ?1 AND m.team_id = ?2
                AND a.tenant_id = ?1 AND a.agent_id = m.agent_id
                AND r.tenant_id = ?1 AND r.realm_id = a.realm_id
              ORDER BY a.email
              LIMIT ?3"
        ))
        .bind(team)
        .bind(MOST)
        .rows(from_row)
}
