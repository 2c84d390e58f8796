//! The tree's SQL.

use super::{Kind, Path, Realm};
use crate::policy::{Found, Granted, act};
use crate::port::{DbError, Row, Timestamp};
use crate::scope::{Query, Scope, Statement};
use crate::{Id, RealmId, sql};

/// Looks up a realm, for whatever is to be done to it.
pub fn find(scope: &Scope, id: RealmId) -> Query<Found<Realm>> {
    scope
        .statement(sql!(
            "SELECT r.tenant_id, r.realm_id, r.parent_id, r.path, r.name, r.kind, r.archived_at,
                    r.version,
                    EXISTS (SELECT 1 FROM realm AS p
                             WHERE p.tenant_id = ?1 AND p.realm_id = r.parent_id
                               AND p.archived_at IS NOT NULL) AS is_below_archived,
                    (SELECT max(b.path) FROM realm AS b
                      WHERE b.tenant_id = ?1 AND b.path > r.path AND b.path < r.path || '~')
                      AS last_below
               FROM realm AS r
              WHERE r.tenant_id = ?1 AND r.realm_id = ?2"
        ))
        .bind(id)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

/// Looks up the realm that an agent works in now, or another that is named.
pub fn worked_in(scope: &Scope, agent: &Id, named: Option<RealmId>) -> Query<Found<Realm>> {
    scope
        .statement(sql!(
            "SELECT r.tenant_id, r.realm_id, r.parent_id, r.path, r.name, r.kind, r.archived_at,
                    r.version, 0 AS is_below_archived, NULL AS last_below
               FROM realm AS r
              WHERE r.tenant_id = ?1
                AND r.realm_id = coalesce(?3,
                      (SELECT s.realm_id FROM selection AS s
                        WHERE s.tenant_id = ?1 AND s.agent_id = ?2),
                      (SELECT a.realm_id FROM agent AS a
                        WHERE a.tenant_id = ?1 AND a.agent_id = ?2))"
        ))
        .bind(agent)
        .bind(named)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

/// Looks up the realm that a user belongs to.
pub fn of_user(scope: &Scope, user: &Id) -> Query<Found<Realm>> {
    scope
        .statement(sql!(
            "SELECT r.tenant_id, r.realm_id, r.parent_id, r.path, r.name, r.kind, r.archived_at,
                    r.version, 0 AS is_below_archived, NULL AS last_below
               FROM user AS u
               JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = u.realm_id
              WHERE u.tenant_id = ?1 AND u.user_id = ?2"
        ))
        .bind(user)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

/// Looks up the realm that a ticket belongs to.
pub fn of_ticket(scope: &Scope, number: &str) -> Query<Found<Realm>> {
    scope
        .statement(sql!(
            "SELECT r.tenant_id, r.realm_id, r.parent_id, r.path, r.name, r.kind, r.archived_at,
                    r.version, 0 AS is_below_archived, NULL AS last_below
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
              WHERE t.tenant_id = ?1 AND t.number = ?2"
        ))
        .bind(number)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

pub(super) fn from_row(row: &Row) -> Result<Realm, DbError> {
    let kind: String = row.get("kind")?;
    Ok(Realm {
        tenant: row.get("tenant_id")?,
        id: row.get("realm_id")?,
        parent: row.get("parent_id")?,
        path: row.get("path")?,
        name: row.get("name")?,
        kind: Kind::named(&kind).ok_or_else(|| DbError::Corrupt(format!("realm.kind: {kind}")))?,
        archived_at: row.get("archived_at")?,
        version: row.get("version")?,
        is_below_archived: row.get("is_below_archived")?,
        last_below: row.get("last_below")?,
    })
}

/// Inserts a leaf and returns its `realm_id`. It gets no path, which refuses it, when the realm
/// above is no longer where it was, or is archived.
pub(super) fn insert(
    parent: &Granted<Realm, act::RealmCreate>,
    path: &Path,
    name: &str,
    kind: Kind,
) -> Statement {
    parent
        .scope()
        .statement(sql!(
            "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name, kind)
             VALUES (?1,
                     (SELECT max(r.realm_id) + 1 FROM realm AS r WHERE r.tenant_id = ?1), ?2,
                     CASE WHEN EXISTS (SELECT 1 FROM realm AS p
                                        WHERE p.tenant_id = ?1 AND p.realm_id = ?2
                                          AND p.path = ?3 AND p.archived_at IS NULL)
                          THEN ?4 END, ?5, ?6)
             RETURNING realm_id"
        ))
        .bind(parent.id)
        .bind(&parent.path)
        .bind(path)
        .bind(name)
        .bind(kind.name())
}

pub(super) fn rename(
    realm: &Granted<Realm, act::RealmRename>,
    name: &str,
    kind: Kind,
) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE realm
                SET name = ?4, kind = ?5,
                    version = CASE WHEN version = ?3 THEN version + 1 END
              WHERE tenant_id = ?1 AND realm_id = ?2"
        ))
        .bind(realm.id)
        .bind(realm.version)
        .bind(name)
        .bind(kind.name())
}

/// Refuses the batch when the realm has changed since it was read.
pub(super) fn expect(realm: &Granted<Realm, act::RealmArchive>) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE realm SET version = CASE WHEN version = ?3 THEN version + 1 END
              WHERE tenant_id = ?1 AND realm_id = ?2"
        ))
        .bind(realm.id)
        .bind(realm.version)
}

/// Refuses the batch when the realm is no longer where it was, or is archived. It may have got
/// another name, so its version does not count.
pub(super) fn expect_open(parent: &Granted<Realm, act::RealmMove>) -> Statement {
    parent
        .scope()
        .statement(sql!(
            "UPDATE realm
                SET version = CASE WHEN path = ?3 AND archived_at IS NULL THEN version END
              WHERE tenant_id = ?1 AND realm_id = ?2"
        ))
        .bind(parent.id)
        .bind(&parent.path)
}

/// Gives the realm another one above it, unless it has changed since it was read.
pub(super) fn adopt(realm: &Granted<Realm, act::RealmMove>, parent: RealmId) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE realm
                SET parent_id = ?4, version = CASE WHEN version = ?3 THEN version END
              WHERE tenant_id = ?1 AND realm_id = ?2"
        ))
        .bind(realm.id)
        .bind(realm.version)
        .bind(parent)
}

/// Rewrites the addresses of the realm and of all below it. The new ones are below a place that
/// nobody has and that is not below the old one, so no two rows ever meet at one address.
pub(super) fn rewrite(realm: &Granted<Realm, act::RealmMove>, path: &Path) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE realm
                SET path = ?3 || substr(path, length(?2) + 1), version = version + 1
              WHERE tenant_id = ?1 AND path >= ?2 AND path < ?2 || '~'"
        ))
        .bind(&realm.path)
        .bind(path)
}

pub(super) fn archive(realm: &Granted<Realm, act::RealmArchive>, now: Timestamp) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE realm SET archived_at = ?3, version = version + 1
              WHERE tenant_id = ?1 AND path >= ?2 AND path < ?2 || '~' AND archived_at IS NULL"
        ))
        .bind(&realm.path)
        .bind(now)
}

/// Restores what was archived at that moment; what was archived before stays so.
pub(super) fn restore(realm: &Granted<Realm, act::RealmArchive>, at: Timestamp) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE realm SET archived_at = NULL, version = version + 1
              WHERE tenant_id = ?1 AND path >= ?2 AND path < ?2 || '~' AND archived_at = ?3"
        ))
        .bind(&realm.path)
        .bind(at)
}
