//! `POST /account/sign-out`: ends the user's sessions, here and in every other browser.

use serde::Deserialize;
use web::failure::see_other;
use web::form::Posted;
use web::{Answer, Visit, form, user_session};

use web::guest::Guest;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    csrf: String,
}

pub(crate) async fn submit(visit: Visit, Posted(posted): Posted<Asked>) -> Answer {
    form::check(&visit, &visit.signer().await?, &posted.csrf)?;
    let guest = Guest::at(&visit).await?;
    if let Some(account) = &guest.account {
        let scope = guest.scope();
        scope.write(vec![account.end_sessions(&scope)]).await?;
    }
    let mut response = see_other("/account/sign-in?signed_out=1");
    user_session::forget(&mut response);
    Ok(response)
}
