//! Handing a ticket to another department, or to another realm, with its SQL.
//!
//! Where tickets take their realm from their department (T-17), a transfer takes it anew (T-18);
//! all that hangs on the ticket follows it in the same statement (T-19).

use tenancy::policy::{Granted, act};
use tenancy::principal::Agent;
use tenancy::realm::Realm;
use tenancy::{Id, Scope, Statement, Table, Timestamp, sql};

use super::WorkTicket;

/// By whom, when, and the id of the event that tells of it.
#[derive(Clone, Copy, Debug)]
pub struct Handover<'a> {
    /// Who hands the ticket over.
    pub agent: &'a Agent,
    /// The id of the event.
    pub event: &'a Id,
    /// When.
    pub now: Timestamp,
}

/// Hands the ticket to a department in the agent's sight (T-31); one that is not refuses the
/// batch as if it did not exist, and a ticket that somebody else changed first as stale.
pub fn transfer(
    ticket: &Granted<WorkTicket, act::TicketTransfer>,
    department: i64,
    by: Handover<'_>,
) -> [Statement; 2] {
    let sight = by.agent.sight(Table::Department);
    let handed = ticket
        .scope()
        .sighted(
            &sight,
            sql!(
                "UPDATE ticket
                    SET department_id =
                        (SELECT d.department_id
                           FROM department AS d
                           JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = d.realm_id
                          WHERE d.tenant_id = ?1 AND d.department_id = ?4
                            AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                         WHERE r.path >= span.value ->> 0
                                           AND r.path < span.value ->> 1)),
                        realm_id = CASE
                          (SELECT s.realm_from FROM separation AS s
                            WHERE s.tenant_id = ?1 AND s.table_name = 'ticket')
                          WHEN 'department'
                          THEN (SELECT d.realm_id FROM department AS d
                                 WHERE d.tenant_id = ?1 AND d.department_id = ?4)
                          ELSE realm_id END,
                        updated_at = ?5,
                        version = CASE WHEN version = ?6 THEN version + 1 END
                  WHERE tenant_id = ?1 AND ticket_id = ?3"
            ),
        )
        .bind(&ticket.id)
        .bind(department)
        .bind(by.now)
        .bind(ticket.version());
    [handed, told(ticket.scope(), &ticket.id, "transferred", by)]
}

/// Puts a ticket that came to the wrong realm into another. Whoever does it holds both (T-70).
pub fn move_to(
    ticket: &Granted<WorkTicket, act::TicketMove>,
    realm: &Granted<Realm, act::TicketMove>,
    by: Handover<'_>,
) -> [Statement; 2] {
    let moved = ticket
        .scope()
        .statement(sql!(
            "UPDATE ticket
                SET realm_id = ?3, updated_at = ?4,
                    version = CASE WHEN version = ?5 THEN version + 1 END
              WHERE tenant_id = ?1 AND ticket_id = ?2"
        ))
        .bind(&ticket.id)
        .bind(realm.id)
        .bind(by.now)
        .bind(ticket.version());
    [moved, told(ticket.scope(), &ticket.id, "moved", by)]
}

fn told(scope: &Scope, ticket: &Id, kind: &'static str, by: Handover<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, actor_id,
                                created_at)
             SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, ?4, 'agent', ?5, ?6
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
        ))
        .bind(ticket)
        .bind(by.event)
        .bind(kind)
        .bind(&by.agent.id)
        .bind(by.now)
}
