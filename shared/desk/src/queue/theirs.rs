//! The tickets of a team, or of a user who takes part in them, as programs list them.

use tenancy::scope::Sql;
use tenancy::{Id, Query, Scope, Sight};

use super::lanes::{self, Lane};
use super::store::ticket_from_row;
use super::{Listing, Queue, QueueTicket, Turn};

/// Whose tickets are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A team's, as long as they are open.
    Team(i64),
    /// Those that a user takes part in, let in or not.
    Collaborator(Id),
}

const TEAM: Lane = Lane {
    whose: "SELECT ?5 AS id LIMIT -1",
    rest: Some("?6"),
    ..Lane::OF_TEAMS
};

/// As many as a person can take part in.
const COLLABORATOR: Lane = Lane {
    whose: "SELECT ?5 AS id LIMIT -1",
    tickets: "collaborator AS f INDEXED BY collaborator_of_user CROSS JOIN ticket AS t",
    sorted: "f",
    column: "f.tenant_id = ?1 AND t.ticket_id = f.ticket_id AND f.user_id",
    by_realm: None,
    rest: None,
};

impl Whose {
    /// Whether tickets of this queue are listed by whose they are.
    pub fn has(&self, queue: Queue) -> bool {
        match self {
            Self::Team(_) => queue == Queue::Open,
            Self::Collaborator(_) => queue.is_impersonal(),
        }
    }

    fn lane(&self) -> Lane {
        match self {
            Self::Team(_) => TEAM,
            Self::Collaborator(_) => COLLABORATOR,
        }
    }
}

/// The SQL: `?5` is whose they are; of a team, `?6` is what is out of sight where the list begins.
pub fn text_of_theirs(whose: &Whose, listing: &Listing) -> String {
    let is_first = listing.turn == Turn::First;
    let page = lanes::page(&[whose.lane()], listing.queue, listing.toward(), is_first);
    listing.framed(&page)
}

/// Reads so many of their tickets that a queue [has](Whose::has).
pub fn page_of_theirs(
    scope: &Scope,
    sight: &Sight,
    whose: &Whose,
    listing: &Listing,
    most: i64,
) -> Query<QueueTicket> {
    let sql = Sql::compiled(text_of_theirs(whose, listing));
    let statement = scope.sighted(sight, sql).bind(listing.from()).bind(most);
    let statement = match (whose, &listing.turn) {
        (Whose::Team(team), Turn::First) => statement.bind(*team).bind(sight.rest_to_json()),
        (Whose::Team(team), _) => statement.bind(*team),
        (Whose::Collaborator(user), _) => statement.bind(user),
    };
    statement.rows(ticket_from_row)
}
