//! The SLA clock's SQL.

use tenancy::platform::Platform;
use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, RealmId, Scope, Statement, TenantId, Timestamp, platform_sql, sql};

use super::DueTicket;
use crate::outbox::Correspondent;
use crate::setting::{self, Held, Settings};
use crate::template::Template;

/// The tickets that are due, over all tenants, longest due first.
pub(super) fn due(platform: &Platform, now: Timestamp) -> Query<(TenantId, Id)> {
    platform
        .statement(platform_sql!(
            "SELECT t.tenant_id, t.ticket_id
               FROM ticket AS t INDEXED BY ticket_due
              WHERE t.state = 'open' AND t.overdue_at IS NULL AND t.due_at <= ?1
              ORDER BY t.due_at
              LIMIT 500"
        ))
        .bind(now)
        .rows(|row| Ok((row.get("tenant_id")?, row.get("ticket_id")?)))
}

/// The same of one tenant.
pub(super) fn due_in(scope: &Scope, now: Timestamp) -> Query<Id> {
    scope
        .statement(sql!(
            "SELECT t.ticket_id
               FROM ticket AS t INDEXED BY ticket_due
              WHERE t.tenant_id = ?1 AND t.state = 'open' AND t.overdue_at IS NULL
                AND t.due_at <= ?2
              ORDER BY t.due_at
              LIMIT 500"
        ))
        .bind(now)
        .rows(|row| row.get("ticket_id"))
}

/// What the alerts about these tickets say.
pub(super) fn tickets(scope: &Scope, ids: &[Id]) -> Query<DueTicket> {
    scope
        .statement(sql!(
            "SELECT t.ticket_id, t.realm_id, t.number, t.subject, t.due_at,
                    u.name AS requester, u.email AS owner,
                    d.name AS department, r.name AS realm_name,
                    coalesce((SELECT h.host FROM portal_host AS h
                               WHERE h.tenant_id = ?1 AND h.realm_id = t.realm_id
                               ORDER BY h.host LIMIT 1),
                             (SELECT h.host FROM portal_host AS h
                               WHERE h.tenant_id = ?1 AND h.is_primary = 1)) AS host,
                    s.name AS sender_name, s.address AS sender_address,
                    w.subject AS template_subject, w.text AS template_text
               FROM json_each(?2) AS wanted
              CROSS JOIN ticket AS t
               JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
               JOIN user AS u ON u.tenant_id = ?1 AND u.user_id = t.user_id
               JOIN department AS d ON d.tenant_id = ?1 AND d.department_id = t.department_id
               LEFT JOIN mail_address AS s
                 ON s.tenant_id = ?1 AND s.address =
                    coalesce((SELECT c.address FROM mail_address AS c
                               WHERE c.tenant_id = ?1 AND c.realm_id = t.realm_id
                               ORDER BY c.address LIMIT 1),
                             (SELECT c.address FROM mail_address AS c
                               WHERE c.tenant_id = ?1 AND c.is_primary = 1))
               LEFT JOIN mail_template AS w
                 ON w.tenant_id = ?1 AND w.code = 'ticket.overdue' AND w.realm_id =
                    (SELECT n.realm_id FROM mail_template AS n
                       JOIN realm AS b ON b.tenant_id = ?1 AND b.realm_id = n.realm_id
                      WHERE n.tenant_id = ?1 AND n.code = 'ticket.overdue'
                        AND r.path >= b.path AND r.path < b.path || '~'
                      ORDER BY length(b.path) DESC LIMIT 1)
              WHERE t.tenant_id = ?1 AND t.ticket_id = wanted.value
                AND t.state = 'open' AND t.overdue_at IS NULL"
        ))
        .bind(serde_json::to_string(ids).unwrap_or_default())
        .rows(from_row)
}

/// What is set about these alerts and how mails look, for each of the tickets' realms.
pub(super) fn settings(scope: &Scope, ids: &[Id]) -> Query<(RealmId, Option<Held>)> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (at, realm_id, parent_id, name, above) AS (
               SELECT DISTINCT t.realm_id, r.realm_id, r.parent_id, r.name, 0
                 FROM json_each(?2) AS wanted
                CROSS JOIN ticket AS t
                CROSS JOIN realm AS r
                WHERE t.tenant_id = ?1 AND t.ticket_id = wanted.value
                  AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
               UNION ALL
               SELECT here.at, r.realm_id, r.parent_id, r.name, here.above + 1
                 FROM here
                CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT here.at, here.above, here.realm_id, here.name, s.key, s.value, s.is_locked
               FROM here
              CROSS JOIN setting AS s
              WHERE s.tenant_id = ?1 AND s.realm_id = here.realm_id
                AND (s.key LIKE 'overdue%' OR s.key LIKE 'company.%'
                     OR s.key IN ('branding.accent', 'locale', 'time_zone'))
             UNION ALL
             SELECT here.at, NULL, NULL, NULL, t.key, t.value, t.is_locked
               FROM here
              CROSS JOIN tenant_setting AS t
              WHERE here.above = 0 AND t.tenant_id = ?1
                AND (t.key LIKE 'overdue%' OR t.key LIKE 'company.%'
                     OR t.key IN ('branding.accent', 'locale', 'time_zone'))"
        ))
        .bind(serde_json::to_string(ids).unwrap_or_default())
        .rows(|row| Ok((row.get("at")?, setting::from_row(row)?)))
}

fn template(row: &Row) -> Result<Option<Template>, DbError> {
    let (subject, text): (Option<_>, Option<_>) =
        (row.get("template_subject")?, row.get("template_text")?);
    let written = subject.zip(text);
    Ok(written.map(|(subject, text)| Template { subject, text }))
}

fn from_row(row: &Row) -> Result<DueTicket, DbError> {
    Ok(DueTicket {
        id: row.get("ticket_id")?,
        realm: row.get("realm_id")?,
        number: row.get("number")?,
        subject: row.get("subject")?,
        requester: Correspondent {
            name: row.get("requester")?,
            address: row.get("owner")?,
        },
        due_at: row.get("due_at")?,
        department: row.get("department")?,
        settings: Settings::default(),
        filled: Vec::new(),
        realm_name: row.get("realm_name")?,
        host: row.get::<Option<String>>("host")?.unwrap_or_default(),
        sender: Correspondent::from_row(row, "sender_name", "sender_address")?,
        template: template(row)?,
    })
}

/// Tells of it, unless another sweep did so already.
pub(super) fn insert_event(
    scope: &Scope,
    ticket: &DueTicket,
    id: &Id,
    now: Timestamp,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, created_at)
             SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, 'overdue', 'scheduler', ?4
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2
                AND t.state = 'open' AND t.overdue_at IS NULL"
        ))
        .bind(&ticket.id)
        .bind(id)
        .bind(now)
}

/// Marks the tickets, those that still need it.
pub(super) fn set_overdue(scope: &Scope, ids: &[Id], now: Timestamp) -> Statement {
    scope
        .statement(sql!(
            "UPDATE ticket SET overdue_at = ?3
              WHERE tenant_id = ?1 AND ticket_id IN (SELECT value FROM json_each(?2))
                AND state = 'open' AND overdue_at IS NULL"
        ))
        .bind(serde_json::to_string(ids).unwrap_or_default())
        .bind(now)
}
