//! `/open/received`: confirms what a visitor has just sent.

use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use desk::template::{Facts, Reader, fill};
use desk::topic;
use pages::http::Html;
use pages::portal::ConfirmationPage;
use tenancy::scope::And;
use web::failure::see_other;
use web::{Answer, Visit, cookie};

use web::guest::{Guest, Knock, shown_name};
use web::letters::facts_of_company;

/// Remembers the number for the confirmation page, which can be reloaded without asking again.
const RECEIVED: &str = "__Host-received";
/// How long the confirmation can be reloaded, in seconds.
const RECEIVED_SECONDS: u64 = 600;

/// Sends the visitor on to the confirmation, so that reloading it asks for nothing twice. The
/// topic goes with the number, for what it says to whoever opened a ticket.
pub(crate) fn confirmed(number: &str, topic: Option<i64>) -> Response {
    let mut response = see_other("/open/received");
    let topic = topic.map(|id| format!("{id}:")).unwrap_or_default();
    if let Some(cookie) = cookie::set(RECEIVED, &format!("{topic}{number}"), RECEIVED_SECONDS) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Confirms what this visitor has just sent. It shows the number and nothing of the ticket: that
/// takes the link in the mail, because anybody can type anybody's address.
pub(crate) async fn show(visit: Visit) -> Answer {
    let Some(received) = visit.cookie(RECEIVED) else {
        return Ok(see_other(pages::url::OPEN));
    };
    let (topic, number) = received.split_once(':').unwrap_or(("", received));
    let knock = Knock::of(&visit).await?;
    let scope = visit.scope();
    let thanks = (topic::thanks(&scope, topic.parse().ok()),);
    let (who, (thanks,)) = scope.read(And(knock.who(&scope), thanks)).await?;
    let guest = knock.enter(who)?;
    let thanks = thanks.first();
    let thanks = thanks.map(|thanks| fill(thanks, &facts(&guest, number), Reader::Known));
    let page = Html(ConfirmationPage {
        shell: guest.shell(),
        number,
        email: None,
        thanks: thanks.as_deref().unwrap_or_default(),
    });
    let page = page.into_response();
    Ok(guest.answer(page))
}

/// What a topic's thanks can name (IN-2). Who has signed in is named; of the ticket the number is
/// known and nothing else.
fn facts(guest: &Guest<'_>, number: &str) -> Facts {
    let name = guest.account.as_ref().map_or("", shown_name);
    let company = facts_of_company(&guest.site.name, &guest.settings);
    let facts = company.plain("ticket.number", number);
    ["ticket.name", "user.name", "recipient.name"]
        .iter()
        .fold(facts, |facts, variable| facts.name(variable, name))
}
