//! `POST /tickets/{number}/message`: a user writes to a ticket.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::file::{Files, Limits};
use desk::intake::{self, Setup};
use desk::ticket::{self, PortalMessage, RaisedTicket};
use desk::{file, form, source};
use tenancy::policy::{Asking, Granted, act};
use tenancy::principal::User;
use tenancy::scope::And;
use web::failure::see_other;
use web::form::Submitted;
use web::letters::{self, Sender};
use web::{Answer, Failure, Visit};

use crate::ticket::{held, link_needed};
use crate::ticket_page::{Reading, Writing, page};
use web::form::shown;
use web::guest::{Guest, Knock, later};
use web::upload::Uploaded;

pub(crate) async fn submit(visit: Visit, Path(number): Path<String>, posted: Submitted) -> Answer {
    let knock = Knock::of(&visit).await?;
    knock.check(posted.text("csrf"))?;
    let scope = visit.scope();
    let about = (
        ticket::find_raised(&scope, &number),
        ticket::thread_by_number(&scope, &number),
        file::of_ticket(&scope, &number),
        form::shown_to_user(&scope, &number),
    );
    let counted = knock.count(&scope, source::Form::Message);
    let about = And(about, And(intake::setup(&scope, None), counted));
    let (who, ((found, thread, files, filled), (setup, (counted,)))) =
        scope.read(And(knock.who(&scope), about)).await?;
    let guest = knock.enter(who)?;
    let Some(user) = guest.user(held(&visit, &number)) else {
        return Ok(link_needed(guest));
    };
    let asking = Asking::user(&visit.runtime, &user);
    let Ok(ticket) = asking.grant(found) else {
        return Ok(link_needed(guest));
    };
    let typed = posted.text("message");
    let uploaded = Uploaded::of(&posted, Limits::of(&setup.settings));
    let wait = guest.wait(&counted, source::Form::Message);
    match intake::checked_message(typed) {
        Ok(text) if uploaded.is_taken() && wait.is_none() => {
            let said = (text.as_str(), uploaded.files());
            write(&guest, &user, &ticket, &setup, said).await?;
            let path = format!("{}?added=1", pages::url::ticket(&ticket.news.number));
            Ok(guest.answer(see_other(&path)))
        }
        checked => {
            let guest = guest.with_form();
            let reading = Reading {
                guest: &guest,
                user: &user,
                ticket: &ticket,
                thread: &thread,
                files: &files,
                filled: &filled,
            };
            let writing = Writing {
                typed,
                problem: checked.err().map(shown),
                uploaded,
                is_too_much: wait.is_some(),
            };
            let page = page(&reading, None, &writing);
            Ok(guest.answer(match wait {
                Some(seconds) => later(page, seconds),
                None => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
            }))
        }
    }
}

async fn write(
    guest: &Guest<'_>,
    user: &User,
    ticket: &Granted<RaisedTicket, act::TicketMessage>,
    setup: &Setup,
    (text, files): (&str, &Files),
) -> Result<(), Failure> {
    let runtime = &guest.visit.runtime;
    let message = PortalMessage {
        account: ticket.writer(user),
        text,
        files,
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
        (message.author(ticket), text),
        &setup.templates,
    )
    .await?;
    let batch = message.write(runtime, ticket, setup, &letters);
    ticket.scope().write(batch).await?;
    Ok(())
}
