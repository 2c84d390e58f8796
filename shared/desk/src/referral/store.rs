//! The referrals' SQL.

use serde_json::{Value, json};
use tenancy::port::{DbError, Random, Row};
use tenancy::{Id, Query, Scope, Statement, Timestamp, sql};

use super::{Kind, Referral, To};

/// The referrals of the ticket with this number, oldest first. Who is to see them was granted the
/// ticket.
pub fn of_ticket(scope: &Scope, number: &str) -> Query<Referral> {
    scope
        .statement(sql!(
            "SELECT f.referral_id, f.created_at,
                    CASE WHEN f.agent_id IS NOT NULL THEN 'agent'
                         WHEN f.team_id IS NOT NULL THEN 'team' ELSE 'department' END AS kind,
                    coalesce(a.name, m.name, d.name) AS name
               FROM ticket AS t
               JOIN referral AS f ON f.tenant_id = t.tenant_id AND f.ticket_id = t.ticket_id
               LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = f.agent_id
               LEFT JOIN team AS m ON m.tenant_id = ?1 AND m.team_id = f.team_id
               LEFT JOIN department AS d
                 ON d.tenant_id = ?1 AND d.department_id = f.department_id
              WHERE t.tenant_id = ?1 AND t.number = ?2
              ORDER BY f.created_at, name"
        ))
        .bind(number)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Referral, DbError> {
    let kind: String = row.get("kind")?;
    Ok(Referral {
        id: row.get("referral_id")?,
        kind: Kind::named(&kind).ok_or_else(|| DbError::Corrupt(format!("referral: {kind}")))?,
        name: row.get("name")?,
        created_at: row.get("created_at")?,
    })
}

pub(super) fn insert(scope: &Scope, ticket: &Id, to: To<'_>, id: &Id, now: Timestamp) -> Statement {
    let (agent, team, department) = match to {
        To::Agent(agent) => (Some(&agent.id), None, None),
        To::Team(team) => (None, Some(team.id), None),
        To::Department(department) => (None, None, Some(department.id)),
    };
    scope
        .statement(sql!(
            "INSERT INTO referral (tenant_id, ticket_id, referral_id, realm_id, agent_id, team_id,
                                   department_id, created_at)
             SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, ?4, ?5, ?6, ?7
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
        ))
        .bind(ticket)
        .bind(id)
        .bind(agent)
        .bind(team)
        .bind(department)
        .bind(now)
}

/// Refers a ticket that a mail opened to the departments of the other addresses of the realm
/// that the mail went to (osTicket's IN-19). No other realm's: its agents would see the ticket.
pub(crate) fn refer_to_addressed(
    scope: &Scope,
    ticket: &Id,
    addresses: &[&str],
    random: &dyn Random,
    now: Timestamp,
) -> Statement {
    let wanted = addresses.iter().map(|it| json!([Id::new(now, random), it]));
    scope
        .local(sql!(
            "INSERT INTO referral (tenant_id, ticket_id, referral_id, realm_id, department_id,
                                   created_at)
             SELECT t.tenant_id, t.ticket_id, w.value ->> 0, t.realm_id, m.department_id, ?5
               FROM ticket AS t
              CROSS JOIN json_each(?4) AS w
              CROSS JOIN mail_address AS m
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?3
                AND m.tenant_id = ?1 AND m.address = w.value ->> 1 AND m.realm_id = ?2
                AND m.department_id <> t.department_id
             ON CONFLICT DO NOTHING"
        ))
        .bind(ticket)
        .bind(wanted.collect::<Value>().to_string())
        .bind(now)
}

pub(super) fn delete(scope: &Scope, ticket: &Id, id: &Id) -> Statement {
    scope
        .statement(sql!(
            "DELETE FROM referral WHERE tenant_id = ?1 AND ticket_id = ?2 AND referral_id = ?3"
        ))
        .bind(ticket)
        .bind(id)
}
