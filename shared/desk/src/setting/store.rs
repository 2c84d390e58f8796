//! The settings' SQL.

use tenancy::{Query, Scope, sql};

/// The key of the accent colour's name.
pub const ACCENT: &str = "branding.accent";

/// How a realm's pages look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    /// The name of the accent colour.
    pub accent: String,
}

/// Reads the branding of the site's realm: its own, or that of the nearest realm above it.
pub fn branding(scope: &Scope) -> Query<Branding> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT s.value
               FROM here
              CROSS JOIN setting AS s
              WHERE s.tenant_id = ?1 AND s.realm_id = here.realm_id AND s.key = ?3
              ORDER BY here.above
              LIMIT 1"
        ))
        .bind(ACCENT)
        .rows(|row| {
            Ok(Branding {
                accent: row.get("value")?,
            })
        })
}
