//! The teams' SQL.

use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::Realm;
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{Kept, MOST_TEAMS, Refused, Wanted};

/// Looks up the teams of a realm and of those above it, by name.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Kept> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT t.team_id, t.realm_id, here.path, t.name,
                    a.email AS lead, l.path AS lead_path
               FROM here
              CROSS JOIN team AS t
               LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = t.lead_id
               LEFT JOIN realm AS l ON l.tenant_id = ?1 AND l.realm_id = a.realm_id
              WHERE t.tenant_id = ?1 AND t.realm_id = here.realm_id
              ORDER BY t.name, t.team_id"
        ))
        .bind(realm)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Kept, DbError> {
    let lead: Option<String> = row.get("lead")?;
    Ok(Kept {
        id: row.get("team_id")?,
        realm: row.get("realm_id")?,
        path: row.get("path")?,
        name: row.get("name")?,
        lead: lead.zip(row.get("lead_path")?),
    })
}

/// Adds a team to a realm, and returns it as `team_id`.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    realm: &Granted<Realm, act::DeskManage>,
    new: &Wanted<'_>,
) -> Result<Statement, Refused> {
    let name = new.checked()?;
    let statement = realm.scope().statement(sql!(
        "INSERT INTO team (tenant_id, team_id, realm_id, name, lead_id)
         VALUES (?1,
                 (SELECT coalesce(max(t.team_id), 0) + 1 FROM team AS t
                   WHERE t.tenant_id = ?1
                  HAVING count(*) < ?5),
                 ?2, ?3, ?4)
         RETURNING team_id"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(name)
        .bind(new.lead.value())
        .bind(MOST_TEAMS))
}

/// Makes a team of the realm another one; stale, where it was renamed meanwhile.
///
/// # Errors
/// What is wrong with it.
pub fn change(
    realm: &Granted<Realm, act::DeskManage>,
    was: &Kept,
    to: &Wanted<'_>,
) -> Result<Vec<Statement>, Refused> {
    let name = to.checked()?;
    let statement = realm.scope().statement(sql!(
        "UPDATE team
            SET name = CASE WHEN name = ?4 THEN ?5 END, lead_id = iif(?6 = 1, ?7, lead_id)
          WHERE tenant_id = ?1 AND realm_id = ?2 AND team_id = ?3"
    ));
    Ok(vec![
        statement
            .bind(realm.id)
            .bind(was.id)
            .bind(was.name.as_str())
            .bind(name)
            .bind(to.lead.is_wished())
            .bind(to.lead.value()),
    ])
}

/// Removes a team of the realm, and its members from it. The database refuses one that something
/// needs; see [`super::refused`].
pub fn remove(realm: &Granted<Realm, act::DeskManage>, was: &Kept) -> Vec<Statement> {
    let scope = realm.scope();
    let left = scope
        .statement(sql!(
            "DELETE FROM team_member WHERE tenant_id = ?1 AND team_id = ?2"
        ))
        .bind(was.id);
    let removed = scope
        .statement(sql!(
            "DELETE FROM team WHERE tenant_id = ?1 AND realm_id = ?2 AND team_id = ?3"
        ))
        .bind(realm.id)
        .bind(was.id);
    vec![left, removed]
}
