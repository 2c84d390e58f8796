//! `/open`: a user asks for help.

use axum::extract::Query;
use axum::http::StatusCode;
use desk::intake::{self, Draft, Problem, Problems, Routing, Setup, Submission, Wishes};
use desk::ticket::{Actor, Source};
use serde::Deserialize;
use web::form::{self, Posted};
use web::letters::{self, Audience};
use web::{Answer, Failure, Visit};

use crate::guest::shown_name;
use crate::open_page::page;
use crate::raising::Desk;
use crate::received::confirmed;

/// For whom the form is wanted.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    r#for: String,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    r#for: String,
    pub(crate) topic: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) subject: String,
    pub(crate) message: String,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let mut desk = Desk::of(&visit, &wanted.r#for).await?;
    if !desk.is_offered {
        return Err(Failure::NotFound);
    }
    desk.guest = desk.guest.with_form();
    let page = page(&desk, &Typed::default(), Problems::default());
    Ok(desk.guest.answer(page))
}

pub(crate) async fn submit(visit: Visit, Posted(typed): Posted<Typed>) -> Answer {
    let signer = visit.signer().await?;
    form::check(&visit, &signer, &typed.csrf)?;
    let mut desk = Desk::of(&visit, &typed.r#for).await?;
    if !desk.is_offered && desk.realms.is_empty() {
        return Err(Failure::NotFound);
    }
    let checked = check(&visit, &desk, &typed);
    let (request, routing) = match checked {
        Ok(checked) if desk.is_offered => checked,
        checked => {
            desk.guest = desk.guest.with_form();
            let page = page(&desk, &typed, checked.err().unwrap_or_default());
            return Ok(desk.guest.answer((StatusCode::UNPROCESSABLE_ENTITY, page)));
        }
    };
    let routing = routing.ok_or_else(|| Failure::Trouble("no department".to_owned()))?;
    let draft = Draft::new(&visit.runtime, &desk.site, request, routing, Actor::User)
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
    Ok(desk.guest.answer(confirmed(&number)))
}

/// Checks the fields and the topic, and routes. Whoever has signed in is who they are, whatever
/// was posted.
fn check(
    visit: &Visit,
    desk: &Desk<'_>,
    typed: &Typed,
) -> Result<(intake::Request, Option<Routing>), Problems> {
    let setup = &desk.setup;
    let topic = chosen_topic(setup, &typed.topic);
    let account = desk.guest.account.as_ref();
    let submission = Submission {
        name: account.map_or(&*typed.name, shown_name).to_owned(),
        email: account.map_or(&typed.email, |it| &it.email).clone(),
        subject: typed.subject.clone(),
        message: typed.message.clone(),
        source: Source::Web,
        ip: visit.client.0.map(|address| address.to_string()),
    };
    match (submission.check(), topic) {
        (Ok(request), Ok(topic)) => Ok((
            request,
            setup.route(Wishes {
                topic,
                ..Wishes::default()
            }),
        )),
        (checked, topic) => Err(Problems {
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
