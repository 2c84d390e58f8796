//! The register of tenants, for the platform's operator.

use super::Platform;
use crate::policy::{Found, Granted, Thing, act};
use crate::port::{DbError, Row, Timestamp};
use crate::realm::Path;
use crate::scope::{Query, Statement};
use crate::{TenantId, platform_sql, sql};

/// A tenant, as the operator sees it: nothing of what is inside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its short name, unique on the platform and never changed.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether the platform has suspended it.
    pub is_suspended: bool,
    /// The host name of its first portal.
    pub host: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Thing for Tenant {
    fn tenant(&self) -> TenantId {
        self.id
    }

    fn path(&self) -> Option<&Path> {
        None
    }
}

/// How many tenants are listed at once.
pub const PAGE: i64 = 200;

/// Lists tenants by their short names, those that come after `after`.
pub fn list(platform: &Platform, after: &str) -> Query<Tenant> {
    platform
        .statement(platform_sql!(
            "SELECT t.tenant_id, t.slug, t.name, t.status, t.created_at,
                    (SELECT h.host FROM portal_host AS h
                      WHERE h.tenant_id = t.tenant_id AND h.is_primary = 1) AS host
               FROM tenant AS t
              WHERE t.slug > ?1
              ORDER BY t.slug
              LIMIT ?2"
        ))
        .bind(after)
        .bind(PAGE)
        .rows(from_row)
}

/// Looks up a tenant by its short name, for whatever is to be done to it.
pub fn find(platform: &Platform, slug: &str) -> Query<Found<Tenant>> {
    platform
        .statement(platform_sql!(
            "SELECT t.tenant_id, t.slug, t.name, t.status, t.created_at,
                    (SELECT h.host FROM portal_host AS h
                      WHERE h.tenant_id = t.tenant_id AND h.is_primary = 1) AS host
               FROM tenant AS t
              WHERE t.slug = ?1"
        ))
        .bind(slug)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

fn from_row(row: &Row) -> Result<Tenant, DbError> {
    Ok(Tenant {
        id: row.get("tenant_id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        is_suspended: row.get::<String>("status")? == "suspended",
        host: row.get("host")?,
        created_at: row.get("created_at")?,
    })
}

/// Suspends a tenant: its portals say so, and its intake asks to come back later.
pub fn suspend(tenant: &Granted<Tenant, act::TenantSuspend>) -> Statement {
    tenant.scope().statement(sql!(
        "UPDATE tenant SET status = 'suspended' WHERE tenant_id = ?1"
    ))
}

/// Lets a suspended tenant go on.
pub fn resume(tenant: &Granted<Tenant, act::TenantResume>) -> Statement {
    tenant.scope().statement(sql!(
        "UPDATE tenant SET status = 'active' WHERE tenant_id = ?1"
    ))
}

/// Gives a tenant another name. Its realms keep theirs: those are the tenant's own to change.
pub fn rename(tenant: &Granted<Tenant, act::TenantRename>, name: &str) -> Statement {
    tenant
        .scope()
        .statement(sql!("UPDATE tenant SET name = ?2 WHERE tenant_id = ?1"))
        .bind(name)
}
