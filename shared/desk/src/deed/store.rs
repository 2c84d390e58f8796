//! The log's SQL.

use serde_json::{Map, Value};
use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, Scope, Sight, Statement, Timestamp, sql};

use super::{Deed, Doing, Done, Kind, Verb, Wanted, written};
use crate::ticket::Named;

/// Writes a deed down, at the end of the batch that does it. Where the batch chooses the id of
/// what it makes, that is the newest of its kind.
///
/// A removal is written down at the beginning of its batch, and only where there is something to
/// remove: of two administrators who remove a thing at once, one has removed it.
pub fn record(scope: &Scope, deed: &Deed<'_>, by: &Doing<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO admin_event (tenant_id, realm_id, event_id, at, agent_id, actor, action,
                                      kind, object_id, name, changed)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
                    CASE WHEN ?9 <> '' THEN ?9
                         WHEN ?8 = 'filter' THEN (SELECT max(f.filter_id) FROM filter AS f
                                                   WHERE f.tenant_id = ?1)
                         WHEN ?8 = 'topic' THEN (SELECT max(h.topic_id) FROM help_topic AS h
                                                  WHERE h.tenant_id = ?1)
                         WHEN ?8 = 'form' THEN (SELECT max(m.form_id) FROM form AS m
                                                 WHERE m.tenant_id = ?1)
                         WHEN ?8 = 'field' THEN (SELECT max(d.field_id) FROM field AS d
                                                  WHERE d.tenant_id = ?1)
                         WHEN ?8 = 'realm' THEN (SELECT max(r.realm_id) FROM realm AS r
                                                  WHERE r.tenant_id = ?1)
                         ELSE '' END,
                    ?10, ?11
              WHERE ?7 <> 'removed'
                 OR CASE ?8
                    WHEN 'department' THEN
                      EXISTS (SELECT 1 FROM department AS d
                               WHERE d.tenant_id = ?1 AND d.department_id = ?9)
                    WHEN 'team' THEN
                      EXISTS (SELECT 1 FROM team AS t WHERE t.tenant_id = ?1 AND t.team_id = ?9)
                    WHEN 'list' THEN
                      EXISTS (SELECT 1 FROM list AS l WHERE l.tenant_id = ?1 AND l.list_id = ?9)
                    WHEN 'status' THEN
                      EXISTS (SELECT 1 FROM ticket_status AS s
                               WHERE s.tenant_id = ?1 AND s.status_id = ?9)
                    WHEN 'key' THEN
                      EXISTS (SELECT 1 FROM api_key AS k WHERE k.tenant_id = ?1 AND k.key_id = ?9)
                    WHEN 'canned reply' THEN
                      EXISTS (SELECT 1 FROM canned_reply AS c
                               WHERE c.tenant_id = ?1 AND c.canned_reply_id = ?9)
                    WHEN 'template' THEN
                      EXISTS (SELECT 1 FROM mail_template AS m
                               WHERE m.tenant_id = ?1 AND m.realm_id = ?2 AND m.code = ?9)
                    WHEN 'ban' THEN
                      EXISTS (SELECT 1
                                FROM filter AS f
                               CROSS JOIN filter_rule AS v
                               WHERE f.tenant_id = ?1 AND f.realm_id = ?2 AND f.is_ban_list = 1
                                 AND v.tenant_id = ?1 AND v.filter_id = f.filter_id
                                 AND v.value = ?9)
                    END"
        ))
        .bind(deed.realm)
        .bind(by.id)
        .bind(by.now)
        .bind(&by.agent.id)
        .bind(by.agent.name.as_str())
        .bind(deed.verb.name())
        .bind(deed.kind.name())
        .bind(deed.id.as_str())
        .bind(deed.name)
        .bind(written(&deed.changed))
}

/// Writes down what the platform's operator does to a tenant, in the topmost realm of its oldest
/// tree.
pub fn by_operator(
    scope: &Scope,
    verb: Verb,
    changed: &Value,
    (id, now): (&Id, Timestamp),
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO admin_event (tenant_id, realm_id, event_id, at, actor, action, kind,
                                      object_id, name, changed)
             SELECT ?1, r.realm_id, ?2, ?3, 'Operator', ?4, ?5, t.slug, t.name, ?6
               FROM tenant AS t
               JOIN realm AS r INDEXED BY realm_root ON r.tenant_id = t.tenant_id
              WHERE t.tenant_id = ?1 AND r.parent_id IS NULL
              ORDER BY r.realm_id
              LIMIT 1"
        ))
        .bind(id)
        .bind(now)
        .bind(verb.name())
        .bind(Kind::Tenant.name())
        .bind(written(changed))
}

/// Some of the deeds done in the realms in sight, the newest first: each realm gives a page, and
/// the page is taken of these.
pub fn list(scope: &Scope, sight: &Sight, wanted: &Wanted<'_>, most: i64) -> Query<Done> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT e.event_id, e.at, e.realm_id, r.name AS realm, r.path, e.actor, h.path AS stands,
                        e.action, e.kind, e.object_id, e.name, e.changed
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r INDEXED BY realm_by_path
                  CROSS JOIN admin_event AS e
                   LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = e.agent_id
                   LEFT JOIN realm AS h ON h.tenant_id = ?1 AND h.realm_id = a.realm_id
                  WHERE r.tenant_id = ?1
                    AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
                    AND e.tenant_id = ?1 AND e.event_id IN
                        (SELECT x.event_id
                           FROM admin_event AS x INDEXED BY admin_event_of_realm
                          WHERE x.tenant_id = ?1 AND x.realm_id = r.realm_id
                            AND x.event_id < ?3
                            AND (?4 = '' OR x.kind = ?4)
                            AND (?5 = '' OR x.agent_id IN
                                 (SELECT w.agent_id FROM agent AS w
                                   WHERE w.tenant_id = ?1 AND w.email = ?5))
                          ORDER BY x.event_id DESC
                          LIMIT ?6)
                  ORDER BY e.event_id DESC
                  LIMIT ?6"
            ),
        )
        .bind(wanted.before.map_or("~", Id::as_str))
        .bind(wanted.kind.map_or("", Kind::name))
        .bind(wanted.agent)
        .bind(most)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Done, DbError> {
    Ok(Done {
        id: row.get("event_id")?,
        at: row.get("at")?,
        realm: Named::from_row(row, "realm_id", "realm")?,
        path: row.get("path")?,
        actor: row.get("actor")?,
        stands: row.get("stands")?,
        verb: row.get("action")?,
        kind: row.get("kind")?,
        object: row.get("object_id")?,
        name: row.get("name")?,
        changed: changed(&row.get::<String>("changed")?)?,
    })
}

fn changed(json: &str) -> Result<Map<String, Value>, DbError> {
    serde_json::from_str(json).map_err(|_| DbError::Corrupt(format!("admin_event.changed: {json}")))
}
