//! A profile as a page and as JSON, and what is posted to it.

use axum::http::StatusCode;
use axum::response::Response;
use desk::deed::Deed;
use desk::file::Limits;
use desk::form::{Access, Amendment, Asker, Field, Filled, profile};
use desk::setting::Settings;
use pages::Locale;
use pages::admin::{Done, Place, Problem, ProfilePage, Why};
use pages::http::Html;
use serde_json::{Value, json};
use tenancy::{DbError, Scope, Statement};
use web::administering::{done, nav, refusal, status, write};
use web::facts::told;
use web::failure::data;
use web::form::{self, FormToken, Submitted};
use web::questions::Answered;
use web::{Answer, Desk, Failure};

/// Whose profile it is, and what it holds.
pub(crate) struct Profile<'p> {
    pub(crate) place: Place,
    pub(crate) name: &'p str,
    /// Where they are looked after.
    pub(crate) back: String,
    pub(crate) action: String,
    pub(crate) version: i64,
    pub(crate) may_change: bool,
    pub(crate) filled: &'p [Filled],
}

/// What was posted and can be written.
pub(crate) struct Posting {
    /// The version that was read.
    pub(crate) version: i64,
    pub(crate) changes: Vec<Amendment>,
}

/// What the agent knows of: neither what agents do not see, nor what is limited to roles that
/// they do not have (T-47).
pub(crate) fn known(mut filled: Vec<Filled>, closed: &[i64]) -> Vec<Filled> {
    filled.retain(|it| it.field.agent != Access::Hidden && !closed.contains(&it.field.id));
    filled
}

/// Looks at what was posted, and answers at once where it cannot be written.
pub(crate) fn posted(
    desk: &Desk,
    profile: &Profile<'_>,
    fields: Vec<(String, String)>,
) -> Result<Result<Posting, Response>, Failure> {
    let posted = Submitted {
        fields,
        files: Vec::new(),
    };
    form::check(&desk.visit, &desk.signer, posted.text("csrf"))?;
    let version = posted.text("version").parse().unwrap_or_default();
    let answered = profile.answered(desk, posted);
    if answered.answers().is_none() {
        return Ok(Err(profile.refused(desk, &answered)));
    }
    let changes = profile::changes(profile.filled, &answered.outcome);
    Ok(Ok(Posting { version, changes }))
}

/// Writes what was posted.
pub(crate) async fn saved(
    desk: &Desk,
    profile: &Profile<'_>,
    scope: &Scope,
    batch: Vec<Statement>,
    (deed, changes): (Deed<'_>, &[Amendment]),
) -> Answer {
    if changes.is_empty() {
        return Ok(done(desk, Done::Saved, json!({}), &profile.action));
    }
    let deed = deed.changing(profile::told(changes));
    match write(desk, scope, batch, &deed).await {
        Ok(_) => Ok(done(desk, Done::Saved, json!({}), &profile.action)),
        Err(DbError::Stale) => {
            let (why, field) = (Why::Stale, "");
            let problem = Problem { why, field };
            Ok(if desk.wants_json() {
                refusal(desk, problem)
            } else {
                profile.page(desk, Some(problem), None)
            })
        }
        Err(error) => Err(error.into()),
    }
}

impl Profile<'_> {
    fn fields(&self) -> Vec<Field> {
        self.filled.iter().map(|it| it.field.clone()).collect()
    }

    fn answered(&self, desk: &Desk, posted: Submitted) -> Answered {
        // No field of a profile takes files.
        let limits = Limits::of(&Settings::default());
        let clocks = desk.visit.clocks(&desk.frame.shell());
        Answered::of(posted, &self.fields(), limits, Asker::Agent, clocks)
    }

    /// What it holds, with what was done or went wrong.
    pub(crate) fn page(
        &self,
        desk: &Desk,
        problem: Option<Problem>,
        done: Option<Done>,
    ) -> Response {
        let held = Submitted {
            fields: self.filled.iter().flat_map(as_posted).collect(),
            files: Vec::new(),
        };
        let answered = self.answered(desk, held);
        self.shown(desk, &answered, (status(problem), problem, done))
    }

    fn refused(&self, desk: &Desk, answered: &Answered) -> Response {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        if desk.wants_json() {
            let fields = self.fields();
            let wrong = answered.fields(&fields, true).into_iter();
            let wrong = wrong.filter(|field| field.problem.is_some());
            let told = wrong.map(|field| json!({ "field": field.id, "error": "invalid" }));
            let body = json!({ "error": "invalid", "problems": told.collect::<Vec<_>>() });
            return desk.renewed(data(status, &body));
        }
        self.shown(desk, answered, (status, None, None))
    }

    fn shown(
        &self,
        desk: &Desk,
        answered: &Answered,
        (status, problem, done): (StatusCode, Option<Problem>, Option<Done>),
    ) -> Response {
        let token = FormToken::of(&desk.visit, &desk.signer);
        let csrf = token.token.clone();
        if desk.wants_json() {
            let body = self.json(&csrf);
            return desk.renewed(token.with(data(status, &body)));
        }
        let fields = self.fields();
        let is_refused = status == StatusCode::UNPROCESSABLE_ENTITY;
        let version = match answered.posted.text("version") {
            "" => self.version.to_string(),
            read => read.to_owned(),
        };
        let shell = desk.shell(Some(&desk.agent.realm_name), &csrf);
        let (open, shown) = if self.may_change {
            let shown = self.filled.iter().filter(|it| !it.field.agent.is_asked());
            (
                answered.fields(&fields, is_refused),
                said(shown, shell.locale),
            )
        } else {
            (Vec::new(), said(self.filled.iter(), shell.locale))
        };
        let page = ProfilePage {
            shell,
            nav: nav(desk, self.place),
            is_of_item: self.place == Place::Lists,
            name: self.name,
            back: &self.back,
            action: &self.action,
            version: &version,
            fields: open,
            shown,
            asks_further: self.may_change && answered.asks_further(&fields),
            is_refused,
            problem,
            done,
            csrf: &csrf,
        };
        desk.renewed(token.with((status, Html(page))))
    }

    fn json(&self, csrf: &str) -> Value {
        let answers = self
            .filled
            .iter()
            .filter(|it| it.field.kind.takes_answers());
        let field = |it: &Filled| {
            let values = it.values.iter().map(|value| value.text.as_str());
            json!({
                "field": name(&it.field),
                "name": it.field.name,
                "label": it.field.label,
                "values": values.collect::<Vec<_>>(),
            })
        };
        json!({
            "name": self.name,
            "version": self.version,
            "fields": answers.map(field).collect::<Vec<_>>(),
            "csrf": csrf,
        })
    }
}

fn name(field: &Field) -> String {
    format!("field_{}", field.id)
}

/// What a form would post that holds just this.
fn as_posted(held: &Filled) -> Vec<(String, String)> {
    let values = held.values.iter();
    values
        .map(|value| (name(&held.field), held.field.typed(value)))
        .collect()
}

/// What is held, as people read it.
fn said<'f>(filled: impl Iterator<Item = &'f Filled>, locale: Locale) -> Vec<(&'f str, String)> {
    let words = |it: &'f Filled| {
        let number = it.values.first()?.number;
        let words = told(locale, it.field.kind, &it.words(), number);
        Some((it.field.label.as_str(), words))
    };
    filled.filter_map(words).collect()
}
