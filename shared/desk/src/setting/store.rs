//! The settings' SQL.

use tenancy::platform::tenants::Tenant;
use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::Realm;
use tenancy::{Query, Scope, Statement, sql};

use super::{Held, Key, Origin, Refused, Value};

/// The tenant's own settings count as set this far above any realm.
const TENANT: i64 = 1_000_000;

/// Looks up everything that is set on the site's realm, on those above it, and by the tenant.
pub fn inherited(scope: &Scope) -> Query<Option<Held>> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, name, above) AS (
               SELECT r.realm_id, r.parent_id, r.name, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.name, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT here.above, here.realm_id, here.name, s.key, s.value, s.is_locked
               FROM here
              CROSS JOIN setting AS s
              WHERE s.tenant_id = ?1 AND s.realm_id = here.realm_id
             UNION ALL
             SELECT NULL, NULL, NULL, t.key, t.value, t.is_locked
               FROM tenant_setting AS t
              WHERE t.tenant_id = ?1"
        ))
        .rows(from_row)
}

/// Looks up everything that is set on a ticket's realm, on those above it, and by the tenant.
pub fn of_ticket(scope: &Scope, number: &str) -> Query<Option<Held>> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, name, above) AS (
               SELECT r.realm_id, r.parent_id, r.name, 0
                 FROM ticket AS t
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
                WHERE t.tenant_id = ?1 AND t.number = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.name, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT here.above, here.realm_id, here.name, s.key, s.value, s.is_locked
               FROM here
              CROSS JOIN setting AS s
              WHERE s.tenant_id = ?1 AND s.realm_id = here.realm_id
             UNION ALL
             SELECT NULL, NULL, NULL, t.key, t.value, t.is_locked
               FROM tenant_setting AS t
              WHERE t.tenant_id = ?1"
        ))
        .bind(number)
        .rows(from_row)
}

/// Reads a value that is set on a realm, or by the tenant where it is none above.
pub(crate) fn from_row(row: &Row) -> Result<Option<Held>, DbError> {
    let above: Option<i64> = row.get("above")?;
    let origin = match above {
        None => Origin::Tenant,
        Some(0) => Origin::Own,
        Some(_) => Origin::Above {
            realm: row.get("realm_id")?,
            name: row.get("name")?,
        },
    };
    let value = Value {
        text: row.get("value")?,
        origin,
        is_locked: row.get("is_locked")?,
    };
    let key: String = row.get("key")?;
    Ok(Held::new(&key, value, above.unwrap_or(TENANT)))
}

/// Sets a value on a realm. It gets no value, which refuses it, when it is locked above.
///
/// # Errors
/// [`Refused::Unfit`].
pub fn set(
    realm: &Granted<Realm, act::SettingEdit>,
    key: Key,
    value: &str,
) -> Result<Statement, Refused> {
    if !key.takes(value) {
        return Err(Refused::Unfit);
    }
    let statement = realm.scope().statement(sql!(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (?1, ?2, ?3,
                 CASE WHEN NOT EXISTS (
                   WITH RECURSIVE up (realm_id, parent_id) AS (
                     SELECT r.realm_id, r.parent_id FROM realm AS r
                      WHERE r.tenant_id = ?1 AND r.realm_id = ?2
                     UNION ALL
                     SELECT r.realm_id, r.parent_id FROM up
                       JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = up.parent_id)
                   SELECT 1 FROM up
                    CROSS JOIN setting AS s
                    WHERE s.tenant_id = ?1 AND s.realm_id = up.realm_id AND s.key = ?3
                      AND s.is_locked = 1 AND s.realm_id <> ?2
                   UNION ALL
                   SELECT 1 FROM tenant_setting AS t
                    WHERE t.tenant_id = ?1 AND t.key = ?3 AND t.is_locked = 1)
                 THEN ?4 END)
         ON CONFLICT (tenant_id, realm_id, key) DO UPDATE SET value = excluded.value"
    ));
    Ok(statement.bind(realm.id).bind(key.name()).bind(value))
}

/// Takes a realm's own value away, unless it is locked there; then the inherited one counts.
pub fn unset(realm: &Granted<Realm, act::SettingEdit>, key: Key) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "DELETE FROM setting
              WHERE tenant_id = ?1 AND realm_id = ?2 AND key = ?3 AND is_locked = 0"
        ))
        .bind(realm.id)
        .bind(key.name())
}

/// Locks the value that the realm itself sets: it counts in every realm below.
pub fn lock(realm: &Granted<Realm, act::SettingLock>, key: Key) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE setting SET is_locked = 1
              WHERE tenant_id = ?1 AND realm_id = ?2 AND key = ?3"
        ))
        .bind(realm.id)
        .bind(key.name())
}

/// Lets realms below set values of their own again; those they had set before count again.
pub fn unlock(realm: &Granted<Realm, act::SettingLock>, key: Key) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE setting SET is_locked = 0
              WHERE tenant_id = ?1 AND realm_id = ?2 AND key = ?3"
        ))
        .bind(realm.id)
        .bind(key.name())
}

/// Sets a value for all of a tenant's trees, and says whether their realms may set another.
///
/// # Errors
/// [`Refused::Unfit`].
pub fn set_for_tenant(
    tenant: &Granted<Tenant, act::TenantSetting>,
    key: Key,
    value: &str,
    is_locked: bool,
) -> Result<Statement, Refused> {
    if !key.takes(value) {
        return Err(Refused::Unfit);
    }
    let statement = tenant.scope().statement(sql!(
        "INSERT INTO tenant_setting (tenant_id, key, value, is_locked) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (tenant_id, key)
         DO UPDATE SET value = excluded.value, is_locked = excluded.is_locked"
    ));
    Ok(statement.bind(key.name()).bind(value).bind(is_locked))
}
