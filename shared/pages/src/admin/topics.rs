//! Help topics: those of a realm, and one of them.

use askama::Template;

use super::{Choice, Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/topics`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/topics.html")]
pub struct TopicsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<TopicRow<'a>>,
    pub new: NewTopic<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A topic in a list.
#[derive(Debug, Clone, Copy)]
pub struct TopicRow<'a> {
    pub id: i64,
    /// The realm it belongs to.
    pub realm: i64,
    /// That realm's name, where it is not the one whose topics are listed.
    pub from: Option<&'a str>,
    pub name: &'a str,
    /// The department it routes to; empty for the default.
    pub department: &'a str,
    pub is_public: bool,
    pub is_active: bool,
    pub is_archived: bool,
}

/// What was typed about a new topic.
#[derive(Debug, Clone)]
pub struct NewTopic<'a> {
    pub name: &'a str,
    pub parents: Vec<Choice<'a>>,
}

/// `GET /admin/topics/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/topic.html")]
pub struct TopicPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub id: i64,
    /// Its whole name, as it is.
    pub name: &'a str,
    pub is_archived: bool,
    pub topic: Topic<'a>,
    /// What is no choice, as it was typed.
    pub typed: Filled<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A topic as it is, or as it was typed.
#[derive(Debug, Clone)]
pub struct Topic<'a> {
    pub name: &'a str,
    pub parents: Vec<Choice<'a>>,
    pub switches: Switches,
    pub departments: Vec<Choice<'a>>,
    pub priorities: Vec<Choice<'a>>,
    pub plans: Vec<Choice<'a>>,
    pub teams: Vec<Choice<'a>>,
    pub statuses: Vec<Choice<'a>>,
    /// Whether an agent gets its tickets whom the administrator does not see.
    pub has_unseen_agent: bool,
    pub forms: Vec<TopicForm<'a>>,
    pub has_parents_forms: bool,
    pub format: &'a str,
    pub sequences: Vec<Choice<'a>>,
    pub thanks: &'a str,
}

/// A form that a topic can have.
#[derive(Debug, Clone)]
pub struct TopicForm<'a> {
    pub form: Choice<'a>,
    /// Its fields, where it is attached.
    pub fields: Vec<Asked<'a>>,
}

/// A field of an attached form.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub id: i64,
    pub label: &'a str,
    /// Whether tickets of the topic are asked for it.
    pub is_on: bool,
}

/// What is on and what is off about a topic.
#[derive(Debug, Clone, Copy)]
pub struct Switches {
    pub is_public: bool,
    pub is_active: bool,
    /// Whether its requesters get no automatic answer.
    pub is_silent: bool,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
fn choices(names: &[&'static str], chosen: i64) -> Vec<Choice<'static>> {
    let choice = |(id, name): (i64, &&'static str)| Choice {
        id,
        name,
        is_chosen: id == chosen,
    };
    (1..).zip(names).map(choice).collect()
}

#[cfg(test)]
fn forms() -> Vec<TopicForm<'static>> {
    let asked = |id, label, is_on| Asked { id, label, is_on };
    let fields = |id| match id {
        1 => vec![asked(23, "Serial", true), asked(24, "Bought <on>", false)],
        _ => Vec::new(),
    };
    let forms = choices(&["Device", "Journey <there>"], 1).into_iter();
    forms
        .map(|form| TopicForm {
            fields: fields(form.id),
            form,
        })
        .collect()
}

#[cfg(test)]
impl TopicsPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, name, department, is_public, is_active, is_archived| TopicRow {
            id,
            realm: 9,
            from: None,
            name,
            department,
            is_public,
            is_active,
            is_archived,
        };
        TopicsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Topics),
            head: RealmHead::sample(Tab::Topics),
            rows: vec![
                row(1, "General Inquiry", "", true, true, false),
                row(10, "Report a Problem", "Support <1st>", true, true, false),
                row(
                    11,
                    "Report a Problem / Access Issue",
                    "",
                    false,
                    true,
                    false,
                ),
                row(12, "Old", "", true, false, false),
                row(13, "Older", "", true, true, true),
                TopicRow {
                    realm: 1,
                    from: Some("Acme Tools"),
                    ..row(2, "Feedback", "", true, true, false)
                },
            ],
            new: NewTopic {
                name: "",
                parents: choices(&["General Inquiry", "Report a Problem"], 0),
            },
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        TopicsPage {
            rows: Vec::new(),
            new: NewTopic {
                name: "A / B",
                parents: Vec::new(),
            },
            problem: Some(Problem {
                why: Why::TopicName,
                field: "name",
            }),
            done: None,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl TopicPage<'static> {
    pub(crate) fn sample() -> Self {
        TopicPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Topics),
            head: RealmHead::sample(Tab::Behind),
            id: 11,
            name: "Report a Problem / Access Issue",
            is_archived: false,
            topic: Topic {
                name: "Access Issue",
                parents: choices(&["General Inquiry", "Report a Problem"], 2),
                switches: Switches {
                    is_public: true,
                    is_active: true,
                    is_silent: false,
                },
                departments: choices(&["Support", ""], 2),
                priorities: choices(&["Low", "Normal", "High", "Emergency"], 3),
                plans: choices(&["Default SLA"], 0),
                teams: choices(&["Level I <Support>"], 1),
                statuses: choices(&["Open", "Waiting"], 2),
                has_unseen_agent: true,
                forms: forms(),
                has_parents_forms: true,
                format: "INC-######",
                sequences: choices(&["General Tickets"], 1),
                thanks: "We look at once.\nPromised <soon>.",
            },
            typed: Filled(vec![
                ("agent", "agent@acme.example"),
                ("keep_agent", "1"),
                ("position", "11"),
            ]),
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let mut page = Self::sample();
        page.topic.format = "no digits";
        page.topic.forms = Vec::new();
        page.is_archived = true;
        page.problem = Some(Problem {
            why: Why::Format,
            field: "format",
        });
        page.done = None;
        page
    }
}
