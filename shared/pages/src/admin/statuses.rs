//! Statuses: what a tenant calls the states of its tickets.

use askama::Template;

use super::{Choice, Done, Filled, Nav, Problem};
use crate::layout::Shell;

/// `GET /admin/statuses`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/statuses.html")]
pub struct StatusesPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub rows: Vec<StatusRow<'a>>,
    /// The status that is about to be changed; without one, a new one is typed.
    pub chosen: Option<StatusRow<'a>>,
    /// Its `name`, `description`, `state`, `can_reopen` and `active`.
    pub typed: Filled<'a>,
    /// The statuses that a ticket can have which is opened again.
    pub reopening: Vec<Choice<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A status in the list.
#[derive(Debug, Clone, Copy)]
pub struct StatusRow<'a> {
    pub id: i64,
    pub name: &'a str,
    pub description: &'a str,
    pub state: State,
    pub is_active: bool,
    /// Whether every tenant has it, so that nobody takes it away.
    pub is_internal: bool,
}

/// What a status means for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Closed,
    Archived,
    Deleted,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Open, Self::Closed, Self::Archived, Self::Deleted];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Archived => "archived",
            Self::Deleted => "deleted",
        }
    }
}

#[cfg(test)]
use super::{Place, Why};

#[cfg(test)]
impl StatusesPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |(id, name, state): (i64, &'static str, State)| StatusRow {
            id,
            name,
            description: "",
            state,
            is_active: true,
            is_internal: id != 2,
        };
        let rows = [
            (1, "Open", State::Open),
            (2, "Resolved", State::Closed),
            (3, "Closed", State::Closed),
            (4, "Archived", State::Archived),
            (5, "Deleted", State::Deleted),
        ];
        let waiting = StatusRow {
            description: "Parts are <ordered>",
            is_active: false,
            is_internal: false,
            ..row((6, "Waiting", State::Open))
        };
        let open = |id, name| Choice {
            id,
            name,
            is_chosen: false,
        };
        StatusesPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Statuses),
            rows: rows.into_iter().map(row).chain([waiting]).collect(),
            chosen: None,
            typed: Filled(vec![("can_reopen", "1"), ("active", "1")]),
            reopening: vec![open(1, "Open"), open(6, "Waiting")],
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let sample = Self::sample();
        StatusesPage {
            chosen: sample.rows.last().copied(),
            typed: Filled(vec![
                ("name", "Open"),
                ("description", "Parts are <ordered>"),
            ]),
            problem: Some(Problem {
                why: Why::Taken,
                field: "name",
            }),
            done: None,
            ..sample
        }
    }
}
