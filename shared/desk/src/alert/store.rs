//! The SQL of alerts: who has to do with a ticket.

use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, Scope, sql};

use super::Part;
use crate::outbox::Correspondent;

/// Somebody with a part in a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The ticket.
    pub ticket: Id,
    /// What they have to do with it.
    pub part: Part,
    /// Who they are.
    pub who: Correspondent,
    /// Whether they are known to own their address.
    pub is_known: bool,
}

/// Which tickets are asked about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Message-IDs of their threads.
    pub references: &'a [String],
    /// Their numbers.
    pub numbers: &'a [String],
    /// The department they are being handed to, if they are.
    pub department: Option<i64>,
}

impl<'a> Asked<'a> {
    /// Tickets by their numbers.
    pub fn numbered(numbers: &'a [String]) -> Self {
        Self {
            numbers,
            ..Self::default()
        }
    }
}

/// Looks up the agents who have to do with some tickets, those who work, their owners, and the
/// collaborators who were let in.
///
/// Whoever is merely around, in a team or a department or by having replied once, counts only
/// where the ticket's realm is theirs or below it and not closed to their role; an agent who is
/// limited to their duties does not count for having replied once, nor for looking after the user's
/// organization. Only the last fifty entries are looked through for the last reply.
pub fn parties(scope: &Scope, asked: Asked<'_>) -> Query<Party> {
    let json = |texts: &[String]| serde_json::to_string(texts).unwrap_or_default();
    scope
        .statement(sql!(
            "WITH RECURSIVE named (ticket_id) AS (
               SELECT m.ticket_id
                 FROM json_each(?2) AS wanted CROSS JOIN message_reference AS m
                WHERE m.tenant_id = ?1 AND m.message_id = wanted.value
                UNION
               SELECT t.ticket_id
                 FROM json_each(?3) AS wanted CROSS JOIN ticket AS t
                WHERE t.tenant_id = ?1 AND t.number = wanted.value),
             about (ticket_id, agent_id, team_id, department_id, manager_id, user_id,
                    realm_id) AS (
               SELECT t.ticket_id, t.agent_id, t.team_id, d.department_id, d.manager_id,
                      t.user_id,
                      CASE (SELECT s.realm_from FROM separation AS s
                             WHERE s.tenant_id = ?1 AND s.table_name = 'ticket'
                               AND ?4 IS NOT NULL)
                      WHEN 'department' THEN d.realm_id ELSE t.realm_id END
                 FROM named CROSS JOIN ticket AS t CROSS JOIN department AS d
                WHERE t.tenant_id = ?1 AND t.ticket_id = named.ticket_id
                  AND d.tenant_id = ?1 AND d.department_id = coalesce(?4, t.department_id)),
             here (ticket_id, realm_id, parent_id, above) AS (
               SELECT about.ticket_id, r.realm_id, r.parent_id, 0
                 FROM about CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = about.realm_id
                UNION ALL
               SELECT here.ticket_id, r.realm_id, r.parent_id, here.above + 1
                 FROM here CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = here.parent_id),
             party (ticket_id, part, agent_id, department_id) AS (
               SELECT about.ticket_id, part.value,
                      CASE part.value
                      WHEN 'assignee' THEN about.agent_id
                      WHEN 'manager' THEN about.manager_id
                      WHEN 'account' THEN
                        (SELECT o.manager_id FROM user AS u
                          CROSS JOIN organization AS o
                          WHERE u.tenant_id = ?1 AND u.user_id = about.user_id
                            AND o.tenant_id = ?1 AND o.organization_id = u.organization_id)
                      ELSE (SELECT l.agent_id
                              FROM (SELECT e.agent_id, e.kind, e.entry_id FROM entry AS e
                                     WHERE e.tenant_id = ?1 AND e.ticket_id = about.ticket_id
                                     ORDER BY e.entry_id DESC
                                     LIMIT 50) AS l
                             WHERE l.kind = 'reply' AND l.agent_id IS NOT NULL
                             ORDER BY l.entry_id DESC
                             LIMIT 1) END,
                      about.department_id
                 FROM about
                CROSS JOIN json_each('[\"assignee\", \"last\", \"manager\",
                                               \"account\"]') AS part
                UNION ALL
               SELECT about.ticket_id, 'team', b.agent_id, about.department_id
                 FROM about
                CROSS JOIN team_member AS b
                WHERE b.tenant_id = ?1 AND b.team_id = about.team_id AND about.agent_id IS NULL
                UNION ALL
               SELECT about.ticket_id, 'member', b.agent_id, about.department_id
                 FROM about
                CROSS JOIN department_member AS b
                WHERE b.tenant_id = ?1 AND b.department_id = about.department_id
                  AND about.agent_id IS NULL AND about.team_id IS NULL)
             SELECT party.ticket_id, party.part, a.name, a.email, 1 AS is_known
               FROM party
              CROSS JOIN agent AS a
              WHERE a.tenant_id = ?1 AND a.agent_id = party.agent_id AND a.is_active = 1
                AND (party.part IN ('assignee', 'manager')
                     OR (EXISTS (SELECT 1 FROM here
                                  WHERE here.ticket_id = party.ticket_id
                                    AND here.realm_id = a.realm_id)
                         AND coalesce((SELECT x.role_id IS NULL OR x.role_id = a.role_id
                                         FROM here CROSS JOIN restriction AS x
                                        WHERE here.ticket_id = party.ticket_id
                                          AND x.tenant_id = ?1 AND x.realm_id = here.realm_id
                                        ORDER BY here.above LIMIT 1), 1) = 1
                         AND (party.part NOT IN ('last', 'account') OR a.is_limited = 0
                              OR EXISTS (SELECT 1 FROM department_member AS b
                                          WHERE b.tenant_id = ?1
                                            AND b.department_id = party.department_id
                                            AND b.agent_id = a.agent_id))))
             UNION ALL
             SELECT t.ticket_id, iif(u.user_id = t.user_id, 'owner', 'collaborator'), u.name,
                    u.email, u.link_epoch > 1
               FROM named CROSS JOIN ticket AS t CROSS JOIN user AS u
              WHERE t.tenant_id = ?1 AND t.ticket_id = named.ticket_id AND u.tenant_id = ?1
                AND u.user_id IN (SELECT t.user_id UNION ALL
                                  SELECT c.user_id FROM collaborator AS c
                                   WHERE c.tenant_id = ?1 AND c.ticket_id = t.ticket_id
                                     AND c.is_active = 1)
              LIMIT 200"
        ))
        .bind(json(asked.references))
        .bind(json(asked.numbers))
        .bind(asked.department)
        .rows(from_row)
}

/// Looks up the lead and the members of a team that a ticket is handed to, those who work and see
/// the ticket: where it is, or where it will be once it is handed to this department.
pub fn of_team(scope: &Scope, number: &str, team: i64, department: Option<i64>) -> Query<Party> {
    scope
        .statement(sql!(
            "WITH RECURSIVE about (ticket_id, realm_id) AS (
               SELECT t.ticket_id,
                      CASE (SELECT s.realm_from FROM separation AS s
                             WHERE s.tenant_id = ?1 AND s.table_name = 'ticket'
                               AND ?4 IS NOT NULL)
                      WHEN 'department' THEN
                        (SELECT d.realm_id FROM department AS d
                          WHERE d.tenant_id = ?1 AND d.department_id = ?4)
                      ELSE t.realm_id END
                 FROM ticket AS t
                WHERE t.tenant_id = ?1 AND t.number = ?2),
             here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0
                 FROM about CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = about.realm_id
                UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1
                 FROM here CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = here.parent_id),
             party (part, agent_id) AS (
               SELECT 'lead', g.lead_id
                 FROM team AS g
                WHERE g.tenant_id = ?1 AND g.team_id = ?3
                UNION ALL
               SELECT 'team', b.agent_id
                 FROM team_member AS b
                WHERE b.tenant_id = ?1 AND b.team_id = ?3)
             SELECT about.ticket_id, party.part, a.name, a.email, 1 AS is_known
               FROM about
              CROSS JOIN party
              CROSS JOIN agent AS a
              WHERE a.tenant_id = ?1 AND a.agent_id = party.agent_id AND a.is_active = 1
                AND a.realm_id IN (SELECT here.realm_id FROM here)
                AND coalesce((SELECT x.role_id IS NULL OR x.role_id = a.role_id
                                FROM here CROSS JOIN restriction AS x
                               WHERE x.tenant_id = ?1 AND x.realm_id = here.realm_id
                               ORDER BY here.above LIMIT 1), 1) = 1
              LIMIT 200"
        ))
        .bind(number)
        .bind(team)
        .bind(department)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Party, DbError> {
    let part: String = row.get("part")?;
    let known = Part::ALL.into_iter().find(|known| known.name() == part);
    Ok(Party {
        ticket: row.get("ticket_id")?,
        part: known.ok_or_else(|| DbError::Corrupt(format!("part: {part}")))?,
        who: Correspondent {
            name: row.get("name")?,
            address: row.get("email")?,
        },
        is_known: row.get("is_known")?,
    })
}
