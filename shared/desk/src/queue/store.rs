//! The queues' SQL; the listings themselves are compiled by [`super::criteria`].

use tenancy::port::{DbError, Row};
use tenancy::{Query, Scope, Sight, sql};

use super::criteria::Listing;
use super::{Counts, PAGE, QueueTicket};
use crate::ticket::Priority;

/// Reads one page of a queue and one ticket more.
pub fn page(scope: &Scope, sight: &Sight, listing: &Listing) -> Query<QueueTicket> {
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    page_of(scope, sight, listing, most)
}

/// Reads so many tickets of a queue.
pub fn page_of(scope: &Scope, sight: &Sight, listing: &Listing, most: i64) -> Query<QueueTicket> {
    scope
        .sighted(sight, listing.sql())
        .bind(listing.turn.from())
        .bind(most)
        .rows(ticket_from_row)
}

pub(super) fn ticket_from_row(row: &Row) -> Result<QueueTicket, DbError> {
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

/// How many tickets each queue holds, from what triggers keep of each realm. Where more than half
/// of the tree is in sight, what is out of sight is taken from the whole.
pub fn counts(scope: &Scope, sight: &Sight) -> Query<Counts> {
    scope
        .sighted(
            sight,
            sql!(
                "WITH sample AS (
                   SELECT count(*) AS realms FROM realm AS r INDEXED BY realm_sample
                    WHERE r.tenant_id = ?1 AND r.realm_id % 128 = 0),
                 seen AS (
                   SELECT count(*) AS realms
                     FROM json_each(?2) AS span CROSS JOIN realm AS r INDEXED BY realm_sample
                    WHERE r.tenant_id = ?1 AND r.realm_id % 128 = 0
                      AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1),
                 way AS (
                   SELECT 2 * seen.realms > sample.realms AS is_back FROM sample, seen LIMIT 1),
                 counted AS (
                   SELECT coalesce(sum(r.open_tickets), 0) AS open,
                          coalesce(sum(r.overdue_tickets), 0) AS overdue,
                          coalesce(sum(r.closed_tickets), 0) AS closed
                     FROM way
                    CROSS JOIN json_each(CASE WHEN way.is_back THEN ?3 ELSE ?2 END) AS span
                    CROSS JOIN realm AS r INDEXED BY realm_by_path
                    WHERE r.tenant_id = ?1
                      AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1),
                 whole AS (
                   SELECT w.open_tickets AS open, w.overdue_tickets AS overdue,
                          w.closed_tickets AS closed
                     FROM tenant_count AS w WHERE w.tenant_id = ?1)
                 SELECT iif(is_back, coalesce(whole.open, 0) - counted.open, counted.open) AS open,
                        iif(is_back, coalesce(whole.overdue, 0) - counted.overdue,
                            counted.overdue) AS overdue,
                        iif(is_back, coalesce(whole.closed, 0) - counted.closed,
                            counted.closed) AS closed
                   FROM way CROSS JOIN counted LEFT JOIN whole"
            ),
        )
        .bind(sight.rest_to_json())
        .rows(Counts::from_row)
}

impl Counts {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            open: row.get("open")?,
            overdue: row.get("overdue")?,
            closed: row.get("closed")?,
        })
    }
}
