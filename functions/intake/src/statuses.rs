//! `/admin/statuses`: what the tenant calls the states of its tickets, all on one page, and a new
//! one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use desk::status::{self, NewStatus, Refused, State, Status};
use pages::admin::{
    Done, Filled, Place, Problem, State as ShownState, StatusRow, StatusesPage, Why,
};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::policy::{Asking, Found, Granted, act};
use tenancy::port::{DbError, Rows};
use tenancy::principal::Principal;
use tenancy::realm::{self, Realm};
use tenancy::scope::returned;
use tenancy::{Scope, Statement};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use web::administering::{done, enter, nav, refusal, status as status_of, write};
use web::ground::{Typed, choices};

/// Which status is about to be changed, and what was done before.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    status: Option<i64>,
    done: String,
}

/// The tenant's statuses, for whoever administers its whole tree.
struct Here {
    desk: Desk,
    tree: Granted<Realm, act::DeskManage>,
    all: Vec<Status>,
}

impl Here {
    async fn enter(visit: Visit) -> Result<Self, Failure> {
        let asked = |scope: &Scope| (realm::roots(scope), status::all(scope));
        let (desk, (found, all)) = enter(visit, asked).await?;
        let tree = tree(&desk, found)?;
        Ok(Self { desk, tree, all })
    }

    fn find(&self, id: Option<i64>) -> Result<&Status, Failure> {
        let found = self.all.iter().find(|status| Some(status.id) == id);
        found.ok_or(Failure::NotFound)
    }

    /// The statuses that a ticket can have which is opened again.
    fn open(&self) -> Vec<(i64, &str)> {
        let open = self.all.iter().filter(|it| it.state == State::Open);
        open.map(|status| (status.id, status.name.as_str()))
            .collect()
    }
}

/// A tree of the tenant, for whoever holds all of them; others may not even look.
fn tree(desk: &Desk, found: Vec<Found<Realm>>) -> Result<Granted<Realm, act::DeskManage>, Failure> {
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    let trees = asking.grant_all(found).map_err(|_| Failure::Forbidden)?;
    trees.into_iter().next().ok_or(Failure::NotFound)
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let here = Here::enter(visit).await?;
    let done = Done::named(&wanted.done);
    Ok(page(&here, (&Typed::default(), wanted.status), None, done))
}

fn page(
    here: &Here,
    (typed, chosen): (&Typed, Option<i64>),
    problem: Option<Problem>,
    done: Option<Done>,
) -> Response {
    let desk = &here.desk;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let code = status_of(problem);
    if desk.wants_json() {
        let statuses: Vec<Value> = here.all.iter().map(json_of).collect();
        let body = json!({ "statuses": statuses, "csrf": csrf });
        return desk.renewed(token.with(data(code, &body)));
    }
    let chosen = here.all.iter().find(|status| Some(status.id) == chosen);
    let reopens_as = match chosen {
        Some(status) if typed.get("change").is_empty() => status.reopens_as,
        _ => typed.number("reopens_as"),
    };
    let page = StatusesPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Statuses),
        rows: here.all.iter().map(row).collect(),
        chosen: chosen.map(row),
        typed: filled(chosen, typed),
        reopening: choices(&here.open(), reopens_as.as_slice()),
        problem,
        done,
        csrf: &csrf,
    };
    desk.renewed(token.with((code, Html(page))))
}

/// What was typed; of a status that is about to be changed, what is. A new one may be reopened
/// and is in use, unless somebody says otherwise.
fn filled<'a>(chosen: Option<&'a Status>, typed: &'a Typed) -> Filled<'a> {
    let mut filled = typed.filled();
    let flag = |is_on| if is_on { "1" } else { "" };
    match chosen {
        _ if !typed.get("change").is_empty() => {}
        Some(status) => filled.0.extend([
            ("name", status.name.as_str()),
            ("description", status.description.as_str()),
            ("can_reopen", flag(status.can_reopen)),
            ("active", flag(status.is_active)),
        ]),
        None => filled.0.extend([("can_reopen", "1"), ("active", "1")]),
    }
    filled
}

fn row(status: &Status) -> StatusRow<'_> {
    StatusRow {
        id: status.id,
        name: &status.name,
        description: &status.description,
        state: match status.state {
            State::Open => ShownState::Open,
            State::Closed => ShownState::Closed,
            State::Archived => ShownState::Archived,
            State::Deleted => ShownState::Deleted,
        },
        is_active: status.is_active,
        is_internal: status.is_internal,
    }
}

fn json_of(status: &Status) -> Value {
    json!({
        "id": status.id,
        "name": status.name,
        "description": status.description,
        "state": status.state.name(),
        "can_reopen": status.can_reopen,
        "reopens_as": status.reopens_as,
        "active": status.is_active,
        "internal": status.is_internal,
    })
}

pub(crate) async fn change(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &Typed(typed)).await)
}

async fn changed(visit: Visit, typed: &Typed) -> Answer {
    let here = Here::enter(visit).await?;
    form::check(&here.desk.visit, &here.desk.signer, typed.get("csrf"))?;
    let refused = match decided(&here, typed)? {
        Err(problem) => problem,
        Ok(batch) => match written_down(&here, batch, typed).await {
            Ok(rows) => {
                let id: Option<i64> = returned(&rows, 0, "status_id").ok();
                let given = json!({ "id": id });
                return Ok(done(&here.desk, Done::Saved, given, pages::url::STATUSES));
            }
            Err(error) => problem(status::refused(error))?,
        },
    };
    if here.desk.wants_json() {
        return Ok(refusal(&here.desk, refused));
    }
    Ok(page(
        &here,
        (typed, typed.number("status")),
        Some(refused),
        None,
    ))
}

/// Writes what was decided, and says so in the log.
async fn written_down(
    here: &Here,
    batch: Vec<Statement>,
    typed: &Typed,
) -> Result<Vec<Rows>, DbError> {
    let status = here.find(typed.number("status")).ok();
    let verb = match typed.get("change") {
        "add" => Verb::Made,
        "up" => Verb::Moved,
        "remove" => Verb::Removed,
        _ => Verb::Changed,
    };
    let deed = Deed::new(here.tree.id, verb, deed::Kind::Status);
    let deed = match status {
        Some(status) => deed.of(&status.id, &status.name),
        None => deed.named(typed.get("name")),
    };
    let deed = match verb {
        Verb::Changed => deed.changing(typed.since(&as_it_is(status))),
        _ => deed,
    };
    write(&here.desk, here.tree.scope(), batch, &deed).await
}

/// What the form of a status has before anything is typed.
fn as_it_is(status: Option<&Status>) -> Typed {
    let nothing = Typed::default();
    let filled = filled(status, &nothing).0.into_iter();
    Typed(
        filled
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    )
}

type Decided = Result<Result<Vec<Statement>, Problem>, Failure>;

fn decided(here: &Here, typed: &Typed) -> Decided {
    let id = typed.number("status");
    match typed.get("change") {
        "add" => add(here, typed),
        "save" => save(here, here.find(id)?, typed),
        "up" => {
            let mut order: Vec<i64> = here.all.iter().map(|status| status.id).collect();
            let place = order.iter().position(|known| Some(*known) == id);
            let place = place.ok_or(Failure::NotFound)?;
            order.swap(place, place.saturating_sub(1));
            Ok(Ok(vec![status::order(&here.tree, &order)]))
        }
        "remove" => Ok(Ok(status::remove(&here.tree, here.find(id)?.id).to_vec())),
        _ => Err(Failure::BadRequest),
    }
}

fn add(here: &Here, typed: &Typed) -> Decided {
    if here.all.len() >= status::MOST_STATUSES {
        let (why, field) = (Why::Full, "");
        return Ok(Err(Problem { why, field }));
    }
    let state = State::named(typed.get("state")).ok_or(Failure::BadRequest)?;
    let new = match wanted(here, typed, None) {
        Ok(new) => new,
        Err(problem) => return Ok(Err(problem)),
    };
    written(status::add(&here.tree, state, &new))
}

fn save(here: &Here, was: &Status, typed: &Typed) -> Decided {
    match wanted(here, typed, was.reopens_as) {
        Ok(to) => written(status::change(&here.tree, was.id, &to)),
        Err(problem) => Ok(Err(problem)),
    }
}

fn written(statement: Result<Statement, Refused>) -> Decided {
    match statement {
        Ok(statement) => Ok(Ok(vec![statement])),
        Err(refused) => problem(refused).map(Err),
    }
}

fn wanted<'t>(here: &Here, typed: &'t Typed, now: Option<i64>) -> Result<NewStatus<'t>, Problem> {
    Ok(NewStatus {
        name: typed.get("name"),
        description: typed.get("description"),
        can_reopen: typed.is_on("can_reopen"),
        reopens_as: typed.chosen("reopens_as", &here.open(), now)?,
        is_active: typed.is_on("active"),
    })
}

/// Why nothing was written, and the field it is about.
fn problem(refused: Refused) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Name => (Why::StatusName, "name"),
        Refused::Taken => (Why::Taken, "name"),
        Refused::InUse => (Why::InUse, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}
