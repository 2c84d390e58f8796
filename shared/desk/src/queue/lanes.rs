//! How a page of what somebody works is found, as SQL.
//!
//! An agent's tickets, and those of each of their teams, are a lane: one range of an index. Each
//! lane is walked from the newest ticket on, past those out of sight. Realms do not keep the
//! newest ticket of everybody who works for them; so where much of a long lane is out of sight,
//! the realms in sight are gathered, and the lane's nearest ticket is looked up in each.

use super::criteria::Worker;
use super::listing::Turn;
use super::plan::{Ends, SIGHT};

/// So many tickets of a lane are walked before realms are gathered.
const TRIED: u8 = 250;

/// The places of a page of what any of these work: `?3` where to read from, `?4` how many, `?5`
/// the agent.
pub(super) fn page(workers: &[Worker], turn: &Turn) -> String {
    let order = turn.order();
    let lists = workers.iter().map(|who| {
        let list = of(*who, turn);
        format!("SELECT place FROM ({list}) AS of_{}", who.column())
    });
    let lists = lists.collect::<Vec<_>>().join("\nUNION\n");
    format!("SELECT place FROM ({lists}) AS lists\n ORDER BY place {order} LIMIT ?4")
}

fn of(who: Worker, turn: &Turn) -> String {
    let (comparison, order) = (turn.comparison(), turn.order());
    let (column, index, wanted) = (who.column(), who.index(), who.wanted());
    let (gathered, near) = (gathered(who, turn), near(who, turn));
    let Ends { behind, before, .. } = Ends::unbounded(turn);
    format!(
        "{SIGHT},
lanes AS (
  SELECT wanted.id, coalesce(
         (SELECT t.ticket_id FROM ticket AS t INDEXED BY {index}
           WHERE t.tenant_id = ?1 AND t.{column} = wanted.id AND t.state = 'open'
             AND t.ticket_id {comparison} ?3
           ORDER BY t.ticket_id {order} LIMIT 1 OFFSET {TRIED}), {behind}) AS last
    FROM ({wanted}) AS wanted LIMIT -1),
walked AS (
  SELECT lanes.id, nearby.value AS place
    FROM lanes CROSS JOIN json_each((
         SELECT json_group_array(newest.ticket_id)
           FROM (SELECT t.ticket_id FROM ticket AS t INDEXED BY {index} CROSS JOIN realm AS r
                  WHERE t.tenant_id = ?1 AND t.{column} = lanes.id AND t.state = 'open'
                    AND t.ticket_id {comparison} ?3 AND t.ticket_id {before} lanes.last
                    AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                    AND EXISTS (SELECT 1 FROM sight
                                 WHERE r.path >= sight.start AND r.path < sight.stop)
                  ORDER BY t.ticket_id {order} LIMIT ?4) AS newest)) AS nearby LIMIT -1),
{gathered},
{near}
SELECT place
  FROM (SELECT place FROM near UNION SELECT place FROM walked) AS either
 ORDER BY place {order} LIMIT ?4"
    )
}

/// The realms in sight with the nearest tickets of lanes that were not walked to their end.
fn gathered(who: Worker, turn: &Turn) -> String {
    let (comparison, order) = (turn.comparison(), turn.order());
    let (column, index) = (who.column(), who.realm_index());
    let Ends {
        behind,
        nearest,
        no_last,
        ..
    } = Ends::unbounded(turn);
    let has_any = match turn {
        Turn::First | Turn::OlderThan(_) => "r.newest_open IS NOT NULL",
        Turn::NewerThan(_) => "r.newest_open > ?3",
    };
    format!(
        "gathered AS (
  SELECT lanes.id, r.realm_id,
         (SELECT {nearest}(n.ticket_id) FROM ticket AS n INDEXED BY {index}
           WHERE n.tenant_id = ?1 AND n.{column} = lanes.id AND n.realm_id = r.realm_id
             AND n.state = 'open' AND n.ticket_id {comparison} ?3) AS nearest
    FROM lanes CROSS JOIN sight CROSS JOIN realm AS r INDEXED BY realm_by_path
   WHERE lanes.last <> {behind}
     AND (SELECT count(*) FROM walked WHERE walked.id = lanes.id) < ?4
     AND r.tenant_id = ?1 AND r.path >= sight.start AND r.path < sight.stop AND {has_any}
   ORDER BY {no_last}nearest {order} LIMIT ?4)"
    )
}

/// Their tickets that can be on the page. That none is behind the nearest one of the last realm is
/// not made use of, as it is where realms keep their newest: the statement would grow too deep.
fn near(who: Worker, turn: &Turn) -> String {
    let (comparison, order) = (turn.comparison(), turn.order());
    let (column, index) = (who.column(), who.realm_index());
    format!(
        "near AS (
  SELECT nearby.value AS place
    FROM gathered CROSS JOIN json_each((
         SELECT json_group_array(newest.ticket_id)
           FROM (SELECT n.ticket_id FROM ticket AS n INDEXED BY {index}
                  WHERE n.tenant_id = ?1 AND n.{column} = gathered.id
                    AND n.realm_id = gathered.realm_id AND n.state = 'open'
                    AND n.ticket_id {comparison} ?3
                  ORDER BY n.ticket_id {order} LIMIT ?4) AS newest)) AS nearby)"
    )
}
