//! `/auth/sign-in`: an address and a password.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::email::EmailAddress;
use desk::setting;
use pages::auth::{SignInPage, SignInProblem};
use pages::http::Html;
use pages::layout::{Notice, Shell};
use serde::Deserialize;
use tenancy::principal::{Credentials, SignIn};
use tenancy::{Scope, Site};
use web::failure::see_other;
use web::form::{self, FormToken, Posted};
use web::visit::{Frame, open_site};
use web::{Answer, Failure, Visit, session};

/// Longest password that is looked at; hashing more would only cost time.
const LONGEST_PASSWORD: usize = 1024;

/// What is said to whoever comes from setting a password.
const PASSWORD_SET: &str = "Your password is set. Sign in with it.";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    next: String,
    signed_out: Option<String>,
    password_set: Option<String>,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    next: String,
    email: String,
    password: String,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let scope = visit.scope();
    let (sites, settings) = scope
        .read((visit.site(&scope), setting::inherited(&scope)))
        .await?;
    let frame = Frame::new(&open_site(sites)?, &settings);
    let token = FormToken::of(&visit, &visit.signer().await?);
    let typed = Typed {
        next: own_path(&wanted.next).to_owned(),
        ..Typed::default()
    };
    let password_set = || wanted.password_set.map(|_| Notice::Said(PASSWORD_SET));
    let notice = wanted
        .signed_out
        .map(|_| Notice::SignedOut)
        .or_else(password_set);
    Ok(page(&frame, &typed, None, notice, token))
}

pub(crate) async fn submit(visit: Visit, Posted(typed): Posted<Typed>) -> Answer {
    let signer = visit.signer().await?;
    form::check(&visit, &signer, &typed.csrf)?;
    let email = EmailAddress::parse(&typed.email);
    let looked_up = email.as_ref().map_or("", |email| email.as_str());
    let scope = visit.scope();
    let (sites, settings, accounts) = scope
        .read((
            visit.site(&scope),
            setting::inherited(&scope),
            Credentials::of_email(&scope, looked_up),
        ))
        .await?;
    let site = open_site(sites)?;
    let frame = Frame::new(&site, &settings);
    let refused = |problem| {
        let token = FormToken::of(&visit, &signer);
        let page = page(&frame, &typed, Some(problem), None, token);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    if typed.email.trim().is_empty() || typed.password.is_empty() {
        return refused(SignInProblem::Missing);
    }
    let account = accounts.into_iter().next();
    let had_failures = account.as_ref().is_some_and(Credentials::has_failures);
    let password = if typed.password.len() > LONGEST_PASSWORD {
        ""
    } else {
        &typed.password
    };
    match Credentials::sign_in(account, password, visit.now()) {
        SignIn::Accepted(agent) => {
            if had_failures {
                let scope = Scope::of(&visit.runtime, &site);
                scope
                    .write(vec![Credentials::forget_failures(&scope, &agent)])
                    .await?;
            }
            let mut response = see_other(own_path(&typed.next));
            session::renew(&mut response, &signer, &agent, visit.now());
            Ok(response)
        }
        SignIn::Refused => {
            count_failure(&visit, &site, looked_up).await?;
            refused(SignInProblem::Refused)
        }
        SignIn::Locked => refused(SignInProblem::TooManyAttempts),
    }
}

async fn count_failure(visit: &Visit, site: &Site, email: &str) -> Result<(), Failure> {
    let scope = Scope::of(&visit.runtime, site);
    scope
        .write(vec![Credentials::count_failure(&scope, email, visit.now())])
        .await?;
    Ok(())
}

/// Where to go after signing in: a path of ours and never another host.
fn own_path(next: &str) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let places = [pages::url::QUEUES, pages::url::ADMIN];
    let is_ours = places.iter().any(|place| next.starts_with(place));
    if is_ours && next.bytes().all(is_plain) {
        next
    } else {
        pages::url::QUEUES
    }
}

fn page(
    frame: &Frame,
    typed: &Typed,
    problem: Option<SignInProblem>,
    notice: Option<Notice<'_>>,
    token: FormToken,
) -> Response {
    let csrf = token.token.clone();
    let page = SignInPage {
        shell: Shell {
            notice,
            ..frame.english_shell()
        },
        email: &typed.email,
        problem,
        csrf: &csrf,
        next: &typed.next,
    };
    token.with(Html(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_host() {
        assert_eq!(
            own_path("/queues/overdue?older=x"),
            "/queues/overdue?older=x"
        );
        assert_eq!(own_path("/admin/realms/7/move"), "/admin/realms/7/move");
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "queues",
        ] {
            assert_eq!(own_path(foreign), "/queues", "{foreign}");
        }
    }
}
