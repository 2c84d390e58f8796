//! The tree of realms.

use askama::Template;

use super::{Done, Kind, Nav, Problem, RealmHead, RealmRow};
use crate::layout::Shell;

/// `GET /admin/realms`: a realm and those below it, or those of some name; and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/realms.html")]
pub struct RealmsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    /// The realm that the list begins with.
    pub head: RealmHead<'a>,
    pub rows: Vec<RealmRow<'a>>,
    /// What the names begin with; empty when all are listed.
    pub searched: &'a str,
    /// Where the list goes on.
    pub next: Option<&'a str>,
    /// Whether the list begins further down.
    pub is_continued: bool,
    /// The form for a new realm; none where the viewer may not make one.
    pub new: Option<NewRealm<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// What was typed about a new realm.
#[derive(Debug, Clone, Copy)]
pub struct NewRealm<'a> {
    pub name: &'a str,
    pub kind: Kind,
}

#[cfg(test)]
use super::{Place, Tab, Why, sample_rows};

#[cfg(test)]
impl RealmsPage<'static> {
    pub(crate) fn sample() -> Self {
        RealmsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Realms),
            head: RealmHead {
                above: Vec::new(),
                name: "Acme Tools",
                ..RealmHead::sample(Tab::Behind)
            },
            rows: sample_rows(),
            searched: "",
            next: Some("/admin/realms?in=1&after=12"),
            is_continued: false,
            new: Some(NewRealm {
                name: "",
                kind: Kind::Company,
            }),
            problem: None,
            done: Some(Done::Created),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        RealmsPage {
            head: RealmHead::sample(Tab::Behind),
            new: Some(NewRealm {
                name: "  ",
                kind: Kind::Site,
            }),
            problem: Some(Problem {
                why: Why::Name,
                field: "name",
            }),
            done: None,
            next: None,
            is_continued: true,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_searched() -> Self {
        RealmsPage {
            rows: Vec::new(),
            searched: "Nowhere <at all>",
            next: None,
            new: None,
            done: None,
            ..Self::sample()
        }
    }
}
