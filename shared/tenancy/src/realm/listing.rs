//! Realms as they are listed: below one, above one, and by name.

use super::store::from_row as realm_from_row;
use super::{Kind, Path, Realm};
use crate::policy::Found;
use crate::port::{DbError, Row};
use crate::scope::{Query, Scope};
use crate::{RealmId, Sight, sql};

/// A realm in a list, to be shown and not to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: RealmId,
    /// Its address.
    pub path: Path,
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: Kind,
    /// Whether it is archived.
    pub is_archived: bool,
}

fn from_row(row: &Row) -> Result<Listed, DbError> {
    let kind: String = row.get("kind")?;
    Ok(Listed {
        id: row.get("realm_id")?,
        path: row.get("path")?,
        name: row.get("name")?,
        kind: Kind::named(&kind).ok_or_else(|| DbError::Corrupt(format!("realm.kind: {kind}")))?,
        is_archived: row.get("is_archived")?,
    })
}

/// Lists realms in the order of the tree, up to so many.
pub fn list(scope: &Scope, sight: &Sight, most: i64) -> Query<Listed> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT r.realm_id, r.path, r.name, r.kind,
                        r.archived_at IS NOT NULL AS is_archived
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r
                  WHERE r.tenant_id = ?1
                    AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
                  LIMIT ?3"
            ),
        )
        .bind(most)
        .rows(from_row)
}

/// Finds realms whose names begin so, whatever the case of plain letters, up to so many.
pub fn search(scope: &Scope, sight: &Sight, beginning: &str, most: i64) -> Query<Listed> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT r.realm_id, r.path, r.name, r.kind,
                        r.archived_at IS NOT NULL AS is_archived
                   FROM realm AS r INDEXED BY realm_by_name
                  WHERE r.tenant_id = ?1
                    AND r.name COLLATE NOCASE >= ?3 AND r.name COLLATE NOCASE < ?4
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                  ORDER BY r.name COLLATE NOCASE, r.path
                  LIMIT ?5"
            ),
        )
        .bind(beginning)
        .bind(format!("{beginning}{}", char::MAX))
        .bind(most)
        .rows(from_row)
}

/// Looks up a realm and those above it, the topmost first.
pub fn above(scope: &Scope, realm: RealmId) -> Query<Listed> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, height) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.height + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT r.realm_id, r.path, r.name, r.kind,
                    r.archived_at IS NOT NULL AS is_archived
               FROM here
              CROSS JOIN realm AS r
              WHERE r.tenant_id = ?1 AND r.realm_id = here.realm_id
              ORDER BY here.height DESC"
        ))
        .bind(realm)
        .rows(from_row)
}

/// Looks up the roots of all of the tenant's trees.
pub fn roots(scope: &Scope) -> Query<Found<Realm>> {
    scope
        .statement(sql!(
            "SELECT r.tenant_id, r.realm_id, r.parent_id, r.path, r.name, r.kind, r.archived_at,
                    r.version, 0 AS is_below_archived, NULL AS last_below
               FROM realm AS r INDEXED BY realm_root
              WHERE r.tenant_id = ?1 AND r.parent_id IS NULL"
        ))
        .rows(|row| Ok(Found::new(realm_from_row(row)?)))
}
