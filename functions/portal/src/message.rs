//! `POST /tickets/{number}/message`: a user writes to a ticket.

use axum::extract::Path;
use axum::http::StatusCode;
use desk::intake::{self, Setup};
use desk::ticket::{self, PortalMessage, RaisedTicket};
use desk::{file, form};
use serde::Deserialize;
use tenancy::policy::{Asking, Granted, act};
use tenancy::principal::User;
use tenancy::scope::And;
use web::failure::see_other;
use web::form::Posted;
use web::letters::{self, Sender};
use web::{Answer, Failure, Visit};

use crate::guest::{Guest, Knock};
use crate::open_page::shown;
use crate::ticket::{held, link_needed};
use crate::ticket_page::{Reading, page};

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    message: String,
}

pub(crate) async fn submit(
    visit: Visit,
    Path(number): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Answer {
    let knock = Knock::of(&visit).await?;
    knock.check(&typed.csrf)?;
    let scope = visit.scope();
    let about = (
        ticket::find_raised(&scope, &number),
        ticket::thread_by_number(&scope, &number),
        file::of_ticket(&scope, &number),
        form::shown_to_user(&scope, &number),
    );
    let about = And(about, intake::setup(&scope, None));
    let (who, ((found, thread, files, filled), setup)) =
        scope.read(And(knock.who(&scope), about)).await?;
    let guest = knock.enter(who)?;
    let Some(user) = guest.user(held(&visit, &number)) else {
        return Ok(link_needed(guest));
    };
    let asking = Asking::user(&visit.runtime, &user);
    let Ok(ticket) = asking.grant(found) else {
        return Ok(link_needed(guest));
    };
    match intake::checked_message(&typed.message) {
        Ok(text) => {
            write(&guest, &user, &ticket, &setup, &text).await?;
            let path = format!("{}?added=1", pages::url::ticket(&ticket.news.number));
            Ok(guest.answer(see_other(&path)))
        }
        Err(problem) => {
            let guest = guest.with_form();
            let reading = Reading {
                guest: &guest,
                user: &user,
                ticket: &ticket,
                thread: &thread,
                files: &files,
                filled: &filled,
            };
            let page = page(&reading, None, &typed.message, Some(shown(problem)));
            Ok(guest.answer((StatusCode::UNPROCESSABLE_ENTITY, page)))
        }
    }
}

async fn write(
    guest: &Guest<'_>,
    user: &User,
    ticket: &Granted<RaisedTicket, act::TicketMessage>,
    setup: &Setup,
    text: &str,
) -> Result<(), Failure> {
    let runtime = &guest.visit.runtime;
    let message = PortalMessage {
        account: ticket.writer(user),
        text,
        realm: guest.site.realm,
    };
    let sender = Sender {
        runtime,
        site: &guest.site,
        head: guest.letterhead(),
        address: setup.sender.as_ref(),
    };
    let letters = letters::of_message(
        sender,
        &ticket.news,
        message.author(ticket),
        &setup.templates,
    )
    .await?;
    let batch = message.write(runtime, ticket, setup, &letters);
    ticket.scope().write(batch).await?;
    Ok(())
}
