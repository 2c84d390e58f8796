//! `/open/received`: confirms what a visitor has just sent.

use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use pages::http::Html;
use pages::portal::ConfirmationPage;
use web::failure::see_other;
use web::{Answer, Visit, cookie};

use crate::guest::Guest;

/// Remembers the number for the confirmation page, which can be reloaded without asking again.
const RECEIVED: &str = "__Host-received";
/// How long the confirmation can be reloaded, in seconds.
const RECEIVED_SECONDS: u64 = 600;

/// Sends the visitor on to the confirmation, so that reloading it asks for nothing twice.
pub(crate) fn confirmed(number: &str) -> Response {
    let mut response = see_other("/open/received");
    if let Some(cookie) = cookie::set(RECEIVED, number, RECEIVED_SECONDS) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Confirms what this visitor has just sent. It shows the number and nothing of the ticket: that
/// takes the link in the mail, because anybody can type anybody's address.
pub(crate) async fn show(visit: Visit) -> Answer {
    let Some(number) = visit.cookie(RECEIVED) else {
        return Ok(see_other(pages::url::OPEN));
    };
    let guest = Guest::at(&visit).await?;
    let page = Html(ConfirmationPage {
        shell: guest.shell(),
        number,
        email: None,
    });
    let page = page.into_response();
    Ok(guest.answer(page))
}
