//! Who visits the portal, and what each of its pages goes by.
//!
//! The account behind a session is looked up in the one batch that a page reads anyway, so a
//! session that was ended is nobody from the next request on.

use crate::form::{self, FormToken};
use crate::visit::{Frame, open_site};
use crate::{Failure, Visit, user_session};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use desk::setting::{self, Held, Key, Settings};
use desk::source::{self, Source};
use pages::http::Html;
use pages::layout::{Shell, Viewer};
use pages::mail::Letterhead;
use pages::portal::OfflinePage;
use tenancy::principal::{Account, Claimed, User};
use tenancy::scope::{And, Queries};
use tenancy::token::{Signer, UserClaims};
use tenancy::{Query, Scope, Site};

/// A visitor before anything was looked up.
pub struct Knock<'v> {
    visit: &'v Visit,
    signer: Signer,
    claims: Option<UserClaims>,
}

/// The queries that every page of the portal makes, and one more where there is a session.
pub type Who = And<(Query<Site>, Query<Option<Held>>), Option<(Query<Claimed>,)>>;
/// What they find.
pub type Found = <Who as Queries>::Answers;

impl<'v> Knock<'v> {
    /// Reads the visitor's session, and looks nothing up.
    ///
    /// # Errors
    /// When sessions cannot be read here.
    pub async fn of(visit: &'v Visit) -> Result<Self, Failure> {
        let signer = visit.signer().await?;
        Ok(Self {
            visit,
            claims: user_session::presented(visit, &signer),
            signer,
        })
    }

    /// The session the visitor presents, not yet known to be anybody.
    pub fn claims(&self) -> Option<&UserClaims> {
        self.claims.as_ref()
    }

    /// Refuses a posted form unless its token belongs to the visitor.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self, form_token: &str) -> Result<(), Failure> {
        form::check(self.visit, &self.signer, form_token)
    }

    /// The query that counts a form which this visitor sends, where it can be told who sends it.
    pub fn count(&self, scope: &Scope, form: source::Form) -> Option<(Query<i64>,)> {
        let user = self.claims().map(|claims| &claims.user);
        let source = Source::of(user, self.visit.client)?;
        Some((source::count(scope, form, &source, self.visit.now()),))
    }

    /// The queries that find out who visits.
    pub fn who(&self, scope: &Scope) -> Who {
        let claims = self.claims();
        And(
            (self.visit.site(scope), setting::inherited(scope)),
            claims.map(|claims| (Claimed::of_claims(scope, claims),)),
        )
    }

    /// Lets the visitor in, signed in or not.
    ///
    /// # Errors
    /// When there is no such portal, or it is closed.
    pub fn enter(self, ((sites, settings), (accounts,)): Found) -> Result<Guest<'v>, Failure> {
        let site = open_site(sites)?;
        let (frame, counting) = (Frame::new(&site, &settings), Settings::of(&settings));
        if !counting.is_on(Key::Online) {
            return Err(closed(&frame, &counting.text(Key::OfflineText)));
        }
        let claimed = accounts.into_iter().next().zip(self.claims);
        let account = claimed.and_then(|(account, claims)| account.resume(&site, &claims));
        // The sign-out button in the head of the page is a form.
        let form = account
            .as_ref()
            .map(|_| FormToken::of(self.visit, &self.signer));
        Ok(Guest {
            visit: self.visit,
            signer: self.signer,
            frame,
            settings: counting,
            site,
            account,
            form,
        })
    }
}

/// A visitor of the portal.
pub struct Guest<'v> {
    /// The request.
    pub visit: &'v Visit,
    /// Signs what the guest is handed.
    pub signer: Signer,
    /// The portal.
    pub site: Site,
    /// Who has signed in.
    pub account: Option<Account>,
    /// What counts in the portal's realm.
    pub settings: Settings,
    frame: Frame,
    form: Option<FormToken>,
}

impl Guest<'_> {
    /// Looks up who visits, and nothing else.
    ///
    /// # Errors
    /// When there is no such portal, or it is closed.
    pub async fn at(visit: &Visit) -> Result<Guest<'_>, Failure> {
        let knock = Knock::of(visit).await?;
        let scope = visit.scope();
        let found = scope.read(knock.who(&scope)).await?;
        knock.enter(found)
    }

    /// The guest of a page that has a form.
    #[must_use]
    pub fn with_form(mut self) -> Self {
        let form = self.form.take();
        self.form = form.or_else(|| Some(FormToken::of(self.visit, &self.signer)));
        self
    }

    /// The form token of the page.
    pub fn csrf(&self) -> &str {
        self.form.as_ref().map_or("", |form| &form.token)
    }

    /// The frame as pages take it.
    pub fn shell(&self) -> Shell<'_> {
        let user = self.account.as_ref().map(|account| Viewer {
            name: shown_name(account),
            email: &account.email,
            realm: None,
            sign_out_token: self.csrf(),
            administers: false,
            opens: false,
        });
        Shell {
            user,
            ..self.frame.shell()
        }
    }

    /// In how many seconds the guest may send a form again, if they have sent it too often.
    pub fn wait(&self, counted: &[i64], form: source::Form) -> Option<i64> {
        source::wait(counted, form, &self.settings, self.visit.now())
    }

    /// The frame as mails to the guest take it.
    pub fn letterhead(&self) -> Letterhead<'_> {
        self.frame.letterhead()
    }

    /// The user that policy knows: by the session, by the access link of a ticket, or both.
    pub fn user(&self, access: Option<&str>) -> Option<User> {
        let access = access.and_then(|token| self.signer.read_access(token, self.visit.now()));
        User::known(&self.site, self.account.clone(), access)
    }

    /// The reach into the site.
    pub fn scope(&self) -> Scope {
        Scope::of(&self.visit.runtime, &self.site)
    }

    /// Answers the guest, whose session goes on.
    pub fn answer(self, answer: impl IntoResponse) -> Response {
        let mut response = match self.form {
            Some(form) => form.with(answer),
            None => answer.into_response(),
        };
        if let Some(account) = &self.account {
            user_session::renew(&mut response, &self.signer, account, self.visit.now());
        }
        response
    }
}

/// What everybody is told while the portal is closed.
fn closed(frame: &Frame, text: &str) -> Failure {
    let page = Html(OfflinePage {
        shell: frame.shell(),
        text,
    });
    Failure::Closed(Box::new(page.into_response()))
}

/// An answer to what may be sent again in so many seconds.
pub fn later(mut response: Response, seconds: i64) -> Response {
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}

/// Mail may have made a user known without a name.
pub fn shown_name(account: &Account) -> &str {
    if account.name.is_empty() {
        &account.email
    } else {
        &account.name
    }
}
