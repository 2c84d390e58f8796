//! What a door opens onto: a tenant, and the realm the door belongs to.

use crate::policy::{Granted, act};
use crate::port::{DbError, Row, Timestamp};
use crate::realm::{Path, Realm};
use crate::scope::{Door, Query, Scope};
use crate::{RealmId, TenantId, sql};

/// A tenant and realm that the database has found behind a door.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Site {
    /// The tenant.
    pub tenant: TenantId,
    /// The realm the door belongs to; what comes through it is filed there.
    pub realm: RealmId,
    /// That realm's address in the tree.
    pub path: Path,
    /// The realm's name, as its pages show it.
    pub name: String,
    /// Whether the platform has suspended the tenant, or the tenant has archived the realm.
    pub is_suspended: bool,
    /// The host name of the realm's portal, or else of the tenant's first.
    pub host: String,
}

impl Site {
    /// Looks up what the door opens onto; no row when it is no door.
    pub fn find(scope: &Scope, door: &Door) -> Query<Self> {
        let statement = match door {
            Door::PortalHost(_) => scope.statement(sql!(
                "SELECT t.tenant_id, t.status, r.archived_at, r.realm_id, r.path, r.name, d.host
                   FROM portal_host AS d
                   JOIN tenant AS t ON t.tenant_id = d.tenant_id
                   JOIN realm AS r ON r.tenant_id = d.tenant_id AND r.realm_id = d.realm_id
                  WHERE d.tenant_id = ?1 AND d.host = ?2"
            )),
            Door::ApiKey(_) => scope.statement(sql!(
                "SELECT t.tenant_id, t.status, r.archived_at, r.realm_id, r.path, r.name,
                        coalesce((SELECT h.host FROM portal_host AS h
                                   WHERE h.tenant_id = ?1 AND h.realm_id = d.realm_id
                                   ORDER BY h.host LIMIT 1),
                                 (SELECT h.host FROM portal_host AS h
                                   WHERE h.tenant_id = ?1 AND h.is_primary = 1)) AS host
                   FROM api_key AS d
                   JOIN tenant AS t ON t.tenant_id = d.tenant_id
                   JOIN realm AS r ON r.tenant_id = d.tenant_id AND r.realm_id = d.realm_id
                  WHERE d.tenant_id = ?1 AND d.key_hash = ?2"
            )),
            Door::MailAddress(_) => scope.statement(sql!(
                "SELECT t.tenant_id, t.status, r.archived_at, r.realm_id, r.path, r.name,
                        coalesce((SELECT h.host FROM portal_host AS h
                                   WHERE h.tenant_id = ?1 AND h.realm_id = d.realm_id
                                   ORDER BY h.host LIMIT 1),
                                 (SELECT h.host FROM portal_host AS h
                                   WHERE h.tenant_id = ?1 AND h.is_primary = 1)) AS host
                   FROM mail_address AS d
                   JOIN tenant AS t ON t.tenant_id = d.tenant_id
                   JOIN realm AS r ON r.tenant_id = d.tenant_id AND r.realm_id = d.realm_id
                  WHERE d.tenant_id = ?1 AND d.address = ?2"
            )),
        };
        statement.bind(door.key()).rows(Self::from_row)
    }

    /// The same portal, filing into a realm that was granted to be raised for.
    #[must_use]
    pub fn filing_into(&self, realm: &Granted<Realm, act::TicketCreate>) -> Self {
        Self {
            realm: realm.id,
            path: realm.path.clone(),
            ..self.clone()
        }
    }

    /// The portal of a realm that a ticket is opened in, under the host that was looked up for it.
    #[must_use]
    pub fn of_opened(&self, realm: &Granted<Realm, act::TicketCreate>, host: &str) -> Self {
        Self {
            name: realm.name.clone(),
            host: host.to_owned(),
            ..self.filing_into(realm)
        }
    }

    /// Looks up the host name of the scope's realm's portal, or else of the tenant's first.
    pub fn host_of(scope: &Scope) -> Query<String> {
        scope
            .local(sql!(
                "SELECT coalesce((SELECT h.host FROM portal_host AS h
                                   WHERE h.tenant_id = ?1 AND h.realm_id = ?2
                                   ORDER BY h.host LIMIT 1),
                                 (SELECT h.host FROM portal_host AS h
                                   WHERE h.tenant_id = ?1 AND h.is_primary = 1), '') AS host"
            ))
            .rows(|row| row.get("host"))
    }

    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            realm: row.get("realm_id")?,
            path: row.get("path")?,
            name: row.get("name")?,
            is_suspended: row.get::<String>("status")? == "suspended"
                || row.get::<Option<Timestamp>>("archived_at")?.is_some(),
            host: row.get::<Option<String>>("host")?.unwrap_or_default(),
        })
    }
}
