//! Which tickets a queue lists, compiled to SQL from closed enums.

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

/// Who works a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worker {
    Agent,
    Team,
}

/// How the tickets of a queue are found.
pub(super) enum Way {
    Kept(Kept),
    Of(&'static [Worker]),
}

const TEAMS: &str = "SELECT m.team_id FROM team_member AS m
                      WHERE m.tenant_id = ?1 AND m.agent_id = ?5";

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

    pub(super) fn way(self) -> Way {
        match self {
            Self::Open => Way::Kept(Kept::Open),
            Self::Unanswered => Way::Kept(Kept::Unanswered),
            Self::Answered => Way::Kept(Kept::Answered),
            Self::Overdue => Way::Kept(Kept::Overdue),
            Self::Closed => Way::Kept(Kept::Closed),
            Self::ClosedIn(_) => Way::Kept(Kept::Closing),
            Self::Mine => Way::Of(&[Worker::Agent, Worker::Team]),
            Self::AssignedToMe => Way::Of(&[Worker::Agent]),
            Self::AssignedToTeams => Way::Of(&[Worker::Team]),
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
            Self::Closed | Self::Closing => {
                format!("{ticket}.state = 'closed' AND {ticket}.shelf IS NULL")
            }
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

    /// The column that has a realm's newest.
    pub(super) fn newest(self) -> &'static str {
        match self {
            Self::Open => "newest_open",
            Self::Unanswered => "newest_unanswered",
            Self::Answered => "newest_answered",
            Self::Overdue => "newest_overdue",
            Self::Closed => "newest_closed",
            Self::Closing => "newest_closing",
        }
    }

    /// The index that has the realms by it.
    pub(super) fn newest_index(self) -> &'static str {
        match self {
            Self::Open => "realm_by_newest_open",
            Self::Unanswered => "realm_by_newest_unanswered",
            Self::Answered => "realm_by_newest_answered",
            Self::Overdue => "realm_by_newest_overdue",
            Self::Closed => "realm_by_newest_closed",
            Self::Closing => "realm_by_newest_closing",
        }
    }
}

impl Worker {
    /// The column of a ticket that has them.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Agent => "agent_id",
            Self::Team => "team_id",
        }
    }

    /// The index that has the open tickets of each in order.
    pub(super) fn index(self) -> &'static str {
        match self {
            Self::Agent => "ticket_of_agent",
            Self::Team => "ticket_of_team",
        }
    }

    /// The index that has them realm by realm.
    pub(super) fn realm_index(self) -> &'static str {
        match self {
            Self::Agent => "ticket_of_agent_by_realm",
            Self::Team => "ticket_of_team_by_realm",
        }
    }

    /// Those whose tickets are wanted: the agent `?5`, or their teams.
    pub(super) fn wanted(self) -> &'static str {
        match self {
            Self::Agent => "SELECT ?5 AS id",
            Self::Team => {
                "SELECT m.team_id AS id FROM team_member AS m
          WHERE m.tenant_id = ?1 AND m.agent_id = ?5"
            }
        }
    }
}
