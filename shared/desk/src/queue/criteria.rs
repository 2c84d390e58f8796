//! Which tickets a queue lists, compiled to SQL from closed enums. With [`super::plan`] the only
//! place that puts SQL together; the SQL audit reads every text it can give ([`Listing::all`]).

use tenancy::Id;
use tenancy::scope::Sql;

use super::plan;

/// A queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Open tickets.
    Open,
    /// Open tickets past their due time.
    Overdue,
    /// Closed tickets.
    Closed,
}

impl Queue {
    /// All queues, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Open, Self::Overdue, Self::Closed];

    /// The name in URLs and counters.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Closed => "closed",
        }
    }

    /// The queue with this name.
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.slug() == slug)
    }

    pub(super) fn condition(self, ticket: &str) -> String {
        match self {
            Self::Open => format!("{ticket}.state = 'open'"),
            Self::Overdue => format!("{ticket}.state = 'open' AND {ticket}.overdue_at IS NOT NULL"),
            Self::Closed => format!("{ticket}.state = 'closed'"),
        }
    }

    /// The index that has the whole tenant's tickets of this queue in order.
    pub(super) fn index(self) -> &'static str {
        match self {
            Self::Open | Self::Closed => "ticket_by_state",
            Self::Overdue => "ticket_overdue",
        }
    }

    /// The index that has one realm's.
    pub(super) fn realm_index(self) -> &'static str {
        match self {
            Self::Open | Self::Closed => "ticket_by_realm",
            Self::Overdue => "ticket_overdue_by_realm",
        }
    }

    /// The column that has a realm's newest ticket of this queue.
    pub(super) fn newest(self) -> &'static str {
        match self {
            Self::Open => "newest_open",
            Self::Overdue => "newest_overdue",
            Self::Closed => "newest_closed",
        }
    }

    /// The index that has the realms by it.
    pub(super) fn newest_index(self) -> &'static str {
        match self {
            Self::Open => "realm_by_newest_open",
            Self::Overdue => "realm_by_newest_overdue",
            Self::Closed => "realm_by_newest_closed",
        }
    }
}

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The newest tickets.
    First,
    /// The tickets that come after this one.
    OlderThan(Id),
    /// The tickets that come before this one.
    NewerThan(Id),
}

impl Turn {
    /// The ticket id to read from; after all ids for the first page.
    pub(crate) fn from(&self) -> &str {
        match self {
            Self::First => "~",
            Self::OlderThan(id) | Self::NewerThan(id) => id.as_str(),
        }
    }

    pub(super) fn comparison(&self) -> &'static str {
        match self {
            Self::First | Self::OlderThan(_) => "<",
            Self::NewerThan(_) => ">",
        }
    }

    pub(super) fn order(&self) -> &'static str {
        match self {
            Self::First | Self::OlderThan(_) => "DESC",
            Self::NewerThan(_) => "ASC",
        }
    }
}

/// One listing of a queue.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Which queue.
    pub queue: Queue,
    /// Which page.
    pub turn: Turn,
}

pub(super) const COLUMNS: &str =
    "t.ticket_id, t.number, t.subject, t.priority, t.created_at, t.due_at,
       t.overdue_at, t.closed_at, u.name AS requester, u.email AS requester_email,
       d.name AS department, r.name AS realm, a.name AS assignee";

pub(super) const JOINS: &str = "JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
  JOIN user AS u ON u.tenant_id = ?1 AND u.user_id = t.user_id
  JOIN department AS d ON d.tenant_id = ?1 AND d.department_id = t.department_id
  LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = t.agent_id";

impl Listing {
    /// Every listing there is, for the audits.
    pub fn all() -> Vec<Self> {
        let id = Id::parse("018bcfe5-6800-7707-8707-070707070707");
        let older = id.clone().map(Turn::OlderThan);
        let turns = older.into_iter().chain(id.map(Turn::NewerThan));
        let turns: Vec<Turn> = std::iter::once(Turn::First).chain(turns).collect();
        let of_queue = |queue| {
            let listing = move |turn| Self { queue, turn };
            turns.clone().into_iter().map(listing)
        };
        Queue::ALL.into_iter().flat_map(of_queue).collect()
    }

    /// The text for the statement.
    pub(super) fn sql(&self) -> Sql {
        Sql::compiled(self.text())
    }

    /// The SQL: `?1` the tenant, `?2` the sight, `?3` the ticket to read from, `?4` how many.
    pub fn text(&self) -> String {
        let order = self.turn.order();
        let page = match self.turn {
            Turn::First => plan::first(self.queue),
            Turn::OlderThan(_) | Turn::NewerThan(_) => plan::next(self.queue, &self.turn),
        };
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
