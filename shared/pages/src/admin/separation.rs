//! How far each table looks along the tree.

use askama::Template;

use super::{Done, Nav};
use crate::layout::Shell;

/// `GET /admin/separation`.
#[derive(Template)]
#[template(path = "admin/separation.html")]
pub struct SeparationPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub tables: Vec<Separated<'a>>,
    /// Where a new ticket takes its realm from.
    pub source: Source,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct Separated<'a> {
    /// The name of its field.
    pub field: &'a str,
    /// What its rows are called.
    pub plural: &'a str,
    pub direction: Direction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Down,
    Up,
    Both,
    Off,
}

impl Direction {
    pub const ALL: [Self; 4] = [Self::Down, Self::Up, Self::Both, Self::Off];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::Both => "both",
            Self::Off => "off",
        }
    }
}

/// What a new ticket takes its realm from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Door,
    Department,
    Organization,
}

impl Source {
    pub const ALL: [Self; 3] = [Self::Door, Self::Department, Self::Organization];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Department => "department",
            Self::Organization => "organization",
        }
    }
}

#[cfg(test)]
use super::Place;

#[cfg(test)]
impl SeparationPage<'static> {
    pub(crate) fn sample() -> Self {
        let tables = [
            ("ticket", "tickets", Direction::Down),
            ("team", "teams", Direction::Both),
            ("help_topic", "help topics", Direction::Off),
        ];
        let separated = |(field, plural, direction)| Separated {
            field,
            plural,
            direction,
        };
        SeparationPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Separation),
            tables: tables.map(separated).into(),
            source: Source::Door,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }
}
