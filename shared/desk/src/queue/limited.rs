//! The listings of agents who are limited to their duties (osTicket's DP-6): what is in their
//! departments, assigned to them or their teams while it is open, or referred to any of them, and
//! of that what is in sight.
//!
//! Each department, team and kind of referral is a lane of its own, of which as many tickets are
//! read as the page can hold. What is out of sight is passed on the way, so a lane costs what is in
//! sight where departments work what their people see, and never more than the lane.

use tenancy::duty::Duties;
use tenancy::principal::Agent;
use tenancy::scope::Sql;
use tenancy::{Query, Scope, Statement, Table, Timestamp};

use super::count::COUNTED;
use super::criteria::Queue;
use super::listing::{Listing, Place, Turn, Viewer};
use super::period::Period;
use super::store::{self, ticket_from_row};
use super::{Calendar, Counts, PAGE, QueueTicket};

/// The queues that are counted for those who are limited.
const TOLD: [Queue; 5] = [
    Queue::Open,
    Queue::Unanswered,
    Queue::Answered,
    Queue::Overdue,
    Queue::Closed,
];

/// What the periods lie in.
const CLOSED: Queue = Queue::ClosedIn(Period::Year);

const POSTS: &str = "SELECT post.value AS id FROM json_each(?7) AS post LIMIT -1";
const BANDS: &str = "SELECT band.value AS id FROM json_each(?8) AS band LIMIT -1";
const AGENT: &str = "SELECT ?9 AS id LIMIT -1";

/// Where the tickets of a lane are found: whose they are, and the table and the column that say so.
type Lane = (&'static str, &'static str, &'static str);

const ASSIGNED: [Lane; 2] = [
    (
        AGENT,
        "ticket AS t INDEXED BY ticket_of_agent",
        "t.agent_id",
    ),
    (BANDS, "ticket AS t INDEXED BY ticket_of_team", "t.team_id"),
];

const REFERRED: [Lane; 3] = [
    (
        AGENT,
        "referral AS f INDEXED BY referral_to_agent CROSS JOIN ticket AS t",
        "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND f.agent_id",
    ),
    (
        BANDS,
        "referral AS f INDEXED BY referral_to_team CROSS JOIN ticket AS t",
        "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND f.team_id",
    ),
    (
        POSTS,
        "referral AS f INDEXED BY referral_to_department CROSS JOIN ticket AS t",
        "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND f.department_id",
    ),
];

/// The lane of each department.
fn department(queue: Queue) -> Lane {
    let tickets = match queue {
        Queue::Overdue => "ticket AS t INDEXED BY ticket_overdue_of_department",
        Queue::ClosedIn(_) => "ticket AS t INDEXED BY ticket_closing_of_department",
        Queue::Open
        | Queue::Unanswered
        | Queue::Answered
        | Queue::Mine
        | Queue::AssignedToMe
        | Queue::AssignedToTeams
        | Queue::Closed => "ticket AS t INDEXED BY ticket_of_department",
    };
    (POSTS, tickets, "t.department_id")
}

/// The nearest tickets of each of those whose lane it is.
fn nearest(queue: Queue, turn: &Turn, (whose, tickets, column): &Lane) -> String {
    let (comparison, order) = (turn.comparison(), turn.order());
    let condition = queue.condition("t");
    let key = match queue {
        Queue::ClosedIn(_) => "t.closing",
        _ if tickets.starts_with("referral") => "f.ticket_id",
        _ => "t.ticket_id",
    };
    format!(
        "SELECT nearby.value AS place
    FROM ({whose}) AS whose CROSS JOIN json_each((
         SELECT json_group_array(nearest.place)
           FROM (SELECT {key} AS place
                   FROM {tickets} CROSS JOIN realm AS r
                  WHERE t.tenant_id = ?1 AND {column} = whose.id AND {condition}
                    AND {key} {comparison} ?3
                    AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                  ORDER BY {key} {order} LIMIT ?4) AS nearest)) AS nearby"
    )
}

/// The places of a page's tickets: `?3` where to read from, `?4` how many, `?5` and `?6` what the
/// queue's condition takes, `?7` the departments, `?8` the teams, `?9` the agent.
fn places(queue: Queue, turn: &Turn) -> String {
    let order = turn.order();
    let nearest = |lane: &Lane| nearest(queue, turn, lane);
    // What is assigned is theirs as long as it is open.
    let assigned: &[Lane] = if queue.is_closed() { &[] } else { &ASSIGNED };
    let own: Vec<String> = std::iter::once(&department(queue))
        .chain(assigned)
        .map(nearest)
        .collect();
    let referred: Vec<String> = REFERRED.iter().map(nearest).collect();
    format!(
        "SELECT near.place
  FROM ({}
   UNION
  SELECT referred.place
    FROM ({}) AS referred) AS near
 ORDER BY near.place {order} LIMIT ?4",
        own.join("\n   UNION\n  "),
        referred.join("\n   UNION\n  "),
    )
}

impl Listing {
    /// Every listing of those who are limited to their duties, for the audits. What they work
    /// themselves is listed to them as to others.
    pub fn all_limited() -> Vec<Self> {
        let mut all = Self::all();
        all.retain(|listing| !is_own(listing.queue));
        all
    }

    /// The SQL for those who are limited to their duties.
    pub fn limited_text(&self) -> String {
        self.framed(&places(self.queue, &self.turn))
    }
}

/// The SQL that counts up to `?4` tickets of each queue, for those who are limited.
pub fn limited_counts_text() -> String {
    let counted = |queue: Queue| {
        let (places, name) = (places(queue, &Turn::First), queue.name());
        format!("(SELECT count(*) FROM ({places}) AS counted) AS {name}")
    };
    format!("SELECT {}", TOLD.map(counted).join(",\n       "))
}

/// The SQL of when tickets were closed, for those who are limited.
pub fn limited_closings_text() -> String {
    let places = places(CLOSED, &Turn::First);
    format!(
        "SELECT CAST(substr(page.place, 1, 15) AS INTEGER) AS closed_at FROM ({places}) AS page"
    )
}

/// An agent who is limited to their duties.
struct Limited<'a> {
    agent: &'a Agent,
    duties: &'a Duties,
}

/// The values of a statement that its queue's condition takes.
type Bounds<'a> = [Option<&'a str>; 2];

impl<'a> Limited<'a> {
    fn of(agent: &'a Agent) -> Option<Self> {
        let duties = agent.duties().filter(|duties| duties.is_limited())?;
        Some(Self { agent, duties })
    }

    fn statement(
        &self,
        scope: &Scope,
        sql: String,
        (from, most): (&str, usize),
        [begins, ends]: Bounds<'_>,
    ) -> Statement {
        let posts = self.duties.posts().iter().map(|post| post.department);
        let bands = self.duties.bands().iter().map(|band| band.team);
        let json = |ids: Vec<i64>| serde_json::to_string(&ids).unwrap_or_default();
        scope
            .sighted(&self.agent.sight(Table::Ticket), Sql::compiled(sql))
            .bind(from)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .bind(begins)
            .bind(ends)
            .bind(json(posts.collect()))
            .bind(json(bands.collect()))
            .bind(&self.agent.id)
    }
}

/// Whether it lists nothing but what is assigned to the agent or their teams, and open.
fn is_own(queue: Queue) -> bool {
    match queue {
        Queue::Mine | Queue::AssignedToMe | Queue::AssignedToTeams => true,
        Queue::Open
        | Queue::Unanswered
        | Queue::Answered
        | Queue::Overdue
        | Queue::Closed
        | Queue::ClosedIn(_) => false,
    }
}

/// Reads one page of a queue and one ticket more, as far as an agent's sight and duties reach.
pub fn page_for(
    scope: &Scope,
    agent: &Agent,
    listing: &Listing,
    viewer: &Viewer,
) -> Query<QueueTicket> {
    let limited = Limited::of(agent).filter(|_| !is_own(listing.queue));
    let Some(limited) = limited else {
        return store::page(scope, &agent.sight(Table::Ticket), listing, viewer);
    };
    let (sql, turn) = (listing.limited_text(), &listing.turn);
    let statement = match listing.queue {
        Queue::ClosedIn(period) => {
            let bounds = viewer.bounds(period);
            let from = (turn.start_within(&bounds), PAGE + 1);
            let bounds = bounds.each_ref().map(|place| Some(place.as_str()));
            limited.statement(scope, sql, from, bounds)
        }
        Queue::Open
        | Queue::Unanswered
        | Queue::Answered
        | Queue::Overdue
        | Queue::Mine
        | Queue::AssignedToMe
        | Queue::AssignedToTeams
        | Queue::Closed => limited.statement(scope, sql, (turn.from(), PAGE + 1), [None, None]),
    };
    statement.rows(ticket_from_row)
}

/// How many tickets are open, answered, overdue and closed for an agent; for those who are limited
/// they are counted one by one, so far.
pub fn counts_for(scope: &Scope, agent: &Agent) -> Query<Counts> {
    let Some(limited) = Limited::of(agent) else {
        return store::counts(scope, &agent.sight(Table::Ticket));
    };
    let from = (Turn::First.from(), COUNTED + 1);
    limited
        .statement(scope, limited_counts_text(), from, [None, None])
        .rows(Counts::from_counted_row)
}

/// When the tickets of all periods were closed that an agent sees, as [`store::closings`] has it.
pub fn closings_for(scope: &Scope, agent: &Agent, calendar: &Calendar) -> Query<Timestamp> {
    let Some(limited) = Limited::of(agent) else {
        return store::closings(scope, &agent.sight(Table::Ticket), calendar);
    };
    let from = (Turn::First.from(), COUNTED + 1);
    let begins = Place::closing_at(calendar.earliest());
    let bounds = [Some(begins.as_str()), Some(Turn::First.from())];
    limited
        .statement(scope, limited_closings_text(), from, bounds)
        .rows(|row| row.get("closed_at"))
}
