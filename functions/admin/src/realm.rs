//! `/admin/realms/{realm}`: a realm's name and kind, its archive, and the way back of a move.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use pages::admin::{
    Archiving, Changes, Done, Kind as ShownKind, Place, Problem, RealmPage, Tab, Undo,
};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::json;
use tenancy::peer::{self, Peer};
use tenancy::policy::{Found, Granted, RealmKey, act};
use tenancy::principal::Agent;
use tenancy::realm::{self, Kind, Realm};
use tenancy::{RealmId, Scope, Statement};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use web::administering::{
    Outcome, done, enter, granted, has, head, head_json, held, nav, realm_id, refusal, shown_kind,
    status, written,
};

/// What was done before, and from where a realm was moved.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    done: String,
    from: String,
    place: String,
}

/// What the forms post. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    change: String,
    version: String,
    name: String,
    kind: String,
}

/// What a page tells beyond the realm itself.
#[derive(Default)]
struct Told<'a> {
    typed: Option<&'a Typed>,
    problem: Option<Problem>,
    done: Option<Done>,
    undo: Option<(Peer<RealmId>, u32)>,
}

pub(crate) async fn show(
    visit: Visit,
    Path(realm): Path<String>,
    Query(before): Query<Before>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, realm_id(&realm), &before).await)
}

async fn shown(visit: Visit, realm: RealmId, before: &Before) -> Answer {
    let look_up = |scope: &Scope| (peer::realm(scope, realm_id(&before.from)),);
    let (mut desk, (from,)) = enter(visit, look_up).await?;
    let told = Told {
        done: Done::named(&before.done),
        undo: held(&desk, from).zip(before.place.parse().ok()),
        ..Told::default()
    };
    page(&mut desk, realm, told).await
}

async fn page(desk: &mut Desk, id: RealmId, told: Told<'_>) -> Answer {
    let look_up = |_: &Agent, scope: &Scope| (realm::find(scope, id), realm::above(scope, id));
    let (found, above) = desk.look(look_up).await?;
    let realm: Granted<Realm, act::RealmView> = granted(desk, found)?;
    let head = head(desk, &above, Tab::Realm)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["version"] = realm.version.into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status(None), &body))));
    }
    let undo = told.undo.as_ref().map(|(from, place)| Undo {
        below: from.id.0,
        name: &from.name,
        place: *place,
    });
    let status = status(told.problem);
    let typed = told.typed.filter(|typed| typed.change == "rename");
    let page = RealmPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Realms),
        head,
        may: changes(desk, &realm),
        name: typed.map_or(&realm.name, |typed| &typed.name),
        kind: typed.map_or(shown_kind(realm.kind), |typed| {
            ShownKind::named(&typed.kind)
        }),
        version: realm.version,
        undo,
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// What may be done to a realm. Nobody moves or archives the realm they stand in.
fn changes(desk: &Desk, realm: &Realm) -> Changes {
    let is_own = realm.path.covers(desk.agent.path());
    let archiving = match realm.archived_at {
        Some(_) => Some(Archiving::Restore),
        None => Some(Archiving::Archive).filter(|_| !is_own),
    };
    Changes {
        rename: has(desk, RealmKey::RealmRename),
        relocate: has(desk, RealmKey::RealmMove) && !is_own,
        archiving: archiving.filter(|_| has(desk, RealmKey::RealmArchive)),
    }
}

pub(crate) async fn change(
    visit: Visit,
    Path(realm): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, realm_id(&realm), &typed).await)
}

async fn changed(visit: Visit, id: RealmId, typed: &Typed) -> Answer {
    let (mut desk, (found,)) = enter(visit, |scope| (realm::find(scope, id),)).await?;
    form::check(&desk.visit, &desk.signer, &typed.csrf)?;
    let outcome = match typed.change.as_str() {
        "rename" => rename(&desk, found, typed).await,
        "archive" => archive(&desk, found, typed).await,
        "restore" => restore(&desk, found, typed).await,
        _ => Err(Failure::BadRequest),
    };
    match outcome? {
        Outcome::Done(what, given) => Ok(done(&desk, what, given, &pages::url::realm(&id.0))),
        Outcome::Refused(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Outcome::Refused(problem) => {
            let told = Told {
                typed: Some(typed),
                problem: Some(problem),
                ..Told::default()
            };
            page(&mut desk, id, told).await
        }
    }
}

async fn rename(desk: &Desk, found: Vec<Found<Realm>>, typed: &Typed) -> Result<Outcome, Failure> {
    let realm: Granted<Realm, act::RealmRename> = granted(desk, found)?;
    let kind = Kind::named(&typed.kind).ok_or(Failure::BadRequest)?;
    let batch = decided_on(&realm, typed)
        .and_then(|()| realm::rename(&realm, &typed.name, kind))
        .map(|statement| vec![statement]);
    let changed = json!({ "name": typed.name.trim(), "kind": typed.kind });
    let deed = deed(&realm, Verb::Changed).changing(changed);
    outcome((desk, realm.scope()), batch, Done::Renamed, &deed).await
}

async fn archive(desk: &Desk, found: Vec<Found<Realm>>, typed: &Typed) -> Result<Outcome, Failure> {
    let realm: Granted<Realm, act::RealmArchive> = granted(desk, found)?;
    let now = desk.visit.now();
    let batch = decided_on(&realm, typed).and_then(|()| realm::archive(&realm, &desk.agent, now));
    let deed = deed(&realm, Verb::Archived);
    outcome((desk, realm.scope()), batch, Done::Archived, &deed).await
}

async fn restore(desk: &Desk, found: Vec<Found<Realm>>, typed: &Typed) -> Result<Outcome, Failure> {
    let realm: Granted<Realm, act::RealmArchive> = granted(desk, found)?;
    let batch = decided_on(&realm, typed).and_then(|()| realm::restore(&realm));
    let deed = deed(&realm, Verb::Restored);
    outcome((desk, realm.scope()), batch, Done::Restored, &deed).await
}

pub(crate) fn deed(realm: &Realm, verb: Verb) -> Deed<'_> {
    Deed::new(realm.id, verb, deed::Kind::Realm).of(&realm.id, &realm.name)
}

/// Refuses what was decided on another version than the one that was read now.
fn decided_on(realm: &Realm, typed: &Typed) -> Result<(), realm::Refused> {
    realm.unchanged_since(typed.version.parse().unwrap_or_default())
}

async fn outcome(
    (desk, scope): (&Desk, &Scope),
    batch: Result<Vec<Statement>, realm::Refused>,
    done: Done,
    deed: &Deed<'_>,
) -> Result<Outcome, Failure> {
    Ok(match written(desk, scope, batch, deed).await? {
        Ok(_) => Outcome::Done(done, json!({})),
        Err(problem) => Outcome::Refused(problem),
    })
}
