//! `/admin/forms`: a realm's forms, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Verb};
use desk::form::{self, Kept, NewForm, Purpose, Refused};
use pages::admin::{Done, FormRow, FormsPage, Place, Problem, Tab, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use crate::form::shown_purpose;
use web::administering::{done, head, head_json, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted};

fn look_up(scope: &Scope, realm: RealmId) -> (tenancy::Query<Kept>,) {
    (form::kept(scope, realm),)
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let (ground, (kept,)) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let done = Done::named(&wanted.done);
    page(&ground, &kept, &Typed::default(), None, done)
}

fn page(
    ground: &Ground,
    kept: &[Kept],
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, .. } = ground;
    let head = head(desk, above, Tab::Forms)?;
    let seen = kept.iter().filter(|kept| ground.holds(&kept.path));
    let rows: Vec<FormRow<'_>> = seen.map(|kept| row(ground, kept)).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["forms"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = FormsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Forms),
        head,
        rows,
        typed: typed.filled(),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn row<'a>(ground: &'a Ground, kept: &'a Kept) -> FormRow<'a> {
    FormRow {
        id: kept.id,
        realm: kept.realm.0,
        from: ground.named_above(kept.realm),
        title: &kept.title,
        fields: kept.fields,
        purpose: shown_purpose(kept.purpose),
        is_active: kept.is_active,
    }
}

fn row_json(row: &FormRow<'_>) -> Value {
    json!({
        "id": row.id,
        "realm": row.realm,
        "title": row.title,
        "fields": row.fields,
        "purpose": row.purpose.token(),
        "active": row.is_active,
    })
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (ground, (kept,)) = Ground::posted(visit, typed, look_up).await?;
    match add(&ground, typed).await? {
        Ok(id) => {
            let path = pages::url::form(&id, &ground.realm.id.0);
            Ok(done(&ground.desk, Done::Saved, json!({ "id": id }), &path))
        }
        Err(problem) if ground.desk.wants_json() => Ok(refusal(&ground.desk, problem)),
        Err(problem) => page(&ground, &kept, typed, Some(problem), None),
    }
}

async fn add(ground: &Ground, typed: &Typed) -> Result<Result<i64, Problem>, Failure> {
    // Which list's would it be?
    let purpose = purpose(typed)?;
    if purpose == Purpose::List {
        return Err(Failure::BadRequest);
    }
    let title = typed.get("title");
    let new = NewForm { title, purpose };
    let deed = ground.deed(Verb::Made, deed::Kind::Form).named(new.title);
    let refused = match form::add(&ground.realm, &new) {
        Ok(statement) => match ground.write(vec![statement], &deed).await {
            Ok(rows) => return Ok(Ok(returned(&rows, 0, "form_id")?)),
            Err(error) => form::refused(error),
        },
        Err(refused) => refused,
    };
    problem(refused, "title").map(Err)
}

/// What the form is filled in with; where nothing is said, tickets of topics.
pub(crate) fn purpose(typed: &Typed) -> Result<Purpose, Failure> {
    match typed.get("purpose") {
        "" => Ok(Purpose::Topic),
        name => Purpose::named(name).ok_or(Failure::BadRequest),
    }
}

/// Why nothing was written, and the field it is about; `named` has the name.
pub(crate) fn problem(refused: Refused, named: &'static str) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Title => (Why::Title, "title"),
        Refused::Name => (Why::FieldName, "name"),
        Refused::Label => (Why::Label, "label"),
        Refused::Taken => (Why::Taken, named),
        Refused::Pattern => (Why::Pattern, "pattern"),
        Refused::Choices => (Why::Choices, "choices"),
        Refused::Form => (Why::Full, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}
