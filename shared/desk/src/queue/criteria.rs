//! Which tickets a queue lists, compiled to SQL from closed enums.

use super::lanes::Lane;
use super::listing::Toward;
use super::period::Period;

/// What a queue lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Open tickets.
    Open,
    /// Open tickets whose user had the last word.
    Unanswered,
    /// Open tickets in which an agent had the last word.
    Answered,
    /// Open tickets past their due time.
    Overdue,
    /// Open tickets that the agent who looks works, or a team of theirs.
    Mine,
    /// Open tickets that the agent who looks works.
    AssignedToMe,
    /// Open tickets of the teams of the agent who looks.
    AssignedToTeams,
    /// Closed tickets.
    Closed,
    /// Tickets closed in a period, the one closed last first.
    ClosedIn(Period),
}

/// A list of which each realm keeps its newest ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Open,
    Unanswered,
    Answered,
    Overdue,
    Closed,
    /// Closed tickets in the order in which they were closed, within bounds.
    Closing,
}

/// How the tickets of a queue are found.
pub(super) enum Way {
    Kept(Kept),
    Of(&'static [Lane]),
}

const TEAMS: &str = "SELECT m.team_id AS id FROM team_member AS m
                      WHERE m.tenant_id = ?1 AND m.agent_id = ?5";

/// The open tickets that the agent `?5` works.
const OWN: Lane = Lane {
    whose: "SELECT ?5 AS id LIMIT -1",
    ..Lane::OF_AGENTS
};

/// The open tickets of their teams.
const OF_TEAMS: Lane = Lane {
    whose: TEAMS,
    rest: Some("?6"),
    ..Lane::OF_TEAMS
};

impl Queue {
    /// All queues, in the order of osTicket's installer.
    pub const ALL: [Self; 14] = [
        Self::Open,
        Self::Unanswered,
        Self::Answered,
        Self::Overdue,
        Self::Mine,
        Self::AssignedToMe,
        Self::AssignedToTeams,
        Self::Closed,
        Self::ClosedIn(Period::Today),
        Self::ClosedIn(Period::Yesterday),
        Self::ClosedIn(Period::Week),
        Self::ClosedIn(Period::Month),
        Self::ClosedIn(Period::Quarter),
        Self::ClosedIn(Period::Year),
    ];

    /// The name in the database and in the REST API; also the address of the queue that every
    /// tenant starts with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unanswered => "unanswered",
            Self::Answered => "answered",
            Self::Overdue => "overdue",
            Self::Mine => "mine",
            Self::AssignedToMe => "assigned-to-me",
            Self::AssignedToTeams => "assigned-to-teams",
            Self::Closed => "closed",
            Self::ClosedIn(period) => period.name(),
        }
    }

    /// The queue with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }

    /// Whether it lists closed tickets.
    pub fn is_closed(self) -> bool {
        match self {
            Self::Closed | Self::ClosedIn(_) => true,
            Self::Open
            | Self::Unanswered
            | Self::Answered
            | Self::Overdue
            | Self::Mine
            | Self::AssignedToMe
            | Self::AssignedToTeams => false,
        }
    }

    /// Whether what it lists is the same whoever looks, and whenever.
    pub fn is_impersonal(self) -> bool {
        match self {
            Self::Open | Self::Unanswered | Self::Answered | Self::Overdue | Self::Closed => true,
            Self::Mine | Self::AssignedToMe | Self::AssignedToTeams | Self::ClosedIn(_) => false,
        }
    }

    /// The condition for a ticket of this alias to be listed. `?1` is the tenant; where somebody
    /// looks, `?5` is the agent; of a period, `?5` and `?6` are the places it lies between.
    pub fn condition(self, ticket: &str) -> String {
        let is_open = format!("{ticket}.state = 'open'");
        match self {
            Self::Open => Kept::Open.condition(ticket),
            Self::Unanswered => Kept::Unanswered.condition(ticket),
            Self::Answered => Kept::Answered.condition(ticket),
            Self::Overdue => Kept::Overdue.condition(ticket),
            Self::Closed => Kept::Closed.condition(ticket),
            Self::Mine => {
                format!("{is_open} AND ({ticket}.agent_id = ?5 OR {ticket}.team_id IN ({TEAMS}))")
            }
            Self::AssignedToMe => format!("{is_open} AND {ticket}.agent_id = ?5"),
            Self::AssignedToTeams => format!("{is_open} AND {ticket}.team_id IN ({TEAMS})"),
            Self::ClosedIn(_) => format!(
                "{} AND {ticket}.closing > ?5 AND {ticket}.closing < ?6",
                Kept::Closing.condition(ticket)
            ),
        }
    }

    /// The condition for a ticket of this alias to be listed, where its lane says whose it is.
    pub(super) fn lane_condition(self, ticket: &str) -> String {
        match self {
            Self::Mine | Self::AssignedToMe | Self::AssignedToTeams => Kept::Open.condition(ticket),
            Self::Open
            | Self::Unanswered
            | Self::Answered
            | Self::Overdue
            | Self::Closed
            | Self::ClosedIn(_) => self.condition(ticket),
        }
    }

    /// What realms keep of the tickets that a lane can have in it.
    pub(super) fn lane_kept(self) -> Kept {
        match self.way() {
            Way::Kept(kept) => kept,
            Way::Of(_) => Kept::Open,
        }
    }

    pub(super) fn way(self) -> Way {
        match self {
            Self::Open => Way::Kept(Kept::Open),
            Self::Unanswered => Way::Kept(Kept::Unanswered),
            Self::Answered => Way::Kept(Kept::Answered),
            Self::Overdue => Way::Kept(Kept::Overdue),
            Self::Closed => Way::Kept(Kept::Closed),
            Self::ClosedIn(_) => Way::Kept(Kept::Closing),
            Self::Mine => Way::Of(&[OWN, OF_TEAMS]),
            Self::AssignedToMe => Way::Of(&[OWN]),
            Self::AssignedToTeams => Way::Of(&[OF_TEAMS]),
        }
    }
}

impl Kept {
    /// The condition as the indexes have it.
    pub(super) fn condition(self, ticket: &str) -> String {
        match self {
            Self::Open => format!("{ticket}.state = 'open'"),
            Self::Unanswered => format!("{ticket}.state = 'open' AND {ticket}.answered_at IS NULL"),
            Self::Answered => {
                format!("{ticket}.state = 'open' AND {ticket}.answered_at IS NOT NULL")
            }
            Self::Overdue => format!("{ticket}.state = 'open' AND {ticket}.overdue_at IS NOT NULL"),
            Self::Closed | Self::Closing => format!("{ticket}.state = 'closed'"),
        }
    }

    /// The column that puts its tickets into their order.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Closing => "closing",
            Self::Open | Self::Unanswered | Self::Answered | Self::Overdue | Self::Closed => {
                "ticket_id"
            }
        }
    }

    /// The index that has the whole tenant's tickets in order.
    pub(super) fn index(self) -> &'static str {
        match self {
            Self::Open | Self::Closed => "ticket_by_state",
            Self::Unanswered => "ticket_unanswered",
            Self::Answered => "ticket_answered",
            Self::Overdue => "ticket_overdue",
            Self::Closing => "ticket_closing",
        }
    }

    /// The index that has one realm's.
    pub(super) fn realm_index(self) -> &'static str {
        match self {
            Self::Open | Self::Closed => "ticket_by_realm",
            Self::Unanswered => "ticket_unanswered_by_realm",
            Self::Answered => "ticket_answered_by_realm",
            Self::Overdue => "ticket_overdue_by_realm",
            Self::Closing => "ticket_closing_by_realm",
        }
    }

    /// The column that has the ticket of a realm that a list begins with.
    pub(super) fn end(self, toward: Toward) -> &'static str {
        match (self, toward) {
            (Self::Open, Toward::Older) => "newest_open",
            (Self::Open, Toward::Newer) => "oldest_open",
            (Self::Unanswered, Toward::Older) => "newest_unanswered",
            (Self::Unanswered, Toward::Newer) => "oldest_unanswered",
            (Self::Answered, Toward::Older) => "newest_answered",
            (Self::Answered, Toward::Newer) => "oldest_answered",
            (Self::Overdue, Toward::Older) => "newest_overdue",
            (Self::Overdue, Toward::Newer) => "oldest_overdue",
            (Self::Closed, _) => "newest_closed",
            (Self::Closing, _) => "newest_closing",
        }
    }

    /// The index that has the realms by it.
    pub(super) fn end_index(self, toward: Toward) -> &'static str {
        match (self, toward) {
            (Self::Open, Toward::Older) => "realm_by_newest_open",
            (Self::Open, Toward::Newer) => "realm_by_oldest_open",
            (Self::Unanswered, Toward::Older) => "realm_by_newest_unanswered",
            (Self::Unanswered, Toward::Newer) => "realm_by_oldest_unanswered",
            (Self::Answered, Toward::Older) => "realm_by_newest_answered",
            (Self::Answered, Toward::Newer) => "realm_by_oldest_answered",
            (Self::Overdue, Toward::Older) => "realm_by_newest_overdue",
            (Self::Overdue, Toward::Newer) => "realm_by_oldest_overdue",
            (Self::Closed, _) => "realm_by_newest_closed",
            (Self::Closing, _) => "realm_by_newest_closing",
        }
    }
}
