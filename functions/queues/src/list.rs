//! Which tickets an agent sees on which page of a queue.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::queue::{self, Breadth, Counts, Listing, NARROW, Page, Queue, Turn};
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
    pub(crate) counts: Counts,
    pub(crate) page: Page,
    /// Whether the agent sees more than one realm.
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
        queue::count_realms(&scope, &claims.agent),
    );
    let standing = Standing::of_session(&scope, &claims);
    let ((sites, settings, accounts, realms), standing) =
        scope.read(And(account, standing)).await?;
    let site = open_site(sites)?;
    let agent = session::agent(&visit, &site, &claims, accounts)?.standing_at(standing);
    let queue = Queue::named(queue).ok_or(Failure::NotFound)?;
    let realms = realms.first().copied().unwrap_or(0);
    let listing = Listing {
        queue,
        breadth: breadth(realms),
        turn: cursor.turn()?,
    };
    let (counts, page) = read(&visit, &site, &agent, &listing).await?;
    let frame = Frame::new(&site, &settings);
    let has_realms = realms > 1;
    let listed = Listed {
        frame,
        agent,
        queue,
        counts,
        page,
        has_realms,
    };
    let mut response = answer(&visit, &listed, &signer);
    session::renew(&mut response, &signer, &listed.agent, visit.now());
    Ok(response)
}

fn breadth(realms: i64) -> Breadth {
    if realms > NARROW {
        Breadth::Wide
    } else {
        Breadth::Narrow
    }
}

async fn read(
    visit: &Visit,
    site: &Site,
    agent: &Agent,
    listing: &Listing,
) -> Result<(Counts, Page), Failure> {
    let scope = Scope::of(&visit.runtime, site);
    let sight = agent.sight(Table::Ticket);
    let (counts, tickets) = scope
        .read((
            queue::counts(&scope, &sight),
            queue::page(&scope, &sight, listing),
        ))
        .await?;
    Ok((
        counts.into_iter().next().unwrap_or_default(),
        Page::new(&listing.turn, tickets),
    ))
}

fn answer(visit: &Visit, listed: &Listed, signer: &tenancy::token::Signer) -> Response {
    if wants_json(&visit.headers) {
        show::json(listed)
    } else {
        show::page(visit, listed, signer)
    }
}
