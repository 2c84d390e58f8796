//! `/admin/log`: what was done in the realms an administrator holds, the newest first.
//!
//! Who stands outside of them is not named, and neither is what they wrote: it may name what the
//! reader does not see (T-32).

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::deed::{self, Done, Kind, Verb};
use desk::email::looked_up;
use pages::admin::{Actor, DeedRow, Filled, LogPage, Place};
use pages::http::{Html, wants_json};
use pages::time::Moment;
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::peer;
use tenancy::principal::Agent;
use tenancy::{Id, Scope};
use web::administering::{enter, held, nav};
use web::failure::{data, negotiated};
use web::form::FormToken;
use web::{Answer, Desk, Visit};

/// So many deeds stand on one page.
const PAGE: usize = 50;

/// What is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    agent: String,
    kind: String,
    before: String,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let address = looked_up(&wanted.agent);
    let (mut desk, (found,)) = enter(visit, |scope| (peer::agent(scope, &address),)).await?;
    let before = Id::parse(&wanted.before);
    let asked = deed::Wanted {
        agent: &address,
        kind: Kind::named(&wanted.kind),
        before: before.as_ref(),
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let list = |by: &Agent, scope: &Scope| {
        let holdings = by.holdings();
        (deed::list(scope, holdings.as_sight(), &asked, most),)
    };
    let (mut deeds,) = desk.look(list).await?;
    // Nobody is told that there is an agent whom they do not see.
    if !address.is_empty() && held(&desk, found).is_none() {
        deeds.clear();
    }
    let has_more = deeds.len() > PAGE;
    deeds.truncate(PAGE);
    Ok(page(&desk, wanted, &deeds, has_more))
}

fn page(desk: &Desk, wanted: &Wanted, deeds: &[Done], has_more: bool) -> Response {
    let next = deeds.last().filter(|_| has_more);
    let next = next.map(|last| pages::url::log(&wanted.agent, &wanted.kind, last.id.as_str()));
    let rows: Vec<DeedRow<'_>> = deeds.iter().map(|deed| row(desk, deed)).collect();
    if desk.wants_json() {
        let deeds = deeds.iter().zip(&rows);
        let deeds = deeds.map(|(deed, row)| row_json(deed, row));
        let body = json!({ "deeds": deeds.collect::<Vec<_>>(), "next": next });
        return desk.renewed(data(StatusCode::OK, &body));
    }
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = LogPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Log),
        rows,
        wanted: Filled(vec![("agent", &wanted.agent), ("kind", &wanted.kind)]),
        kinds: Kind::ALL.iter().map(|kind| kind.name()).collect(),
        next,
        is_continued: !wanted.before.is_empty(),
        now: Moment(desk.visit.now().0),
    };
    desk.renewed(token.with(Html(page)))
}

fn row<'d>(desk: &Desk, deed: &'d Done) -> DeedRow<'d> {
    let actor = match &deed.stands {
        None => Actor::Operator,
        Some(path) if desk.agent.holds_realm(path) => Actor::Agent(&deed.actor),
        Some(_) => Actor::Unseen,
    };
    let is_told = !matches!(actor, Actor::Unseen);
    let changes = deed.changed.iter();
    let change = |(field, value): (&'d String, &Value)| {
        let text = match value {
            Value::Null => "–".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        (field.as_str(), is_told.then_some(text))
    };
    DeedRow {
        at: Moment(deed.at.0),
        actor,
        verb: &deed.verb,
        kind: &deed.kind,
        name: &deed.name,
        url: url(deed),
        realm: &deed.realm.name,
        changes: changes.map(change).collect(),
    }
}

/// Where what was done can be looked at, while it is there.
fn url(deed: &Done) -> Option<String> {
    let realm = deed.realm.id.0;
    if Verb::named(&deed.verb) == Some(Verb::Removed) {
        return None;
    }
    let number = || deed.object.parse::<i64>().ok();
    match Kind::named(&deed.kind)? {
        Kind::Realm => Some(pages::url::realm(&number()?)),
        Kind::Access => Some(pages::url::realm_access(&realm)),
        Kind::Setting => Some(pages::url::realm_settings(&realm)),
        Kind::Separation => Some(pages::url::SEPARATION.to_owned()),
        Kind::Agent => Some(pages::url::agent(&deed.object)),
        Kind::Topic => Some(pages::url::topic(&number()?, &realm)),
        Kind::Form => Some(pages::url::form(&number()?, &realm)),
        Kind::List => Some(pages::url::list(&number()?, &realm)),
        Kind::Status => Some(pages::url::STATUSES.to_owned()),
        Kind::Filter => Some(pages::url::filter(&number()?, &realm)),
        Kind::Key => Some(pages::url::key(&deed.object)),
        Kind::Ban => Some(pages::url::bans_in(&realm)),
        Kind::Organization => Some(pages::url::organization(&deed.object)),
        Kind::User => Some(pages::url::user(&deed.object)),
        Kind::Template => Some(pages::url::template(&deed.object, &realm)),
        Kind::Response => Some(pages::url::canned_reply(&number()?, &realm)),
        Kind::Department => Some(pages::url::department(&number()?, &realm)),
        Kind::Team => Some(pages::url::team(&number()?, &realm)),
        Kind::Field | Kind::Tenant => None,
    }
}

fn row_json(deed: &Done, row: &DeedRow<'_>) -> Value {
    let changes = row.changes.iter();
    let changes = changes.map(|(field, value)| ((*field).to_owned(), json!(value)));
    json!({
        "id": deed.id,
        "at": deed.at.0,
        "actor": match row.actor {
            Actor::Agent(name) => Some(name),
            Actor::Unseen => None,
            Actor::Operator => Some("operator"),
        },
        "action": row.verb,
        "kind": row.kind,
        "object": deed.object,
        "name": row.name,
        "realm": { "id": deed.realm.id, "name": row.realm },
        "changed": changes.collect::<serde_json::Map<_, _>>(),
    })
}
