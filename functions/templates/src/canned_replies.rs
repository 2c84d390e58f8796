//! `/admin/canned`: a realm's canned replies, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::canned::{self, Kept, NewCanned, Refused};
use desk::deed::{self, Verb};
use desk::form;
use desk::offer::{self, Kind, Offer};
use pages::admin::{CannedForm, CannedRepliesPage, CannedRow, Done, Place, Problem, Tab, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope};
use web::administering::{done, head, head_json, nav, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed, Wanted, choices};
use web::{Answer, Failure, Visit};

type LookUp = (
    tenancy::Query<Kept>,
    tenancy::Query<Offer>,
    tenancy::Query<(String, String)>,
);
pub(crate) type Found = (Vec<Kept>, Vec<Offer>, Vec<(String, String)>);

pub(crate) fn look_up(scope: &Scope, realm: RealmId) -> LookUp {
    let fields = form::names(scope, realm);
    (
        canned::kept(scope, realm),
        offer::offers(scope, realm),
        fields,
    )
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let told = Told {
        done: Done::named(&wanted.done),
        ..Told::default()
    };
    page(&ground, &found, &Typed::default(), &told)
}

/// What a page tells beside what there is.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) problem: Option<Problem>,
    pub(crate) unknown: Vec<String>,
    pub(crate) done: Option<Done>,
}

fn page(ground: &Ground, (kept, offers, fields): &Found, typed: &Typed, told: &Told) -> Answer {
    let Ground { desk, above, .. } = ground;
    let head = head(desk, above, Tab::Canned)?;
    let seen = kept.iter().filter(|kept| ground.holds(&kept.path));
    let rows: Vec<CannedRow<'_>> = seen.map(|kept| row(ground, offers, kept)).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let variables = canned::variables(fields);
    let status = status(told.problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["canned"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["variables"] = variables.into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = CannedRepliesPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Canned),
        head,
        rows,
        form: filled_form(ground, offers, typed, told, &variables),
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

pub(crate) fn filled_form<'a>(
    ground: &Ground,
    offers: &'a [Offer],
    typed: &'a Typed,
    told: &'a Told,
    variables: &'a [String],
) -> CannedForm<'a> {
    let departments = ground.offered(offers, Kind::Department);
    CannedForm {
        typed: typed.filled(),
        departments: choices(&departments, typed.number("department").as_slice()),
        variables,
        unknown: told.unknown.iter().map(String::as_str).collect(),
    }
}

fn row<'a>(ground: &'a Ground, offers: &'a [Offer], kept: &'a Kept) -> CannedRow<'a> {
    let mut departments = ground.offered(offers, Kind::Department).into_iter();
    let department = departments.find(|(id, _)| Some(*id) == kept.department);
    CannedRow {
        id: kept.id,
        realm: kept.realm.0,
        from: ground.named_above(kept.realm),
        title: &kept.title,
        department: department.map_or("", |(_, name)| name),
        is_active: kept.is_active,
    }
}

fn row_json(row: &CannedRow<'_>) -> Value {
    json!({
        "id": row.id,
        "realm": row.realm,
        "title": row.title,
        "active": row.is_active,
    })
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up).await?;
    match add(&ground, &found, typed).await? {
        Ok(id) => {
            let path = pages::url::canned_reply(&id, &ground.realm.id.0);
            Ok(done(&ground.desk, Done::Saved, json!({ "id": id }), &path))
        }
        Err(told) if ground.desk.wants_json() => Ok(refusal(&ground, &told)),
        Err(told) => page(&ground, &found, typed, &told),
    }
}

async fn add(ground: &Ground, found: &Found, typed: &Typed) -> Result<Result<i64, Told>, Failure> {
    let new = match read(ground, found, typed, None) {
        Ok(new) => new,
        Err(problem) => return Ok(Err(problem.into())),
    };
    let deed = ground
        .deed(Verb::Made, deed::Kind::Response)
        .named(new.title);
    let refused = match canned::add(&ground.realm, &new) {
        Ok(statement) => match ground.write(vec![statement], &deed).await {
            Ok(rows) => return Ok(Ok(returned(&rows, 0, "canned_reply_id")?)),
            Err(error) => canned::refused(error),
        },
        Err(refused) => refused,
    };
    told(refused).map(Err)
}

/// What was typed; the department is one that is offered, or the one as it is.
pub(crate) fn read<'t>(
    ground: &Ground,
    (_, offers, fields): &'t Found,
    typed: &'t Typed,
    now: Option<i64>,
) -> Result<NewCanned<'t>, Problem> {
    let departments = ground.offered(offers, Kind::Department);
    Ok(NewCanned {
        title: typed.get("title"),
        text: typed.get("text"),
        department: typed.chosen("department", &departments, now)?,
        fields,
    })
}

impl From<Problem> for Told {
    fn from(problem: Problem) -> Self {
        Self {
            problem: Some(problem),
            ..Self::default()
        }
    }
}

/// Why nothing was written, and the field it is about.
pub(crate) fn told(refused: Refused) -> Result<Told, Failure> {
    let (why, field, unknown) = match refused {
        Refused::Title => (Why::Title, "title", Vec::new()),
        Refused::Taken => (Why::Taken, "title", Vec::new()),
        Refused::Text => (Why::Text, "text", Vec::new()),
        Refused::Unknown(names) => (Why::Variables, "text", names),
        Refused::Full => (Why::Full, "", Vec::new()),
        Refused::Stale => (Why::Stale, "", Vec::new()),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Told {
        problem: Some(Problem { why, field }),
        unknown,
        done: None,
    })
}

/// What a program is told of a problem.
pub(crate) fn refusal(ground: &Ground, told: &Told) -> Response {
    let (why, field) = told
        .problem
        .map_or(("", ""), |it| (it.why.token(), it.field));
    let body = json!({ "error": why, "field": field, "unknown": told.unknown });
    ground.desk.renewed(data(status(told.problem), &body))
}
