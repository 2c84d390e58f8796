//! `POST /mail/raw?to=ADDRESS`: one mail as bytes (RFC 5322), with the address's secret.
//!
//! A 2xx answer means the mail is stored. Anything else means it is not, and the provider keeps
//! it: 401 and 4xx will not change by themselves, 5xx may be tried again.

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use desk::inbound::{self, Arrived, Candidate, Decision, Filing, Known, Voice};
use desk::intake::{self, Draft, Setup, Wishes};
use desk::outbox::Letter;
use desk::ticket::Actor;
use serde::Deserialize;
use serde_json::json;
use tenancy::port::{DbError, Trouble};
use tenancy::principal::Mailbox;
use tenancy::scope::And;
use tenancy::{Runtime, Scope, Site};
use web::letters::{self, Audience, Sender};

/// How often a mail is looked at again when another copy of it was taken in meanwhile.
const MOST_TRIES: usize = 3;

#[derive(Deserialize)]
pub(crate) struct Envelope {
    #[serde(default)]
    to: String,
}

/// What became of a mail.
enum Outcome {
    Created(String),
    Continued(String),
    Duplicate(Option<String>),
    Dropped,
}

/// Why a mail was not taken in.
pub(crate) enum Refused {
    Unauthorized,
    Suspended,
    Trouble(String),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Trouble(format!("database: {error}"))
    }
}

impl From<web::Failure> for Refused {
    fn from(failure: web::Failure) -> Self {
        Self::Trouble(format!("{failure:?}"))
    }
}

pub(crate) async fn take_in(
    Extension(runtime): Extension<Runtime>,
    Query(envelope): Query<Envelope>,
    headers: HeaderMap,
    raw: Bytes,
) -> Result<Response, Refused> {
    let secret = bearer(&headers).ok_or(Refused::Unauthorized)?;
    let mail = Arrived::read(&raw);
    let mut tries = 1;
    loop {
        match file(&runtime, &envelope.to, secret, &mail, &raw).await {
            Ok(outcome) => return Ok(outcome.into_response()),
            Err(Filed::Meanwhile) if tries < MOST_TRIES => tries += 1,
            Err(Filed::Meanwhile) => return Err(DbError::Busy.into()),
            Err(Filed::Refused(refused)) => return Err(refused),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// Why a mail was not filed this time.
enum Filed {
    /// Another copy of it was, meanwhile: look again.
    Meanwhile,
    Refused(Refused),
}

impl From<Refused> for Filed {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<web::Failure> for Filed {
    fn from(failure: web::Failure) -> Self {
        Self::Refused(failure.into())
    }
}

impl From<DbError> for Filed {
    fn from(error: DbError) -> Self {
        if inbound::was_taken_in_meanwhile(&error) {
            Self::Meanwhile
        } else {
            Self::Refused(error.into())
        }
    }
}

async fn file(
    runtime: &Runtime,
    to: &str,
    secret: &str,
    mail: &Arrived,
    raw: &[u8],
) -> Result<Outcome, Filed> {
    let door = Mailbox::door(to);
    let scope = Scope::behind(runtime, door.clone());
    let who = (Site::find(&scope, &door), Mailbox::find(&scope, &door));
    let about = And(intake::setup(&scope), inbound::look_up(&scope, mail));
    let ((sites, mailboxes), (setup, known)) = scope.read(And(who, about)).await?;
    let mailbox = Mailbox::admit(mailboxes.into_iter().next(), secret);
    let mailbox = mailbox.ok_or(Refused::Unauthorized)?;
    let site = sites.into_iter().next().ok_or(Refused::Unauthorized)?;
    if site.is_suspended {
        return Err(Refused::Suspended.into());
    }
    let filing = Filing {
        runtime,
        site: &site,
        mail,
        raw,
        address: &mailbox.address,
    };
    follow(&filing, known, &setup, &mailbox).await
}

/// Does what was decided about the mail.
async fn follow(
    filing: &Filing<'_>,
    known: Known,
    setup: &Setup,
    mailbox: &Mailbox,
) -> Result<Outcome, Filed> {
    match inbound::decide(filing.mail, known) {
        Decision::Duplicate(number) => {
            filing.keep_copy().await?;
            Ok(Outcome::Duplicate(number))
        }
        Decision::Drop => {
            filing.drop_it().await?;
            Ok(Outcome::Dropped)
        }
        Decision::Continue(found, voice) => {
            let letters = news(filing, &found, &voice, setup).await?;
            filing.go_on(&found, &voice, setup, &letters).await?;
            Ok(Outcome::Continued(found.news.number))
        }
        Decision::Open => open(filing, setup, mailbox).await.map(Outcome::Created),
    }
}

/// The letters that tell of a message; a note is told to nobody.
async fn news(
    filing: &Filing<'_>,
    found: &Candidate,
    voice: &Voice,
    setup: &Setup,
) -> Result<Vec<Letter>, Filed> {
    if !voice.is_message() {
        return Ok(Vec::new());
    }
    let sender = Sender {
        runtime: filing.runtime,
        site: filing.site,
        address: setup.sender.as_ref(),
    };
    Ok(letters::of_message(sender, &found.news, &filing.author(voice), &setup.templates).await?)
}

async fn open(filing: &Filing<'_>, setup: &Setup, mailbox: &Mailbox) -> Result<String, Filed> {
    let request = inbound::submission(filing.mail, &mailbox.address)
        .check()
        .map_err(|problems| Refused::Trouble(format!("a mail made no submission: {problems:?}")))?;
    let wishes = Wishes {
        topic: mailbox.topic,
        department: mailbox.department,
        priority: None,
    };
    let no_department = || Refused::Trouble("no department".to_owned());
    let routing = setup.route(wishes).ok_or_else(no_department)?;
    let draft = Draft::new(filing.runtime, filing.site, request, routing, Actor::Mail);
    // A program that answers our answer would never stop; one without an address cannot.
    let is_answered = !filing.mail.is_automatic && filing.mail.sender.is_some();
    let audience = Audience {
        requester: is_answered,
        agents: !filing.mail.is_bounce,
    };
    let signer = web::visit::signer(filing.runtime).await?;
    let (runtime, site) = (filing.runtime, filing.site);
    let letters = letters::of_new_ticket(runtime, site, setup, &draft, &signer, audience).await?;
    Ok(draft
        .write(&letters, |scope| filing.kept(scope, draft.id()))
        .await?)
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let (status, result, number) = match self {
            Self::Created(number) => (StatusCode::CREATED, "created", Some(number)),
            Self::Continued(number) => (StatusCode::OK, "continued", Some(number)),
            Self::Duplicate(number) => (StatusCode::OK, "duplicate", number),
            Self::Dropped => (StatusCode::OK, "dropped", None),
        };
        (status, Json(json!({ "result": result, "number": number }))).into_response()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error) = match &self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "unknown address, or wrong secret for it",
            ),
            Self::Suspended => (StatusCode::SERVICE_UNAVAILABLE, "offline; try again later"),
            Self::Trouble(_) => (StatusCode::INTERNAL_SERVER_ERROR, "not stored; try again"),
        };
        let mut response = (status, Json(json!({ "error": error }))).into_response();
        if let Self::Trouble(text) = self {
            response.extensions_mut().insert(Trouble(text));
        }
        response
    }
}
