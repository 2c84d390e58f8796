//! `/account/sign-in`: an address is mailed a link that signs in.
//!
//! The answer and the statements are the same whether the address is known or not (T-72).

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::email::EmailAddress;
use desk::{intake, link};
use pages::account::{Sent, SentPage, UserSignInPage};
use pages::form::FieldProblem;
use pages::http::Html;
use pages::layout::{Notice, Shell};
use serde::Deserialize;
use tenancy::Id;
use tenancy::principal::Claimed;
use tenancy::scope::And;
use tenancy::token::UserClaims;
use web::failure::see_other;
use web::form::Posted;
use web::letters::{self, Sender};
use web::{Answer, Failure, Visit};

use web::guest::{Guest, Knock};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    signed_out: Option<String>,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    email: String,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let guest = Guest::at(&visit).await?.with_form();
    if guest.account.is_some() {
        return Ok(guest.answer(see_other(pages::url::TICKETS)));
    }
    let notice = wanted.signed_out.map(|_| Notice::SignedOut);
    let page = page(&guest, "", None, notice);
    Ok(guest.answer(page))
}

pub(crate) async fn submit(visit: Visit, Posted(typed): Posted<Typed>) -> Answer {
    let knock = Knock::of(&visit).await?;
    knock.check(&typed.csrf)?;
    let address = address(&typed.email);
    let looked_up = address.as_ref().map_or("", EmailAddress::as_str);
    let scope = visit.scope();
    let asked = (
        Claimed::of_email(&scope, looked_up),
        intake::senders(&scope),
    );
    let (who, (accounts, senders)) = scope.read(And(knock.who(&scope), asked)).await?;
    let guest = knock.enter(who)?.with_form();
    if let Err(problem) = address {
        let page = page(&guest, &typed.email, Some(problem), None);
        return Ok(guest.answer((StatusCode::UNPROCESSABLE_ENTITY, page)));
    }
    let claims = addressee(&guest, accounts);
    let sender = Sender {
        runtime: &visit.runtime,
        site: &guest.site,
        head: guest.letterhead(),
        address: senders.first(),
    };
    let letter = letters::of_sign_in(sender, &guest.signer, &claims).await?;
    let (now, random) = (visit.now(), &*visit.runtime.random);
    let (scope, realm) = (guest.scope(), guest.site.realm);
    let batch = link::mail_sign_in(&scope, realm, &claims.user, &letter, now, random);
    scope.write(batch.to_vec()).await?;
    Ok(guest.answer(see_other(pages::url::SIGN_IN_SENT)))
}

/// Whom the link is for; for an unknown address, somebody who does not exist.
fn addressee(guest: &Guest<'_>, accounts: Vec<Claimed>) -> UserClaims {
    let nobody = UserClaims {
        tenant: guest.site.tenant,
        user: Id::new(guest.visit.now(), &*guest.visit.runtime.random),
        epoch: 1,
    };
    accounts
        .into_iter()
        .next()
        .map_or(nobody, |account| account.link())
}

/// Reads an address as people type it.
pub(crate) fn address(typed: &str) -> Result<EmailAddress, FieldProblem> {
    EmailAddress::parse(typed).ok_or(if typed.trim().is_empty() {
        FieldProblem::Missing
    } else {
        FieldProblem::NotAnAddress
    })
}

fn page(
    guest: &Guest<'_>,
    email: &str,
    problem: Option<FieldProblem>,
    notice: Option<Notice<'_>>,
) -> Response {
    Html(UserSignInPage {
        shell: Shell {
            notice,
            ..guest.shell()
        },
        email,
        problem,
        csrf: guest.csrf(),
    })
    .into_response()
}

pub(crate) async fn sent(visit: Visit) -> Answer {
    look_into_your_mail(&visit, Sent::SignIn).await
}

/// Tells to look for a link that may have been sent.
pub(crate) async fn look_into_your_mail(visit: &Visit, sent: Sent) -> Result<Response, Failure> {
    let guest = Guest::at(visit).await?;
    let page = Html(SentPage {
        shell: guest.shell(),
        sent,
    });
    let page = page.into_response();
    Ok(guest.answer(page))
}
