//! `/open`: a user asks for help.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::email::looked_up;
use desk::file::{Files, Limits};
use desk::filter::Channel;
use desk::form::Asker;
use desk::intake::{
    Admission, Arrival, Draft, Problem, Problems, Refusal, Setup, Submission, Wishes,
};
use desk::ticket::{Actor, Source};
use pages::portal::Denial;
use serde::Deserialize;
use tenancy::token::Signer;
use web::form::Submitted;
use web::letters::{self, Audience};
use web::{Answer, Failure, Visit};

use crate::open_page::{Said, page};
use crate::raising::{Desk, Wanting};
use crate::received::confirmed;
use web::guest::{later, shown_name};
use web::questions::Answered;

/// For whom the form is wanted, and about what.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    r#for: String,
    topic: String,
}

/// A field that people do not see. Programs fill in whatever they find; they get no ticket, and
/// whoever is no program after all is told so and can send the form again.
const TRAP: &str = "homepage";

/// What the form posts. A field that is left out counts as empty.
#[derive(Default)]
pub(crate) struct Typed {
    pub(crate) topic: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) subject: String,
    pub(crate) message: String,
    /// Everything that was posted.
    pub(crate) posted: Submitted,
}

impl Typed {
    fn of(posted: Submitted) -> Self {
        let text = |name: &str| posted.text(name).to_owned();
        let (topic, name, email) = (text("topic"), text("name"), text("email"));
        let (subject, message) = (text("subject"), text("message"));
        Self {
            topic,
            name,
            email,
            subject,
            message,
            posted,
        }
    }
}

/// What was posted, with what came of looking at it.
pub(crate) struct Filled {
    pub(crate) typed: Typed,
    pub(crate) answered: Answered,
}

impl Filled {
    /// Looks at what was typed into the form and sent along with it.
    fn of(mut typed: Typed, desk: &Desk<'_>) -> Self {
        let limits = Limits::of(&desk.setup.settings);
        let posted = std::mem::take(&mut typed.posted);
        let clocks = desk.guest.visit.clocks(&desk.guest.shell());
        Self {
            answered: Answered::of(posted, &desk.form, limits, Asker::User, clocks),
            typed,
        }
    }
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let typed = Typed {
        topic: wanted.topic,
        ..Typed::default()
    };
    let mut desk = Desk::of(&visit, &wanting(&wanted.r#for, &typed)).await?;
    if !desk.is_offered {
        return Err(Failure::NotFound);
    }
    desk.guest = desk.guest.with_form();
    let filled = Filled::of(typed, &desk);
    let page = page(&desk, &filled, Said::Nothing);
    Ok(desk.guest.answer(page))
}

fn wanting<'t>(asked: &'t str, typed: &'t Typed) -> Wanting<'t> {
    Wanting {
        realm: asked,
        topic: typed.topic.parse().ok(),
        email: None,
    }
}

pub(crate) async fn submit(visit: Visit, posted: Submitted) -> Answer {
    let typed = Typed::of(posted);
    let signer = visit.signer().await?;
    web::form::check(&visit, &signer, typed.posted.text("csrf"))?;
    let wanting = Wanting {
        email: Some(looked_up(&typed.email)),
        ..wanting(typed.posted.text("for"), &typed)
    };
    let desk = Desk::of(&visit, &wanting).await?;
    if !desk.is_offered && desk.realms.is_empty() {
        return Err(Failure::NotFound);
    }
    let filled = Filled::of(typed, &desk);
    match turned_away(&desk, &filled) {
        Some((status, said)) => Ok(again(desk, &filled, status, said)),
        None => open(desk, &signer, &filled).await,
    }
}

/// Why a form opens no ticket, whatever else is typed in it.
fn turned_away(desk: &Desk<'_>, filled: &Filled) -> Option<(StatusCode, Said)> {
    let posted = &filled.answered.posted;
    if desk.wait.is_some() {
        return Some((StatusCode::TOO_MANY_REQUESTS, Said::Denied(Denial::TooMany)));
    }
    if !posted.text(TRAP).is_empty() {
        return Some((StatusCode::FORBIDDEN, Said::Denied(Denial::Trapped)));
    }
    let asks = desk.is_offered && posted.text("then") == "ask";
    asks.then_some((StatusCode::OK, Said::Nothing))
}

/// Opens a ticket, or says what is wrong.
async fn open(desk: Desk<'_>, signer: &Signer, filled: &Filled) -> Answer {
    let arrival = match check(&desk, filled) {
        Ok(arrival) if desk.is_offered => arrival,
        checked => {
            let said = Said::Problems(checked.err().unwrap_or_default());
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(again(desk, filled, status, said));
        }
    };
    match desk.setup.admit(arrival) {
        Ok(admission) => {
            let sent = write(&desk, signer, admission, filled.answered.files()).await?;
            Ok(desk.guest.answer(sent))
        }
        Err(refusal) => {
            let said = Said::Denied(denial(&refusal)?);
            Ok(again(desk, filled, StatusCode::FORBIDDEN, said))
        }
    }
}

/// Writes the ticket, and confirms it.
async fn write(desk: &Desk<'_>, signer: &Signer, admission: Admission, files: Files) -> Answer {
    let (runtime, site) = (&desk.guest.visit.runtime, &desk.site);
    let topic = admission.routing.topic;
    let draft = Draft::new(runtime, site, admission, Actor::User)
        .raised_from(desk.guest.site.realm)
        .carrying(files);
    let audience = Audience {
        requester: true,
        agents: true,
    };
    let letters =
        letters::of_new_ticket(runtime, site, &desk.setup, &draft, signer, audience).await?;
    let number = draft.write(&letters, |_| Vec::new()).await?;
    Ok(confirmed(&number, topic))
}

/// The form once more, with what was typed.
fn again(mut desk: Desk<'_>, filled: &Filled, status: StatusCode, said: Said) -> Response {
    desk.guest = desk.guest.with_form();
    let page = (status, page(&desk, filled, said));
    let wait = desk.wait;
    let answer = desk.guest.answer(page);
    match wait {
        Some(seconds) => later(answer, seconds),
        None => answer,
    }
}

fn denial(refusal: &Refusal) -> Result<Denial, Failure> {
    match refusal {
        Refusal::Denied(_) => Ok(Denial::NotAuthorized),
        Refusal::OverLimit => Ok(Denial::OverLimit),
        Refusal::NoDepartment | Refusal::NotAsked => {
            Err(Failure::Trouble("no department".to_owned()))
        }
    }
}

/// Checks the fields and the topic. Whoever has signed in is who they are, whatever was posted.
fn check(desk: &Desk<'_>, filled: &Filled) -> Result<Arrival, Problems> {
    let (typed, answers) = (&filled.typed, filled.answered.answers());
    let topic = chosen_topic(&desk.setup, &typed.topic);
    let account = desk.guest.account.as_ref();
    let submission = Submission {
        name: account.map_or(&*typed.name, shown_name).to_owned(),
        email: account.map_or(&typed.email, |it| &it.email).clone(),
        subject: typed.subject.clone(),
        message: typed.message.clone(),
        source: Source::Web,
        ip: desk.guest.visit.client.0.map(|address| address.to_string()),
    };
    match (submission.check(), topic, answers) {
        (Ok(request), Ok(topic), Some(answers)) => Ok(Arrival {
            said: Wishes {
                topic,
                ..Wishes::default()
            },
            answers,
            ..Arrival::new(request, Channel::Web, desk.guest.site.realm)
        }),
        (checked, topic, _) => Err(Problems {
            topic: topic.err(),
            ..checked.err().unwrap_or_default()
        }),
    }
}

/// The topic that was picked. Where topics are offered, one must be.
fn chosen_topic(setup: &Setup, typed: &str) -> Result<Option<i64>, Problem> {
    let mut offered = setup
        .topics
        .iter()
        .filter(|topic| topic.is_public)
        .peekable();
    match typed {
        "" if offered.peek().is_none() => Ok(None),
        "" => Err(Problem::Missing),
        typed => {
            let picked = offered.find(|topic| topic.id.to_string() == typed);
            picked
                .map(|topic| Some(topic.id))
                .ok_or(Problem::NotOffered)
        }
    }
}
