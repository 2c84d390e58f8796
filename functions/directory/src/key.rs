//! `/admin/keys/{key}`: what one API key may, and taking it away.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{Deed, Kind, Verb};
use desk::key::{self, Kept};
use pages::admin::{Done, KeyPage, Place, Problem, Why};
use pages::http::{Html, wants_json};
use pages::time::Moment;
use serde_json::json;
use tenancy::policy::{Asking, Found, Granted, act};
use tenancy::principal::Principal;
use tenancy::{DbError, Id, Statement};
use web::administering::{done, enter, failure, nav, refusal, status, write};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::ground::{Typed, Wanted as Before};
use web::{Answer, Desk, Failure, Visit};

use crate::key_fields::{as_it_is, boxes, problem, read};
use crate::keys::{row, row_json};

type Looked = Granted<Kept, act::DoorManage>;

fn granted(desk: &Desk, found: Vec<Found<Kept>>) -> Result<Looked, Failure> {
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    asking.grant(found).map_err(failure)
}

async fn look(visit: Visit, id: &str) -> Result<(Desk, Looked), Failure> {
    let id = Id::parse(id);
    let (desk, (found,)) = enter(visit, |scope| (key::find(scope, id.as_ref()),)).await?;
    let key = granted(&desk, found)?;
    Ok((desk, key))
}

pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(before): Query<Before>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (desk, key) = look(visit, &id).await?;
        let typed = as_it_is(&key.is, key.version);
        Ok(page(&desk, &key, &typed, None, Done::named(&before.done)))
    };
    negotiated(wants_json, answer.await)
}

fn page(
    desk: &Desk,
    key: &Looked,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Response {
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = row_json(key);
        body["version"] = key.version.into();
        body["csrf"] = csrf.into();
        return desk.renewed(token.with(data(status, &body)));
    }
    let page = KeyPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Keys),
        key: row(key),
        realm_id: key.realm.id.0,
        created_at: Moment(key.created_at.0),
        typed: typed.filled(),
        boxes: boxes(&desk.agent),
        problem,
        done,
        csrf: &csrf,
        now: Moment(desk.visit.now().0),
    };
    desk.renewed(token.with((status, Html(page))))
}

pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &id, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (desk, key) = look(visit, id).await?;
    form::check(&desk.visit, &desk.signer, typed.get("csrf"))?;
    let (outcome, path) = match typed.get("change") {
        "save" => (save(&desk, &key, typed).await?, pages::url::key(id)),
        "revoke" => {
            let list = pages::url::keys_in(&key.realm.id.0);
            (revoke(&desk, &key, typed).await?, list)
        }
        _ => return Err(Failure::BadRequest),
    };
    match outcome {
        Ok(what) => Ok(done(&desk, what, json!({}), &path)),
        Err(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Err(problem) if problem.why == Why::Unsure => {
            let typed = as_it_is(&key.is, key.version);
            Ok(page(&desk, &key, &typed, Some(problem), None))
        }
        Err(problem) => Ok(page(&desk, &key, typed, Some(problem), None)),
    }
}

async fn save(desk: &Desk, key: &Looked, typed: &Typed) -> Result<Result<Done, Problem>, Failure> {
    let wanted = read(typed);
    let version = typed.number("version").unwrap_or_default();
    let changed = match key::change(&desk.agent, key, &wanted, version) {
        Ok(changed) => changed,
        Err(refused) => return Ok(Err(problem(refused))),
    };
    let before = as_it_is(&key.is, key.version);
    match written(desk, key, changed, (Verb::Changed, typed.since(&before))).await {
        Ok(()) => Ok(Ok(Done::Saved)),
        Err(DbError::Stale) => Ok(Err(Problem {
            why: Why::Stale,
            field: "",
        })),
        Err(error) => Err(error.into()),
    }
}

async fn revoke(
    desk: &Desk,
    key: &Looked,
    typed: &Typed,
) -> Result<Result<Done, Problem>, Failure> {
    if !typed.is_on("sure") {
        return Ok(Err(Problem {
            why: Why::Unsure,
            field: "sure",
        }));
    }
    written(desk, key, key::remove(key), (Verb::Removed, json!({}))).await?;
    Ok(Ok(Done::Removed))
}

async fn written(
    desk: &Desk,
    key: &Looked,
    statement: Statement,
    (verb, changed): (Verb, serde_json::Value),
) -> Result<(), DbError> {
    let deed = Deed::new(key.realm.id, verb, Kind::Key).of(&key.id, &key.is.name);
    let deed = deed.changing(changed);
    write(desk, key.scope(), vec![statement], &deed).await?;
    Ok(())
}
