//! The form as a page and as JSON.

use axum::http::StatusCode;
use axum::response::Response;
use desk::intake::Problem;
use pages::details::DetailsPage;
use pages::fields::FormField;
use pages::http::Html;
use serde_json::{Value, json};
use web::failure::data;
use web::form::{FormToken, shown};
use web::questions::Answered;

use crate::details::Details;

/// What is wrong, beside what is wrong with fields.
#[derive(Default)]
pub(crate) struct Told {
    /// Whether somebody else changed the ticket since the form was shown.
    pub(crate) is_stale: bool,
    /// Whether nothing was saved that was to be.
    pub(crate) is_refused: bool,
    /// What is wrong with the comment.
    pub(crate) comment: Option<Problem>,
}

impl Told {
    fn status(&self) -> StatusCode {
        match (self.is_stale, self.is_refused) {
            (true, _) => StatusCode::CONFLICT,
            (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
            (false, false) => StatusCode::OK,
        }
    }
}

pub(crate) fn answer(details: &Details, answered: &Answered, told: &Told) -> Response {
    let desk = &details.desk;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let fields = answered.fields(&details.form, told.is_refused);
    if desk.wants_json() {
        let body = if told.is_refused {
            refused(details, answered, told)
        } else {
            body(details, &fields, &csrf)
        };
        return desk.renewed(token.with(data(told.status(), &body)));
    }
    let ticket = &details.ticket;
    let shell = desk.shell(Some(&desk.agent.realm_name), &csrf);
    let differing = || details.differing(answered, shell.locale);
    let page = DetailsPage {
        differing: told.is_stale.then(differing),
        shell,
        number: &ticket.number,
        subject: &ticket.subject,
        fields,
        asks_further: answered.asks_further(&details.form),
        version: ticket.version(),
        comment: answered.posted.text("comment"),
        problem: told.comment.map(shown),
        csrf: &csrf,
    };
    desk.renewed(token.with((told.status(), Html(page))))
}

fn body(details: &Details, fields: &[FormField<'_>], csrf: &str) -> Value {
    let field = |it: &FormField<'_>| json!({ "field": it.id, "label": it.label, "required": it.is_required });
    json!({
        "number": details.ticket.number,
        "version": details.ticket.version(),
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
        "csrf": csrf,
    })
}

fn refused(details: &Details, answered: &Answered, told: &Told) -> Value {
    if told.is_stale {
        return json!({ "error": "stale", "version": details.ticket.version() });
    }
    let comment = told.comment.map(|_| "comment".to_owned());
    let wrong = details.wrong(&answered.outcome.troubles).chain(comment);
    let problem = |field: String| json!({ "field": field, "error": "invalid" });
    json!({ "error": "invalid", "problems": wrong.map(problem).collect::<Vec<_>>() })
}
