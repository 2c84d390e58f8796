//! `/admin/realms`: the tree as far as an administrator's reach goes, and a new realm in it.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use pages::admin::{Done, NewRealm, Place, Problem, RealmHead, RealmRow, RealmsPage, Tab};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::policy::{Granted, RealmKey, act};
use tenancy::principal::Agent;
use tenancy::realm::{self, Kind, Listed, Path, Realm};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope, Sight};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use web::administering::{
    done, enter, granted, has, head, head_json, held, nav, realm_id, refusal, row, row_json,
    status, written,
};

/// So many realms stand on one page.
const PAGE: usize = 100;

/// Which part of the tree is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    r#in: String,
    after: String,
    q: String,
    done: String,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    below: String,
    name: String,
    kind: String,
}

/// The part of the tree that a page shows.
struct Part<'a> {
    at: Peer<RealmId>,
    after: Option<Path>,
    beginning: &'a str,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let (mut desk, (at, after)) = enter(visit, |scope| {
        let at = peer::realm(scope, realm_id(&wanted.r#in));
        (at, peer::realm(scope, realm_id(&wanted.after)))
    })
    .await?;
    let at = match wanted.r#in.as_str() {
        "" => top(&desk)?,
        _ => held(&desk, at).ok_or(Failure::NotFound)?,
    };
    let after = match wanted.after.as_str() {
        "" => None,
        _ => Some(held(&desk, after).ok_or(Failure::NotFound)?.path),
    };
    let part = Part {
        at,
        after,
        beginning: form::searched(&wanted.q),
    };
    page(
        &mut desk,
        &part,
        &Typed::default(),
        None,
        Done::named(&wanted.done),
    )
    .await
}

/// Where an administrator's reach begins.
fn top(desk: &Desk) -> Result<Peer<RealmId>, Failure> {
    let own = desk.agent.standing().ok_or(Failure::NotFound)?.primary();
    Ok(Peer {
        id: own.realm,
        name: own.name.clone(),
        detail: String::new(),
        path: own.path.clone(),
    })
}

/// What is listed of a part, and one more than a page holds.
async fn listed(desk: &mut Desk, part: &Part<'_>) -> Result<(Vec<Listed>, Vec<Listed>), Failure> {
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let queries = |agent: &Agent, scope: &Scope| {
        let holdings = agent.holdings();
        let list = if part.beginning.is_empty() {
            let sight: Sight = holdings.within(&part.at.path, part.after.as_ref());
            realm::list(scope, &sight, most)
        } else {
            realm::search(scope, holdings.as_sight(), part.beginning, most)
        };
        (realm::above(scope, part.at.id), list)
    };
    Ok(desk.look(queries).await?)
}

async fn page(
    desk: &mut Desk,
    part: &Part<'_>,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let (above, listed) = listed(desk, part).await?;
    let head = head(desk, &above, Tab::Behind)?;
    let rows = rows(part, &listed);
    let next = next(part, &listed);
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let body = json(&head, &rows, next.as_deref(), &csrf);
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let may_create = has(desk, RealmKey::RealmCreate) && !head.is_archived;
    let page = RealmsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Realms),
        new: Some(new(typed)).filter(|_| may_create && part.beginning.is_empty()),
        head,
        rows,
        searched: part.beginning,
        next: next.as_deref(),
        is_continued: part.after.is_some(),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn rows<'a>(part: &Part<'_>, listed: &'a [Listed]) -> Vec<RealmRow<'a>> {
    let row = |realm: &'a Listed| {
        let top = Some(&part.at.path).filter(|_| part.beginning.is_empty());
        row(realm, top.unwrap_or(&realm.path))
    };
    listed.iter().take(PAGE).map(row).collect()
}

/// Where the list goes on. What was searched for has no second page: more letters find it.
fn next(part: &Part<'_>, listed: &[Listed]) -> Option<String> {
    let has_more = listed.len() > PAGE && part.beginning.is_empty();
    let last = listed.get(PAGE - 1).filter(|_| has_more)?;
    let first = pages::url::realms_in(&part.at.id.0);
    Some(format!("{first}&after={}", last.id))
}

fn new(typed: &Typed) -> NewRealm<'_> {
    NewRealm {
        name: &typed.name,
        kind: pages::admin::Kind::named(&typed.kind),
    }
}

fn json(head: &RealmHead<'_>, rows: &[RealmRow<'_>], next: Option<&str>, csrf: &str) -> Value {
    json!({
        "in": head_json(head),
        "realms": rows.iter().map(row_json).collect::<Vec<_>>(),
        "next": next,
        "csrf": csrf,
    })
}

pub(crate) async fn create(visit: Visit, Posted(typed): Posted<Typed>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, created(visit, &typed).await)
}

async fn created(visit: Visit, typed: &Typed) -> Answer {
    let below = realm_id(&typed.below);
    let (mut desk, (found, at)) = enter(visit, |scope| {
        (realm::find(scope, below), peer::realm(scope, below))
    })
    .await?;
    form::check(&desk.visit, &desk.signer, &typed.csrf)?;
    let parent: Granted<Realm, act::RealmCreate> = granted(&desk, found)?;
    let kind = Kind::named(&typed.kind).ok_or(Failure::BadRequest)?;
    let batch = realm::create(&parent, &typed.name, kind).map(|statement| vec![statement]);
    let deed = Deed::new(parent.id, Verb::Made, deed::Kind::Realm).named(typed.name.trim());
    match written(&desk, parent.scope(), batch, &deed).await? {
        Ok(rows) => {
            let id: RealmId = returned(&rows, 0, "realm_id")?;
            let path = pages::url::realm(&id.0);
            Ok(done(&desk, Done::Created, json!({ "realm": id }), &path))
        }
        Err(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Err(problem) => {
            let part = Part {
                at: held(&desk, at).ok_or(Failure::NotFound)?,
                after: None,
                beginning: "",
            };
            page(&mut desk, &part, typed, Some(problem), None).await
        }
    }
}
