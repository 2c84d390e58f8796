//! The SQL of looking after API keys.

use tenancy::policy::{Found, Granted, act};
use tenancy::port::{DbError, Row, texts};
use tenancy::principal::Dialect;
use tenancy::realm::{Path, Realm};
use tenancy::{Id, Query, Scope, Sight, Statement, Timestamp, sql, token};

use super::{Kept, Secret, Wanted};
use crate::ticket::Named;

/// Looks up a key, for whatever is to be done to it.
pub fn find(scope: &Scope, id: Option<&Id>) -> Query<Found<Kept>> {
    scope
        .statement(sql!(
            "SELECT k.tenant_id, k.key_id, k.prefix, k.name, k.notes, k.sources, k.is_active,
                    k.can_create_tickets, k.can_run_cron, k.can_route, k.dialect, k.permissions,
                    k.calls_a_minute, k.created_at, k.version, r.realm_id, r.path,
                    r.name AS realm, c.minute_at
               FROM api_key AS k
               JOIN realm AS r ON r.tenant_id = k.tenant_id AND r.realm_id = k.realm_id
               LEFT JOIN call_count AS c
                 ON c.tenant_id = k.tenant_id AND c.key_hash = k.key_hash
              WHERE k.tenant_id = ?1 AND k.key_id = ?2"
        ))
        .bind(id)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

/// Some of the keys in sight, realm by realm and there by id, behind one of them.
pub fn list(scope: &Scope, sight: &Sight, behind: Option<(&Path, &str)>, most: i64) -> Query<Kept> {
    let (path, id) = behind.map_or(("", ""), |(path, id)| (path.as_str(), id));
    scope
        .sighted(
            sight,
            sql!(
                "SELECT k.tenant_id, k.key_id, k.prefix, k.name, k.notes, k.sources, k.is_active,
                        k.can_create_tickets, k.can_run_cron, k.can_route, k.dialect,
                        k.permissions, k.calls_a_minute, k.created_at, k.version, r.realm_id,
                        r.path, r.name AS realm, c.minute_at
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r INDEXED BY realm_by_path
                  CROSS JOIN api_key AS k INDEXED BY api_key_of_tenant
                   LEFT JOIN call_count AS c
                     ON c.tenant_id = ?1 AND c.key_hash = k.key_hash
                  WHERE r.tenant_id = ?1
                    AND r.path >= max(span.value ->> 0, ?3) AND r.path < span.value ->> 1
                    AND k.tenant_id = ?1 AND k.realm_id = r.realm_id
                    AND k.key_id > iif(r.path = ?3, ?4, '')
                  ORDER BY r.path, k.key_id
                  LIMIT ?5"
            ),
        )
        .bind(path)
        .bind(id)
        .bind(most)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Kept, DbError> {
    Ok(Kept {
        id: row.get("key_id")?,
        prefix: row.get("prefix")?,
        realm: Named::from_row(row, "realm_id", "realm")?,
        is: wanted_from_row(row)?,
        created_at: row.get("created_at")?,
        called_at: row.get("minute_at")?,
        version: row.get("version")?,
        path: row.get("path")?,
        tenant: row.get("tenant_id")?,
    })
}

fn wanted_from_row(row: &Row) -> Result<Wanted, DbError> {
    let corrupt = |column: &str, text: &str| DbError::Corrupt(format!("api_key.{column}: {text}"));
    let (sources, dialect): (String, String) = (row.get("sources")?, row.get("dialect")?);
    Ok(Wanted {
        name: row.get("name")?,
        notes: row.get("notes")?,
        sources: texts(&sources).ok_or_else(|| corrupt("sources", &sources))?,
        is_active: row.get("is_active")?,
        can_create_tickets: row.get("can_create_tickets")?,
        can_run_cron: row.get("can_run_cron")?,
        can_route: row.get("can_route")?,
        dialect: Dialect::named(&dialect).ok_or_else(|| corrupt("dialect", &dialect))?,
        permissions: row.get("permissions")?,
        calls_a_minute: row.get("calls_a_minute")?,
    })
}

fn to_json(sources: &[String]) -> String {
    serde_json::to_string(sources).unwrap_or_default()
}

pub(super) fn insert(
    realm: &Granted<Realm, act::DoorManage>,
    secret: &Secret,
    id: &Id,
    wanted: &Wanted,
    now: Timestamp,
) -> Statement {
    let prefix: String = secret.as_str().chars().take(4).collect();
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO api_key (tenant_id, key_hash, realm_id, prefix, key_id, created_at, name,
                                  notes, sources, is_active, can_create_tickets, can_run_cron,
                                  can_route, dialect, permissions, calls_a_minute)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
        ))
        .bind(token::digest(secret.as_str()))
        .bind(realm.id)
        .bind(prefix)
        .bind(id)
        .bind(now)
        .bind(wanted.name.as_str())
        .bind(wanted.notes.as_str())
        .bind(to_json(&wanted.sources))
        .bind(wanted.is_active)
        .bind(wanted.can_create_tickets)
        .bind(wanted.can_run_cron)
        .bind(wanted.can_route)
        .bind(wanted.dialect.name())
        .bind(wanted.permissions.to_json())
        .bind(wanted.calls_a_minute)
}

pub(super) fn update(
    key: &Granted<Kept, act::DoorManage>,
    wanted: &Wanted,
    version: i64,
) -> Statement {
    key.scope()
        .statement(sql!(
            "UPDATE api_key
                SET name = ?3, notes = ?4, sources = ?5, is_active = ?6, can_create_tickets = ?7,
                    can_run_cron = ?8, can_route = ?9, dialect = ?10, permissions = ?11,
                    calls_a_minute = ?12,
                    version = CASE WHEN version = ?13 THEN version + 1 END
              WHERE tenant_id = ?1 AND key_id = ?2"
        ))
        .bind(&key.id)
        .bind(wanted.name.as_str())
        .bind(wanted.notes.as_str())
        .bind(to_json(&wanted.sources))
        .bind(wanted.is_active)
        .bind(wanted.can_create_tickets)
        .bind(wanted.can_run_cron)
        .bind(wanted.can_route)
        .bind(wanted.dialect.name())
        .bind(wanted.permissions.to_json())
        .bind(wanted.calls_a_minute)
        .bind(version)
}

/// Takes a key away for good, with what was kept of its calls.
pub fn remove(key: &Granted<Kept, act::DoorManage>) -> Statement {
    key.scope()
        .statement(sql!(
            "DELETE FROM api_key WHERE tenant_id = ?1 AND key_id = ?2"
        ))
        .bind(&key.id)
}
