//! Which tickets an agent sees on which page of a queue.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::queue::{
    self, Calendar, Closings, Listing, Node, Page, Queue, Sort, Tally, Tree, Turn, Viewer,
};
use pages::http::wants_json;
use serde::Deserialize;
use tenancy::principal::Agent;
use tenancy::scope::And;
use tenancy::sight::{self, Choice, Requirement, requirements};
use tenancy::{Scope, Table};
use web::failure::negotiated;
use web::{Answer, Desk, Failure, Visit};

use crate::{choose, show};

/// Which page is asked for: the one after this ticket, or the one before it, and in which order.
#[derive(Deserialize)]
pub(crate) struct Cursor {
    sort: Option<String>,
    older: Option<String>,
    newer: Option<String>,
    /// What was done before.
    done: Option<String>,
}

impl Cursor {
    fn sort(&self, queue: Queue) -> Result<Sort, Failure> {
        let named = |name: &str| queue.sort_named(name).ok_or(Failure::NotFound);
        self.sort.as_deref().map_or(Ok(Sort::default()), named)
    }

    fn turn(&self, queue: Queue) -> Result<Turn, Failure> {
        let place = |text: &str| queue.place_named(text).ok_or(Failure::NotFound);
        match (&self.older, &self.newer) {
            (Some(older), _) => Ok(Turn::OlderThan(place(older)?)),
            (None, Some(newer)) => Ok(Turn::NewerThan(place(newer)?)),
            (None, None) => Ok(Turn::First),
        }
    }
}

/// A page of a queue, and for whom.
pub(crate) struct Listed {
    pub(crate) desk: Desk,
    pub(crate) tree: Tree,
    pub(crate) at: Node,
    pub(crate) sort: Sort,
    pub(crate) calendar: Calendar,
    pub(crate) seen: Seen,
    /// Whether a ticket was just deleted.
    pub(crate) is_after_deleting: bool,
}

/// What is in an agent's sight.
pub(crate) struct Seen {
    pub(crate) tally: Tally,
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

async fn listed(visit: Visit, slug: &str, cursor: &Cursor) -> Answer {
    let look_up = |scope: &Scope| (requirements(scope), queue::tree(scope));
    let (mut desk, (required, queues)) = Desk::enter(visit, look_up).await?;
    let tree = Tree::of(&queues.into_iter().flatten().collect::<Vec<_>>());
    let at = tree.named(slug).cloned().ok_or(Failure::NotFound)?;
    let queue = at.queue;
    let (sort, turn) = (cursor.sort(queue)?, cursor.turn(queue)?);
    let calendar = Calendar {
        now: desk.visit.now(),
        zone: desk.frame.shell().locale.zone,
    };
    let reading = Reading {
        listing: Listing { queue, sort, turn },
        calendar,
        counts_periods: counts_periods(&tree, &at),
    };
    let seen = reading.read(&mut desk, &required).await?;
    let listed = Listed {
        desk,
        tree,
        at,
        sort,
        calendar,
        seen,
        is_after_deleting: cursor.done.as_deref() == Some("deleted"),
    };
    Ok(listed.desk.renewed(answer(&listed)))
}

/// Whether periods are shown beside a queue.
fn counts_periods(tree: &Tree, at: &Node) -> bool {
    let is_period = |node: &&Node| matches!(node.queue, Queue::ClosedIn(_));
    tree.beside(at).iter().any(is_period)
}

/// What is read of a queue.
struct Reading {
    listing: Listing,
    calendar: Calendar,
    counts_periods: bool,
}

impl Reading {
    /// What an agent sees of it, and where they can go from there, in one round trip.
    async fn read(self, desk: &mut Desk, required: &[Requirement]) -> Result<Seen, Failure> {
        let queries = |agent: &Agent, scope: &Scope| {
            let sight = agent.sight(Table::Ticket);
            let offered = choose::offered(agent, required);
            let viewer = Viewer {
                agent: Some(agent.id.clone()),
                calendar: self.calendar,
            };
            let periods = || (queue::closings_for(scope, agent, &self.calendar),);
            let always = (
                queue::counts_for(scope, agent),
                queue::work(scope, &sight, &agent.id),
                queue::has_realms(scope, &sight),
                queue::page_for(scope, agent, &self.listing, &viewer),
                sight::choices(scope, &offered, choose::AT_HAND + 1),
            );
            And(always, self.counts_periods.then(periods))
        };
        let ((counts, work, has_realms, tickets, offered), (closings,)) =
            desk.look(queries).await?;
        let tally = Tally {
            counts: counts.into_iter().next().unwrap_or_default(),
            work: work.into_iter().next().unwrap_or_default(),
            closings: self.counts_periods.then_some(Closings(closings)),
        };
        Ok(Seen {
            tally,
            page: Page::sorted(self.listing.sort, &self.listing.turn, tickets),
            has_realms: has_realms.into_iter().next().unwrap_or_default(),
            offered,
        })
    }
}

fn answer(listed: &Listed) -> Response {
    if listed.desk.wants_json() {
        show::json(listed)
    } else {
        show::page(listed)
    }
}
