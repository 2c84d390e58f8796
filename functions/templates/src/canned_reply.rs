//! `/admin/canned/{reply}`: one canned reply.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::canned::{self, Kept};
use desk::deed::{self, Deed, Verb};
use desk::offer::Kind;
use desk::template::{Code, Reader, fill};
use pages::admin::{CannedReplyPage, Done, Place, Problem, Tab, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::Statement;
use web::administering::{done, head, nav, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed, Wanted};
use web::{Answer, Failure, Visit};

use crate::canned_replies::{Found, Told, filled_form, look_up, read, refusal, told};

/// A canned reply, and what else there is in its realm.
struct Here<'a> {
    ground: &'a Ground,
    found: &'a Found,
    kept: &'a Kept,
}

impl<'a> Here<'a> {
    /// The canned reply, if it belongs to the realm that was asked about.
    fn of(ground: &'a Ground, found: &'a Found, id: &str) -> Result<Self, Failure> {
        let is = |kept: &&Kept| kept.realm == ground.realm.id && kept.id.to_string() == id;
        let kept = found.0.iter().find(is).ok_or(Failure::NotFound)?;
        Ok(Self {
            ground,
            found,
            kept,
        })
    }

    /// Its department, where the administrator sees it.
    fn department(&self) -> Option<i64> {
        let offered = self.ground.offered(&self.found.1, Kind::Department);
        let is_seen = |id: &i64| offered.iter().any(|(known, _)| known == id);
        self.kept.department.filter(is_seen)
    }
}

pub(crate) async fn show(
    visit: Visit,
    Path(reply): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &reply, &wanted).await)
}

async fn shown(visit: Visit, id: &str, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let here = Here::of(&ground, &found, id)?;
    let told = Told {
        done: Done::named(&wanted.done),
        ..Told::default()
    };
    page(&here, &as_it_is(here.kept), &told)
}

/// What the form would post if nothing were changed.
fn as_it_is(kept: &Kept) -> Typed {
    let department = kept.department.map(|id| id.to_string());
    let active = if kept.is_active { "1" } else { "" };
    let fields = [
        ("title", kept.title.clone()),
        ("text", kept.text.clone()),
        ("department", department.unwrap_or_default()),
        ("active", active.to_owned()),
    ];
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    Typed(fields.into_iter().map(owned).collect())
}

fn page(here: &Here<'_>, typed: &Typed, told: &Told) -> Answer {
    let desk = &here.ground.desk;
    let head = head(desk, &here.ground.above, Tab::Behind)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(told.problem);
    if desk.wants_json() {
        let mut body = json(here);
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let variables = canned::variables(&here.found.2);
    let preview = preview(here, typed.get("text"));
    let page = CannedReplyPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Canned),
        head,
        id: here.kept.id,
        title: &here.kept.title,
        version: here.kept.version,
        form: filled_form(here.ground, &here.found.1, typed, told, &variables),
        preview: &preview,
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn preview(here: &Here<'_>, text: &str) -> String {
    let facts = Code::TicketAutoreply.sample_with(&here.found.2);
    fill(text, &facts, Reader::Known)
}

fn json(here: &Here<'_>) -> Value {
    let kept = here.kept;
    json!({
        "id": kept.id,
        "realm": kept.realm.0,
        "title": kept.title,
        "text": kept.text,
        "department": here.department(),
        "active": kept.is_active,
        "version": kept.version,
        "preview": preview(here, &kept.text),
    })
}

pub(crate) async fn change(
    visit: Visit,
    Path(reply): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &reply, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up).await?;
    let here = Here::of(&ground, &found, id)?;
    let (batch, path) = match typed.get("change") {
        _ if typed.number("version") != Some(here.kept.version) => {
            let (why, field) = (Why::Stale, "");
            (Err(Problem { why, field }.into()), String::new())
        }
        "save" => (
            save(&here, typed)?,
            pages::url::canned_reply(&here.kept.id, &ground.realm.id.0),
        ),
        "delete" => (
            Ok(canned::delete(&ground.realm, here.kept)),
            pages::url::canned_in(&ground.realm.id.0),
        ),
        _ => return Err(Failure::BadRequest),
    };
    let refused = match batch {
        Err(told) => told,
        Ok(batch) => match ground.write(batch, &deed(&here, typed)).await {
            Ok(_) => return Ok(done(&ground.desk, Done::Saved, json!({}), &path)),
            Err(error) => told(canned::refused(error))?,
        },
    };
    if ground.desk.wants_json() {
        return Ok(refusal(&ground, &refused));
    }
    page(&here, typed, &refused)
}

/// What the log says of a change.
fn deed<'h>(here: &Here<'h>, typed: &Typed) -> Deed<'h> {
    let (verb, changed) = match typed.get("change") {
        "delete" => (Verb::Removed, Value::Null),
        _ => (Verb::Changed, typed.since(&as_it_is(here.kept))),
    };
    let deed = here.ground.deed(verb, deed::Kind::Response);
    deed.of(&here.kept.id, &here.kept.title).changing(changed)
}

fn save(here: &Here<'_>, typed: &Typed) -> Result<Result<Vec<Statement>, Told>, Failure> {
    let to = match read(here.ground, here.found, typed, here.kept.department) {
        Ok(to) => to,
        Err(problem) => return Ok(Err(problem.into())),
    };
    match canned::change(&here.ground.realm, here.kept, &to, typed.is_on("active")) {
        Ok(batch) => Ok(Ok(batch)),
        Err(refused) => told(refused).map(Err),
    }
}
