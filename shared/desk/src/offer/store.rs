//! The offers' SQL.

use tenancy::port::{DbError, Row};
use tenancy::{Query, RealmId, Scope, sql};

use super::{Kind, Offer};

/// Looks up what can be named in a realm: what belongs to it and to those above it, and to the
/// whole tenant, by name.
pub fn offers(scope: &Scope, realm: RealmId) -> Query<Offer> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT 'department' AS kind, d.department_id AS id, d.name AS name, here.path AS path
               FROM here CROSS JOIN department AS d
              WHERE d.tenant_id = ?1 AND d.realm_id = here.realm_id
             UNION ALL
             SELECT 'team', t.team_id, t.name, here.path
               FROM here CROSS JOIN team AS t
              WHERE t.tenant_id = ?1 AND t.realm_id = here.realm_id
             UNION ALL
             SELECT 'form', o.form_id, o.title, here.path
               FROM here CROSS JOIN form AS o
              WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id AND o.kind = 'topic'
                AND o.is_active = 1
             UNION ALL
             SELECT 'plan', s.sla_plan_id, s.name, NULL
               FROM sla_plan AS s
              WHERE s.tenant_id = ?1 AND s.is_active = 1
             UNION ALL
             SELECT 'sequence', q.sequence_id, q.name, NULL
               FROM sequence AS q
              WHERE q.tenant_id = ?1
              ORDER BY 3, 2"
        ))
        .bind(realm)
        .rows(from_row)
}

/// Looks up what tickets of a realm can be asked for, and answered with: help topics, the fields
/// of forms, and canned replies.
pub fn asked(scope: &Scope, realm: RealmId) -> Query<Offer> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT 'topic' AS kind, p.topic_id AS id, p.name AS name, here.path AS path
               FROM here CROSS JOIN help_topic AS p
              WHERE p.tenant_id = ?1 AND p.realm_id = here.realm_id AND p.archived_at IS NULL
             UNION ALL
             SELECT 'field', f.field_id, o.title || ': ' || f.label, here.path
               FROM here CROSS JOIN form AS o CROSS JOIN field AS f
              WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id AND o.is_active = 1
                AND o.kind <> 'list' AND f.tenant_id = ?1 AND f.form_id = o.form_id
                AND f.kind NOT IN ('section', 'information')
             UNION ALL
             SELECT 'canned', c.canned_reply_id, c.title, here.path
               FROM here CROSS JOIN canned_reply AS c
              WHERE c.tenant_id = ?1 AND c.realm_id = here.realm_id AND c.is_active = 1
              ORDER BY 3, 2"
        ))
        .bind(realm)
        .rows(from_row)
}

/// Looks up the lists that fields of a realm's forms can offer, by name.
pub fn lists(scope: &Scope, realm: RealmId) -> Query<Offer> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT 'list' AS kind, l.list_id AS id, l.name AS name, here.path AS path
               FROM here CROSS JOIN list AS l
              WHERE l.tenant_id = ?1 AND l.realm_id = here.realm_id
              ORDER BY l.name, l.list_id"
        ))
        .bind(realm)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Offer, DbError> {
    let kind: String = row.get("kind")?;
    Ok(Offer {
        kind: Kind::named(&kind).ok_or_else(|| DbError::Corrupt(format!("offer: {kind}")))?,
        id: row.get("id")?,
        name: row.get("name")?,
        path: row.get("path")?,
    })
}
