//! An agent at their desk: signed in, placed in the tree, and with the frame of their pages.

use axum::response::Response;
use desk::setting;
use pages::http::wants_json;
use pages::layout::{Shell, Viewer};
use tenancy::principal::{Agent, Credentials};
use tenancy::scope::{And, Queries};
use tenancy::sight::Standing;
use tenancy::token::Signer;
use tenancy::{DbError, Id, Scope, Site};

use crate::visit::open_site;
use crate::{Failure, Frame, Visit, session};

/// A signed-in agent's request.
pub struct Desk {
    /// The request.
    pub visit: Visit,
    /// The signer of sessions and form tokens.
    pub signer: Signer,
    /// The site it came to.
    pub site: Site,
    /// The frame of the site's pages.
    pub frame: Frame,
    /// Who asks, and where they stand.
    pub agent: Agent,
}

impl Desk {
    /// Finds out who asks, and what else is looked up for them, in one round trip.
    ///
    /// # Errors
    /// [`Failure::SignInNeeded`] when it is nobody, and what [`open_site`] says.
    pub async fn enter<Q: Queries>(
        visit: Visit,
        look_up: impl FnOnce(&Scope) -> Q,
    ) -> Result<(Self, Q::Answers), Failure> {
        Self::enter_as(visit, |scope, _| look_up(scope)).await
    }

    /// The same, where what is looked up depends on who they say they are.
    ///
    /// # Errors
    /// As of [`Self::enter`].
    pub async fn enter_as<Q: Queries>(
        visit: Visit,
        look_up: impl FnOnce(&Scope, &Id) -> Q,
    ) -> Result<(Self, Q::Answers), Failure> {
        let signer = visit.signer().await?;
        let claims = session::presented(&visit, &signer);
        let claims = claims.ok_or_else(|| session::sign_in_needed(&visit))?;
        let scope = visit.scope();
        let account = (
            visit.site(&scope),
            setting::inherited(&scope),
            Credentials::of_session(&scope, &claims),
        );
        let standing = Standing::of_session(&scope, &claims);
        let asked = And(And(account, standing), look_up(&scope, &claims.agent));
        let (((sites, settings, accounts), standing), found) = scope.read(asked).await?;
        let site = open_site(sites)?;
        let agent = session::agent(&visit, &site, &claims, accounts)?.standing_at(standing);
        let frame = Frame::new(&site, &settings);
        let desk = Self {
            visit,
            signer,
            site,
            frame,
            agent,
        };
        Ok((desk, found))
    }

    /// The reach into the agent's tenant.
    pub fn scope(&self) -> Scope {
        Scope::of(&self.visit.runtime, &self.site)
    }

    /// Reads what the agent sees, and looks again if that changes in the same moment.
    ///
    /// # Errors
    /// The database's.
    pub async fn look<Q: Queries>(
        &mut self,
        queries: impl Fn(&Agent, &Scope) -> Q,
    ) -> Result<Q::Answers, DbError> {
        let scope = self.scope();
        let queries = |agent: &Agent| queries(agent, &scope);
        self.agent.look(&scope, queries).await
    }

    /// Whether a program asks, and not a browser.
    pub fn wants_json(&self) -> bool {
        wants_json(&self.visit.headers)
    }

    /// The frame of the agent's pages, with the realm they work in where there are several.
    pub fn shell<'a>(&'a self, realm: Option<&'a str>, csrf: &'a str) -> Shell<'a> {
        let viewer = Viewer {
            name: &self.agent.name,
            email: &self.agent.email,
            realm,
            sign_out_token: csrf,
            administers: self.agent.administers(),
            opens: self.agent.opens_tickets(),
        };
        Shell {
            viewer: Some(viewer),
            ..self.frame.english_shell()
        }
    }

    /// The answer with a fresh session.
    #[must_use]
    pub fn renewed(&self, mut response: Response) -> Response {
        let now = self.visit.now();
        session::renew(&mut response, &self.signer, &self.agent, now);
        response
    }
}
