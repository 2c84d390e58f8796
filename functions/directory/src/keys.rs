//! `/admin/keys`: the API keys of a realm and of those below it, and a new one.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::deed::{Kind, Verb};
use desk::key::{self, Kept, Secret};
use pages::admin::{Done, KeyRow, KeysPage, MadeKey, Newest, Place, Problem, Tab};
use pages::http::{Html, wants_json};
use pages::time::Moment;
use serde_json::{Value, json};
use tenancy::Id;
use tenancy::policy::act;
use web::administering::{head, head_json, nav, refusal, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed};
use web::{Answer, Failure, Visit};

use crate::key_fields::{blank, boxes, json, problem, read};
use crate::part::{Listed, Wanted, anew, listed};

type Here = Ground<act::DoorManage>;

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (ground, keys) = listed(visit, &wanted, key::list).await?;
        let blank = blank(&ground.desk.agent);
        page(&ground, &keys, &blank, None, Done::named(&wanted.done))
    };
    negotiated(wants_json, answer.await)
}

fn page(
    ground: &Here,
    keys: &Listed<Kept>,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, realm } = ground;
    let head = head(desk, above, Tab::Keys)?;
    let next = keys.next(pages::url::KEYS, realm.id, "", |last| {
        (last.realm.id, last.id.as_str())
    });
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["keys"] = keys.rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["next"] = next.into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = KeysPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Keys),
        head,
        rows: keys.rows.iter().map(row).collect(),
        next,
        is_continued: keys.is_continued,
        typed: typed.filled(),
        boxes: boxes(&desk.agent),
        problem,
        done,
        csrf: &csrf,
        now: Moment(desk.visit.now().0),
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

pub(crate) fn row(key: &Kept) -> KeyRow<'_> {
    KeyRow {
        id: key.id.as_str(),
        name: &key.is.name,
        prefix: &key.prefix,
        realm: &key.realm.name,
        called_at: key.called_at.map(|at| Moment(at.0)),
        is_active: key.is.is_active,
    }
}

pub(crate) fn row_json(key: &Kept) -> Value {
    let mut body = json(&key.is);
    body["id"] = key.id.as_str().into();
    body["prefix"] = key.prefix.as_str().into();
    body["realm"] = json!({ "id": key.realm.id, "name": key.realm.name });
    body["created_at"] = key.created_at.0.into();
    body["called_at"] = key.called_at.map(|at| at.0).into();
    body
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (mut ground, ()) = Here::posted(visit, typed, |_, _| ()).await?;
    match add(&ground, typed).await? {
        Ok((id, secret)) => Ok(shown_once(&ground, typed, &id, &secret)),
        Err(problem) if ground.desk.wants_json() => Ok(refusal(&ground.desk, problem)),
        Err(problem) => {
            let keys = anew(&mut ground, key::list).await?;
            page(&ground, &keys, typed, Some(problem), None)
        }
    }
}

async fn add(ground: &Here, typed: &Typed) -> Result<Result<(Id, Secret), Problem>, Failure> {
    let Ground { desk, realm, .. } = ground;
    let (now, random) = (desk.visit.now(), &*desk.visit.runtime.random);
    let (id, secret, wanted) = (Id::new(now, random), Secret::draw(random), read(typed));
    let made = match key::make(&desk.agent, realm, &secret, &id, (&wanted, now)) {
        Ok(made) => made,
        Err(refused) => return Ok(Err(problem(refused))),
    };
    let deed = ground.deed(Verb::Made, Kind::Key).of(&id, &wanted.name);
    let deed = deed.changing(typed.since(&Typed::default()));
    ground.write(vec![made], &deed).await?;
    Ok(Ok((id, secret)))
}

/// The one answer that holds the key.
fn shown_once(ground: &Here, typed: &Typed, id: &Id, secret: &Secret) -> Response {
    let desk = &ground.desk;
    if desk.wants_json() {
        let body = json!({ "done": "created", "id": id, "key": secret.as_str() });
        return desk.renewed(data(StatusCode::OK, &body));
    }
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = MadeKey {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Keys),
        newest: Newest {
            id: id.as_str(),
            name: typed.get("name"),
            realm: ground.above.last().map_or("", |realm| &realm.name),
            secret: secret.as_str(),
        },
    };
    desk.renewed(token.with(Html(page)))
}
