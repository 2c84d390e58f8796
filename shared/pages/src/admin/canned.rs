//! Canned replies: those of a realm, and one of them.

use askama::Template;

use super::{Choice, Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/canned`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/canned_replies.html")]
pub struct CannedRepliesPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<CannedRow<'a>>,
    pub form: CannedForm<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A canned reply in a list.
#[derive(Debug, Clone, Copy)]
pub struct CannedRow<'a> {
    pub id: i64,
    /// The realm it belongs to.
    pub realm: i64,
    /// That realm's name, where it is not the one whose canned replies are listed.
    pub from: Option<&'a str>,
    pub title: &'a str,
    /// Its department's name; empty where it is for all, or for one that is not the viewer's to
    /// see.
    pub department: &'a str,
    pub is_active: bool,
}

/// What a canned reply is made of, as it is or as it was typed.
#[derive(Debug, Clone)]
pub struct CannedForm<'a> {
    /// `title`, `text` and `active`.
    pub typed: Filled<'a>,
    pub departments: Vec<Choice<'a>>,
    /// What it can be filled with.
    pub variables: &'a [String],
    /// What was typed and it cannot be filled with.
    pub unknown: Vec<&'a str>,
}

/// `GET /admin/canned/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/canned_reply.html")]
pub struct CannedReplyPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub id: i64,
    /// As it is.
    pub title: &'a str,
    /// The hidden field `version`.
    pub version: i64,
    pub form: CannedForm<'a>,
    /// What it would say about the sample ticket.
    pub preview: &'a str,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
fn sample_form(typed: &[(&'static str, &'static str)]) -> CannedForm<'static> {
    static VARIABLES: std::sync::LazyLock<Vec<String>> =
        std::sync::LazyLock::new(|| ["url", "ticket.number"].map(str::to_owned).into());
    CannedForm {
        typed: Filled(typed.to_vec()),
        departments: vec![Choice {
            id: 2,
            name: "Support <&>",
            is_chosen: true,
        }],
        variables: &VARIABLES,
        unknown: Vec::new(),
    }
}

#[cfg(test)]
impl CannedRepliesPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, title, department, is_active| CannedRow {
            id,
            realm: 9,
            from: None,
            title,
            department,
            is_active,
        };
        CannedRepliesPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Canned),
            head: RealmHead::sample(Tab::Canned),
            rows: vec![
                row(2, "Switch it <off>", "Support", true),
                CannedRow {
                    realm: 1,
                    from: Some("Acme Tools"),
                    ..row(3, "Thanks", "", false)
                },
            ],
            form: sample_form(&[]),
            problem: None,
            done: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        CannedRepliesPage {
            rows: Vec::new(),
            form: CannedForm {
                unknown: vec!["moon"],
                ..sample_form(&[("title", "Thanks"), ("text", "%{moon}")])
            },
            problem: Some(Problem {
                why: Why::Variables,
                field: "text",
            }),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl CannedReplyPage<'static> {
    pub(crate) fn sample() -> Self {
        CannedReplyPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Canned),
            head: RealmHead::sample(Tab::Behind),
            id: 2,
            title: "Switch it <off>",
            version: 3,
            form: sample_form(&[
                ("title", "Switch it <off>"),
                ("text", "About #%{ticket.number}:\n<Off>."),
                ("active", "1"),
            ]),
            preview: "About #482913:\n<Off>.",
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        CannedReplyPage {
            problem: Some(Problem {
                why: Why::Taken,
                field: "title",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
