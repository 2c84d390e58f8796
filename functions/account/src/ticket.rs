//! `/tickets/{number}`: a user reads a ticket they raised, or that is shared with them; signed in,
//! or behind the access link from a mail.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use desk::file::Limits;
use desk::ticket::{self, RaisedTicket};
use desk::{file, form};
use pages::http::Html;
use pages::layout::Notice;
use pages::portal::LinkNeededPage;
use serde::Deserialize;
use tenancy::policy::{Asking, Found, act};
use tenancy::scope::And;
use tenancy::token::ACCESS_SECONDS;
use web::failure::see_other;
use web::{Answer, Visit, cookie};

use crate::ticket_page::{Reading, Writing, page};
use web::guest::{Guest, Knock};
use web::upload::Uploaded;

/// A browser keeps the access tokens of several tickets, each under the ticket's number.
const ACCESS: &str = "__Host-access-";

/// What is said to whoever comes from writing a message.
const MESSAGE_ADDED: &str = "Your message is in the ticket.";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Link {
    access: Option<String>,
    added: Option<String>,
}

pub(crate) async fn show(
    visit: Visit,
    Path(number): Path<String>,
    Query(link): Query<Link>,
) -> Answer {
    let knock = Knock::of(&visit).await?;
    let scope = visit.scope();
    let about = (
        ticket::find_raised(&scope, &number),
        ticket::thread_by_number(&scope, &number),
        file::of_ticket(&scope, &number),
        form::shown_to_user(&scope, &number),
    );
    let (who, (found, thread, files, filled)) = scope.read(And(knock.who(&scope), about)).await?;
    let guest = knock.enter(who)?;
    if let Some(token) = link.access {
        return Ok(exchange(guest, found, &token));
    }
    let Some(user) = guest.user(held(&visit, &number)) else {
        return Ok(link_needed(guest));
    };
    let asking = Asking::user(&visit.runtime, &user);
    let Ok(ticket) = asking.grant::<_, act::TicketView>(found) else {
        return Ok(link_needed(guest));
    };
    let guest = guest.with_form();
    let reading = Reading {
        guest: &guest,
        user: &user,
        ticket: &ticket,
        thread: &thread,
        files: &files,
        filled: &filled,
    };
    let notice = link.added.map(|_| Notice::Said(MESSAGE_ADDED));
    let writing = Writing {
        typed: "",
        problem: None,
        uploaded: Uploaded::nothing(Limits::of(&guest.settings)),
        is_too_much: false,
    };
    let page = page(&reading, notice, &writing);
    Ok(guest.answer(page))
}

/// The access token of a ticket that the visitor holds.
pub(crate) fn held<'v>(visit: &'v Visit, number: &str) -> Option<&'v str> {
    visit.cookie(&format!("{ACCESS}{number}"))
}

/// Turns the link from the mail into a cookie, so that the token leaves the address bar.
fn exchange(guest: Guest<'_>, found: Vec<Found<RaisedTicket>>, token: &str) -> Response {
    let access = guest.signer.read_access(token, guest.visit.now());
    // The link must open it by itself, whoever else is signed in here.
    let user = tenancy::principal::User::known(&guest.site, None, access);
    let opened = user.and_then(|user| {
        let asking = Asking::user(&guest.visit.runtime, &user);
        asking.grant::<_, act::TicketView>(found).ok()
    });
    let Some(ticket) = opened else {
        return link_needed(guest);
    };
    let mut response = see_other(&pages::url::ticket(&ticket.news.number));
    let name = format!("{ACCESS}{}", ticket.news.number);
    if let Some(cookie) = cookie::set(&name, token, ACCESS_SECONDS) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    guest.answer(response)
}

/// The same page whether the ticket exists or not.
pub(crate) fn link_needed(guest: Guest<'_>) -> Response {
    let page = Html(LinkNeededPage {
        shell: guest.shell(),
    });
    let page = (StatusCode::NOT_FOUND, page).into_response();
    guest.answer(page)
}
