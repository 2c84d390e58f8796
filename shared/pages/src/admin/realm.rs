//! One realm: what it is called, and where it stands.

use askama::Template;

use super::{Done, Kind, Nav, Problem, RealmHead, RealmRow};
use crate::layout::Shell;

/// `GET /admin/realms/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/realm.html")]
pub struct RealmPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub may: Changes,
    /// The name as it is, or as it was typed.
    pub name: &'a str,
    pub kind: Kind,
    /// The hidden field `version`: what the viewer decides on.
    pub version: i64,
    /// The move that can be taken back.
    pub undo: Option<Undo<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// What the viewer may do to this realm.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    pub rename: bool,
    pub relocate: bool,
    pub archiving: Option<Archiving>,
}

/// Which way a realm can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archiving {
    Archive,
    Restore,
}

/// Where a moved realm came from.
#[derive(Debug, Clone, Copy)]
pub struct Undo<'a> {
    /// The realm it was below.
    pub below: i64,
    pub name: &'a str,
    /// Its place there.
    pub place: u32,
}

/// `GET /admin/realms/{id}/move`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/move.html")]
pub struct MovePage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    /// The realms it can be put below.
    pub offered: Vec<RealmRow<'a>>,
    /// Whether there are more than these.
    pub has_more: bool,
    /// What the names begin with; empty when all are offered.
    pub searched: &'a str,
    /// The hidden field `version`: what the viewer decides on.
    pub version: i64,
    pub problem: Option<Problem>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

#[cfg(test)]
use super::{Place, Tab, Why, sample_rows};

#[cfg(test)]
impl RealmPage<'static> {
    pub(crate) fn sample() -> Self {
        RealmPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Realms),
            head: RealmHead::sample(Tab::Realm),
            may: Changes {
                rename: true,
                relocate: true,
                archiving: Some(Archiving::Archive),
            },
            name: "Gate <2>",
            kind: Kind::Site,
            version: 3,
            undo: Some(Undo {
                below: 1,
                name: "Acme Tools",
                place: 7,
            }),
            problem: None,
            done: Some(Done::Moved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        RealmPage {
            name: "",
            problem: Some(Problem {
                why: Why::Name,
                field: "name",
            }),
            undo: None,
            done: None,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_archived() -> Self {
        RealmPage {
            head: RealmHead {
                is_archived: true,
                ..RealmHead::sample(Tab::Realm)
            },
            may: Changes {
                archiving: Some(Archiving::Restore),
                ..Changes::default()
            },
            undo: None,
            done: Some(Done::Archived),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl MovePage<'static> {
    pub(crate) fn sample() -> Self {
        MovePage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Realms),
            head: RealmHead::sample(Tab::Behind),
            offered: sample_rows(),
            has_more: true,
            searched: "",
            version: 3,
            problem: Some(Problem {
                why: Why::BelowItself,
                field: "below",
            }),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_searched() -> Self {
        MovePage {
            offered: Vec::new(),
            has_more: false,
            searched: "Nowhere",
            problem: None,
            ..Self::sample()
        }
    }
}
