//! The listings of agents who are limited to their duties (osTicket's DP-6): what is in their
//! departments, assigned to them or their teams while it is open, or referred to any of them, and
//! of that what is in sight.
//!
//! Each department, team and kind of referral is a lane of its own, of which as many tickets are
//! read as the page can hold. What is out of sight is passed on the way, so a lane costs what is in
//! sight where departments work what their people see, and never more than the lane.
//!
//! With [`super::criteria`] and [`super::plan`] the only place that puts SQL together.

use tenancy::duty::{Band, Duties, Post};
use tenancy::principal::Agent;
use tenancy::scope::Sql;
use tenancy::{Query, Scope, Table};

use super::criteria::{COLUMNS, JOINS, Listing, Queue, Turn};
use super::store::{self, ticket_from_row};
use super::{Counts, PAGE, QueueTicket};

/// So many tickets of a queue are counted one by one, and one more to tell that there are more.
pub const COUNTED: i64 = 99;

/// Where the tickets of a lane are found.
struct Lane {
    /// Whose they are: a table of one column.
    whose: &'static str,
    /// Where they stand, as `t`, and by which column they are theirs.
    tickets: &'static str,
    column: &'static str,
}

const POSTS: &str = "SELECT post.value AS id FROM json_each(?7) AS post LIMIT -1";
const BANDS: &str = "SELECT band.value AS id FROM json_each(?8) AS band LIMIT -1";
const AGENT: &str = "SELECT ?9 AS id LIMIT -1";

const DEPARTMENT: Lane = Lane {
    whose: POSTS,
    tickets: "ticket AS t INDEXED BY ticket_of_department",
    column: "t.department_id",
};

const DEPARTMENT_OVERDUE: Lane = Lane {
    tickets: "ticket AS t INDEXED BY ticket_overdue_of_department",
    ..DEPARTMENT
};

const ASSIGNED: [Lane; 2] = [
    Lane {
        whose: AGENT,
        tickets: "ticket AS t INDEXED BY ticket_of_agent",
        column: "t.agent_id",
    },
    Lane {
        whose: BANDS,
        tickets: "ticket AS t INDEXED BY ticket_of_team",
        column: "t.team_id",
    },
];

const REFERRED: [Lane; 3] = [
    Lane {
        whose: AGENT,
        tickets: "referral AS f INDEXED BY referral_to_agent",
        column: "f.agent_id",
    },
    Lane {
        whose: BANDS,
        tickets: "referral AS f INDEXED BY referral_to_team",
        column: "f.team_id",
    },
    Lane {
        whose: POSTS,
        tickets: "referral AS f INDEXED BY referral_to_department",
        column: "f.department_id",
    },
];

impl Lane {
    /// The nearest tickets of each of those whose lane it is.
    fn nearest(&self, queue: Queue, turn: &Turn) -> String {
        let Self {
            whose,
            tickets,
            column,
        } = self;
        let (comparison, order) = (turn.comparison(), turn.order());
        let condition = queue.condition("t");
        let (keyed, joined) = if tickets.starts_with("referral") {
            let joined = "
                 CROSS JOIN ticket AS t";
            ("f", joined)
        } else {
            ("t", "")
        };
        let follows = match keyed {
            "f" => "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND ",
            _ => "",
        };
        format!(
            "SELECT nearby.value AS ticket_id
    FROM ({whose}) AS whose CROSS JOIN json_each((
         SELECT json_group_array(nearest.ticket_id)
           FROM (SELECT t.ticket_id
                   FROM {tickets}{joined}
                  CROSS JOIN realm AS r
                  WHERE {follows}t.tenant_id = ?1 AND {column} = whose.id AND {condition}
                    AND {keyed}.ticket_id {comparison} ?3
                    AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                  ORDER BY {keyed}.ticket_id {order} LIMIT ?4) AS nearest)) AS nearby"
        )
    }
}

/// The ids of a page's tickets: `?1` the tenant, `?2` the sight, `?3` the place to read from, `?4`
/// how many, `?5` and `?6` what the queue's condition takes, `?7` the departments, `?8` the teams,
/// `?9` the agent.
fn ids(queue: Queue, turn: &Turn) -> String {
    let order = turn.order();
    let nearest = |lane: &Lane| lane.nearest(queue, turn);
    let department = match queue {
        Queue::Overdue => DEPARTMENT_OVERDUE,
        Queue::Open | Queue::Closed => DEPARTMENT,
    };
    // What is assigned is theirs as long as it is open.
    let assigned: &[Lane] = match queue {
        Queue::Open | Queue::Overdue => &ASSIGNED,
        Queue::Closed => &[],
    };
    let own: Vec<String> = std::iter::once(&department)
        .chain(assigned)
        .map(nearest)
        .collect();
    let referred: Vec<String> = REFERRED.iter().map(nearest).collect();
    format!(
        "SELECT near.ticket_id
  FROM ({}
   UNION
  SELECT referred.ticket_id
    FROM ({}) AS referred) AS near
 ORDER BY near.ticket_id {order} LIMIT ?4",
        own.join("\n   UNION\n  "),
        referred.join("\n   UNION\n  "),
    )
}

impl Listing {
    /// The SQL for those who are limited to their duties.
    pub fn limited_text(&self) -> String {
        let (order, page) = (self.turn.order(), ids(self.queue, &self.turn));
        format!(
            "SELECT {COLUMNS}
  FROM ({page}) AS page
 CROSS JOIN ticket AS t
  {JOINS}
 WHERE t.tenant_id = ?1 AND t.ticket_id = page.ticket_id
 ORDER BY t.ticket_id {order} LIMIT ?4"
        )
    }
}

/// The SQL that counts a queue up to `?4` tickets, for those who are limited to their duties.
pub fn limited_counts_text() -> String {
    let counted = |queue| {
        let ids = ids(queue, &Turn::First);
        let name = queue.slug();
        format!("(SELECT count(*) FROM ({ids}) AS counted) AS {name}")
    };
    let all: Vec<String> = Queue::ALL.into_iter().map(counted).collect();
    format!("SELECT {}", all.join(",\n       "))
}

/// What an agent's duties are, as the statements take them.
struct Bound<'a> {
    agent: &'a Agent,
    posts: String,
    bands: String,
}

impl<'a> Bound<'a> {
    fn of(agent: &'a Agent, duties: &Duties) -> Self {
        let posts: Vec<i64> = duties
            .posts()
            .iter()
            .map(|post: &Post| post.department)
            .collect();
        let bands: Vec<i64> = duties.bands().iter().map(|band: &Band| band.team).collect();
        let json = |ids: &[i64]| serde_json::to_string(ids).unwrap_or_default();
        Self {
            agent,
            posts: json(&posts),
            bands: json(&bands),
        }
    }

    fn statement(self, scope: &Scope, sql: String, from: &str, most: i64) -> tenancy::Statement {
        scope
            .sighted(&self.agent.sight(Table::Ticket), Sql::compiled(sql))
            .bind(from)
            .bind(most)
            .bind(None::<i64>)
            .bind(None::<i64>)
            .bind(self.posts)
            .bind(self.bands)
            .bind(&self.agent.id)
    }
}

/// The duties of an agent who is limited to them.
fn limiting(agent: &Agent) -> Option<&Duties> {
    agent.duties().filter(|duties| duties.is_limited())
}

/// Reads one page of a queue and one ticket more, as far as an agent's sight and duties reach.
pub fn page_for(scope: &Scope, agent: &Agent, listing: &Listing) -> Query<QueueTicket> {
    let Some(duties) = limiting(agent) else {
        return store::page(scope, &agent.sight(Table::Ticket), listing);
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    Bound::of(agent, duties)
        .statement(scope, listing.limited_text(), listing.turn.from(), most)
        .rows(ticket_from_row)
}

/// How many tickets each queue holds for an agent; of one who is limited, at most one more than
/// [`COUNTED`].
pub fn counts_for(scope: &Scope, agent: &Agent) -> Query<Counts> {
    let Some(duties) = limiting(agent) else {
        return store::counts(scope, &agent.sight(Table::Ticket));
    };
    Bound::of(agent, duties)
        .statement(
            scope,
            limited_counts_text(),
            Turn::First.from(),
            COUNTED + 1,
        )
        .rows(Counts::from_row)
}
