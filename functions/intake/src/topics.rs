//! `/admin/topics`: a realm's help topics, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Verb};
use desk::offer::{self, Kind, Offer};
use desk::topic::{self, Kept, NewTopic, Refused, Topic};
use pages::admin::{Done, NewTopic as NewShown, Place, Problem, Tab, TopicRow, TopicsPage, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use web::administering::{done, head, head_json, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted, choices};

type LookUp = (tenancy::Query<Kept>, tenancy::Query<Offer>);
type Found = (Vec<Kept>, Vec<Offer>);

fn look_up(scope: &Scope, realm: RealmId) -> LookUp {
    (topic::kept(scope, realm), offer::offers(scope, realm))
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let done = Done::named(&wanted.done);
    page(&ground, &found, &Typed::default(), None, done)
}

fn page(
    ground: &Ground,
    (kept, offers): &Found,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, .. } = ground;
    let head = head(desk, above, Tab::Topics)?;
    let seen = kept.iter().filter(|kept| ground.holds(&kept.path));
    let rows: Vec<TopicRow<'_>> = seen.map(|kept| row(ground, offers, kept)).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["topics"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let parents = parents(ground, kept, None);
    let chosen = typed.number("parent");
    let chosen = chosen.filter(|id| parents.iter().any(|(known, _)| known == id));
    let page = TopicsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Topics),
        head,
        rows,
        new: NewShown {
            name: typed.get("name"),
            parents: choices(&parents, chosen.as_slice()),
        },
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn row<'a>(ground: &'a Ground, offers: &'a [Offer], kept: &'a Kept) -> TopicRow<'a> {
    let department = kept.topic.department.unwrap_or_default();
    let departments = ground.offered(offers, Kind::Department);
    let department = departments.into_iter().find(|(id, _)| *id == department);
    TopicRow {
        id: kept.topic.id,
        realm: kept.realm.0,
        from: ground.named_above(kept.realm),
        name: &kept.topic.name,
        department: department.map_or("", |(_, name)| name),
        is_public: kept.topic.is_public,
        is_active: kept.is_active,
        is_archived: kept.is_archived,
    }
}

fn row_json(row: &TopicRow<'_>) -> Value {
    json!({
        "id": row.id,
        "realm": row.realm,
        "name": row.name,
        "public": row.is_public,
        "active": row.is_active,
        "archived": row.is_archived,
    })
}

/// The topics that another can stand below: those that are not put away, and not below it.
pub(crate) fn parents<'k>(
    ground: &Ground,
    kept: &'k [Kept],
    below: Option<i64>,
) -> Vec<(i64, &'k str)> {
    let is_below = |topic: &Kept| below.is_some_and(|id| topic.is_within(id, kept));
    let is_offered =
        |topic: &&Kept| ground.holds(&topic.path) && !topic.is_archived && !is_below(topic);
    let offered = kept.iter().filter(is_offered);
    offered
        .map(|kept| (kept.topic.id, kept.topic.name.as_str()))
        .collect()
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up).await?;
    match add(&ground, &found, typed).await? {
        Ok(id) => {
            let path = pages::url::topic(&id, &ground.realm.id.0);
            Ok(done(&ground.desk, Done::Saved, json!({ "id": id }), &path))
        }
        Err(problem) if ground.desk.wants_json() => Ok(refusal(&ground.desk, problem)),
        Err(problem) => page(&ground, &found, typed, Some(problem), None),
    }
}

async fn add(
    ground: &Ground,
    (kept, _): &Found,
    typed: &Typed,
) -> Result<Result<i64, Problem>, Failure> {
    let parents = parents(ground, kept, None);
    let parent = match typed.chosen("parent", &parents, None) {
        Ok(parent) => parent,
        Err(problem) => return Ok(Err(problem)),
    };
    let new = NewTopic {
        name: typed.get("name"),
        parent,
        topic: Topic {
            is_public: true,
            ..Topic::default()
        },
        ..NewTopic::default()
    };
    let deed = ground.deed(Verb::Made, deed::Kind::Topic).named(new.name);
    let written = match topic::add(&ground.realm, &new) {
        Ok(statement) => ground.write(vec![statement], &deed).await,
        Err(refused) => return problem(refused).map(Err),
    };
    match written {
        Ok(rows) => Ok(Ok(returned(&rows, 0, "topic_id")?)),
        Err(error) => problem(topic::refused(error)).map(Err),
    }
}

/// Why a topic was not written, and the field it is about.
pub(crate) fn problem(refused: Refused) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Name => (Why::TopicName, "name"),
        Refused::Taken => (Why::Taken, "name"),
        Refused::Parent => (Why::Unknown, "parent"),
        Refused::Format => (Why::Format, "format"),
        Refused::Stale => (Why::Stale, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}
