//! The sources' SQL.

use tenancy::platform::Platform;
use tenancy::{Query, Scope, Statement, Timestamp, platform_sql, sql};

use super::{Form, Source, WINDOW};

/// Counts a form that a source has sent to the site, and tells how many it has sent by now.
pub fn count(scope: &Scope, form: Form, source: &Source, now: Timestamp) -> Query<i64> {
    scope
        .local(sql!(
            "INSERT INTO source_count (tenant_id, form, source, since_at, posts)
             SELECT r.tenant_id, ?3, ?4, ?5, 1
               FROM realm AS r
              WHERE r.tenant_id = ?1 AND r.realm_id = ?2
             ON CONFLICT (tenant_id, form, source) DO UPDATE SET
               posts = iif(since_at = excluded.since_at, posts + 1, 1),
               since_at = excluded.since_at
             RETURNING posts"
        ))
        .bind(form.name())
        .bind(source.0.as_str())
        .bind(now.0 - now.0.rem_euclid(WINDOW))
        .rows(|row| row.get("posts"))
}

/// Forgets, over all tenants, what began so long ago.
pub(super) fn forget(platform: &Platform, since: Timestamp) -> Statement {
    platform
        .statement(platform_sql!(
            "DELETE FROM source_count WHERE since_at <= ?1"
        ))
        .bind(since)
}
