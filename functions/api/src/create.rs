//! `POST /api/tickets.json` and `/api/tickets.xml`: a program opens a ticket.

use axum::response::Response;
use desk::file::{Files, Limits};
use desk::intake::{self, Draft, Setup};
use desk::setting::{self, Settings};
use desk::ticket::Actor;
use tenancy::principal::ApiKey;
use tenancy::scope::And;
use tenancy::{Scope, Site};
use web::letters;
use web::osticket::{Call, Refused, Why, created};

use crate::fields::{Fields, invalid};

pub(crate) async fn json(call: Call) -> Result<Response, Refused> {
    create(&call, crate::json::read).await
}

pub(crate) async fn xml(call: Call) -> Result<Response, Refused> {
    create(&call, crate::xml::read).await
}

/// Who calls, and what their ticket goes by.
struct Caller {
    site: Site,
    key: ApiKey,
    limits: Limits,
    setup: Setup,
}

async fn create(call: &Call, read: fn(&[u8]) -> Result<Fields, Why>) -> Result<Response, Refused> {
    let door = call.door()?;
    let scope = Scope::behind(&call.runtime, door.clone());
    let who = (
        Site::find(&scope, &door),
        ApiKey::find(&scope, &door),
        setting::inherited(&scope),
    );
    let ((sites, keys, settings), setup) = scope.read(And(who, intake::setup(&scope))).await?;
    let (site, key) = call.admit(sites, keys)?;
    let dialect = key.dialect;
    if !key.can_create_tickets {
        return Err(Why::KeyNotAuthorized.into());
    }
    let limits = Limits::of(&Settings::of(&settings));
    let caller = Caller {
        site,
        key,
        limits,
        setup,
    };
    let fields = read(&call.body).map_err(|why| why.told_in(dialect))?;
    let number = open(call, &caller, &fields).await;
    number
        .map(|number| created(&number))
        .map_err(|why| why.told_in(dialect))
}

async fn open(call: &Call, caller: &Caller, fields: &Fields) -> Result<String, Why> {
    let (site, setup) = (&caller.site, &caller.setup);
    let request = fields
        .submission(call.client)?
        .check()
        .map_err(|problems| invalid(&problems))?;
    let no_department = || Why::Trouble("no department".to_owned());
    let routing = setup.route(fields.wishes(&caller.key, setup));
    let routing = routing.ok_or_else(no_department)?;
    let draft = Draft::new(&call.runtime, site, request, routing, Actor::Api)
        .carrying(Files::judge(&fields.files, &caller.limits))
        .noting(fields.note());
    let signer = web::visit::signer(&call.runtime).await?;
    let (runtime, audience) = (&call.runtime, fields.audience());
    let letters = letters::of_new_ticket(runtime, site, setup, &draft, &signer, audience).await?;
    Ok(draft.write(&letters, |_| Vec::new()).await?)
}
