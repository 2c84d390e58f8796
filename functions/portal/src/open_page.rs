//! The form that asks for help.

use axum::response::{IntoResponse, Response};
use desk::intake::{Problem, Problems};
use pages::form::FieldProblem;
use pages::http::Html;
use pages::portal::{OpenForm, OpenPage, OpenProblems, RealmOption, TopicOption};

use crate::open::Typed;
use crate::raising::Desk;

pub(crate) fn page(desk: &Desk<'_>, typed: &Typed, problems: Problems) -> Response {
    let topics = desk.setup.topics.iter().filter(|topic| topic.is_public);
    let topics: Vec<(String, &str)> = topics
        .map(|topic| (topic.id.to_string(), topic.name.as_str()))
        .collect();
    let realms = desk.realms.iter();
    let ids: Vec<String> = realms.map(|realm| realm.realm.to_string()).collect();
    let page = OpenPage {
        shell: desk.guest.shell(),
        realms: realm_options(desk, &ids),
        chosen: &desk.site.realm.to_string(),
        topics: topics
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
            realm: (!desk.is_offered).then_some(FieldProblem::NotOffered),
            topic: problems.topic.map(shown),
            name: problems.name.map(shown),
            email: problems.email.map(shown),
            subject: problems.subject.map(shown),
            message: problems.message.map(shown),
        },
        csrf: desk.guest.csrf(),
    };
    Html(page).into_response()
}

fn realm_options<'d>(desk: &'d Desk<'_>, ids: &'d [String]) -> Vec<RealmOption<'d>> {
    let own = desk.guest.site.path.ancestors().len();
    let options = desk.realms.iter().zip(ids).map(|(realm, id)| RealmOption {
        id,
        name: &realm.name,
        depth: realm.path.ancestors().len().saturating_sub(own),
    });
    options.collect()
}

pub(crate) fn shown(problem: Problem) -> FieldProblem {
    match problem {
        Problem::Missing => FieldProblem::Missing,
        Problem::NotAnAddress => FieldProblem::NotAnAddress,
        Problem::TooLong(max) => FieldProblem::TooLong { max },
        Problem::NotOffered => FieldProblem::NotOffered,
    }
}
