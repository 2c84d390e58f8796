//! The form that asks for help.

use axum::response::{IntoResponse, Response};
use desk::intake::Problems;
use pages::form::FieldProblem;
use pages::http::Html;
use pages::portal::{Denial, OpenForm, OpenPage, OpenProblems, RealmOption, TopicOption};

use web::form::shown;

use crate::open::Filled;
use crate::raising::Desk;

/// What the page says of what was typed.
#[derive(Clone, Copy)]
pub(crate) enum Said {
    /// Nothing yet.
    Nothing,
    /// What is wrong with it.
    Problems(Problems),
    /// That there will be no ticket, whatever is typed.
    Denied(Denial),
}

pub(crate) fn page(desk: &Desk<'_>, filled: &Filled, said: Said) -> Response {
    let (typed, answered) = (&filled.typed, &filled.answered);
    let (problems, denial, is_told) = match said {
        Said::Nothing => (Problems::default(), None, false),
        Said::Problems(problems) => (problems, None, true),
        Said::Denied(denial) => (Problems::default(), Some(denial), false),
    };
    let topics = desk.setup.topics.iter().filter(|topic| topic.is_public);
    let asks_by_topic = topics.clone().any(|topic| topic.has_forms);
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
        asks_by_topic,
        fields: answered.fields(&desk.form, is_told),
        asks_further: answered.asks_further(&desk.form),
        upload: answered.uploaded.field(),
        denial,
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
