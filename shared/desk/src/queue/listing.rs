//! One page of a queue, compiled to SQL. With [`super::plan`] and [`super::lanes`] the only place
//! that puts SQL together; the SQL audit reads every text it can give ([`Listing::all`]).

use tenancy::scope::Sql;
use tenancy::{Id, Timestamp};
use zone::Zone;

use super::criteria::{Kept, Queue, Way};
use super::period::{Calendar, Period};
use super::{QueueTicket, lanes, plan};

/// Where a ticket stands in the order of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(String);

impl From<Id> for Place {
    fn from(id: Id) -> Self {
        Self(id.as_str().to_owned())
    }
}

/// A moment is so many digits in a place.
const DIGITS: usize = 15;

impl Place {
    /// The place before all tickets that were closed at a moment or later.
    pub(super) fn closing_at(moment: Timestamp) -> Self {
        Self(format!("{:0DIGITS$}", moment.0.max(0)))
    }

    /// The place as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Queue {
    /// Where a ticket stands in this queue.
    pub fn place(self, ticket: &QueueTicket) -> Place {
        let id = &ticket.id;
        match (self, ticket.closed_at) {
            (Self::ClosedIn(_), Some(closed_at)) => {
                let Place(moment) = Place::closing_at(closed_at);
                Place(format!("{moment}{id}"))
            }
            _ => id.clone().into(),
        }
    }

    /// The place that a text names, if it can be one of this queue.
    pub fn place_named(self, text: &str) -> Option<Place> {
        let Self::ClosedIn(_) = self else {
            return Id::parse(text).map(Place::from);
        };
        let (moment, id) = text.split_at_checked(DIGITS)?;
        let is_place = moment.bytes().all(|byte| byte.is_ascii_digit()) && Id::parse(id).is_some();
        is_place.then(|| Place(text.to_owned()))
    }
}

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The newest tickets.
    First,
    /// The tickets that come after this one.
    OlderThan(Place),
    /// The tickets that come before this one.
    NewerThan(Place),
}

impl Turn {
    /// The place to read from in a list that begins with the newest.
    pub(crate) fn from(&self) -> &str {
        match self {
            Self::First => Toward::Older.start(),
            Self::OlderThan(place) | Self::NewerThan(place) => place.as_str(),
        }
    }
}

/// What a list begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The newest ticket.
    #[default]
    Newest,
    /// The oldest ticket.
    Oldest,
}

/// Which way a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toward {
    Older,
    Newer,
}

impl Toward {
    /// The place before all tickets.
    pub(super) fn start(self) -> &'static str {
        match self {
            Self::Older => "~",
            Self::Newer => "",
        }
    }

    pub(super) fn comparison(self) -> &'static str {
        match self {
            Self::Older => "<",
            Self::Newer => ">",
        }
    }

    pub(super) fn order(self) -> &'static str {
        match self {
            Self::Older => "DESC",
            Self::Newer => "ASC",
        }
    }
}

/// Who looks into a queue, and when: what "me" and "today" are.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The agent; programs work no tickets themselves.
    pub agent: Option<Id>,
    /// The day.
    pub calendar: Calendar,
}

impl Viewer {
    /// The places that a period lies between.
    pub(super) fn bounds(&self, period: Period) -> [Place; 2] {
        let (begins, ends) = self.calendar.span(period);
        [begins, ends].map(Place::closing_at)
    }

    /// A program, for which days are those of UTC.
    pub fn program(now: Timestamp) -> Self {
        Self {
            agent: None,
            calendar: Calendar {
                now,
                zone: Zone::UTC,
            },
        }
    }
}

/// One listing of a queue.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Which queue.
    pub queue: Queue,
    /// In which order; queues of closed tickets know the newest first only.
    pub sort: Sort,
    /// Which page.
    pub turn: Turn,
}

const COLUMNS: &str = "t.ticket_id, t.number, t.subject, t.priority, t.created_at, t.due_at,
       t.overdue_at, t.answered_at, t.closed_at, u.name AS requester, u.email AS requester_email,
       d.name AS department, r.name AS realm, a.name AS assignee, g.name AS team";

const JOINS: &str = "JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
  JOIN user AS u ON u.tenant_id = ?1 AND u.user_id = t.user_id
  JOIN department AS d ON d.tenant_id = ?1 AND d.department_id = t.department_id
  LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = t.agent_id
  LEFT JOIN team AS g ON g.tenant_id = ?1 AND g.team_id = t.team_id";

impl Sort {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Newest, Self::Oldest];

    /// The page behind a place.
    pub fn behind(self, place: Place) -> Turn {
        match self {
            Self::Newest => Turn::OlderThan(place),
            Self::Oldest => Turn::NewerThan(place),
        }
    }

    /// The name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
        }
    }
}

impl Queue {
    /// The orders it can be listed in, that of its own first. Realms do not keep their oldest
    /// closed tickets.
    pub fn sorts(self) -> &'static [Sort] {
        if self.is_closed() {
            &[Sort::Newest]
        } else {
            &Sort::ALL
        }
    }

    /// The order with this name, if it can be listed in it.
    pub fn sort_named(self, name: &str) -> Option<Sort> {
        let own = self.sorts().iter();
        own.copied().find(|sort| sort.name() == name)
    }
}

impl Listing {
    /// Every listing there is, for the audits.
    pub fn all() -> Vec<Self> {
        let id = Id::parse("018bcfe5-6800-7707-8707-070707070707").map(Place::from);
        let older = id.clone().map(Turn::OlderThan);
        let newer = id.map(Turn::NewerThan);
        let turns = older.into_iter().chain(newer).map(|it| (Sort::Newest, it));
        let ends = Sort::ALL.map(|sort| (sort, Turn::First));
        let all: Vec<(Sort, Turn)> = ends.into_iter().chain(turns).collect();
        let of_queue = |queue: Queue| {
            let listing = move |(sort, turn)| Self { queue, sort, turn };
            let mut all = all.clone();
            all.retain(|(sort, _)| queue.sorts().contains(sort));
            all.into_iter().map(listing)
        };
        Queue::ALL.into_iter().flat_map(of_queue).collect()
    }

    pub(super) fn toward(&self) -> Toward {
        match (self.sort, &self.turn) {
            (Sort::Newest, Turn::First) | (_, Turn::OlderThan(_)) => Toward::Older,
            (Sort::Oldest, Turn::First) | (_, Turn::NewerThan(_)) => Toward::Newer,
        }
    }

    /// The place to read from.
    pub(super) fn from(&self) -> &str {
        match &self.turn {
            Turn::First => self.toward().start(),
            Turn::OlderThan(place) | Turn::NewerThan(place) => place.as_str(),
        }
    }

    /// The place to read from within bounds: a cursor may be older than the day.
    pub(super) fn start_within<'p>(&'p self, [begins, ends]: &'p [Place; 2]) -> &'p str {
        match self.toward() {
            Toward::Older => self.from().min(ends.as_str()),
            Toward::Newer => self.from().max(begins.as_str()),
        }
    }

    /// The text for the statement.
    pub(super) fn sql(&self) -> Sql {
        Sql::compiled(self.text())
    }

    /// The SQL: `?1` the tenant, `?2` the sight, `?3` the place to read from, `?4` how many, then
    /// what the queue's condition takes.
    pub fn text(&self) -> String {
        self.framed(&self.page())
    }

    /// The statement around the places of a page.
    pub(super) fn framed(&self, page: &str) -> String {
        let order = self.toward().order();
        let (id, key, bounds) = match self.queue {
            Queue::ClosedIn(_) => (
                "substr(page.place, 16)",
                "closing",
                "\n   AND t.closing > ?5 AND t.closing < ?6",
            ),
            _ => ("page.place", "ticket_id", ""),
        };
        format!(
            "SELECT {COLUMNS}
  FROM ({page}) AS page
 CROSS JOIN ticket AS t
  {JOINS}
 WHERE t.tenant_id = ?1 AND t.ticket_id = {id}{bounds}
 ORDER BY t.{key} {order} LIMIT ?4"
        )
    }

    /// Realms know the tickets that a list begins with, unless it is over.
    fn page(&self) -> String {
        let toward = self.toward();
        let is_over = matches!(self.queue, Queue::ClosedIn(period) if !period.goes_on());
        match (self.queue.way(), &self.turn) {
            (Way::Kept(kept), Turn::First) if !is_over => plan::first(kept, toward),
            (Way::Kept(kept), turn) => plan::next(kept, toward, *turn == Turn::First),
            (Way::Of(of), turn) => lanes::page(of, self.queue, toward, *turn == Turn::First),
        }
    }
}

/// Reads when tickets were closed, the last one first, as the list of a period does.
pub(super) fn closings_sql() -> Sql {
    Sql::compiled(closings_text())
}

/// Its text, for the audits: `?5` is the place behind the last one.
pub fn closings_text() -> String {
    let page = plan::first(Kept::Closing, Toward::Older);
    format!("SELECT CAST(substr(page.place, 1, 15) AS INTEGER) AS closed_at FROM ({page}) AS page")
}
