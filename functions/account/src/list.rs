//! `/tickets`: the tickets a signed-in user has raised, and those shared inside the organization.

use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::link::typed_number;
use desk::queue::{Page, Turn};
use desk::setting::Key;
use desk::topic::{self, Topic};
use desk::user::{self, Counts, Listing, State, UserTicket, Whose};
use pages::account::{ListCounts, ListRow, ListState, TicketsPage};
use pages::http::{Html, wants_json};
use pages::portal::TopicOption;
use pages::time::Moment;
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::Id;
use tenancy::principal::Account;
use web::failure::see_other;
use web::form::searched;
use web::{Answer, Failure, Visit};

use web::guest::Guest;

/// Which page is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    whose: Option<String>,
    state: Option<String>,
    topic: String,
    search: String,
    older: Option<String>,
    newer: Option<String>,
}

impl Wanted {
    /// The listing; what is not there for this user does not exist.
    fn listing(&self, account: &Account, is_joining: bool) -> Result<Listing, Failure> {
        let whose = self.whose.as_deref().unwrap_or("mine");
        let state = self.state.as_deref().unwrap_or("open");
        let id = |text: &str| Id::parse(text).ok_or(Failure::NotFound);
        Ok(Listing {
            whose: Whose::named(whose, account).ok_or(Failure::NotFound)?,
            state: State::named(state).ok_or(Failure::NotFound)?,
            topic: match self.topic.as_str() {
                "" => None,
                typed => Some(typed.parse().map_err(|_| Failure::NotFound)?),
            },
            search: typed_number(searched(&self.search)).to_owned(),
            turn: match (&self.older, &self.newer) {
                (Some(older), _) => Turn::OlderThan(id(older)?.into()),
                (None, Some(newer)) => Turn::NewerThan(id(newer)?.into()),
                (None, None) => Turn::First,
            },
            is_joining,
        })
    }
}

/// A page of the list.
struct Seen {
    listing: Listing,
    topics: Vec<Topic>,
    page: Page<UserTicket>,
    mine: Counts,
    shared: Counts,
}

pub(crate) async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let guest = Guest::at(&visit).await?;
    let wants_json = wants_json(&visit.headers);
    let Some(account) = &guest.account else {
        return Ok(if wants_json {
            sign_in_first()
        } else {
            see_other(pages::url::USER_SIGN_IN)
        });
    };
    let sees_joined = guest.settings.is_on(Key::CollaboratorsSee);
    let listing = wanted.listing(account, sees_joined)?;
    let seen = read(&guest, account, listing).await?;
    let response = if wants_json {
        as_json(account, &seen)
    } else {
        page(&guest, account, &seen)
    };
    Ok(guest.answer(response))
}

/// What a program is told instead of being sent to a page.
fn sign_in_first() -> Response {
    let error = Json(json!({ "error": "sign in first" }));
    let headers = [("cache-control", "no-store"), ("vary", "accept")];
    (StatusCode::UNAUTHORIZED, headers, error).into_response()
}

async fn read(guest: &Guest<'_>, account: &Account, listing: Listing) -> Result<Seen, Failure> {
    let scope = guest.scope();
    let (mine, shared, tickets, topics) = scope
        .read((
            user::counts(&scope, account, listing.is_joining),
            user::shared_counts(&scope, account),
            user::page(&scope, account, &listing),
            topic::inherited(&scope),
        ))
        .await?;
    Ok(Seen {
        topics,
        page: Page::new(&listing.turn, tickets),
        listing,
        mine: mine.into_iter().next().unwrap_or_default(),
        shared: shared.into_iter().next().unwrap_or_default(),
    })
}

impl Seen {
    /// The topic they are about, as URLs say it.
    fn topic(&self) -> String {
        self.listing
            .topic
            .map(|id| id.to_string())
            .unwrap_or_default()
    }

    fn counts(&self) -> Counts {
        match self.listing.whose {
            Whose::Mine => self.mine,
            Whose::Shared => self.shared,
        }
    }

    /// The links to the pages before and after this one. A page that its cursor left empty leads
    /// back to the first one.
    fn pager(&self) -> (Option<String>, Option<String>) {
        let listing = &self.listing;
        let (whose, state) = (listing.whose.slug(), listing.state.slug());
        let path = pages::url::tickets_about(whose, state, &self.topic(), &listing.search);
        let link = |name: &str, ticket: Option<&UserTicket>| match ticket {
            Some(ticket) => format!("{path}&{name}={}", ticket.id),
            None => path.clone(),
        };
        let Page {
            tickets,
            has_newer,
            has_older,
        } = &self.page;
        (
            has_newer.then(|| link("newer", tickets.first())),
            has_older.then(|| link("older", tickets.last())),
        )
    }
}

fn as_json(account: &Account, seen: &Seen) -> Response {
    let (newer, older) = seen.pager();
    let counts = seen.counts();
    let body = json!({
        "whose": seen.listing.whose.slug(),
        "state": seen.listing.state.slug(),
        "organization": account.shared().map(|membership| &membership.name),
        "counts": { "open": counts.open, "closed": counts.closed },
        "tickets": seen.page.tickets.iter().map(ticket_json).collect::<Vec<_>>(),
        "newer": newer,
        "older": older,
    });
    let headers = [("cache-control", "no-store"), ("vary", "accept")];
    (headers, Json(body)).into_response()
}

fn ticket_json(ticket: &UserTicket) -> Value {
    json!({
        "id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "requester": ticket.requester,
        "takes_part": ticket.is_joined,
        "realm": ticket.realm,
        "created_at": ticket.created_at.0,
        "updated_at": ticket.updated_at.0,
        "closed_at": ticket.closed_at.map(|closed| closed.0),
    })
}

fn page(guest: &Guest<'_>, account: &Account, seen: &Seen) -> Response {
    let (newer, older) = seen.pager();
    let counts = seen.counts();
    let row = |ticket| row(account, ticket);
    let offered = seen.topics.iter().filter(|topic| topic.is_public);
    let topics: Vec<(String, &str)> = offered
        .map(|topic| (topic.id.to_string(), topic.name.as_str()))
        .collect();
    Html(TicketsPage {
        shell: guest.shell(),
        shared: seen.listing.whose == Whose::Shared,
        organization: account.shared().map(|membership| membership.name.as_str()),
        state: match seen.listing.state {
            State::Open => ListState::Open,
            State::Closed => ListState::Closed,
            State::All => ListState::All,
        },
        topics: topics
            .iter()
            .map(|(id, name)| TopicOption { id, name })
            .collect(),
        topic: &seen.topic(),
        search: &seen.listing.search,
        counts: ListCounts {
            open: u64::try_from(counts.open).unwrap_or(0),
            closed: u64::try_from(counts.closed).unwrap_or(0),
        },
        tickets: seen.page.tickets.iter().map(row).collect(),
        newer: newer.as_deref(),
        older: older.as_deref(),
        now: Moment(guest.visit.now().0),
    })
    .into_response()
}

fn row<'t>(account: &Account, ticket: &'t UserTicket) -> ListRow<'t> {
    ListRow {
        number: &ticket.number,
        subject: &ticket.subject,
        requester: &ticket.requester,
        takes_part: ticket.is_joined,
        raised_for: (ticket.realm_id != account.realm).then_some(ticket.realm.as_str()),
        created_at: Moment(ticket.created_at.0),
        updated_at: Moment(ticket.updated_at.0),
        closed_at: ticket.closed_at.map(|at| Moment(at.0)),
    }
}
