//! Which tickets an agent sees on which page of a queue.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::queue::{self, Counts, Listing, Page, Queue, Turn};
use desk::setting;
use pages::http::wants_json;
use serde::Deserialize;
use tenancy::principal::{Agent, Credentials};
use tenancy::scope::And;
use tenancy::sight::Standing;
use tenancy::{Id, Scope, Site, Table};
use web::visit::{Frame, open_site};
use web::{Answer, Failure, Visit, session};

use crate::show;

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
    pub(crate) frame: Frame,
    pub(crate) agent: Agent,
    pub(crate) queue: Queue,
    pub(crate) seen: Seen,
}

/// What is in an agent's sight.
pub(crate) struct Seen {
    pub(crate) counts: Counts,
    pub(crate) page: Page,
    /// Whether there is more than one realm.
    pub(crate) has_realms: bool,
}

pub(crate) async fn list(
    visit: Visit,
    Path(queue): Path<String>,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let wants_json = wants_json(&visit.headers);
    match listed(visit, &queue, &cursor).await {
        Err(Failure::SignInNeeded(_)) if wants_json => Ok(show::sign_in_needed()),
        answer => answer,
    }
}

async fn listed(visit: Visit, queue: &str, cursor: &Cursor) -> Answer {
    let signer = visit.signer().await?;
    let claims = session::presented(&visit, &signer);
    let claims = claims.ok_or_else(|| session::sign_in_needed(&visit))?;
    let scope = visit.scope();
    let account = (
        visit.site(&scope),
        setting::inherited(&scope),
        Credentials::of_session(&scope, &claims),
    );
    let standing = Standing::of_session(&scope, &claims);
    let ((sites, settings, accounts), standing) = scope.read(And(account, standing)).await?;
    let site = open_site(sites)?;
    let mut agent = session::agent(&visit, &site, &claims, accounts)?.standing_at(standing);
    let queue = Queue::named(queue).ok_or(Failure::NotFound)?;
    let turn = cursor.turn()?;
    let seen = read(&visit, &site, &mut agent, &Listing { queue, turn }).await?;
    let listed = Listed {
        frame: Frame::new(&site, &settings),
        agent,
        queue,
        seen,
    };
    let mut response = answer(&visit, &listed, &signer);
    session::renew(&mut response, &signer, &listed.agent, visit.now());
    Ok(response)
}

/// What an agent sees of a queue, in one round trip.
async fn read(
    visit: &Visit,
    site: &Site,
    agent: &mut Agent,
    listing: &Listing,
) -> Result<Seen, Failure> {
    let scope = Scope::of(&visit.runtime, site);
    let queries = |agent: &Agent| {
        let sight = agent.sight(Table::Ticket);
        (
            queue::counts(&scope, &sight),
            queue::has_realms(&scope, &sight),
            queue::page(&scope, &sight, listing),
        )
    };
    let (counts, has_realms, tickets) = agent.look(&scope, queries).await?;
    Ok(Seen {
        counts: counts.into_iter().next().unwrap_or_default(),
        page: Page::new(&listing.turn, tickets),
        has_realms: has_realms.into_iter().next().unwrap_or_default(),
    })
}

fn answer(visit: &Visit, listed: &Listed, signer: &tenancy::token::Signer) -> Response {
    if wants_json(&visit.headers) {
        show::json(listed)
    } else {
        show::page(visit, listed, signer)
    }
}
