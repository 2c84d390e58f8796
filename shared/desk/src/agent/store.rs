//! The SQL of looking after agents.

use serde_json::json;
use tenancy::policy::{Found, Granted, Rights, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::{Path, Realm};
use tenancy::sight::Holdings;
use tenancy::{Id, Query, Scope, Sight, Statement, Timestamp, sql};

use super::{Employed, NewAgent, Place, Role, Wanted};
use crate::ticket::Named;

type Changed = Granted<Employed, act::AgentManage>;

/// So many departments, and so many teams, are looked through.
const MOST: i64 = 500;

/// Looks up an agent, for whatever is to be done about them.
pub fn find(scope: &Scope, id: Option<&Id>) -> Query<Found<Employed>> {
    scope
        .statement(sql!(
            "SELECT a.tenant_id, a.agent_id, a.name, a.email, a.is_limited, a.is_active, a.version,
                    a.password_hash IS NOT NULL AS has_password, a.invited_at, a.session_epoch,
                    a.permissions, a.role_id, o.name AS role, o.permissions AS role_permissions,
                    r.realm_id, r.path, r.name AS realm
               FROM agent AS a
               JOIN realm AS r ON r.tenant_id = a.tenant_id AND r.realm_id = a.realm_id
               JOIN role AS o ON o.tenant_id = a.tenant_id AND o.role_id = a.role_id
              WHERE a.tenant_id = ?1 AND a.agent_id = ?2"
        ))
        .bind(id)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

/// Some of the agents in sight, realm by realm and there by address, behind one of them.
pub fn list(
    scope: &Scope,
    sight: &Sight,
    behind: Option<(&Path, &str)>,
    most: i64,
) -> Query<Employed> {
    let (path, email) = behind.map_or(("", ""), |(path, email)| (path.as_str(), email));
    scope
        .sighted(
            sight,
            sql!(
                "SELECT a.tenant_id, a.agent_id, a.name, a.email, a.is_limited, a.is_active,
                        a.version, a.password_hash IS NOT NULL AS has_password, a.invited_at,
                        a.session_epoch, a.permissions, a.role_id, o.name AS role,
                        o.permissions AS role_permissions, r.realm_id, r.path, r.name AS realm
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r INDEXED BY realm_by_path
                  CROSS JOIN agent AS a INDEXED BY agent_of_realm
                   JOIN role AS o ON o.tenant_id = ?1 AND o.role_id = a.role_id
                  WHERE r.tenant_id = ?1
                    AND r.path >= max(span.value ->> 0, ?3) AND r.path < span.value ->> 1
                    AND a.tenant_id = ?1 AND a.realm_id = r.realm_id
                    AND a.email > iif(r.path = ?3, ?4, '')
                  LIMIT ?5"
            ),
        )
        .bind(path)
        .bind(email)
        .bind(most)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Employed, DbError> {
    Ok(Employed {
        id: row.get("agent_id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        realm: Named::from_row(row, "realm_id", "realm")?,
        role: Named::from_row(row, "role_id", "role")?,
        is_limited: row.get("is_limited")?,
        is_active: row.get("is_active")?,
        version: row.get("version")?,
        has_password: row.get("has_password")?,
        invited_at: row.get("invited_at")?,
        epoch: row.get("session_epoch")?,
        path: row.get("path")?,
        keys: row.get("role_permissions")?,
        rights: Rights::of_json(&row.get::<String>("permissions")?)?,
        tenant: row.get("tenant_id")?,
    })
}

/// The tenant's roles, and what they permit.
pub fn roles(scope: &Scope) -> Query<Role> {
    scope
        .statement(sql!(
            "SELECT o.role_id, o.name, o.permissions
               FROM role AS o WHERE o.tenant_id = ?1 ORDER BY o.name"
        ))
        .rows(|row| {
            Ok(Role {
                id: row.get("role_id")?,
                name: row.get("name")?,
                keys: row.get("permissions")?,
            })
        })
}

/// The departments in sight, and what an agent is to each.
pub fn departments(scope: &Scope, sight: &Sight, agent: Option<&Id>) -> Query<Place> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT d.department_id AS id, d.name, r.name AS realm, m.role_id,
                        m.agent_id IS NOT NULL AS is_member
                   FROM department AS d
                  CROSS JOIN realm AS r
                   LEFT JOIN department_member AS m
                     ON m.tenant_id = ?1 AND m.department_id = d.department_id
                    AND m.agent_id = ?3
                  WHERE d.tenant_id = ?1 AND r.tenant_id = ?1 AND r.realm_id = d.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                  ORDER BY r.path, d.name
                  LIMIT ?4"
            ),
        )
        .bind(agent)
        .bind(MOST)
        .rows(place_from_row)
}

/// The teams in sight to which no realm is shown that is not, and whether an agent is a member.
pub fn teams(scope: &Scope, sight: &Sight, agent: Option<&Id>) -> Query<Place> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT t.team_id AS id, t.name, r.name AS realm, NULL AS role_id,
                        m.agent_id IS NOT NULL AS is_member
                   FROM team AS t
                  CROSS JOIN realm AS r
                   LEFT JOIN team_member AS m
                     ON m.tenant_id = ?1 AND m.team_id = t.team_id AND m.agent_id = ?3
                  WHERE t.tenant_id = ?1 AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                    AND NOT EXISTS (
                      SELECT 1 FROM team_grant AS g CROSS JOIN realm AS s
                       WHERE g.tenant_id = ?1 AND g.team_id = t.team_id
                         AND s.tenant_id = ?1 AND s.realm_id = g.realm_id
                         AND NOT EXISTS (SELECT 1 FROM json_each(?2) AS held
                                          WHERE s.path >= held.value ->> 0
                                            AND s.path || '~' <= held.value ->> 1))
                  ORDER BY r.path, t.name
                  LIMIT ?4"
            ),
        )
        .bind(agent)
        .bind(MOST)
        .rows(place_from_row)
}

fn place_from_row(row: &Row) -> Result<Place, DbError> {
    Ok(Place {
        id: row.get("id")?,
        name: row.get("name")?,
        realm: row.get("realm")?,
        is_member: row.get("is_member")?,
        role: row.get("role_id")?,
    })
}

/// Who may not sign in any more is signed out.
pub(super) fn update(agent: &Changed, wanted: &Wanted) -> Statement {
    agent
        .scope()
        .statement(sql!(
            "UPDATE agent
                SET role_id = ?3, is_limited = ?4, is_active = ?5,
                    session_epoch = session_epoch + (is_active > ?5),
                    version = CASE WHEN version = ?6 THEN version + 1 END
              WHERE tenant_id = ?1 AND agent_id = ?2"
        ))
        .bind(&agent.id)
        .bind(wanted.role)
        .bind(wanted.is_limited)
        .bind(wanted.is_active)
        .bind(wanted.version)
}

pub(super) fn leave_departments(
    agent: &Changed,
    holdings: &Holdings,
    wanted: &Wanted,
) -> Statement {
    let left = wanted.departments.iter().filter(|(_, role)| role.is_none());
    let left: Vec<i64> = left.map(|(department, _)| *department).collect();
    agent
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "DELETE FROM department_member
                  WHERE tenant_id = ?1 AND agent_id = ?3
                    AND department_id IN (
                      SELECT d.department_id
                        FROM json_each(?4) AS wanted
                       CROSS JOIN department AS d
                       CROSS JOIN realm AS r
                       WHERE d.tenant_id = ?1 AND d.department_id = wanted.value
                         AND r.tenant_id = ?1 AND r.realm_id = d.realm_id
                         AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                      WHERE r.path >= span.value ->> 0
                                        AND r.path < span.value ->> 1))"
            ),
        )
        .bind(&agent.id)
        .bind(json!(left).to_string())
}

pub(super) fn join_departments(agent: &Changed, holdings: &Holdings, wanted: &Wanted) -> Statement {
    let joined = wanted.departments.iter();
    let joined = joined.filter_map(|(department, role)| Some((*department, (*role)?)));
    let joined: Vec<(i64, Option<i64>)> = joined.collect();
    join(agent.scope(), &agent.id, holdings, &joined)
}

pub(super) fn join(
    scope: &Scope,
    agent: &Id,
    holdings: &Holdings,
    joined: &[(i64, Option<i64>)],
) -> Statement {
    scope
        .sighted(
            holdings.as_sight(),
            sql!(
                "INSERT INTO department_member (tenant_id, department_id, agent_id, role_id)
                 SELECT ?1, d.department_id, ?3, wanted.value ->> 1
                   FROM json_each(?4) AS wanted
                  CROSS JOIN department AS d
                  CROSS JOIN realm AS r
                  WHERE d.tenant_id = ?1 AND d.department_id = wanted.value ->> 0
                    AND r.tenant_id = ?1 AND r.realm_id = d.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                 ON CONFLICT (tenant_id, department_id, agent_id)
                 DO UPDATE SET role_id = excluded.role_id"
            ),
        )
        .bind(agent)
        .bind(json!(joined).to_string())
}

pub(super) fn insert(
    realm: &Granted<Realm, act::AgentManage>,
    new: &NewAgent<'_>,
    name: &str,
) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO agent (tenant_id, agent_id, realm_id, role_id, email, name, is_limited,
                                created_at, invited_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)"
        ))
        .bind(new.id)
        .bind(realm.id)
        .bind(new.role)
        .bind(new.email.as_str())
        .bind(name)
        .bind(new.is_limited)
        .bind(new.now)
}

/// Whatever was sent before opens nothing any more.
pub(super) fn invite_again(agent: &Changed, epoch: i64, now: Option<Timestamp>) -> Statement {
    agent
        .scope()
        .statement(sql!(
            "UPDATE agent
                SET invited_at = ?3,
                    session_epoch = CASE WHEN session_epoch = ?4 AND password_hash IS NULL
                                         THEN session_epoch + 1 END,
                    version = version + 1
              WHERE tenant_id = ?1 AND agent_id = ?2"
        ))
        .bind(&agent.id)
        .bind(now)
        .bind(epoch)
}

pub(super) fn leave_teams(agent: &Changed, holdings: &Holdings, wanted: &Wanted) -> Statement {
    agent
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "DELETE FROM team_member
                  WHERE tenant_id = ?1 AND agent_id = ?3
                    AND team_id IN (
                      SELECT t.team_id
                        FROM json_each(?4) AS wanted
                       CROSS JOIN team AS t
                       CROSS JOIN realm AS r
                       WHERE t.tenant_id = ?1 AND t.team_id = wanted.value
                         AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                         AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                      WHERE r.path >= span.value ->> 0
                                        AND r.path < span.value ->> 1))"
            ),
        )
        .bind(&agent.id)
        .bind(teams_to(wanted, false))
}

pub(super) fn join_teams(agent: &Changed, holdings: &Holdings, wanted: &Wanted) -> Statement {
    agent
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "INSERT INTO team_member (tenant_id, team_id, agent_id)
                 SELECT ?1, t.team_id, ?3
                   FROM json_each(?4) AS wanted
                  CROSS JOIN team AS t
                  CROSS JOIN realm AS r
                  WHERE t.tenant_id = ?1 AND t.team_id = wanted.value
                    AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                 ON CONFLICT DO NOTHING"
            ),
        )
        .bind(&agent.id)
        .bind(teams_to(wanted, true))
}

fn teams_to(wanted: &Wanted, be_in: bool) -> String {
    let teams = wanted.teams.iter().filter(|(_, is_in)| *is_in == be_in);
    let teams: Vec<i64> = teams.map(|(team, _)| *team).collect();
    json!(teams).to_string()
}
