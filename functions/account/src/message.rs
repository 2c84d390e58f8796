//! `POST /tickets/{number}/message`: a user writes to a ticket.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::alert::{Alert, Asked, Parties, Party};
use desk::file::{Files, Limits};
use desk::intake::{self, Setup};
use desk::setting::Key;
use desk::ticket::{self, News, PortalMessage, RaisedTicket};
use desk::{alert, file, form, source};
use tenancy::policy::{Asking, Granted, act};
use tenancy::principal::User;
use tenancy::scope::And;
use web::failure::see_other;
use web::form::Submitted;
use web::letters::{self, Notice, Said, Sender};
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
    let numbers = [number.clone()];
    let asked = Asked::numbered(&numbers);
    let parties = (
        alert::parties(&scope, asked),
        ticket::tellable(&scope, asked, &[]),
    );
    let about = And(
        about,
        And(intake::setup(&scope, None), And(counted, parties)),
    );
    let (who, ((found, thread, files, filled), (setup, ((counted,), (parties, told))))) =
        scope.read(And(knock.who(&scope), about)).await?;
    let guest = knock.enter(who)?;
    let Some(user) = guest.user(held(&visit, &number)) else {
        return Ok(link_needed(guest));
    };
    let asking = Asking::user(&visit.runtime, &user);
    let Ok(ticket) = asking.grant::<RaisedTicket, act::TicketMessage>(found) else {
        return Ok(link_needed(guest));
    };
    if !ticket.is_shown(&user, &guest.settings) {
        return Ok(link_needed(guest));
    }
    let typed = posted.text("message");
    let uploaded = Uploaded::of(&posted, Limits::of(&setup.settings));
    let wait = guest.wait(&counted, source::Form::Message);
    match intake::checked_message(typed) {
        Ok(text) if uploaded.is_taken() && wait.is_none() => {
            let said = (text.as_str(), uploaded.files());
            let news = News {
                filled: ticket::tellable_of(&ticket.id, &told),
                ..ticket.news.clone()
            };
            write(&guest, &user, (&ticket, &news), (&setup, &parties), said).await?;
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
    (ticket, news): (&Granted<RaisedTicket, act::TicketMessage>, &News),
    (setup, parties): (&Setup, &[Party]),
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
        head: letters::answerable(guest.letterhead(), &setup.settings),
        address: setup.sender.as_ref(),
    };
    let said = Said {
        author: message.author(ticket),
        text,
    };
    let doer = message.account.map_or("", |account| account.email.as_str());
    let parties = Parties::of(&ticket.id, parties);
    let told = parties.told(Alert::Message, &setup.settings, doer);
    let mut letters = letters::of_message(sender, news, &told, said, setup).await?;
    let notice = Notice {
        news,
        told: &parties.collaborators(&setup.settings, doer, false),
        said,
        is_ours: false,
    };
    letters.extend(letters::of_notice_here(sender, setup, &notice).await?);
    let is_answered = setup.settings.is_on(Key::MessageAnswer) && news.is_answered;
    if is_answered && ticket.is_raised_by(user) {
        let about = (&ticket.id, news);
        let signer = &guest.signer;
        letters.push(letters::of_message_received(sender, signer, about, setup).await?);
    }
    let batch = message.write(runtime, ticket, setup, &letters);
    ticket.scope().write(batch).await?;
    Ok(())
}
