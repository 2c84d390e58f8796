//! Which tickets an agent sees on which page of a queue.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::queue::{self, Counts, Listing, Page, Queue, Turn};
use pages::http::wants_json;
use serde::Deserialize;
use tenancy::principal::Agent;
use tenancy::sight::{self, Choice, Requirement, requirements};
use tenancy::{Id, Scope, Table};
use web::failure::negotiated;
use web::{Answer, Desk, Failure, Visit};

use crate::{choose, show};

/// Which page is asked for: the one after this ticket, or the one before it.
#[derive(Deserialize)]
pub(crate) struct Cursor {
    older: Option<String>,
    newer: Option<String>,
}

impl Cursor {
    fn turn(&self) -> Result<Turn, Failure> {
        let id = |text: &str| Id::parse(text).ok_or(Failure::NotFound);
        match (&self.older, &self.newer) {
            (Some(older), _) => Ok(Turn::OlderThan(id(older)?)),
            (None, Some(newer)) => Ok(Turn::NewerThan(id(newer)?)),
            (None, None) => Ok(Turn::First),
        }
    }
}

/// A page of a queue, and for whom.
pub(crate) struct Listed {
    pub(crate) desk: Desk,
    pub(crate) queue: Queue,
    pub(crate) seen: Seen,
}

/// What is in an agent's sight.
pub(crate) struct Seen {
    pub(crate) counts: Counts,
    pub(crate) page: Page,
    /// Whether there is more than one realm.
    pub(crate) has_realms: bool,
    /// The realms that can be selected, and one more than are shown at hand.
    pub(crate) offered: Vec<Choice>,
}

pub(crate) async fn list(
    visit: Visit,
    Path(queue): Path<String>,
    Query(cursor): Query<Cursor>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, listed(visit, &queue, &cursor).await)
}

async fn listed(visit: Visit, queue: &str, cursor: &Cursor) -> Answer {
    let (mut desk, (required,)) = Desk::enter(visit, |scope| (requirements(scope),)).await?;
    let queue = Queue::named(queue).ok_or(Failure::NotFound)?;
    let turn = cursor.turn()?;
    let seen = read(&mut desk, &Listing { queue, turn }, &required).await?;
    let listed = Listed { desk, queue, seen };
    Ok(listed.desk.renewed(answer(&listed)))
}

/// What an agent sees of a queue, and where they can go from there, in one round trip.
async fn read(
    desk: &mut Desk,
    listing: &Listing,
    required: &[Requirement],
) -> Result<Seen, Failure> {
    let queries = |agent: &Agent, scope: &Scope| {
        let sight = agent.sight(Table::Ticket);
        let offered = choose::offered(agent, required);
        (
            queue::counts_for(scope, agent),
            queue::has_realms(scope, &sight),
            queue::page_for(scope, agent, listing),
            sight::choices(scope, &offered, choose::AT_HAND + 1),
        )
    };
    let (counts, has_realms, tickets, offered) = desk.look(queries).await?;
    Ok(Seen {
        counts: counts.into_iter().next().unwrap_or_default(),
        page: Page::new(&listing.turn, tickets),
        has_realms: has_realms.into_iter().next().unwrap_or_default(),
        offered,
    })
}

fn answer(listed: &Listed) -> Response {
    if listed.desk.wants_json() {
        show::json(listed)
    } else {
        show::page(listed)
    }
}
