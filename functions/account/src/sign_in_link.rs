//! `/account/link?token=…`: the mailed link. Opening it signs nobody in, since programs open links
//! before people do; the button on its page does, once.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pages::account::SignInLinkPage;
use pages::http::Html;
use serde::Deserialize;
use tenancy::port::DbError;
use tenancy::principal::{Account, Claimed};
use tenancy::scope::And;
use web::failure::see_other;
use web::form::{self, Posted};
use web::{Answer, Failure, Visit, user_session};

use web::guest::{Guest, Knock};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Link {
    token: String,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Pressed {
    csrf: String,
    token: String,
}

pub(crate) async fn show(visit: Visit, Query(link): Query<Link>) -> Answer {
    let (guest, account) = look_up(&visit, &link.token).await?;
    Ok(match account {
        Some(account) => {
            let guest = guest.with_form();
            let page = page(&guest, Some(&account), &link.token);
            guest.answer(page)
        }
        None => gone(guest),
    })
}

pub(crate) async fn submit(visit: Visit, Posted(pressed): Posted<Pressed>) -> Answer {
    form::check(&visit, &visit.signer().await?, &pressed.csrf)?;
    let (guest, account) = look_up(&visit, &pressed.token).await?;
    let Some(account) = account else {
        return Ok(gone(guest));
    };
    let scope = guest.scope();
    match scope.write(vec![account.use_link(&scope)]).await {
        Ok(_) => {
            let mut response = see_other(pages::url::TICKETS);
            user_session::renew(&mut response, &guest.signer, &account, visit.now());
            Ok(response)
        }
        Err(DbError::Stale) => Ok(gone(guest)),
        Err(error) => Err(error.into()),
    }
}

/// The account that the link signs in to, if it still does.
async fn look_up<'v>(
    visit: &'v Visit,
    token: &str,
) -> Result<(Guest<'v>, Option<Account>), Failure> {
    let knock = Knock::of(visit).await?;
    let claims = visit.signer().await?.read_sign_in(token, visit.now());
    let scope = visit.scope();
    let claims_of = |claims| (Claimed::of_claims(&scope, claims),);
    let linked = claims.as_ref().map(claims_of);
    let (who, (accounts,)) = scope.read(And(knock.who(&scope), linked)).await?;
    let guest = knock.enter(who)?;
    let claimed = accounts.into_iter().next().zip(claims);
    let account = claimed.and_then(|(account, claims)| account.enter(&guest.site, &claims));
    Ok((guest, account))
}

fn page(guest: &Guest<'_>, account: Option<&Account>, token: &str) -> Response {
    Html(SignInLinkPage {
        shell: guest.shell(),
        email: account.map(|account| account.email.as_str()),
        csrf: guest.csrf(),
        token,
    })
    .into_response()
}

/// The same whether the link was used, has run out, or never was one.
fn gone(guest: Guest<'_>) -> Response {
    let page = page(&guest, None, "");
    guest.answer((StatusCode::NOT_FOUND, page))
}
