//! How a page of a queue is found among many realms, as SQL.
//!
//! The newest tickets of a sight lie in the realms with the newest tickets, as many as a page
//! has rows. Which realms those are is told by `realm.newest_…`, which triggers keep: so a page
//! costs realms, not tickets. Where the oldest come first, `realm.oldest_…` tells. The database
//! itself picks the way, in the same statement:
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

use super::criteria::Kept;
use super::listing::Toward;

/// The sight as a table. It is made once: read from its text for every row, two hundred spans and
/// a thousand rows take a quarter of a second.
pub(super) const SIGHT: &str = "WITH sight AS MATERIALIZED (
  SELECT span.value ->> 0 AS start, span.value ->> 1 AS stop
    FROM json_each(?2) AS span)";

/// How many of the sampled realms are in sight.
pub(super) const SAMPLED: &str = "sampled AS (
  SELECT count(*) AS seen
    FROM sight CROSS JOIN realm AS r INDEXED BY realm_sample
   WHERE r.tenant_id = ?1 AND r.realm_id % 128 = 0
     AND r.path >= sight.start AND r.path < sight.stop)";

/// How many of the sampled realms there are in all.
pub(super) const SAMPLE: &str = "(SELECT count(*) FROM realm AS r INDEXED BY realm_sample
                            WHERE r.tenant_id = ?1 AND r.realm_id % 128 = 0)";

/// So few sampled realms are gathered at once.
const FEW: u8 = 3;

/// So many realms are walked before all are gathered.
const TRIED: u8 = 100;

/// So many tickets are walked before all realms are gathered.
const TRIED_TICKETS: u16 = 500;

/// So many tickets of a period that is over are walked: a day of a large tenant ends before.
const TRIED_BOUNDED: u16 = 1_500;

/// So few sampled realms are gathered at once for such a period.
const FEW_BOUNDED: u8 = 12;

/// The first page's places: `?3` is before all of them, `?4` how many.
pub(super) fn first(kept: Kept, toward: Toward) -> String {
    let (end, index) = (kept.end(toward), kept.end_index(toward));
    let (comparison, order) = (toward.comparison(), toward.order());
    let by_path = by_path(kept, toward);
    let near = near(kept, toward);
    let Ends {
        behind,
        ahead,
        before,
        ..
    } = Ends::of(kept, toward);
    let has_any = match kept {
        Kept::Closing => format!("r.{end} > ?5"),
        Kept::Open | Kept::Unanswered | Kept::Answered | Kept::Overdue | Kept::Closed => {
            format!("r.{end} IS NOT NULL")
        }
    };
    format!(
        "{SIGHT},
{SAMPLED},
threshold AS (
  SELECT CASE WHEN seen <= {FEW} THEN {ahead}
              WHEN 2 * seen <= {SAMPLE}
              THEN coalesce((SELECT r.{end} FROM realm AS r INDEXED BY {index}
                              WHERE r.tenant_id = ?1 AND {has_any}
                              ORDER BY r.{end} {order} LIMIT 1 OFFSET {TRIED}), {behind})
              ELSE {behind} END AS last
    FROM sampled LIMIT 1),
walked AS (
  SELECT r.realm_id, r.{end} AS nearest
    FROM realm AS r INDEXED BY {index}
   WHERE r.tenant_id = ?1 AND r.{end} {before} (SELECT last FROM threshold)
     AND EXISTS (SELECT 1 FROM sight WHERE r.path >= sight.start AND r.path < sight.stop)
   ORDER BY r.{end} {order} LIMIT ?4),
gathered AS (
  SELECT r.realm_id, r.{end} AS nearest
    FROM threshold CROSS JOIN sight CROSS JOIN realm AS r INDEXED BY {by_path}
   WHERE threshold.last <> {behind} AND (SELECT count(*) FROM walked) < ?4
     AND r.tenant_id = ?1 AND r.path >= sight.start AND r.path < sight.stop
     AND r.{end} {comparison} ?3 AND {has_any}
   ORDER BY r.{end} {order} LIMIT ?4),
realms AS (SELECT realm_id, nearest FROM walked UNION SELECT realm_id, nearest FROM gathered),
{near}
SELECT place FROM near ORDER BY place {order} LIMIT ?4"
    )
}

/// The index that has realms by path with the tickets that lists begin with.
fn by_path(kept: Kept, toward: Toward) -> &'static str {
    match (kept, toward) {
        (_, Toward::Older) | (Kept::Closed | Kept::Closing, Toward::Newer) => "realm_by_path",
        (Kept::Open | Kept::Unanswered | Kept::Answered | Kept::Overdue, Toward::Newer) => {
            "realm_by_path_oldest"
        }
    }
}

/// The places of the page before or after a ticket. A realm's nearest ticket has to be looked up
/// there, so what is walked are the tickets themselves. So is the first page of a period that is
/// over, for the same reason.
pub(super) fn next(kept: Kept, toward: Toward, is_first: bool) -> String {
    let (comparison, order, key) = (toward.comparison(), toward.order(), kept.key());
    let (condition, index) = (kept.condition("t"), kept.index());
    let (nearest, near) = (nearest(kept, toward), near(kept, toward));
    let (has_any, bound) = (has_any(kept, toward), bound(kept, toward, "t"));
    let by_path = by_path(kept, toward);
    let (is_little, tried) = if is_first {
        (format!("seen <= {FEW_BOUNDED}"), TRIED_BOUNDED)
    } else {
        let is_little = format!("seen <= {FEW} OR 2 * seen <= {SAMPLE}");
        (is_little, TRIED_TICKETS)
    };
    let Ends {
        behind,
        before,
        none,
        ..
    } = Ends::of(kept, toward);
    format!(
        "{SIGHT},
{SAMPLED},
threshold AS (
  SELECT CASE WHEN {is_little} THEN ?3
              ELSE coalesce((SELECT t.{key} FROM ticket AS t INDEXED BY {index}
                              WHERE t.tenant_id = ?1 AND {condition}
                                AND t.{key} {comparison} ?3{bound}
                              ORDER BY t.{key} {order} LIMIT 1 OFFSET {tried}),
                            {behind}) END AS last
    FROM sampled LIMIT 1),
walked AS (
  SELECT t.{key} AS place
    FROM ticket AS t INDEXED BY {index}
   CROSS JOIN realm AS r
   WHERE t.tenant_id = ?1 AND {condition}
     AND t.{key} {comparison} ?3 AND t.{key} {before} (SELECT last FROM threshold)
     AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
     AND EXISTS (SELECT 1 FROM sight WHERE r.path >= sight.start AND r.path < sight.stop)
   ORDER BY t.{key} {order} LIMIT ?4),
gathered AS (
  SELECT r.realm_id, {nearest} AS nearest
    FROM threshold CROSS JOIN sight CROSS JOIN realm AS r INDEXED BY {by_path}
   WHERE threshold.last <> {behind} AND (SELECT count(*) FROM walked) < ?4
     AND r.tenant_id = ?1 AND r.path >= sight.start AND r.path < sight.stop
     AND {has_any}
   ORDER BY nearest {order} LIMIT ?4),
realms AS (SELECT realm_id, nearest FROM gathered WHERE nearest <> {none}),
{near}
SELECT place
  FROM (SELECT place FROM near UNION SELECT place FROM walked) AS either
 ORDER BY place {order} LIMIT ?4"
    )
}

/// Whether realm `r` can have a ticket behind another at all.
fn has_any(kept: Kept, toward: Toward) -> String {
    let end = kept.end(toward);
    match (kept, toward) {
        (Kept::Closed | Kept::Closing, Toward::Newer) => format!("r.{end} > ?3"),
        (Kept::Closing, Toward::Older) => format!("r.{end} > ?5"),
        (_, _) => format!("r.{end} IS NOT NULL"),
    }
}

/// Where a list has bounds, the one that a page is read towards; on the other side `?3` is one.
fn bound(kept: Kept, toward: Toward, ticket: &str) -> String {
    let Ends { behind, before, .. } = Ends::of(kept, toward);
    match kept {
        Kept::Closing => format!(" AND {ticket}.{} {before} {behind}", kept.key()),
        Kept::Open | Kept::Unanswered | Kept::Answered | Kept::Overdue | Kept::Closed => {
            String::new()
        }
    }
}

/// The ticket of realm `r` that the page would show first. The one that its list begins with often
/// is it, and then nothing is looked up.
fn nearest(kept: Kept, toward: Toward) -> String {
    let (end, comparison, key) = (kept.end(toward), toward.comparison(), kept.key());
    let (condition, index) = (kept.condition("n"), kept.realm_index());
    let bound = bound(kept, toward, "n");
    let Ends { nearest, none, .. } = Ends::unbounded(toward);
    let look_up = format!(
        "coalesce((SELECT {nearest}(n.{key}) FROM ticket AS n INDEXED BY {index}
           WHERE n.tenant_id = ?1 AND n.realm_id = r.realm_id AND {condition}
             AND n.{key} {comparison} ?3{bound}), {none})"
    );
    match (kept, toward) {
        (Kept::Closed | Kept::Closing, Toward::Newer) => look_up,
        (_, _) => format!("CASE WHEN r.{end} {comparison} ?3 THEN r.{end} ELSE {look_up} END"),
    }
}

/// The tickets of `realms` that can be on the page: none is behind the nearest one of the last
/// realm, if there are enough realms.
fn near(kept: Kept, toward: Toward) -> String {
    let (comparison, order, key) = (toward.comparison(), toward.order(), kept.key());
    let (condition, index) = (kept.condition("n"), kept.realm_index());
    let Ends {
        behind,
        farthest,
        within,
        ..
    } = Ends::of(kept, toward);
    format!(
        "farthest AS (
  SELECT CASE WHEN count(*) < ?4 THEN {behind} ELSE {farthest}(nearest) END AS place FROM realms),
near AS (
  SELECT nearby.value AS place
    FROM realms CROSS JOIN json_each((
         SELECT json_group_array(newest.place)
           FROM (SELECT n.{key} AS place FROM ticket AS n INDEXED BY {index}
                  WHERE n.tenant_id = ?1 AND n.realm_id = realms.realm_id AND {condition}
                    AND n.{key} {comparison} ?3
                    AND n.{key} {within} (SELECT place FROM farthest)
                  ORDER BY n.{key} {order} LIMIT ?4) AS newest)) AS nearby)"
    )
}

/// The words that depend on whether a page is read towards older or newer tickets.
pub(super) struct Ends {
    /// What is before all tickets.
    pub(super) ahead: &'static str,
    /// What is behind all tickets.
    pub(super) behind: &'static str,
    /// The farthest of some tickets.
    pub(super) farthest: &'static str,
    /// The nearest of some tickets.
    pub(super) nearest: &'static str,
    /// Not farther than.
    pub(super) within: &'static str,
    /// Less far than.
    pub(super) before: &'static str,
    /// Stands for no ticket, and sorts behind all of them.
    pub(super) none: &'static str,
}

impl Ends {
    fn of(kept: Kept, toward: Toward) -> Self {
        let ends = Self::unbounded(toward);
        let behind = match (kept, toward) {
            (Kept::Closing, Toward::Older) => "?5",
            (Kept::Closing, Toward::Newer) => "?6",
            (_, _) => ends.behind,
        };
        Self { behind, ..ends }
    }

    /// The ends of a list without bounds.
    pub(super) fn unbounded(toward: Toward) -> Self {
        match toward {
            Toward::Older => Self {
                ahead: "'~'",
                behind: "''",
                farthest: "min",
                nearest: "max",
                within: ">=",
                before: ">",
                none: "''",
            },
            Toward::Newer => Self {
                ahead: "''",
                behind: "'~'",
                farthest: "max",
                nearest: "min",
                within: "<=",
                before: "<",
                none: "'~'",
            },
        }
    }
}
