//! How a page of the tickets of somebody is found, as SQL.
//!
//! The tickets of an agent, of each of some teams or of each of some departments are a lane: one
//! range of an index. Each lane is walked from the ticket on that its list begins with, past those
//! out of sight. What one person works ends soon. A team or a department can have more than that;
//! where much of a long lane is out of sight, the realms in sight are gathered, and the lane's
//! nearest ticket is looked up in each, or read from what is kept of teams.

use super::criteria::Queue;
use super::listing::Toward;
use super::plan::{Ends, SAMPLE, SAMPLED, SIGHT};

/// So many tickets of a lane are walked before realms are gathered.
const TRIED: u8 = 100;

/// D1 takes so many terms in a compound SELECT.
const TERMS: usize = 5;

/// A lane of each of some agents, teams or departments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane {
    /// Selects their ids, as `id`.
    pub(super) whose: &'static str,
    /// Its tickets `t` in the order of lists.
    pub(super) tickets: &'static str,
    /// The table whose index has that order.
    pub(super) sorted: &'static str,
    /// The column that names whose they are.
    pub(super) column: &'static str,
    /// Its tickets `n` realm by realm, if it can be long.
    pub(super) by_realm: Option<&'static str>,
    /// The value that has what is out of sight, if `team_work` tells where its tickets are.
    pub(super) rest: Option<&'static str>,
}

/// How far a lane is walked, and how it is told that realm `r` is in sight. A short lane reads the
/// sight from its text: `SQLite` knows no more tables by name when it has a hundred.
struct Reach<'a> {
    bound: &'a str,
    is_seen: &'a str,
}

impl Lane {
    /// What agents work, and is open: so much as a person can.
    pub(super) const OF_AGENTS: Self = Self {
        whose: "",
        tickets: "ticket AS t INDEXED BY ticket_of_agent",
        sorted: "t",
        column: "t.agent_id",
        by_realm: None,
        rest: None,
    };

    /// What teams work, and is open.
    pub(super) const OF_TEAMS: Self = Self {
        whose: "",
        tickets: "ticket AS t INDEXED BY ticket_of_team",
        sorted: "t",
        column: "t.team_id",
        by_realm: Some("ticket AS n INDEXED BY ticket_of_team_by_realm"),
        rest: None,
    };

    /// Where one of its tickets stands.
    fn key(&self, queue: Queue) -> String {
        match queue.lane_kept().key() {
            "ticket_id" => format!("{}.ticket_id", self.sorted),
            key => format!("t.{key}"),
        }
    }

    /// Its nearest tickets in sight, as a JSON list; `whose` has the id.
    fn walk(&self, queue: Queue, toward: Toward, whose: &str, reach: &Reach<'_>) -> String {
        let Reach { bound, is_seen } = reach;
        let (comparison, order) = (toward.comparison(), toward.order());
        let Self {
            tickets, column, ..
        } = self;
        let (key, condition) = (self.key(queue), queue.lane_condition("t"));
        format!(
            "(SELECT json_group_array(nearest.place)
            FROM (SELECT {key} AS place FROM {tickets} CROSS JOIN realm AS r
                   WHERE t.tenant_id = ?1 AND {column} = {whose}.id AND {condition}
                     AND {key} {comparison} ?3{bound}
                     AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                     AND EXISTS ({is_seen})
                   ORDER BY {key} {order} LIMIT ?4) AS nearest)"
        )
    }

    /// The places of a lane that is walked to its end.
    fn walked_through(&self, queue: Queue, toward: Toward) -> String {
        let reach = Reach {
            bound: "",
            is_seen: "SELECT 1 FROM json_each(?2) AS span
                                  WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1",
        };
        let (whose, walk) = (self.whose, self.walk(queue, toward, "whose", &reach));
        format!(
            "SELECT nearby.value AS place
  FROM ({whose}) AS whose CROSS JOIN json_each({walk}) AS nearby"
        )
    }

    /// Each lane, the place that it is walked up to, and what was found before.
    fn walked(&self, index: usize, queue: Queue, toward: Toward) -> String {
        let (comparison, order) = (toward.comparison(), toward.order());
        let Self {
            whose,
            tickets,
            column,
            ..
        } = self;
        let (key, condition) = (self.key(queue), queue.lane_condition("t"));
        let Ends { behind, before, .. } = Ends::unbounded(toward);
        let bound = format!(" AND {key} {before} lane.last");
        let reach = Reach {
            bound: &bound,
            is_seen: "SELECT 1 FROM sight
                                  WHERE r.path >= sight.start AND r.path < sight.stop",
        };
        let walk = self.walk(queue, toward, "lane", &reach);
        format!(
            "walked_{index} AS (
  SELECT lane.id, lane.last, {walk} AS places
    FROM (SELECT whose.id, coalesce(
                 (SELECT {key} FROM {tickets}
                   WHERE t.tenant_id = ?1 AND {column} = whose.id AND {condition}
                     AND {key} {comparison} ?3
                   ORDER BY {key} {order} LIMIT 1 OFFSET {TRIED}), {behind}) AS last
            FROM ({whose}) AS whose LIMIT -1) AS lane LIMIT -1)"
        )
    }

    /// The realms in sight with the nearest tickets of lanes that were not walked to their end.
    fn gathered(&self, index: usize, queue: Queue, toward: Toward, by_realm: &str) -> String {
        let (comparison, order) = (toward.comparison(), toward.order());
        let (kept, condition) = (queue.lane_kept(), queue.lane_condition("n"));
        let (key, newest, column) = (kept.key(), kept.end(Toward::Older), self.near_column());
        let Ends {
            behind,
            nearest,
            none,
            ..
        } = Ends::unbounded(toward);
        let has_any = match toward {
            Toward::Older => format!("r.{newest} IS NOT NULL"),
            Toward::Newer => format!("r.{newest} > ?3"),
        };
        format!(
            "gathered_{index} AS (
  SELECT walked.id, r.realm_id,
         coalesce((SELECT {nearest}(n.{key}) FROM {by_realm}
                    WHERE n.tenant_id = ?1 AND {column} = walked.id AND n.realm_id = r.realm_id
                      AND {condition} AND n.{key} {comparison} ?3), {none}) AS nearest
    FROM walked_{index} AS walked CROSS JOIN sight
   CROSS JOIN realm AS r INDEXED BY realm_by_path
   WHERE walked.last <> {behind} AND json_array_length(walked.places) < ?4
     AND r.tenant_id = ?1 AND r.path >= sight.start AND r.path < sight.stop AND {has_any}
   ORDER BY nearest {order} LIMIT ?4)"
        )
    }

    /// The same of a list that begins: `team_work` has the nearest tickets of all realms, and what
    /// is in sight or what is out of it, whichever is less, tells which are wanted.
    fn begun(index: usize, toward: Toward, rest: &str) -> String {
        let order = toward.order();
        let Ends { behind, .. } = Ends::unbounded(toward);
        let place = match toward {
            Toward::Older => 1,
            Toward::Newer => 0,
        };
        format!(
            "{SAMPLED},
less AS MATERIALIZED (
  SELECT 2 * seen > {SAMPLE} AS is_rest FROM sampled),
known AS MATERIALIZED (
  SELECT r.realm_id
    FROM less CROSS JOIN json_each(iif(less.is_rest, {rest}, ?2)) AS range
   CROSS JOIN realm AS r INDEXED BY realm_by_path
   WHERE r.tenant_id = ?1
     AND r.path >= range.value ->> 0 AND r.path < range.value ->> 1),
gathered_{index} AS (
  SELECT walked.id, CAST(of.key AS INTEGER) AS realm_id, of.value ->> {place} AS nearest
    FROM walked_{index} AS walked CROSS JOIN team_work AS w CROSS JOIN json_each(w.realms) AS of
   WHERE walked.last <> {behind} AND json_array_length(walked.places) < ?4
     AND w.tenant_id = ?1 AND w.team_id = walked.id
     AND (CAST(of.key AS INTEGER) IN (SELECT known.realm_id FROM known))
         <> (SELECT less.is_rest FROM less)
   ORDER BY nearest {order} LIMIT ?4)"
        )
    }

    /// Their tickets that can be on the page: none is behind the nearest one of the last realm, if
    /// there are enough realms.
    fn near(&self, index: usize, queue: Queue, toward: Toward, by_realm: &str) -> String {
        let (comparison, order) = (toward.comparison(), toward.order());
        let (key, condition) = (queue.lane_kept().key(), queue.lane_condition("n"));
        let column = self.near_column();
        let Ends {
            behind,
            farthest,
            within,
            ..
        } = Ends::unbounded(toward);
        format!(
            "near_{index} AS (
  SELECT nearby.value AS place
    FROM (SELECT id, realm_id,
                 iif(count(*) OVER () < ?4, {behind}, {farthest}(nearest) OVER ()) AS farthest
            FROM gathered_{index}) AS gathered
   CROSS JOIN json_each((
         SELECT json_group_array(nearest.place)
           FROM (SELECT n.{key} AS place FROM {by_realm}
                  WHERE n.tenant_id = ?1 AND {column} = gathered.id
                    AND n.realm_id = gathered.realm_id AND {condition}
                    AND n.{key} {comparison} ?3 AND n.{key} {within} gathered.farthest
                  ORDER BY n.{key} {order} LIMIT ?4) AS nearest)) AS nearby)"
        )
    }

    fn near_column(&self) -> String {
        self.column.replace("t.", "n.")
    }
}

/// A statement's tables, and what of them has places of tickets.
#[derive(Default)]
struct Lists {
    tables: Vec<String>,
    places: Vec<String>,
}

impl Lists {
    /// Long lanes first, which name tables.
    fn of(lanes: &[Lane], queue: Queue, toward: Toward, is_first: bool) -> Self {
        let mut lists = Self::default();
        for (index, lane) in lanes.iter().enumerate() {
            if let Some(by_realm) = lane.by_realm {
                let gathered = match lane.rest.filter(|_| is_first) {
                    None => lane.gathered(index, queue, toward, by_realm),
                    Some(rest) => Lane::begun(index, toward, rest),
                };
                lists.tables.extend([
                    lane.walked(index, queue, toward),
                    gathered,
                    lane.near(index, queue, toward, by_realm),
                ]);
                lists.places.extend([
                    format!("SELECT place FROM near_{index}"),
                    format!(
                        "SELECT nearby.value AS place
  FROM walked_{index} AS walked CROSS JOIN json_each(walked.places) AS nearby"
                    ),
                ]);
            }
        }
        let short = lanes.iter().filter(|lane| lane.by_realm.is_none());
        let short = short.map(|lane| lane.walked_through(queue, toward));
        lists.places.extend(short);
        lists
    }
}

/// The places of a page of any of these lanes, the first one or one behind another: `?3` where to
/// read from, `?4` how many.
pub(super) fn page(lanes: &[Lane], queue: Queue, toward: Toward, is_first: bool) -> String {
    let (order, lists) = (toward.order(), Lists::of(lanes, queue, toward, is_first));
    let tables = std::iter::once(SIGHT).chain(lists.tables.iter().map(String::as_str));
    let tables = tables.collect::<Vec<_>>().join(",\n");
    let places = in_groups(&lists.places, "place");
    format!(
        "{tables}
SELECT DISTINCT place FROM ({places}) AS either
 ORDER BY place {order} LIMIT ?4"
    )
}

/// So many tickets of a lane are counted.
const COUNTED: u8 = 200;

impl Lane {
    /// How many tickets of a lane there are so far, and where they stand, in and out of sight.
    fn counted(&self, index: usize, queue: Queue) -> String {
        let Self {
            whose,
            tickets,
            column,
            ..
        } = self;
        let (key, condition) = (self.key(queue), queue.lane_condition("t"));
        format!(
            "SELECT {index} AS queue,
       (SELECT json_object('walked', count(*), 'near', json_group_array(
                 json_array(near.place, near.path)))
          FROM (SELECT {key} AS place, r.path FROM {tickets} CROSS JOIN realm AS r
                 WHERE t.tenant_id = ?1 AND {column} = whose.id AND {condition}
                   AND {key} < ?3 AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                 ORDER BY {key} DESC LIMIT {COUNTED}) AS near) AS found
  FROM ({whose}) AS whose"
        )
    }
}

/// How many tickets in sight the lanes of each queue have so far, and whether there may be more:
/// a JSON list of pairs.
pub(super) fn counts(queues: &[(Queue, Vec<Lane>)]) -> String {
    let queues = queues.iter().enumerate();
    let counted = queues.flat_map(|(index, (queue, lanes))| {
        let counted = move |lane: &Lane| lane.counted(index, *queue);
        lanes.iter().map(counted)
    });
    let found = in_groups(&counted.collect::<Vec<_>>(), "queue, found");
    format!(
        "SELECT json_group_array(json_array(tickets, is_more)) AS counts
  FROM (SELECT lane.queue, max(lane.found ->> 'walked') >= {COUNTED} AS is_more,
               count(DISTINCT near.value ->> 0) FILTER (
                 WHERE EXISTS (SELECT 1 FROM json_each(?2) AS span
                                WHERE near.value ->> 1 >= span.value ->> 0
                                  AND near.value ->> 1 < span.value ->> 1)) AS tickets
          FROM ({found}) AS lane LEFT JOIN json_each(lane.found, '$.near') AS near
         GROUP BY lane.queue ORDER BY lane.queue) AS counted"
    )
}

/// One compound SELECT of any number: D1 takes five terms in one, and as many groups of them.
fn in_groups(selects: &[String], columns: &str) -> String {
    let mut selects = selects.to_vec();
    while selects.len() > TERMS {
        let group =
            |of: &[String]| format!("SELECT {columns} FROM ({}) AS of", of.join("\nUNION ALL\n"));
        selects = selects.chunks(TERMS).map(group).collect();
    }
    selects.join("\nUNION ALL\n")
}
