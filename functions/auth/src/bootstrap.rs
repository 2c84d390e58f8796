//! `/auth/bootstrap?token=…`: a tenant's first agent takes up the invitation and sets a password.

use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::setting;
use pages::auth::{BootstrapPage, BootstrapProblem};
use pages::http::Html;
use serde::Deserialize;
use tenancy::port::DbError;
use tenancy::principal::Invitation;
use tenancy::token::Signer;
use tenancy::{Scope, Site, password};
use web::failure::see_other;
use web::form::{self, FormToken};
use web::visit::{Frame, open_site};
use web::{Answer, Failure, Visit};

/// A password has at least this many characters: there is no second factor yet.
const SHORTEST: usize = 12;
/// And at most this many bytes; hashing more would only cost time.
const LONGEST: usize = 1024;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Link {
    token: String,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    token: String,
    password: String,
    again: String,
}

/// An invitation as somebody presents it.
struct Presented<'a> {
    visit: &'a Visit,
    signer: Signer,
    site: Site,
    frame: Frame,
    token: &'a str,
    invitation: Option<Invitation>,
}

pub(crate) async fn show(visit: Visit, Query(link): Query<Link>) -> Answer {
    Ok(match Presented::look_up(&visit, &link.token).await? {
        presented if presented.invitation.is_some() => presented.page(None),
        presented => presented.gone(),
    })
}

pub(crate) async fn submit(visit: Visit, Form(typed): Form<Typed>) -> Answer {
    form::check(&visit, &visit.signer().await?, &typed.csrf)?;
    let presented = Presented::look_up(&visit, &typed.token).await?;
    let Some(invitation) = &presented.invitation else {
        return Ok(presented.gone());
    };
    if let Some(problem) = problem(&typed) {
        return Ok(presented.page(Some(problem)));
    }
    let too_long = |_| Failure::Trouble("a password that cannot be hashed".to_owned());
    let hash = password::hash(&typed.password, &*visit.runtime.random).map_err(too_long)?;
    let scope = Scope::of(&visit.runtime, &presented.site);
    match scope.write(vec![invitation.accept(&scope, &hash)]).await {
        Ok(_) => Ok(see_other("/auth/sign-in?password_set=1")),
        Err(DbError::Stale) => Ok(presented.gone()),
        Err(error) => Err(error.into()),
    }
}

fn problem(typed: &Typed) -> Option<BootstrapProblem> {
    if typed.password.chars().count() < SHORTEST {
        Some(BootstrapProblem::TooShort { least: SHORTEST })
    } else if typed.password.len() > LONGEST {
        Some(BootstrapProblem::TooLong)
    } else if typed.password != typed.again {
        Some(BootstrapProblem::Different)
    } else {
        None
    }
}

impl<'a> Presented<'a> {
    async fn look_up(visit: &'a Visit, token: &'a str) -> Result<Self, Failure> {
        let signer = visit.signer().await?;
        let claims = signer.read_bootstrap(token, visit.now());
        let scope = visit.scope();
        let (sites, settings, found) = scope
            .read((
                visit.site(&scope),
                setting::inherited(&scope),
                Invitation::of_claims(&scope, claims.as_ref()),
            ))
            .await?;
        let site = open_site(sites)?;
        // The account must be the one that the token names: same tenant, same epoch.
        let is_same = |found: &Invitation| Some(found.claims()) == claims.as_ref();
        Ok(Self {
            visit,
            signer,
            frame: Frame::new(&site, &settings),
            site,
            token,
            invitation: found.into_iter().next().filter(is_same),
        })
    }

    fn page(&self, problem: Option<BootstrapProblem>) -> Response {
        let token = FormToken::of(self.visit, &self.signer);
        let csrf = token.token.clone();
        let page = BootstrapPage {
            shell: self.frame.english_shell(),
            email: self.invitation.as_ref().map(|found| found.email.as_str()),
            problem,
            csrf: &csrf,
            token: self.token,
        };
        let status = problem.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
        token.with((status, Html(page)))
    }

    fn gone(&self) -> Response {
        let page = BootstrapPage {
            shell: self.frame.english_shell(),
            email: None,
            problem: Some(BootstrapProblem::Gone),
            csrf: "",
            token: "",
        };
        (StatusCode::NOT_FOUND, Html(page)).into_response()
    }
}
