//! What is done to tickets, by whoever was granted it, with its SQL.

use tenancy::policy::{Bond, Found, Granted, Thing, act};
use tenancy::port::{DbError, Row};
use tenancy::principal::{Agent, Principal};
use tenancy::realm::Path;
use tenancy::{Id, Query, Scope, Statement, TenantId, Timestamp, sql};

/// A ticket as it was read to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkTicket {
    /// The ticket's id.
    pub id: Id,
    /// Its number.
    pub number: String,
    tenant: TenantId,
    path: Path,
    version: i64,
    manager: Option<Id>,
}

impl WorkTicket {
    pub(super) fn version(&self) -> i64 {
        self.version
    }
}

impl Thing for WorkTicket {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn bond(&self, principal: &Principal<'_>) -> Bond {
        match principal {
            Principal::User(user) if user.has_link_to(&self.id) => Bond::Requester,
            Principal::Agent(agent) if Some(&agent.id) == self.manager.as_ref() => Bond::Manager,
            Principal::User(_)
            | Principal::Agent(_)
            | Principal::ApiKey(_)
            | Principal::Mailbox(_)
            | Principal::Scheduler(_)
            | Principal::Operator(_) => Bond::Other,
        }
    }
}

/// Looks up a ticket by its number, for whatever is to be done to it.
pub fn find_for_work(scope: &Scope, number: &str) -> Query<Found<WorkTicket>> {
    scope
        .statement(sql!(
            "SELECT t.tenant_id, t.ticket_id, t.number, t.version, r.path, d.manager_id
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN department AS d
                 ON d.tenant_id = t.tenant_id AND d.department_id = t.department_id
              WHERE t.tenant_id = ?1 AND t.number = ?2"
        ))
        .bind(number)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

fn from_row(row: &Row) -> Result<WorkTicket, DbError> {
    Ok(WorkTicket {
        id: row.get("ticket_id")?,
        number: row.get("number")?,
        tenant: row.get("tenant_id")?,
        path: row.get("path")?,
        version: row.get("version")?,
        manager: row.get("manager_id")?,
    })
}

/// Closes an open ticket, with its event. A ticket that somebody else changed first refuses the
/// whole batch as stale.
pub fn close(
    ticket: &Granted<WorkTicket, act::TicketClose>,
    agent: &Agent,
    event: &Id,
    now: Timestamp,
) -> [Statement; 2] {
    let closed = ticket
        .scope()
        .statement(sql!(
            "UPDATE ticket
                SET state = 'closed', closed_at = ?3, updated_at = ?3, overdue_at = NULL,
                    version = CASE WHEN version = ?4 AND state = 'open' THEN version + 1 END
              WHERE tenant_id = ?1 AND ticket_id = ?2"
        ))
        .bind(&ticket.id)
        .bind(now)
        .bind(ticket.version);
    let told = ticket
        .scope()
        .statement(sql!(
            "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, actor_id,
                                created_at)
             SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, 'closed', 'agent', ?4, ?5
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
        ))
        .bind(&ticket.id)
        .bind(event)
        .bind(&agent.id)
        .bind(now);
    [closed, told]
}
