//! Whom a realm can be shown to: agents, teams and other realms, and who it is shown to now.
//!
//! Each carries the realm it belongs to, so that whoever asks is told only of those they see.

use crate::port::{DbError, Row};
use crate::realm::Path;
use crate::scope::{Query, Scope};
use crate::sight::Role;
use crate::{Id, RealmId, Sight, sql};

/// The longest list of those that one realm is shown to.
const MOST: i64 = 500;

/// Somebody a realm can be shown to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer<I> {
    /// The agent's, team's or realm's id.
    pub id: I,
    /// Its name.
    pub name: String,
    /// What tells it from others of that name: an agent's address, a team's realm.
    pub detail: String,
    /// Where it belongs.
    pub path: Path,
}

impl<I: crate::port::FromValue> Peer<I> {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            detail: row.get("detail")?,
            path: row.get("path")?,
        })
    }
}

/// Looks up the agent with this address.
pub fn agent(scope: &Scope, email: &str) -> Query<Peer<Id>> {
    scope
        .statement(sql!(
            "SELECT a.agent_id AS id, a.name, a.email AS detail, r.path
               FROM agent AS a
               JOIN realm AS r ON r.tenant_id = a.tenant_id AND r.realm_id = a.realm_id
              WHERE a.tenant_id = ?1 AND a.email = ?2"
        ))
        .bind(email)
        .rows(Peer::from_row)
}

/// Looks up a team.
pub fn team(scope: &Scope, team: i64) -> Query<Peer<i64>> {
    scope
        .statement(sql!(
            "SELECT t.team_id AS id, t.name, r.name AS detail, r.path
               FROM team AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
              WHERE t.tenant_id = ?1 AND t.team_id = ?2"
        ))
        .bind(team)
        .rows(Peer::from_row)
}

/// Looks up another realm.
pub fn realm(scope: &Scope, realm: RealmId) -> Query<Peer<RealmId>> {
    scope
        .statement(sql!(
            "SELECT r.realm_id AS id, r.name, '' AS detail, r.path
               FROM realm AS r
              WHERE r.tenant_id = ?1 AND r.realm_id = ?2"
        ))
        .bind(realm)
        .rows(Peer::from_row)
}

/// Lists teams, realm by realm, up to so many.
pub fn teams(scope: &Scope, sight: &Sight, most: i64) -> Query<Peer<i64>> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT t.team_id AS id, t.name, r.name AS detail, r.path
                   FROM team AS t
                  CROSS JOIN realm AS r
                  WHERE t.tenant_id = ?1
                    AND r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                  ORDER BY r.path, t.name
                  LIMIT ?3"
            ),
        )
        .bind(most)
        .rows(Peer::from_row)
}

/// Lists departments, realm by realm, up to so many.
pub fn departments(scope: &Scope, sight: &Sight, most: i64) -> Query<Peer<i64>> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT d.department_id AS id, d.name, r.name AS detail, r.path
                   FROM department AS d
                  CROSS JOIN realm AS r
                  WHERE d.tenant_id = ?1
                    AND r.tenant_id = d.tenant_id AND r.realm_id = d.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                  ORDER BY r.path, d.name
                  LIMIT ?3"
            ),
        )
        .bind(most)
        .rows(Peer::from_row)
}

/// Lists the agents that a realm is shown to.
pub fn agents_shown(scope: &Scope, shown: RealmId) -> Query<Peer<Id>> {
    scope
        .statement(sql!(
            "SELECT a.agent_id AS id, a.name, a.email AS detail, r.path
               FROM agent_grant AS g INDEXED BY agent_grant_of_realm
               JOIN agent AS a ON a.tenant_id = g.tenant_id AND a.agent_id = g.agent_id
               JOIN realm AS r ON r.tenant_id = a.tenant_id AND r.realm_id = a.realm_id
              WHERE g.tenant_id = ?1 AND g.realm_id = ?2
              ORDER BY a.name, a.agent_id
              LIMIT ?3"
        ))
        .bind(shown)
        .bind(MOST)
        .rows(Peer::from_row)
}

/// Lists the teams that a realm is shown to.
pub fn teams_shown(scope: &Scope, shown: RealmId) -> Query<Peer<i64>> {
    scope
        .statement(sql!(
            "SELECT t.team_id AS id, t.name, r.name AS detail, r.path
               FROM team_grant AS g INDEXED BY team_grant_of_realm
               JOIN team AS t ON t.tenant_id = g.tenant_id AND t.team_id = g.team_id
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
              WHERE g.tenant_id = ?1 AND g.realm_id = ?2
              ORDER BY t.name, t.team_id
              LIMIT ?3"
        ))
        .bind(shown)
        .bind(MOST)
        .rows(Peer::from_row)
}

/// Lists the realms whose people a realm is shown to by a rule.
pub fn realms_shown(scope: &Scope, shown: RealmId) -> Query<Peer<RealmId>> {
    scope
        .statement(sql!(
            "SELECT r.realm_id AS id, r.name, '' AS detail, r.path
               FROM realm_rule AS v INDEXED BY realm_rule_of_realm
              CROSS JOIN realm AS r
              WHERE v.tenant_id = ?1 AND v.realm_id = ?2
                AND r.tenant_id = v.tenant_id AND r.realm_id = v.viewer_id
              ORDER BY r.path
              LIMIT ?3"
        ))
        .bind(shown)
        .bind(MOST)
        .rows(Peer::from_row)
}

/// Lists the tenant's roles.
pub fn roles(scope: &Scope) -> Query<Role> {
    scope
        .statement(sql!(
            "SELECT o.role_id, o.name FROM role AS o WHERE o.tenant_id = ?1 ORDER BY o.name"
        ))
        .rows(|row| {
            Ok(Role {
                id: row.get("role_id")?,
                name: row.get("name")?,
            })
        })
}
