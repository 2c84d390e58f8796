//! Users: those of a realm and of all below it, and one of them.

use askama::Template;

use super::{Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;
use crate::time::Moment;

/// `GET /admin/users`.
#[derive(Template)]
#[template(path = "admin/users.html")]
pub struct PeoplePage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    /// Realm by realm, and there by address; those found by a search, by address.
    pub rows: Vec<PersonRow<'a>>,
    /// What the addresses begin with that are listed.
    pub searched: &'a str,
    pub next: Option<String>,
    pub is_continued: bool,
}

/// A user in a list.
#[derive(Debug, Clone, Copy)]
pub struct PersonRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub realm: &'a str,
    pub organization: Option<&'a str>,
}

/// `GET /admin/users/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/user.html")]
pub struct PersonPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub person: PersonRow<'a>,
    pub realm_id: i64,
    pub created_at: Moment,
    /// Whether the viewer may change the user.
    pub may_change: bool,
    pub typed: Filled<'a>,
    /// The organizations of the user's realm, by their ids.
    pub organizations: Vec<(&'a str, &'a str)>,
    pub open: i64,
    pub closed: i64,
    /// Whether the user's own realm bans the address.
    pub is_banned: bool,
    /// Whether a realm above bans it.
    pub is_banned_above: bool,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    pub now: Moment,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
impl PersonRow<'static> {
    fn sample() -> Self {
        PersonRow {
            id: "018bcfe5-6800-7707-8707-070707070709",
            name: "Lisa <L>",
            email: "lisa@acme.example",
            realm: "Gate <2>",
            organization: Some("Acme & <Sons>"),
        }
    }
}

#[cfg(test)]
impl PeoplePage<'static> {
    pub(crate) fn sample() -> Self {
        let tom = PersonRow {
            name: "Tom",
            email: "tom@example.com",
            organization: None,
            ..PersonRow::sample()
        };
        PeoplePage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Users),
            head: RealmHead::sample(Tab::Users),
            rows: vec![PersonRow::sample(), tom],
            searched: "",
            next: Some("/admin/users?in=9&at=9&after=tom".to_owned()),
            is_continued: true,
        }
    }

    pub(crate) fn sample_searched() -> Self {
        PeoplePage {
            rows: Vec::new(),
            searched: "<nobody>",
            next: None,
            is_continued: false,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl PersonPage<'static> {
    pub(crate) fn sample() -> Self {
        let typed = [
            ("version", "4"),
            ("name", "Lisa <L>"),
            ("organization", "o1"),
        ];
        PersonPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Users),
            person: PersonRow::sample(),
            realm_id: 9,
            created_at: Moment::NOON,
            may_change: true,
            typed: Filled(typed.into()),
            organizations: vec![("o1", "Acme & <Sons>"), ("o2", "Others")],
            open: 2,
            closed: 13,
            is_banned: false,
            is_banned_above: false,
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_refused() -> Self {
        PersonPage {
            is_banned: true,
            is_banned_above: true,
            problem: Some(Problem {
                why: Why::Name,
                field: "name",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
