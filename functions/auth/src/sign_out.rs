//! `POST /auth/sign-out`: ends the agent's sessions, here and in every other browser.

use serde::Deserialize;
use tenancy::Scope;
use tenancy::principal::Credentials;
use web::failure::see_other;
use web::form::Posted;
use web::visit::open_site;
use web::{Answer, Visit, form, session};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    csrf: String,
}

pub(crate) async fn submit(visit: Visit, Posted(posted): Posted<Asked>) -> Answer {
    let signer = visit.signer().await?;
    form::check(&visit, &signer, &posted.csrf)?;
    if let Some(claims) = session::presented(&visit, &signer) {
        let scope = visit.scope();
        let looked_up = (visit.site(&scope), Credentials::of_session(&scope, &claims));
        let (sites, accounts) = scope.read(looked_up).await?;
        let site = open_site(sites)?;
        if let Ok(agent) = session::agent(&visit, &site, &claims, accounts) {
            let scope = Scope::of(&visit.runtime, &site);
            scope
                .write(vec![Credentials::end_sessions(&scope, &agent)])
                .await?;
        }
    }
    let mut response = see_other("/auth/sign-in?signed_out=1");
    session::forget(&mut response);
    Ok(response)
}
