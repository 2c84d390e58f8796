//! `/open`: a user asks for help.

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use desk::intake::{self, Draft, Problem, Problems, Routing, Setup, Submission, Wishes};
use desk::setting;
use desk::ticket::{Actor, Source};
use pages::form::FieldProblem;
use pages::http::Html;
use pages::portal::{ConfirmationPage, OpenForm, OpenPage, OpenProblems, TopicOption};
use serde::Deserialize;
use tenancy::Site;
use tenancy::scope::And;
use web::failure::see_other;
use web::form::{self, FormToken, Posted};
use web::letters::{self, Audience};
use web::visit::{Frame, open_site};
use web::{Answer, Failure, Visit, cookie};

/// Remembers the number for the confirmation page, which can be reloaded without asking again.
const RECEIVED: &str = "__Host-received";
/// How long the confirmation can be reloaded, in seconds.
const RECEIVED_SECONDS: u64 = 600;

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    topic: String,
    name: String,
    email: String,
    subject: String,
    message: String,
}

/// What a page about opening a ticket goes by.
struct Desk {
    site: Site,
    frame: Frame,
    setup: Setup,
}

impl Desk {
    async fn of(visit: &Visit) -> Result<Self, Failure> {
        let scope = visit.scope();
        let about = (visit.site(&scope), setting::inherited(&scope));
        let ((sites, settings), setup) = scope.read(And(about, intake::setup(&scope))).await?;
        let site = open_site(sites)?;
        Ok(Self {
            frame: Frame::new(&site, &settings),
            site,
            setup,
        })
    }
}

pub(crate) async fn show(visit: Visit) -> Answer {
    let desk = Desk::of(&visit).await?;
    let token = FormToken::of(&visit, &visit.signer().await?);
    let page = page(&desk, &Typed::default(), Problems::default(), token);
    Ok(page)
}

pub(crate) async fn submit(visit: Visit, Posted(typed): Posted<Typed>) -> Answer {
    let signer = visit.signer().await?;
    form::check(&visit, &signer, &typed.csrf)?;
    let desk = Desk::of(&visit).await?;
    let (request, routing) = match check(&visit, &desk.setup, &typed) {
        Ok(checked) => checked,
        Err(problems) => {
            let page = page(&desk, &typed, problems, FormToken::of(&visit, &signer));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let routing = routing.ok_or_else(|| Failure::Trouble("no department".to_owned()))?;
    let draft = Draft::new(&visit.runtime, &desk.site, request, routing, Actor::User);
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
    Ok(confirmed(&number))
}

/// Checks the fields and the topic, and routes.
fn check(
    visit: &Visit,
    setup: &Setup,
    typed: &Typed,
) -> Result<(intake::Request, Option<Routing>), Problems> {
    let topic = chosen_topic(setup, &typed.topic);
    let submission = Submission {
        name: typed.name.clone(),
        email: typed.email.clone(),
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

fn page(desk: &Desk, typed: &Typed, problems: Problems, token: FormToken) -> Response {
    let offered: Vec<(String, &str)> = desk
        .setup
        .topics
        .iter()
        .filter(|topic| topic.is_public)
        .map(|topic| (topic.id.to_string(), topic.name.as_str()))
        .collect();
    let csrf = token.token.clone();
    let page = OpenPage {
        shell: desk.frame.shell(),
        topics: offered
            .iter()
            .map(|(id, name)| TopicOption { id, name })
            .collect(),
        typed: OpenForm {
            topic: &typed.topic,
            name: &typed.name,
            email: &typed.email,
            subject: &typed.subject,
            message: &typed.message,
        },
        problems: OpenProblems {
            topic: problems.topic.map(shown),
            name: problems.name.map(shown),
            email: problems.email.map(shown),
            subject: problems.subject.map(shown),
            message: problems.message.map(shown),
        },
        csrf: &csrf,
    };
    token.with(Html(page))
}

fn shown(problem: Problem) -> FieldProblem {
    match problem {
        Problem::Missing => FieldProblem::Missing,
        Problem::NotAnAddress => FieldProblem::NotAnAddress,
        Problem::TooLong(max) => FieldProblem::TooLong { max },
        Problem::NotOffered => FieldProblem::NotOffered,
    }
}

/// Sends the visitor on to the confirmation, so that reloading it asks for nothing twice.
fn confirmed(number: &str) -> Response {
    let mut response = see_other("/open/received");
    if let Some(cookie) = cookie::set(RECEIVED, number, RECEIVED_SECONDS) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Confirms what this visitor has just sent. It shows the number and nothing of the ticket: that
/// takes the link in the mail, because anybody can type anybody's address.
pub(crate) async fn received(visit: Visit) -> Answer {
    let Some(number) = visit.cookie(RECEIVED) else {
        return Ok(see_other(pages::url::OPEN));
    };
    let scope = visit.scope();
    let (sites, settings) = scope
        .read((visit.site(&scope), setting::inherited(&scope)))
        .await?;
    let frame = Frame::new(&open_site(sites)?, &settings);
    Ok(Html(ConfirmationPage {
        shell: frame.shell(),
        number,
        email: None,
    })
    .into_response())
}
