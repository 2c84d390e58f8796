//! The listings of agents who are limited to their duties (osTicket's DP-6): what is in their
//! departments, assigned to them or their teams while it is open, or referred to any of them, and
//! of that what is in sight.
//!
//! Each department, team and kind of referral is a lane of its own, of which as many tickets are
//! read as the page can hold.

use tenancy::duty::Duties;
use tenancy::principal::Agent;
use tenancy::scope::Sql;
use tenancy::{Query, Scope, Statement, Table, Timestamp};

use super::count::COUNTED;
use super::criteria::Queue;
use super::lanes::{self, Lane};
use super::listing::{Listing, Place, Toward, Viewer};
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

const ASSIGNED: [Lane; 2] = [
    Lane {
        whose: AGENT,
        ..Lane::OF_AGENTS
    },
    Lane {
        whose: BANDS,
        ..Lane::OF_TEAMS
    },
];

/// A lane of what was referred to somebody.
const fn referred(whose: &'static str, tickets: &'static str, column: &'static str) -> Lane {
    Lane {
        whose,
        tickets,
        sorted: "f",
        column,
        by_realm: None,
        rest: None,
    }
}

const REFERRED: [Lane; 3] = [
    referred(
        AGENT,
        "referral AS f INDEXED BY referral_to_agent CROSS JOIN ticket AS t",
        "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND f.agent_id",
    ),
    referred(
        BANDS,
        "referral AS f INDEXED BY referral_to_team CROSS JOIN ticket AS t",
        "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND f.team_id",
    ),
    referred(
        POSTS,
        "referral AS f INDEXED BY referral_to_department CROSS JOIN ticket AS t",
        "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND f.department_id",
    ),
];

/// The lane of each department.
fn department(queue: Queue) -> Lane {
    let (tickets, by_realm) = match queue {
        Queue::Overdue => (
            "ticket AS t INDEXED BY ticket_overdue_of_department",
            "ticket AS n INDEXED BY ticket_overdue_by_realm",
        ),
        Queue::ClosedIn(_) => (
            "ticket AS t INDEXED BY ticket_closing_of_department",
            "ticket AS n INDEXED BY ticket_closing_by_realm",
        ),
        Queue::Open
        | Queue::Unanswered
        | Queue::Answered
        | Queue::Mine
        | Queue::AssignedToMe
        | Queue::AssignedToTeams
        | Queue::Closed => (
            "ticket AS t INDEXED BY ticket_of_department",
            "ticket AS n INDEXED BY ticket_of_department_by_realm",
        ),
    };
    Lane {
        whose: POSTS,
        tickets,
        sorted: "t",
        column: "t.department_id",
        by_realm: Some(by_realm),
        rest: None,
    }
}

/// Where the tickets of a queue are. What is assigned is theirs as long as it is open.
fn lanes_of(queue: Queue) -> Vec<Lane> {
    let assigned: &[Lane] = if queue.is_closed() { &[] } else { &ASSIGNED };
    let own = std::iter::once(department(queue)).chain(assigned.iter().copied());
    own.chain(REFERRED).collect()
}

/// The places of a page's tickets: `?3` where to read from, `?4` how many, `?5` and `?6` what the
/// queue's condition takes, `?7` the departments, `?8` the teams, `?9` the agent.
fn places(queue: Queue, toward: Toward) -> String {
    lanes::page(&lanes_of(queue), queue, toward, false)
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
        self.framed(&places(self.queue, self.toward()))
    }
}

/// The SQL that counts some tickets of each queue, for those who are limited.
pub fn limited_counts_text() -> String {
    lanes::counts(&TOLD.map(|queue| (queue, lanes_of(queue))))
}

/// The SQL of when tickets were closed, for those who are limited.
pub fn limited_closings_text() -> String {
    let places = places(CLOSED, Toward::Older);
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
    let sql = listing.limited_text();
    let statement = match listing.queue {
        Queue::ClosedIn(period) => {
            let bounds = viewer.bounds(period);
            let from = (listing.start_within(&bounds), PAGE + 1);
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
        | Queue::Closed => limited.statement(scope, sql, (listing.from(), PAGE + 1), [None, None]),
    };
    statement.rows(ticket_from_row)
}

/// How many tickets are open, answered, overdue and closed for an agent; for those who are limited
/// they are counted one by one, so far.
pub fn counts_for(scope: &Scope, agent: &Agent) -> Query<Counts> {
    let Some(limited) = Limited::of(agent) else {
        return store::counts(scope, &agent.sight(Table::Ticket));
    };
    let from = (Toward::Older.start(), COUNTED + 1);
    limited
        .statement(scope, limited_counts_text(), from, [None, None])
        .rows(Counts::from_counted_row)
}

/// When the tickets of all periods were closed that an agent sees, as [`store::closings`] has it.
pub fn closings_for(scope: &Scope, agent: &Agent, calendar: &Calendar) -> Query<Timestamp> {
    let Some(limited) = Limited::of(agent) else {
        return store::closings(scope, &agent.sight(Table::Ticket), calendar);
    };
    let from = (Toward::Older.start(), COUNTED + 1);
    let begins = Place::closing_at(calendar.earliest());
    let bounds = [Some(begins.as_str()), Some(Toward::Older.start())];
    limited
        .statement(scope, limited_closings_text(), from, bounds)
        .rows(|row| row.get("closed_at"))
}
