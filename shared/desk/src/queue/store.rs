//! The queues' SQL; the listings themselves are compiled by [`super::criteria`].

use tenancy::port::{DbError, Row};
use tenancy::{Query, Scope, Sight, sql};

use super::criteria::Listing;
use super::{Counts, PAGE, QueueTicket};
use crate::ticket::Priority;

/// Reads one page of a queue and one ticket more.
pub fn page(scope: &Scope, sight: &Sight, listing: &Listing) -> Query<QueueTicket> {
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    scope
        .sighted(sight, listing.sql())
        .bind(listing.turn.from())
        .bind(most)
        .rows(ticket_from_row)
}

fn ticket_from_row(row: &Row) -> Result<QueueTicket, DbError> {
    let priority: i64 = row.get("priority")?;
    Ok(QueueTicket {
        id: row.get("ticket_id")?,
        number: row.get("number")?,
        subject: row.get("subject")?,
        requester: row.get("requester")?,
        requester_email: row.get("requester_email")?,
        department: row.get("department")?,
        realm: row.get("realm")?,
        assignee: row.get("assignee")?,
        priority: Priority::of_id(priority)
            .ok_or_else(|| DbError::Corrupt(format!("ticket.priority: {priority}")))?,
        created_at: row.get("created_at")?,
        due_at: row.get("due_at")?,
        is_overdue: row.get::<Option<i64>>("overdue_at")?.is_some(),
        closed_at: row.get("closed_at")?,
    })
}

/// Whether there is more than one realm in sight.
pub fn has_realms(scope: &Scope, sight: &Sight) -> Query<bool> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT count(*) > 1 AS has_realms
                   FROM (SELECT 1
                           FROM json_each(?2) AS span
                          CROSS JOIN realm AS r
                          WHERE r.tenant_id = ?1
                            AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
                          LIMIT 2)"
            ),
        )
        .rows(|row| row.get("has_realms"))
}

/// How many tickets each queue holds, from the maintained counters.
pub fn counts(scope: &Scope, sight: &Sight) -> Query<Counts> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT coalesce(sum(c.tickets) FILTER (WHERE c.queue = 'open'), 0) AS open,
                        coalesce(sum(c.tickets) FILTER (WHERE c.queue = 'overdue'), 0) AS overdue,
                        coalesce(sum(c.tickets) FILTER (WHERE c.queue = 'closed'), 0) AS closed
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r
                  CROSS JOIN queue_count AS c
                  WHERE r.tenant_id = ?1
                    AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
                    AND c.tenant_id = ?1 AND c.realm_id = r.realm_id"
            ),
        )
        .rows(|row| {
            Ok(Counts {
                open: row.get("open")?,
                overdue: row.get("overdue")?,
                closed: row.get("closed")?,
            })
        })
}
