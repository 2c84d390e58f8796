//! `/open`: a user asks for help.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::filter::Channel;
use desk::form::{self, Asker, Outcome};
use desk::intake::{Arrival, Draft, Problem, Problems, Refusal, Setup, Submission, Wishes};
use desk::ticket::{Actor, Source};
use pages::portal::Denial;
use serde::Deserialize;
use web::form::Posted;
use web::letters::{self, Audience};
use web::{Answer, Failure, Visit};

use crate::form_fields;
use crate::guest::shown_name;
use crate::open_page::{Said, page};
use crate::raising::{Desk, Wanting};
use crate::received::confirmed;

/// For whom the form is wanted, and about what.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    r#for: String,
    topic: String,
}

/// Most fields of a posted form that are looked at.
const MOST_POSTED: usize = 2_000;

/// What the form posts. A field that is left out counts as empty.
#[derive(Default)]
pub(crate) struct Typed {
    pub(crate) topic: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) subject: String,
    pub(crate) message: String,
    /// Everything that was posted, by its name; of some choices each.
    pub(crate) more: Vec<(String, String)>,
}

impl Typed {
    fn of(mut posted: Vec<(String, String)>) -> Self {
        posted.truncate(MOST_POSTED);
        let mut typed = Self {
            more: posted,
            ..Self::default()
        };
        let text = |name: &str| typed.first(name).unwrap_or_default().to_owned();
        (typed.topic, typed.name, typed.email) = (text("topic"), text("name"), text("email"));
        let text = |name: &str| typed.first(name).unwrap_or_default().to_owned();
        (typed.subject, typed.message) = (text("subject"), text("message"));
        typed
    }

    /// The first text that was posted under a name.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let posted = self.more.iter().find(|(posted, _)| posted == name);
        posted.map(|(_, text)| text.as_str())
    }

    fn get(&self, name: &str) -> &str {
        self.first(name).unwrap_or_default()
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
    let outcome = form::check(&desk.form, &typed, Asker::User, visit.now());
    let page = page(&desk, &typed, &outcome, Said::Nothing);
    Ok(desk.guest.answer(page))
}

fn wanting<'t>(asked: &'t str, typed: &'t Typed) -> Wanting<'t> {
    Wanting {
        realm: asked,
        topic: typed.topic.parse().ok(),
        email: None,
    }
}

pub(crate) async fn submit(visit: Visit, Posted(posted): Posted<Vec<(String, String)>>) -> Answer {
    let typed = Typed::of(posted);
    let signer = visit.signer().await?;
    web::form::check(&visit, &signer, typed.get("csrf"))?;
    let wanting = Wanting {
        email: Some(typed.email.trim().to_lowercase()),
        ..wanting(typed.get("for"), &typed)
    };
    let desk = Desk::of(&visit, &wanting).await?;
    if !desk.is_offered && desk.realms.is_empty() {
        return Err(Failure::NotFound);
    }
    let outcome = form::check(&desk.form, &typed, Asker::User, visit.now());
    if desk.is_offered && typed.get("then") == "ask" {
        return Ok(again(desk, &typed, &outcome, StatusCode::OK, Said::Nothing));
    }
    let arrival = match check(&visit, &desk, &typed, &outcome) {
        Ok(arrival) if desk.is_offered => arrival,
        checked => {
            let said = Said::Problems(checked.err().unwrap_or_default());
            return Ok(again(
                desk,
                &typed,
                &outcome,
                StatusCode::UNPROCESSABLE_ENTITY,
                said,
            ));
        }
    };
    let admission = match desk.setup.admit(arrival) {
        Ok(admission) => admission,
        Err(refusal) => {
            let said = Said::Denied(denial(&refusal)?);
            return Ok(again(desk, &typed, &outcome, StatusCode::FORBIDDEN, said));
        }
    };
    let topic = admission.routing.topic;
    let draft = Draft::new(&visit.runtime, &desk.site, admission, Actor::User)
        .raised_from(desk.guest.site.realm);
    let audience = Audience {
        requester: true,
        agents: true,
    };
    let letters = letters::of_new_ticket(
        &visit.runtime,
        &desk.site,
        &desk.setup,
        &draft,
        &signer,
        audience,
    );
    let number = draft.write(&letters.await?, |_| Vec::new()).await?;
    Ok(desk.guest.answer(confirmed(&number, topic)))
}

/// The form once more, with what was typed.
fn again(
    mut desk: Desk<'_>,
    typed: &Typed,
    outcome: &Outcome,
    status: StatusCode,
    said: Said,
) -> Response {
    desk.guest = desk.guest.with_form();
    let page = page(&desk, typed, outcome, said);
    desk.guest.answer((status, page))
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
fn check(
    visit: &Visit,
    desk: &Desk<'_>,
    typed: &Typed,
    outcome: &Outcome,
) -> Result<Arrival, Problems> {
    let topic = chosen_topic(&desk.setup, &typed.topic);
    let account = desk.guest.account.as_ref();
    let submission = Submission {
        name: account.map_or(&*typed.name, shown_name).to_owned(),
        email: account.map_or(&typed.email, |it| &it.email).clone(),
        subject: typed.subject.clone(),
        message: typed.message.clone(),
        source: Source::Web,
        ip: visit.client.0.map(|address| address.to_string()),
    };
    match (submission.check(), topic, form_fields::answers(outcome)) {
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
