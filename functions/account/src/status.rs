//! `/status`: whoever knows a ticket's number and its requester's address has the link to it
//! mailed to that address.
//!
//! Right and wrong pairs answer alike, and nothing of a ticket is shown (U-39, T-72).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::email::EmailAddress;
use desk::link::{self, TicketOwner};
use desk::{intake, outbox::Correspondent, source};
use pages::account::{Sent, StatusPage, StatusProblems};
use pages::form::FieldProblem;
use pages::http::Html;
use serde::Deserialize;
use tenancy::Id;
use tenancy::scope::And;
use web::failure::see_other;
use web::form::Posted;
use web::letters::{self, Sender};
use web::{Answer, Failure, Visit};

use crate::sign_in::{address, look_into_your_mail};
use web::guest::{Guest, Knock, later};

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    number: String,
    email: String,
}

pub(crate) async fn show(visit: Visit) -> Answer {
    let guest = Guest::at(&visit).await?.with_form();
    let page = page(&guest, &Typed::default(), StatusProblems::default(), false);
    Ok(guest.answer(page))
}

pub(crate) async fn submit(visit: Visit, Posted(typed): Posted<Typed>) -> Answer {
    let knock = Knock::of(&visit).await?;
    knock.check(&typed.csrf)?;
    let (number, email) = (link::typed_number(&typed.number), address(&typed.email));
    let looked_up = email.as_ref().map_or("", EmailAddress::as_str);
    let scope = visit.scope();
    let asked = (
        link::find_owner(&scope, number, looked_up),
        intake::senders(&scope),
    );
    let asked = And(asked, knock.count(&scope, source::Form::Status));
    let (who, ((owners, senders), (counted,))) = scope.read(And(knock.who(&scope), asked)).await?;
    let guest = knock.enter(who)?.with_form();
    if let Some(seconds) = guest.wait(&counted, source::Form::Status) {
        let page = page(&guest, &typed, StatusProblems::default(), true);
        return Ok(guest.answer(later(page, seconds)));
    }
    let problems = StatusProblems {
        number: number.is_empty().then_some(FieldProblem::Missing),
        email: email.err(),
    };
    if problems.any() {
        let page = page(&guest, &typed, problems, false);
        return Ok(guest.answer((StatusCode::UNPROCESSABLE_ENTITY, page)));
    }
    mail(&guest, owners, senders.first()).await?;
    Ok(guest.answer(see_other(pages::url::STATUS_SENT)))
}

/// Queues the link, unless number and address do not go together.
async fn mail(
    guest: &Guest<'_>,
    owners: Vec<TicketOwner>,
    address: Option<&Correspondent>,
) -> Result<(), Failure> {
    let runtime = &guest.visit.runtime;
    let (now, random) = (guest.visit.now(), &*runtime.random);
    let nobody = TicketOwner {
        ticket: Id::new(now, random),
        user: Id::new(now, random),
    };
    let owner = owners.into_iter().next().unwrap_or(nobody);
    let sender = Sender {
        runtime,
        site: &guest.site,
        head: guest.letterhead(),
        address,
    };
    let letter = letters::of_ticket_link(sender, &guest.signer, &owner.ticket).await?;
    let scope = guest.scope();
    let batch = link::mail_ticket(&scope, guest.site.realm, &owner, &letter, now, random);
    scope.write(batch.to_vec()).await?;
    Ok(())
}

fn page(guest: &Guest<'_>, typed: &Typed, problems: StatusProblems, is_too_much: bool) -> Response {
    Html(StatusPage {
        shell: guest.shell(),
        number: &typed.number,
        email: &typed.email,
        problems,
        is_too_much,
        csrf: guest.csrf(),
    })
    .into_response()
}

pub(crate) async fn sent(visit: Visit) -> Answer {
    look_into_your_mail(&visit, Sent::Ticket).await
}
