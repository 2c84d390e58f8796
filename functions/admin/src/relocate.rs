//! `/admin/realms/{realm}/move`: a realm is put below another, with all below it, and back.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::Verb;
use pages::admin::{Done, MovePage, Place, Problem, RealmRow, Tab, Why};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::policy::{Found, Granted, act};
use tenancy::principal::Agent;
use tenancy::realm::{self, Listed, Placing, Realm};
use tenancy::{RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use crate::realm::deed;
use web::administering::{
    Outcome, done, enter, granted, head, head_json, nav, realm_id, refusal, row, row_json, status,
    written,
};

/// So many places are offered; searching finds the others.
const OFFERED: usize = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    q: String,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    version: String,
    below: String,
    place: String,
}

pub(crate) async fn show(
    visit: Visit,
    Path(realm): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (mut desk, ()) = enter(visit, |_| ()).await?;
        page(&mut desk, realm_id(&realm), form::searched(&wanted.q), None).await
    };
    negotiated(wants_json, answer.await)
}

async fn page(desk: &mut Desk, id: RealmId, beginning: &str, problem: Option<Problem>) -> Answer {
    let look_up = |agent: &Agent, scope: &Scope| {
        (
            realm::find(scope, id),
            realm::above(scope, id),
            places(agent, scope, beginning),
        )
    };
    let (found, above, places) = desk.look(look_up).await?;
    let realm: Granted<Realm, act::RealmMove> = granted(desk, found)?;
    let head = head(desk, &above, Tab::Behind)?;
    let offered = offered(desk, &realm, &places);
    let has_more = places.len() > OFFERED;
    let status = status(problem);
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    if desk.wants_json() {
        let offered: Vec<Value> = offered.iter().map(row_json).collect();
        let mut body = head_json(&head);
        body["version"] = realm.version.into();
        body["offered"] = offered.into();
        body["has_more"] = has_more.into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = MovePage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Realms),
        head,
        offered,
        has_more,
        searched: beginning,
        version: realm.version,
        problem,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn places(agent: &Agent, scope: &Scope, beginning: &str) -> tenancy::Query<Listed> {
    let holdings = agent.holdings();
    let most = i64::try_from(OFFERED + 1).unwrap_or(i64::MAX);
    if beginning.is_empty() {
        realm::list(scope, holdings.as_sight(), most)
    } else {
        realm::search(scope, holdings.as_sight(), beginning, most)
    }
}

/// The places that a realm can be put below: in use, and not below itself.
fn offered<'a>(desk: &Desk, realm: &Realm, places: &'a [Listed]) -> Vec<RealmRow<'a>> {
    let is_fit = |place: &&Listed| !place.is_archived && !realm.path.covers(&place.path);
    let places = places.iter().take(OFFERED).filter(is_fit);
    places.map(|place| row(place, desk.agent.path())).collect()
}

pub(crate) async fn relocate(
    visit: Visit,
    Path(realm): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, relocated(visit, realm_id(&realm), &typed).await)
}

async fn relocated(visit: Visit, id: RealmId, typed: &Typed) -> Answer {
    let (mut desk, (found, below)) = enter(visit, |scope| {
        let below = realm::find(scope, realm_id(&typed.below));
        (realm::find(scope, id), below)
    })
    .await?;
    form::check(&desk.visit, &desk.signer, &typed.csrf)?;
    match moved(&desk, found, below, typed).await? {
        Outcome::Done(what, given) => {
            let back = &given["undo"];
            let path = pages::url::realm(&id.0);
            let path = match (back["below"].as_i64(), back["place"].as_i64()) {
                (Some(from), Some(place)) => format!("{path}?from={from}&place={place}"),
                (_, _) => path,
            };
            Ok(done(&desk, what, given, &path))
        }
        Outcome::Refused(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Outcome::Refused(problem) => page(&mut desk, id, "", Some(problem)).await,
    }
}

async fn moved(
    desk: &Desk,
    found: Vec<Found<Realm>>,
    below: Vec<Found<Realm>>,
    typed: &Typed,
) -> Result<Outcome, Failure> {
    let realm: Granted<Realm, act::RealmMove> = granted(desk, found)?;
    let below: Granted<Realm, act::RealmMove> = match granted(desk, below) {
        Err(Failure::NotFound) => return Ok(Outcome::refused(Why::Unknown, "below")),
        below => below?,
    };
    let placing = match typed.place.parse() {
        Ok(place) => Placing::At(place),
        Err(_) => Placing::Last,
    };
    let undo = json!({ "below": realm.parent, "place": realm.path.place() });
    let batch = realm
        .unchanged_since(typed.version.parse().unwrap_or_default())
        .and_then(|()| realm::relocate(&realm, &below, placing));
    let deed = deed(&realm, Verb::Moved).changing(json!({ "below": below.name }));
    Ok(match written(desk, realm.scope(), batch, &deed).await? {
        Ok(_) => Outcome::Done(Done::Moved, json!({ "undo": undo })),
        Err(problem) => Outcome::Refused(problem),
    })
}
