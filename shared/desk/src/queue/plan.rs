//! How a page of a queue is found among many realms, as SQL.
//!
//! The newest tickets of a sight lie in the realms with the newest tickets, as many as a page
//! has rows. Which realms those are is told by `realm.newest_…`, which triggers keep: so a page
//! costs realms, not tickets. The database itself picks the way, in the same statement:
//!
//! - *walk*: the realms from the one with the newest ticket on, skipping those out of sight.
//!   Good where much is in sight; at worst it passes all that are not.
//! - *gather*: the realms in sight, each with its newest ticket. Good where little is in sight;
//!   it always reads all that are.
//!
//! A sample of the realms tells how much is in sight, so that neither reads more than about half
//! of the tree. Where it is less than half, a short walk is tried before all of it is gathered.
//!
//! A condition that keeps a plan from running stands in a range of its index, or on a table of
//! one row before it: SQLite would test it for each row of the plan otherwise.

use super::criteria::{Queue, Turn};

/// The sight as a table, and how many of the sampled realms are in it. Here and below a LIMIT
/// that limits nothing has `SQLite` compute a table once, where it would do so for every row.
const SIGHT: &str = "WITH sight AS (
  SELECT span.value ->> 0 AS start, span.value ->> 1 AS stop
    FROM json_each(?2) AS span LIMIT -1),
sampled AS (
  SELECT count(*) AS seen
    FROM sight CROSS JOIN realm AS r INDEXED BY realm_sample
   WHERE r.tenant_id = ?1 AND r.realm_id % 128 = 0
     AND r.path >= sight.start AND r.path < sight.stop)";

/// How many of the sampled realms there are in all.
const SAMPLE: &str = "(SELECT count(*) FROM realm AS r INDEXED BY realm_sample
                            WHERE r.tenant_id = ?1 AND r.realm_id % 128 = 0)";

/// So few sampled realms are gathered at once.
const FEW: u8 = 3;

/// So many realms are walked before all are gathered.
const TRIED: u8 = 100;

/// So many tickets are walked before all realms are gathered.
const TRIED_TICKETS: u16 = 500;

/// The newest page's ticket ids: `?3` is beyond all ids, `?4` how many.
pub(super) fn first(queue: Queue) -> String {
    let (newest, index) = (queue.newest(), queue.newest_index());
    let near = near(queue, &Turn::First);
    format!(
        "{SIGHT},
threshold AS (
  SELECT CASE WHEN seen <= {FEW} THEN '~'
              WHEN 2 * seen <= {SAMPLE}
              THEN coalesce((SELECT r.{newest} FROM realm AS r INDEXED BY {index}
                              WHERE r.tenant_id = ?1 AND r.{newest} IS NOT NULL
                              ORDER BY r.{newest} DESC LIMIT 1 OFFSET {TRIED}), '')
              ELSE '' END AS oldest
    FROM sampled LIMIT 1),
walked AS (
  SELECT r.realm_id, r.{newest} AS nearest
    FROM realm AS r INDEXED BY {index}
   WHERE r.tenant_id = ?1 AND r.{newest} > (SELECT oldest FROM threshold)
     AND EXISTS (SELECT 1 FROM sight WHERE r.path >= sight.start AND r.path < sight.stop)
   ORDER BY r.{newest} DESC LIMIT ?4),
gathered AS (
  SELECT r.realm_id, r.{newest} AS nearest
    FROM threshold CROSS JOIN sight CROSS JOIN realm AS r INDEXED BY realm_by_path
   WHERE threshold.oldest <> '' AND (SELECT count(*) FROM walked) < ?4
     AND r.tenant_id = ?1 AND r.path >= sight.start AND r.path < sight.stop
     AND r.{newest} < ?3
   ORDER BY r.{newest} DESC LIMIT ?4),
realms AS (SELECT realm_id, nearest FROM walked UNION SELECT realm_id, nearest FROM gathered),
{near}
SELECT ticket_id FROM near ORDER BY ticket_id DESC LIMIT ?4"
    )
}

/// The ticket ids of the page before or after a ticket. A realm's nearest ticket has to be looked
/// up there, so what is walked are the tickets themselves.
pub(super) fn next(queue: Queue, turn: &Turn) -> String {
    let (comparison, order) = (turn.comparison(), turn.order());
    let (condition, index) = (queue.condition("t"), queue.index());
    let (nearest, near) = (nearest(queue, turn), near(queue, turn));
    let Ends { behind, before, .. } = Ends::of(turn);
    format!(
        "{SIGHT},
threshold AS (
  SELECT CASE WHEN seen <= {FEW} OR 2 * seen <= {SAMPLE} THEN ?3
              ELSE coalesce((SELECT t.ticket_id FROM ticket AS t INDEXED BY {index}
                              WHERE t.tenant_id = ?1 AND {condition}
                                AND t.ticket_id {comparison} ?3
                              ORDER BY t.ticket_id {order} LIMIT 1 OFFSET {TRIED_TICKETS}),
                            {behind}) END AS last
    FROM sampled LIMIT 1),
walked AS (
  SELECT t.ticket_id
    FROM ticket AS t INDEXED BY {index}
   CROSS JOIN realm AS r
   WHERE t.tenant_id = ?1 AND {condition}
     AND t.ticket_id {comparison} ?3 AND t.ticket_id {before} (SELECT last FROM threshold)
     AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
     AND EXISTS (SELECT 1 FROM sight WHERE r.path >= sight.start AND r.path < sight.stop)
   ORDER BY t.ticket_id {order} LIMIT ?4),
gathered AS (
  SELECT r.realm_id, {nearest} AS nearest
    FROM threshold CROSS JOIN sight CROSS JOIN realm AS r INDEXED BY realm_by_path
   WHERE threshold.last <> {behind} AND (SELECT count(*) FROM walked) < ?4
     AND r.tenant_id = ?1 AND r.path >= sight.start AND r.path < sight.stop
     AND {has_any}
   ORDER BY nearest {order} LIMIT ?4),
realms AS (SELECT realm_id, nearest FROM gathered WHERE nearest IS NOT NULL),
{near}
SELECT ticket_id
  FROM (SELECT ticket_id FROM near UNION SELECT ticket_id FROM walked) AS either
 ORDER BY ticket_id {order} LIMIT ?4",
        has_any = match turn {
            Turn::First | Turn::OlderThan(_) => format!("r.{} IS NOT NULL", queue.newest()),
            Turn::NewerThan(_) => format!("r.{} > ?3", queue.newest()),
        },
    )
}

/// The ticket of realm `r` that the page would show first. Its newest is often the one, and then
/// nothing is looked up.
fn nearest(queue: Queue, turn: &Turn) -> String {
    let (newest, comparison) = (queue.newest(), turn.comparison());
    let (condition, index) = (queue.condition("n"), queue.realm_index());
    let look_up = |end: &str| {
        format!(
            "(SELECT {end}(n.ticket_id) FROM ticket AS n INDEXED BY {index}
           WHERE n.tenant_id = ?1 AND n.realm_id = r.realm_id AND {condition}
             AND n.ticket_id {comparison} ?3)"
        )
    };
    match turn {
        Turn::First | Turn::OlderThan(_) => {
            let older = look_up("max");
            format!("CASE WHEN r.{newest} < ?3 THEN r.{newest} ELSE {older} END")
        }
        Turn::NewerThan(_) => look_up("min"),
    }
}

/// The tickets of `realms` that can be on the page: none is behind the nearest one of the last
/// realm, if there are enough realms.
fn near(queue: Queue, turn: &Turn) -> String {
    let (comparison, order) = (turn.comparison(), turn.order());
    let (condition, index) = (queue.condition("n"), queue.realm_index());
    let Ends {
        behind,
        farthest,
        within,
        ..
    } = Ends::of(turn);
    format!(
        "farthest AS (
  SELECT CASE WHEN count(*) < ?4 THEN {behind} ELSE {farthest}(nearest) END AS ticket_id FROM realms),
near AS (
  SELECT nearby.value AS ticket_id
    FROM realms CROSS JOIN json_each((
         SELECT json_group_array(newest.ticket_id)
           FROM (SELECT n.ticket_id FROM ticket AS n INDEXED BY {index}
                  WHERE n.tenant_id = ?1 AND n.realm_id = realms.realm_id AND {condition}
                    AND n.ticket_id {comparison} ?3
                    AND n.ticket_id {within} (SELECT ticket_id FROM farthest)
                  ORDER BY n.ticket_id {order} LIMIT ?4) AS newest)) AS nearby)"
    )
}

/// The words that depend on whether a page is read towards older or newer tickets.
struct Ends {
    /// What is behind all tickets.
    behind: &'static str,
    /// The farthest of some tickets.
    farthest: &'static str,
    /// Not farther than.
    within: &'static str,
    /// Less far than.
    before: &'static str,
}

impl Ends {
    fn of(turn: &Turn) -> Self {
        match turn {
            Turn::First | Turn::OlderThan(_) => Self {
                behind: "''",
                farthest: "min",
                within: ">=",
                before: ">",
            },
            Turn::NewerThan(_) => Self {
                behind: "'~'",
                farthest: "max",
                within: "<=",
                before: "<",
            },
        }
    }
}
