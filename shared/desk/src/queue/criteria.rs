//! Which tickets a queue lists, compiled to SQL from closed enums. The only place that puts SQL
//! together; the SQL audit reads every text it can give ([`Listing::all`]).

use tenancy::Id;
use tenancy::scope::Sql;

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

    fn condition(self, ticket: &str) -> String {
        match self {
            Self::Open => format!("{ticket}.state = 'open'"),
            Self::Overdue => format!("{ticket}.state = 'open' AND {ticket}.overdue_at IS NOT NULL"),
            Self::Closed => format!("{ticket}.state = 'closed'"),
        }
    }

    /// The index that has the whole tenant's tickets of this queue in order.
    fn index(self) -> &'static str {
        match self {
            Self::Open | Self::Closed => "ticket_by_state",
            Self::Overdue => "ticket_overdue",
        }
    }

    /// The index that has one realm's.
    fn realm_index(self) -> &'static str {
        match self {
            Self::Open | Self::Closed => "ticket_by_realm",
            Self::Overdue => "ticket_overdue_by_realm",
        }
    }
}

/// How much of the tree a viewer sees, which decides how the newest tickets are found cheaply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// Few realms: gather each one's newest tickets, then take the newest of those.
    Narrow,
    /// Many realms: walk the tenant's tickets from the newest and skip what is out of sight.
    Wide,
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
    pub(super) fn from(&self) -> &str {
        match self {
            Self::First => "~",
            Self::OlderThan(id) | Self::NewerThan(id) => id.as_str(),
        }
    }

    fn comparison(&self) -> &'static str {
        match self {
            Self::First | Self::OlderThan(_) => "<",
            Self::NewerThan(_) => ">",
        }
    }

    fn order(&self) -> &'static str {
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
    /// How it is read.
    pub breadth: Breadth,
    /// Which page.
    pub turn: Turn,
}

const COLUMNS: &str = "t.ticket_id, t.number, t.subject, t.priority, t.created_at, t.due_at,
       t.overdue_at, t.closed_at, u.name AS requester, u.email AS requester_email,
       d.name AS department, r.name AS realm, a.name AS assignee";

const JOINS: &str = "JOIN user AS u ON u.tenant_id = ?1 AND u.user_id = t.user_id
  JOIN department AS d ON d.tenant_id = ?1 AND d.department_id = t.department_id
  LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = t.agent_id";

impl Listing {
    /// Every listing there is, for the audits.
    pub fn all() -> Vec<Self> {
        let id = || Id::parse("018bcfe5-6800-7707-8707-070707070707");
        let turns = || {
            id().map(Turn::OlderThan)
                .into_iter()
                .chain(id().map(Turn::NewerThan))
        };
        let breadths = [Breadth::Narrow, Breadth::Wide];
        let with_breadth = |queue| breadths.into_iter().map(move |breadth| (queue, breadth));
        Queue::ALL
            .into_iter()
            .flat_map(with_breadth)
            .flat_map(|(queue, breadth)| {
                turns().map(move |turn| Self {
                    queue,
                    breadth,
                    turn,
                })
            })
            .collect()
    }

    /// The text for the statement.
    pub(super) fn sql(&self) -> Sql {
        Sql::compiled(self.text())
    }

    /// The SQL: `?1` the tenant, `?2` the sight, `?3` the ticket to read from, `?4` how many.
    pub fn text(&self) -> String {
        match self.breadth {
            Breadth::Narrow => self.gather(),
            Breadth::Wide => self.walk(),
        }
    }

    fn gather(&self) -> String {
        let (comparison, order) = (self.turn.comparison(), self.turn.order());
        let condition = self.queue.condition("newest");
        let index = self.queue.realm_index();
        format!(
            "SELECT {COLUMNS}
  FROM json_each(?2) AS span
 CROSS JOIN realm AS r
 CROSS JOIN ticket AS t
  {JOINS}
 WHERE r.tenant_id = ?1 AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
   AND t.tenant_id = ?1
   AND t.ticket_id IN (SELECT newest.ticket_id FROM ticket AS newest INDEXED BY {index}
                        WHERE newest.tenant_id = ?1 AND newest.realm_id = r.realm_id
                          AND {condition} AND newest.ticket_id {comparison} ?3
                        ORDER BY newest.ticket_id {order} LIMIT ?4)
 ORDER BY t.ticket_id {order} LIMIT ?4"
        )
    }

    fn walk(&self) -> String {
        let (comparison, order) = (self.turn.comparison(), self.turn.order());
        let (condition, index) = (self.queue.condition("t"), self.queue.index());
        format!(
            "SELECT {COLUMNS}
  FROM ticket AS t INDEXED BY {index}
 CROSS JOIN realm AS r
  {JOINS}
 WHERE t.tenant_id = ?1 AND {condition} AND t.ticket_id {comparison} ?3
   AND r.tenant_id = ?1 AND r.realm_id = t.realm_id
   AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
 ORDER BY t.ticket_id {order} LIMIT ?4"
        )
    }
}
