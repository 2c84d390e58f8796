//! A letter for everybody with certain parts in a ticket, with its SQL: one that is queued where
//! nobody knows yet who they are, in the batch that opens or marks the ticket.

use tenancy::port::Random;
use tenancy::{Id, RealmId, Scope, Statement, Timestamp, sql};

use super::{Named, Recipients};
use crate::email::EmailAddress;
use crate::outbox::Letter;
use crate::ticket::{NUMBER_PLACEHOLDER, insert_reference};

/// What stands in a circular where each recipient's name belongs: a character nobody types
/// (U+E001), which is cut from everything people type.
pub const NAME: &str = "\u{E001}";

/// A letter for all who have certain parts in a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circular {
    /// The letter; whom it is for stays open.
    pub letter: Letter,
    /// Whom it goes to.
    pub to: Recipients,
}

impl Circular {
    /// Queues it about a ticket that is there or is written in the same batch: once for each
    /// active agent with one of the parts who sees the ticket, but for whoever has the address
    /// `doer`. All copies have one Message-ID, which becomes part of the thread.
    ///
    /// Whoever is merely around counts as [`super::parties`] has it. A ticket that is overdue
    /// already gets none, so that two sweeps at once tell nobody twice.
    pub(crate) fn queue(
        &self,
        scope: &Scope,
        (realm, ticket): (RealmId, &Id),
        doer: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> [Statement; 2] {
        let id = Id::new(now, random);
        let letter = &self.letter;
        let queued = match self.to.by_name() {
            Some(named) => to_named(scope, named),
            None => to_all(scope, &self.to),
        };
        let queued = queued
            .bind(ticket)
            .bind(id)
            .bind(realm)
            .bind(now)
            .bind(letter.message_id.as_str())
            .bind(letter.from.name.as_str())
            .bind(letter.from.address.as_str())
            .bind(letter.subject.as_str())
            .bind(letter.text.as_str())
            .bind(letter.html.as_str())
            .bind(NUMBER_PLACEHOLDER)
            .bind(NAME)
            .bind(doer);
        [
            queued,
            insert_reference(scope, ticket, &letter.message_id, true),
        ]
    }
}

/// To those whom the ticket and its department name: a statement that takes little to plan, as
/// most new tickets are told of this way.
fn to_named(scope: &Scope, named: Named) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO outbox (tenant_id, outbox_id, realm_id, ticket_id, next_attempt_at,
                                 message_id, from_name, from_address, to_name, to_address,
                                 subject, text_body, html_body, created_at)
             SELECT ?1, substr(?5, 1, 24) || substr(told.agent_id, 25), ?6, ?4, ?7, ?8, ?9, ?10,
                    told.name, told.email,
                    replace(replace(?11, ?14, about.number), ?15, told.name),
                    replace(replace(?12, ?14, about.number), ?15, told.name),
                    replace(replace(?13, ?14, about.number), ?15,
                            replace(replace(replace(replace(told.name, '&', '&#38;'),
                                    '<', '&#60;'), '>', '&#62;'), '\"', '&#34;')),
                    ?7
               FROM ticket AS about
              CROSS JOIN agent AS told
              WHERE about.tenant_id = ?1 AND about.ticket_id = ?4 AND about.overdue_at IS NULL
                AND told.tenant_id = ?1
                AND told.agent_id IN
                    (iif(?2, about.agent_id, NULL),
                     iif(?3, (SELECT d.manager_id FROM department AS d
                               WHERE d.tenant_id = ?1
                                 AND d.department_id = about.department_id), NULL))
                AND told.is_active = 1 AND told.email <> ?16"
        ))
        .bind(named.assignee)
        .bind(named.manager)
}

/// To those with any parts, found among everybody who may have them.
fn to_all(scope: &Scope, to: &Recipients) -> Statement {
    let parts: Vec<&str> = to.parts.iter().map(|part| part.name()).collect();
    let administrator = to.administrator.as_ref().map(EmailAddress::as_str);
    scope
        .statement(sql!(
            "WITH RECURSIVE about (ticket_id, number, realm_id, agent_id, team_id,
                                   department_id, manager_id, user_id) AS (
               SELECT t.ticket_id, t.number, t.realm_id, t.agent_id, t.team_id,
                      t.department_id, d.manager_id, t.user_id
                 FROM ticket AS t
                CROSS JOIN department AS d
                WHERE t.tenant_id = ?1 AND t.ticket_id = ?4 AND t.overdue_at IS NULL
                  AND d.tenant_id = ?1 AND d.department_id = t.department_id),
             here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0
                 FROM about CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = about.realm_id
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1
                 FROM here
                CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = here.parent_id),
             party (part, agent_id) AS (
               SELECT p.value,
                      CASE p.value
                      WHEN 'assignee' THEN about.agent_id
                      WHEN 'manager' THEN about.manager_id
                      WHEN 'lead' THEN
                        (SELECT g.lead_id FROM team AS g
                          WHERE g.tenant_id = ?1 AND g.team_id = about.team_id
                            AND about.agent_id IS NULL)
                      WHEN 'account' THEN
                        (SELECT o.manager_id FROM user AS u
                          CROSS JOIN organization AS o
                          WHERE u.tenant_id = ?1 AND u.user_id = about.user_id
                            AND o.tenant_id = ?1
                            AND o.organization_id = u.organization_id) END
                 FROM json_each(?2) AS p
                CROSS JOIN about
               UNION ALL
               SELECT p.value, b.agent_id
                 FROM json_each(?2) AS p
                CROSS JOIN about
                CROSS JOIN team_member AS b
                WHERE p.value = 'team' AND b.tenant_id = ?1 AND b.team_id = about.team_id
                  AND about.agent_id IS NULL
               UNION ALL
               SELECT p.value, b.agent_id
                 FROM json_each(?2) AS p
                CROSS JOIN about
                CROSS JOIN department_member AS b
                WHERE p.value = 'member' AND b.tenant_id = ?1
                  AND b.department_id = about.department_id
                  AND about.agent_id IS NULL AND about.team_id IS NULL),
             told (agent_id, name, email) AS (
               SELECT min(found.agent_id), found.name, found.email
                 FROM (SELECT a.agent_id, a.name, a.email
                         FROM party
                        CROSS JOIN about
                        CROSS JOIN agent AS a
                        WHERE a.tenant_id = ?1 AND a.agent_id = party.agent_id
                          AND a.is_active = 1
                          AND (party.part IN ('assignee', 'manager')
                               OR (a.realm_id IN (SELECT here.realm_id FROM here)
                                   AND coalesce(
                                     (SELECT x.role_id IS NULL OR x.role_id = a.role_id
                                        FROM here
                                       CROSS JOIN restriction AS x
                                       WHERE x.tenant_id = ?1 AND x.realm_id = here.realm_id
                                       ORDER BY here.above LIMIT 1), 1) = 1
                                   AND (party.part <> 'account' OR a.is_limited = 0
                                        OR EXISTS (SELECT 1 FROM department_member AS b
                                                    WHERE b.tenant_id = ?1
                                                      AND b.department_id = about.department_id
                                                      AND b.agent_id = a.agent_id))))
                       UNION ALL
                       SELECT ?5, 'Administrator', ?3 WHERE ?3 IS NOT NULL) AS found
                WHERE found.email <> ?16
                GROUP BY found.email
                LIMIT 200)
             INSERT INTO outbox (tenant_id, outbox_id, realm_id, ticket_id, next_attempt_at,
                                 message_id, from_name, from_address, to_name, to_address,
                                 subject, text_body, html_body, created_at)
             SELECT ?1, substr(?5, 1, 24) || substr(told.agent_id, 25), ?6, about.ticket_id,
                    ?7, ?8, ?9, ?10, told.name, told.email,
                    replace(replace(?11, ?14, about.number), ?15, told.name),
                    replace(replace(?12, ?14, about.number), ?15, told.name),
                    replace(replace(?13, ?14, about.number), ?15,
                            replace(replace(replace(replace(told.name, '&', '&#38;'),
                                    '<', '&#60;'), '>', '&#62;'), '\"', '&#34;')),
                    ?7
               FROM about
              CROSS JOIN told"
        ))
        .bind(serde_json::to_string(&parts).unwrap_or_default())
        .bind(administrator)
}
