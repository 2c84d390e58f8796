//! `POST /api/tickets.json` and `/api/tickets.xml`: a program opens a ticket.

use axum::response::Response;
use desk::file::{Files, Limits};
use desk::form::{self, Field};
use desk::intake::{self, Draft, Setup};
use desk::ticket::Actor;
use tenancy::principal::ApiKey;
use tenancy::scope::And;
use tenancy::{Scope, Site};
use web::letters;
use web::osticket::{Call, Refused, Why, created};

use crate::fields::Fields;

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
    setup: Setup,
    form: Vec<Field>,
}

async fn create(call: &Call, read: fn(&[u8]) -> Result<Fields, Why>) -> Result<Response, Refused> {
    let door = call.door()?;
    // What is asked for decides what is looked up; what is wrong with it is told once the caller
    // is let in.
    let fields = read(&call.body);
    let asked = fields.as_ref().ok();
    let email = asked.map_or_else(String::new, Fields::email);
    let scope = Scope::behind(&call.runtime, door.clone());
    let who = (Site::find(&scope, &door), ApiKey::find(&scope, &door));
    let about = And(
        intake::setup(&scope, Some(&[&email])),
        form::asked(&scope, asked.and_then(Fields::topic)),
    );
    let ((sites, keys), (setup, form)) = scope.read(And(who, about)).await?;
    let (site, key) = call.admit(sites, keys)?;
    let dialect = key.dialect;
    if !key.can_create_tickets {
        return Err(Why::KeyNotAuthorized.into());
    }
    let caller = Caller {
        site,
        key,
        setup,
        form,
    };
    let fields = fields.map_err(|why| why.told_in(dialect))?;
    let number = open(call, &caller, &fields).await;
    number
        .map(|number| created(&number))
        .map_err(|why| why.told_in(dialect))
}

async fn open(call: &Call, caller: &Caller, fields: &Fields) -> Result<String, Why> {
    let (site, setup) = (&caller.site, &caller.setup);
    let (wishes, now) = (fields.wishes(&caller.key), call.runtime.clock.now());
    let is_known = wishes.topic.is_none_or(|id| setup.topic(id).is_some());
    let form = if is_known { &caller.form[..] } else { &[] };
    let arrival = fields.arrival(call.client, wishes, site.realm, form, now)?;
    let admission = setup.admit(arrival)?;
    let limits = Limits::of(&setup.settings);
    let draft = Draft::new(&call.runtime, site, admission, Actor::Api)
        .carrying(Files::judge(&fields.files, &limits))
        .noting(fields.note());
    let signer = web::visit::signer(&call.runtime).await?;
    let (runtime, audience) = (&call.runtime, fields.audience());
    let letters = letters::of_new_ticket(runtime, site, setup, &draft, &signer, audience).await?;
    Ok(draft.write(&letters, |_| Vec::new()).await?)
}
