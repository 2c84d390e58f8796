//! Moving a ticket to another realm, with its SQL. All that hangs on it follows it in the same
//! statement (T-19).

use tenancy::policy::{Granted, act};
use tenancy::principal::Agent;
use tenancy::realm::Realm;
use tenancy::{Id, Scope, Statement, Timestamp, sql};

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

/// The event that tells of something an agent did to a ticket.
pub(crate) fn told(scope: &Scope, ticket: &Id, kind: &'static str, by: Handover<'_>) -> Statement {
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
