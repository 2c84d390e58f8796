//! `/mail/captured`: mail that the `capture` transport kept instead of sending it. In
//! development only; elsewhere these paths do not exist.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use desk::outbox::{self, Captured, Correspondent};
use desk::setting;
use pages::http::{Html, MailPreview, wants_json};
use pages::mail::{CapturedMail, CapturedMailPage};
use pages::time::Moment;
use serde_json::{Value, json};
use tenancy::port::Variable;
use web::visit::{Frame, open_site};
use web::{Answer, Failure, Visit};

pub(crate) async fn list(visit: Visit) -> Answer {
    let (frame, mails) = look(&visit).await?;
    if wants_json(&visit.headers) {
        let mails: Vec<Value> = mails.iter().map(as_json).collect();
        return Ok(Json(json!({ "mails": mails })).into_response());
    }
    Ok(page(&visit, &frame, &mails))
}

pub(crate) async fn html(visit: Visit, Path(id): Path<String>) -> Answer {
    let (_, mails) = look(&visit).await?;
    let mail = mails.into_iter().find(|mail| mail.id.as_str() == id);
    Ok(MailPreview(mail.ok_or(Failure::NotFound)?.html).into_response())
}

async fn look(visit: &Visit) -> Result<(Frame, Vec<Captured>), Failure> {
    let environment = visit.runtime.secrets.read(Variable::Environment).await;
    if environment.as_deref() != Some("development") {
        return Err(Failure::NotFound);
    }
    let scope = visit.scope();
    let (sites, settings, mails) = scope
        .read((
            visit.site(&scope),
            setting::inherited(&scope),
            outbox::captured(&scope),
        ))
        .await?;
    Ok((Frame::new(&open_site(sites)?, &settings), mails))
}

fn as_json(mail: &Captured) -> Value {
    json!({
        "id": mail.id,
        "from": { "name": mail.from.name, "address": mail.from.address },
        "to": { "name": mail.to.name, "address": mail.to.address },
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "message_id": mail.message_id,
        "sent_at": mail.sent_at.0,
    })
}

fn page(visit: &Visit, frame: &Frame, mails: &[Captured]) -> Response {
    let shown: Vec<[String; 3]> = mails
        .iter()
        .map(|mail| {
            let html_url = format!("{}/{}", pages::url::CAPTURED_MAIL, mail.id);
            [written(&mail.from), written(&mail.to), html_url]
        })
        .collect();
    let mails = mails
        .iter()
        .zip(&shown)
        .map(|(mail, [from, to, html_url])| CapturedMail {
            from,
            to,
            subject: &mail.subject,
            text: &mail.text,
            html_url: Some(html_url),
            at: Moment(mail.sent_at.0),
        });
    let page = CapturedMailPage {
        shell: frame.english_shell(),
        mails: mails.collect(),
        now: Moment(visit.now().0),
    };
    Html(page).into_response()
}

fn written(correspondent: &Correspondent) -> String {
    match correspondent.name.as_str() {
        "" => correspondent.address.clone(),
        name => format!("{name} <{}>", correspondent.address),
    }
}
