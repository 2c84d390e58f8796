//! An administrator at work: who gets in, what they hold, and how they are answered.

use crate::failure::{data, see_other};
use crate::{Desk, Failure, Visit};
use axum::http::StatusCode;
use axum::response::Response;
use desk::deed::{self, Deed, Doing, Verb};
use pages::admin::{
    Crumb, Done, Kind as ShownKind, Nav, Place, Problem, RealmHead, RealmRow, Tab, Why,
};
use serde_json::{Value, json};
use tenancy::peer::Peer;
use tenancy::policy::{Act, AgentKey, Asking, Found, Granted, Permission, RealmKey, Refusal};
use tenancy::port::{DbError, Rows};
use tenancy::principal::Principal;
use tenancy::realm::{self, Kind, Listed, Path, Realm, Refused};
use tenancy::scope::Queries;
use tenancy::{Id, RealmId, Scope, Statement};

/// Lets an administrator in, and looks up what the handler asks for, in one round trip.
pub async fn enter<Q: Queries>(
    visit: Visit,
    look_up: impl FnOnce(&Scope) -> Q,
) -> Result<(Desk, Q::Answers), Failure> {
    let (desk, found) = Desk::enter(visit, look_up).await?;
    if desk.agent.administers() {
        Ok((desk, found))
    } else {
        Err(Failure::Forbidden)
    }
}

/// Whether the administrator has a key.
pub fn has(desk: &Desk, key: RealmKey) -> bool {
    desk.agent.has(Permission::Realm(key))
}

/// A realm for an action. One that is not held answers like one that does not exist.
pub fn granted<A: Act>(
    desk: &Desk,
    found: Vec<Found<Realm>>,
) -> Result<Granted<Realm, A>, Failure> {
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    asking.grant(found).map_err(failure)
}

pub fn failure(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::NotFound => Failure::NotFound,
        Refusal::Forbidden(_) => Failure::Forbidden,
    }
}

/// What was found, if it belongs to a realm that the administrator holds.
pub fn held<I>(desk: &Desk, found: Vec<Peer<I>>) -> Option<Peer<I>> {
    let found = found.into_iter().next()?;
    desk.agent.holds_realm(&found.path).then_some(found)
}

/// The realm that a text names; what is no id names none.
pub fn realm_id(text: &str) -> RealmId {
    RealmId(text.parse::<u32>().map_or(0, i64::from))
}

pub fn nav(desk: &Desk, place: Place) -> Nav {
    let is_at_the_top = desk.agent.path().ancestors().is_empty();
    Nav {
        place,
        separates: is_at_the_top && has(desk, RealmKey::RealmSeparate),
        explains: has(desk, RealmKey::RealmGrant),
        employs: has(desk, RealmKey::AgentManage),
        manages: has(desk, RealmKey::DeskManage),
        names_statuses: is_at_the_top && has(desk, RealmKey::DeskManage),
        knows: desk.agent.has(Permission::Agent(AgentKey::UserDirectory)),
        opens: has(desk, RealmKey::DoorManage),
        bans: desk.agent.has(Permission::Agent(AgentKey::BanlistManage)),
    }
}

/// The head of a realm's pages, from the realm and those above it.
pub fn head<'a>(desk: &Desk, above: &'a [Listed], tab: Tab) -> Result<RealmHead<'a>, Failure> {
    let (realm, above) = above.split_last().ok_or(Failure::NotFound)?;
    let held = above.iter().filter(|it| desk.agent.holds_realm(&it.path));
    let crumb = |realm: &'a Listed| Crumb {
        id: realm.id.0,
        name: &realm.name,
    };
    Ok(RealmHead {
        id: realm.id.0,
        name: &realm.name,
        kind: shown_kind(realm.kind),
        is_archived: realm.is_archived,
        above: held.map(crumb).collect(),
        tab,
    })
}

pub fn shown_kind(kind: Kind) -> ShownKind {
    match kind {
        Kind::Company => ShownKind::Company,
        Kind::Department => ShownKind::Department,
        Kind::Site => ShownKind::Site,
        Kind::Customer => ShownKind::Customer,
    }
}

/// A realm as lists show it that begin with the realm at `top`.
pub fn row<'a>(realm: &'a Listed, top: &Path) -> RealmRow<'a> {
    let depth = |path: &Path| path.ancestors().len();
    RealmRow {
        id: realm.id.0,
        name: &realm.name,
        kind: shown_kind(realm.kind),
        depth: depth(&realm.path).saturating_sub(depth(top)),
        is_archived: realm.is_archived,
    }
}

pub fn row_json(row: &RealmRow<'_>) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "kind": row.kind.token(),
        "depth": row.depth,
        "archived": row.is_archived,
    })
}

pub fn head_json(head: &RealmHead<'_>) -> Value {
    let above = head.above.iter();
    let above = above.map(|crumb| json!({ "id": crumb.id, "name": crumb.name }));
    json!({
        "id": head.id,
        "name": head.name,
        "kind": head.kind.token(),
        "archived": head.is_archived,
        "above": above.collect::<Vec<_>>(),
    })
}

/// How a change ended that was understood.
pub enum Outcome {
    /// It was done; what it gave, for programs.
    Done(Done, Value),
    /// It was not, and why.
    Refused(Problem),
}

impl Outcome {
    pub fn refused(why: Why, field: &'static str) -> Self {
        Self::Refused(Problem { why, field })
    }
}

/// Writes what an administrator decided, and down that they did it: the one way in which the
/// administration writes.
///
/// # Errors
/// The database's; then nothing was written.
pub async fn write(
    desk: &Desk,
    scope: &Scope,
    mut batch: Vec<Statement>,
    deed: &Deed<'_>,
) -> Result<Vec<Rows>, DbError> {
    let now = desk.visit.now();
    let id = Id::new(now, &*desk.visit.runtime.random);
    let by = Doing {
        agent: &desk.agent,
        id: &id,
        now,
    };
    let record = deed::record(scope, deed, &by);
    if deed.verb != Verb::Removed {
        batch.push(record);
        return scope.write(batch).await;
    }
    batch.insert(0, record);
    let rows = scope.write(batch).await?;
    Ok(rows.into_iter().skip(1).collect())
}

/// Writes what was decided about the tree.
pub async fn written(
    desk: &Desk,
    scope: &Scope,
    batch: Result<Vec<Statement>, Refused>,
    deed: &Deed<'_>,
) -> Result<Result<Vec<Rows>, Problem>, Failure> {
    let outcome = match batch {
        Ok(batch) => write(desk, scope, batch, deed)
            .await
            .map_err(realm::refused),
        Err(refused) => Err(refused),
    };
    match outcome {
        Ok(rows) => Ok(Ok(rows)),
        Err(refused) => problem(refused).map(Err),
    }
}

fn problem(refused: Refused) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Name => (Why::Name, "name"),
        Refused::BelowItself => (Why::BelowItself, "below"),
        Refused::Elsewhere => return Err(Failure::NotFound),
        Refused::Archived => (Why::Archived, ""),
        Refused::OwnGround => (Why::OwnGround, ""),
        Refused::Stale => (Why::Stale, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}

/// Sends the administrator on after a change, or tells a program.
pub fn done(desk: &Desk, done: Done, given: Value, path: &str) -> Response {
    if !desk.wants_json() {
        let mark = if path.contains('?') { '&' } else { '?' };
        return desk.renewed(see_other(&format!("{path}{mark}done={}", done.token())));
    }
    let mut body = given;
    body["done"] = done.token().into();
    desk.renewed(data(StatusCode::OK, &body))
}

/// The status of a page that tells of a problem.
pub fn status(problem: Option<Problem>) -> StatusCode {
    match problem.map(|problem| problem.why) {
        None => StatusCode::OK,
        Some(Why::Stale) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What a program is told of a problem.
pub fn refusal(desk: &Desk, problem: Problem) -> Response {
    let body = json!({ "error": problem.why.token(), "field": problem.field });
    desk.renewed(data(status(Some(problem)), &body))
}
