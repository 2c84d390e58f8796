//! `POST /api/tickets.email`: one mail as bytes, with an API key, as osTicket's script for mail
//! servers posts it.
//!
//! The script makes exit codes of the statuses, and mail servers act on them: 201 is done, 400
//! and 401 send the mail back, and only 500 lets the server keep it and try again.

use axum::extract::Request;
use axum::response::Response;
use desk::inbound::{self, Addressed, Arrived};
use desk::intake;
use tenancy::principal::{ApiKey, Dialect};
use tenancy::scope::And;
use tenancy::{Scope, Site};
use web::osticket::{self, Call, Refused, Why, created};

use crate::filing::{self, Entered, Entrance, Outcome};

pub(crate) async fn take_in(call: Call) -> Result<Response, Refused> {
    let program = Program { call: &call };
    // The key counts before the mail does.
    let mail = Arrived::try_read(&call.body);
    let Some(mail) = mail else {
        program.admit().await?;
        return Err(Why::Unreadable("Unable to read email request".to_owned()).into());
    };
    let outcome = filing::take_in(&call.runtime, &program, &mail, &call.body).await?;
    Ok(match outcome {
        Outcome::Created(number) | Outcome::Continued(number) => created(&number),
        Outcome::Duplicate(number) => created(&number.unwrap_or_default()),
        Outcome::Dropped => created(""),
        Outcome::Refused(refused) => return Err(refused),
    })
}

/// The verb may be named in the query, on osTicket's paths.
pub(crate) async fn or_wrong_method(request: Request) -> Response {
    osticket::or_wrong_method(request, take_in).await
}

/// A program with an API key.
struct Program<'a> {
    call: &'a Call,
}

impl Program<'_> {
    /// Lets it in without a mail.
    async fn admit(&self) -> Result<(Site, Dialect), Refused> {
        let door = self.call.door()?;
        let scope = Scope::behind(&self.call.runtime, door.clone());
        let who = (Site::find(&scope, &door), ApiKey::find(&scope, &door));
        let (sites, keys) = scope.read(who).await?;
        self.may_file(sites, keys)
    }

    fn may_file(&self, sites: Vec<Site>, keys: Vec<ApiKey>) -> Result<(Site, Dialect), Refused> {
        let (site, key) = self.call.admit(sites, keys)?;
        if key.can_create_tickets {
            Ok((site, key.dialect))
        } else {
            Err(Why::KeyNotAuthorized.into())
        }
    }
}

impl Entrance for Program<'_> {
    type Refused = Refused;

    async fn enter(&self, mail: &Arrived) -> Result<Entered, Refused> {
        let door = self.call.door()?;
        let scope = Scope::behind(&self.call.runtime, door.clone());
        let who = (
            Site::find(&scope, &door),
            ApiKey::find(&scope, &door),
            inbound::addressed(&scope, mail),
        );
        let setup = intake::setup(&scope, Some(&inbound::requesters(mail)));
        let about = And(setup, inbound::look_up(&scope, mail));
        let ((sites, keys, addressed), (setup, known)) = scope.read(And(who, about)).await?;
        let (site, dialect) = self.may_file(sites, keys)?;
        let addressed = addressed.into_iter().next();
        let addressed = addressed.unwrap_or_else(|| Addressed::nobody(&site, &setup));
        Ok(Entered {
            site,
            dialect,
            addressed,
            setup,
            known,
        })
    }
}
