//! The queues' SQL; the listings themselves are compiled by [`super::listing`].

use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, Scope, Sight, Statement, Timestamp, sql};

use super::count::COUNTED;
use super::listing::{self, Place};
use super::tree::SEEDED;
use super::{Calendar, Count, Counts, Listing, Node, PAGE, Queue, QueueTicket, Turn, Viewer, Work};
use crate::ticket::Priority;

/// Adds the queues that every tenant starts with.
pub(crate) fn insert_seeded(scope: &Scope) -> Statement {
    let seeded =
        SEEDED.map(|(id, parent, queue, name)| serde_json::json!([id, parent, queue.name(), name]));
    scope
        .statement(sql!(
            "INSERT INTO queue (tenant_id, queue_id, parent_id, slug, name, position, criteria)
             SELECT ?1, seed.value ->> 0, seed.value ->> 1, seed.value ->> 2, seed.value ->> 3,
                    seed.value ->> 0, seed.value ->> 2
               FROM json_each(?2) AS seed"
        ))
        .bind(serde_json::Value::from(seeded.to_vec()).to_string())
}

/// The queues that every agent is shown, in the order of their positions. What a queue lists can
/// be something that newer code knows: `None`.
pub fn tree(scope: &Scope) -> Query<Option<Node>> {
    scope
        .statement(sql!(
            "SELECT q.queue_id, q.parent_id, q.slug, q.name, q.criteria
               FROM queue AS q
              WHERE q.tenant_id = ?1 AND q.is_public = 1
              ORDER BY q.position, q.queue_id"
        ))
        .rows(|row| {
            let Some(queue) = Queue::named(&row.get::<String>("criteria")?) else {
                return Ok(None);
            };
            Ok(Some(Node {
                id: row.get("queue_id")?,
                parent: row.get("parent_id")?,
                slug: row.get("slug")?,
                name: row.get("name")?,
                queue,
            }))
        })
}

/// Reads one page of a queue and one ticket more.
pub fn page(
    scope: &Scope,
    sight: &Sight,
    listing: &Listing,
    viewer: &Viewer,
) -> Query<QueueTicket> {
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    page_of(scope, sight, listing, viewer, most)
}

/// Reads so many tickets of a queue.
pub fn page_of(
    scope: &Scope,
    sight: &Sight,
    listing: &Listing,
    viewer: &Viewer,
    most: i64,
) -> Query<QueueTicket> {
    let statement = scope.sighted(sight, listing.sql());
    let from = listing.from();
    let statement = match listing.queue {
        Queue::Open | Queue::Unanswered | Queue::Answered | Queue::Overdue | Queue::Closed => {
            statement.bind(from).bind(most)
        }
        Queue::AssignedToMe => statement.bind(from).bind(most).bind(viewer.agent.as_ref()),
        Queue::Mine | Queue::AssignedToTeams => {
            let statement = statement.bind(from).bind(most);
            let statement = statement.bind(viewer.agent.as_ref());
            match listing.turn {
                Turn::First => statement.bind(sight.rest_to_json()),
                Turn::OlderThan(_) | Turn::NewerThan(_) => statement,
            }
        }
        Queue::ClosedIn(period) => {
            let bounds = viewer.bounds(period);
            let from = listing.start_within(&bounds);
            let [begins, ends] = &bounds;
            let statement = statement.bind(from).bind(most);
            statement.bind(begins.as_str()).bind(ends.as_str())
        }
    };
    statement.rows(ticket_from_row)
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
        team: row.get("team")?,
        priority: Priority::of_id(priority)
            .ok_or_else(|| DbError::Corrupt(format!("ticket.priority: {priority}")))?,
        created_at: row.get("created_at")?,
        due_at: row.get("due_at")?,
        is_overdue: row.get::<Option<i64>>("overdue_at")?.is_some(),
        is_answered: row.get::<Option<i64>>("answered_at")?.is_some(),
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

/// How many tickets are open, answered, overdue and closed, from what triggers keep of each realm. Where more than half
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
                          coalesce(sum(r.answered_tickets), 0) AS answered,
                          coalesce(sum(r.overdue_tickets), 0) AS overdue,
                          coalesce(sum(r.closed_tickets), 0) AS closed
                     FROM way
                    CROSS JOIN json_each(CASE WHEN way.is_back THEN ?3 ELSE ?2 END) AS span
                    CROSS JOIN realm AS r INDEXED BY realm_by_path
                    WHERE r.tenant_id = ?1
                      AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1),
                 whole AS (
                   SELECT w.open_tickets AS open, w.answered_tickets AS answered,
                          w.overdue_tickets AS overdue, w.closed_tickets AS closed
                     FROM tenant_count AS w WHERE w.tenant_id = ?1)
                 SELECT iif(is_back, coalesce(whole.open, 0) - counted.open, counted.open) AS open,
                        iif(is_back, coalesce(whole.answered, 0) - counted.answered,
                            counted.answered) AS answered,
                        iif(is_back, coalesce(whole.overdue, 0) - counted.overdue,
                            counted.overdue) AS overdue,
                        iif(is_back, coalesce(whole.closed, 0) - counted.closed,
                            counted.closed) AS closed
                   FROM way CROSS JOIN counted LEFT JOIN whole"
            ),
        )
        .bind(sight.rest_to_json())
        .rows(|row| {
            let (open, answered): (i64, i64) = (row.get("open")?, row.get("answered")?);
            Ok(Counts {
                open: Count::of_all(open),
                unanswered: Count::of_all(open - answered),
                answered: Count::of_all(answered),
                overdue: Count::of_all(row.get("overdue")?),
                closed: Count::of_all(row.get("closed")?),
            })
        })
}

impl Counts {
    /// Reads what was counted one by one, so far.
    pub(super) fn from_counted_row(row: &Row) -> Result<Self, DbError> {
        let text: String = row.get("counts")?;
        let counts: [(i64, i64); 5] = serde_json::from_str(&text)
            .map_err(|error| DbError::Corrupt(format!("counts: {error}")))?;
        let [open, unanswered, answered, overdue, closed] = counts.map(Count::so_far);
        Ok(Self {
            open,
            unanswered,
            answered,
            overdue,
            closed,
        })
    }
}

/// So many realms of an agent and their teams are counted.
const MOST_REALMS: i64 = 1_000;

/// How many open tickets an agent and their teams work, from what triggers keep of each realm
/// they work in.
pub fn work(scope: &Scope, sight: &Sight, agent: &Id) -> Query<Work> {
    scope
        .sighted(
            sight,
            sql!(
                "WITH sight AS MATERIALIZED (
                   SELECT span.value ->> 0 AS start, span.value ->> 1 AS stop
                     FROM json_each(?2) AS span),
                 teams AS (
                   SELECT m.team_id FROM team_member AS m
                    WHERE m.tenant_id = ?1 AND m.agent_id = ?3),
                 mine AS (
                   SELECT c.realm_id, c.tickets, 1 AS is_me,
                          c.team_id IN (SELECT teams.team_id FROM teams) AS is_team
                     FROM work_count AS c
                    WHERE c.tenant_id = ?1 AND c.agent_id = ?3
                   UNION ALL
                   SELECT c.realm_id, c.tickets, 0, 1
                     FROM teams CROSS JOIN work_count AS c INDEXED BY work_count_of_team
                    WHERE c.tenant_id = ?1 AND c.team_id = teams.team_id AND c.team_id <> 0
                      AND c.agent_id <> ?3
                    LIMIT ?4),
                 seen AS (
                   SELECT mine.tickets, mine.is_me, mine.is_team
                     FROM mine CROSS JOIN realm AS r
                    WHERE r.tenant_id = ?1 AND r.realm_id = mine.realm_id
                      AND EXISTS (SELECT 1 FROM sight
                                   WHERE r.path >= sight.start AND r.path < sight.stop))
                 SELECT coalesce(sum(tickets), 0) AS mine,
                        coalesce(sum(tickets * is_me), 0) AS to_me,
                        coalesce(sum(tickets * is_team), 0) AS to_teams,
                        (SELECT count(*) FROM mine) = ?4 AS is_more
                   FROM seen"
            ),
        )
        .bind(agent)
        .bind(MOST_REALMS)
        .rows(|row| {
            Ok(Work {
                mine: row.get("mine")?,
                to_me: row.get("to_me")?,
                to_teams: row.get("to_teams")?,
                is_more: row.get("is_more")?,
            })
        })
}

/// When the tickets of all periods were closed: the newest of them, and one more than are counted.
pub fn closings(scope: &Scope, sight: &Sight, calendar: &Calendar) -> Query<Timestamp> {
    let most = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
    scope
        .sighted(sight, listing::closings_sql())
        .bind(Turn::First.from())
        .bind(most)
        .bind(Place::closing_at(calendar.earliest()).as_str())
        .rows(|row| row.get("closed_at"))
}
