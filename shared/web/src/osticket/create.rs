//! A program opens a ticket: what the calls for it have in common behind their body's form.

use axum::response::Response;
use desk::file::{Files, Limits};
use desk::form::{self, Clocks, Field};
use desk::intake::{self, Draft, Picked, Setup};
use desk::setting::Key;
use desk::ticket::Actor;
use tenancy::principal::ApiKey;
use tenancy::scope::And;
use tenancy::{Scope, Site};

use super::fields::Fields;
use super::{Call, Refused, Why, created};
use crate::letters;

/// Who calls, and what decides about their ticket.
struct Caller {
    site: Site,
    key: ApiKey,
    setup: Setup,
    /// What is asked beside a subject and a message.
    form: Vec<Field>,
}

/// Opens the ticket that a call's body holds, in two round trips, three with files; what is picked
/// by ids costs one more.
///
/// # Errors
/// Why there is none, in the dialect of the caller.
pub async fn create(
    call: &Call,
    read: fn(&[u8]) -> Result<Fields, Why>,
) -> Result<Response, Refused> {
    // What is asked for decides what is looked up; what is wrong with it is told once the caller
    // is let in.
    let mut fields = read(&call.body);
    let picked = match &mut fields {
        Ok(fields) => picked(call, fields).await?,
        Err(_) => Picked::default(),
    };
    let caller = Caller::find(call, fields.as_ref().ok()).await?;
    let dialect = caller.key.dialect;
    let fields = fields.map_err(|why| why.told_in(dialect))?;
    let number = open(call, &caller, (&fields, &picked)).await;
    number
        .map(|number| created(&number))
        .map_err(|why| why.told_in(dialect))
}

/// What is picked by ids and may be. It comes before all else that is looked up, since it may say
/// who asks.
async fn picked(call: &Call, fields: &mut Fields) -> Result<Picked, Refused> {
    let picks = fields.picks();
    if picks.is_nothing() {
        return Ok(Picked::default());
    }
    let door = call.door()?;
    let scope = Scope::behind(&call.runtime, door.clone());
    let asked = (ApiKey::find(&scope, &door), intake::picked(&scope, &picks));
    let (keys, found) = scope.read(asked).await?;
    let mut found = found.into_iter().zip(keys);
    let picked = found.next().map(|(picked, key)| picked.by(&key));
    let mut picked = picked.unwrap_or_default();
    if let Some(requester) = picked.requester.take() {
        fields.ask_as(requester);
    }
    Ok(picked)
}

impl Caller {
    /// Lets the caller in, and looks up all that decides about the ticket, in one round trip.
    async fn find(call: &Call, asked: Option<&Fields>) -> Result<Self, Refused> {
        let door = call.door()?;
        let scope = Scope::behind(&call.runtime, door.clone());
        let email = asked.map_or_else(String::new, Fields::email);
        let topic = asked.and_then(Fields::topic);
        let who = (Site::find(&scope, &door), ApiKey::find(&scope, &door));
        let setup = intake::setup(&scope, Some(&[&email]));
        let about = And(setup, form::asked(&scope, topic));
        let ((sites, keys), (setup, form)) = scope.read(And(who, about)).await?;
        let (site, key) = call.admit(sites, keys)?;
        if !key.can_create_tickets {
            return Err(Why::KeyNotAuthorized.into());
        }
        if !setup.settings.is_on(Key::Online) {
            return Err(Why::Suspended.into());
        }
        let mut form = setup.asks(topic, form);
        for field in &mut form {
            field.reveal(|it| it.realm == site.realm);
        }
        Ok(Self {
            site,
            key,
            setup,
            form,
        })
    }
}

async fn open(
    call: &Call,
    caller: &Caller,
    (fields, picked): (&Fields, &Picked),
) -> Result<String, Why> {
    let (site, setup) = (&caller.site, &caller.setup);
    let (wishes, now) = (fields.wishes(&caller.key, picked), call.runtime.clock.now());
    let zone = setup.settings.zone();
    let clocks = Clocks { now, zone };
    let picks = (wishes, picked);
    let arrival = fields.arrival(call.client, picks, site.realm, &caller.form, clocks)?;
    let due = fields.due(&caller.key, clocks)?;
    let admission = setup.admit(arrival)?;
    let limits = Limits::of(&setup.settings);
    let draft = Draft::new(&call.runtime, site, admission, Actor::Api)
        .carrying(Files::judge(&fields.files, &limits))
        .noting(fields.note(&caller.form))
        .due(due);
    let signer = crate::visit::signer(&call.runtime).await?;
    let (runtime, audience) = (&call.runtime, fields.audience());
    let letters = letters::of_new_ticket(runtime, site, setup, &draft, &signer, audience).await?;
    let besides = |scope: &Scope| {
        let invited = intake::take_part(scope, draft.id(), &picked.collaborators, now);
        invited.into_iter().collect()
    };
    Ok(draft.write(&letters, besides).await?)
}
