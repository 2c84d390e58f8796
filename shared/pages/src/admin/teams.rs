//! Teams: those of a realm, and one of them with who is in it.

use askama::Template;

use super::{Done, Filled, Nav, Problem, RealmHead, StaffRow};
use crate::layout::Shell;

/// `GET /admin/teams`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/teams.html")]
pub struct TeamsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<TeamRow<'a>>,
    pub form: TeamForm<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A team in a list.
#[derive(Debug, Clone, Copy)]
pub struct TeamRow<'a> {
    pub id: i64,
    /// The realm it belongs to.
    pub realm: i64,
    /// That realm's name, where it is not the one whose teams are listed.
    pub from: Option<&'a str>,
    pub name: &'a str,
    /// The lead's address; empty where there is none whom the viewer sees.
    pub lead: &'a str,
}

/// What a team is made of, as it is or as it was typed.
#[derive(Debug, Clone)]
pub struct TeamForm<'a> {
    /// `name` and `lead`.
    pub typed: Filled<'a>,
    /// Whether it has a lead whom the viewer does not see.
    pub has_unseen_leader: bool,
}

/// `GET /admin/teams/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/team.html")]
pub struct TeamPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub id: i64,
    /// As it is.
    pub name: &'a str,
    /// The hidden field `reading`.
    pub reading: &'a str,
    pub form: TeamForm<'a>,
    pub members: Vec<StaffRow<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

#[cfg(test)]
use super::{Place, Tab, Why, departments::sample_staff};

#[cfg(test)]
impl TeamsPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, from, name, lead| TeamRow {
            id,
            realm: id,
            from,
            name,
            lead,
        };
        TeamsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Teams),
            head: RealmHead::sample(Tab::Teams),
            rows: vec![
                row(9, None, "Night <shift>", "one@acme.example"),
                row(1, Some("Acme Tools"), "Second line", ""),
            ],
            form: TeamForm {
                typed: Filled::default(),
                has_unseen_leader: false,
            },
            problem: None,
            done: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        TeamsPage {
            rows: Vec::new(),
            problem: Some(Problem {
                why: Why::Taken,
                field: "name",
            }),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl TeamPage<'static> {
    pub(crate) fn sample() -> Self {
        TeamPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Teams),
            head: RealmHead::sample(Tab::Behind),
            id: 2,
            name: "Night <shift>",
            reading: "f00d",
            form: TeamForm {
                typed: Filled(vec![
                    ("name", "Night <shift>"),
                    ("lead", "one@acme.example"),
                ]),
                has_unseen_leader: false,
            },
            members: sample_staff(),
            problem: None,
            done: Some(Done::Added),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        TeamPage {
            form: TeamForm {
                typed: Filled(vec![("name", "Night <shift>")]),
                has_unseen_leader: true,
            },
            members: Vec::new(),
            problem: Some(Problem {
                why: Why::InUse,
                field: "",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
