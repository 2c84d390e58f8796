//! Ban lists: the addresses of a realm's and of all below it.

use askama::Template;

use super::{Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/bans`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/bans.html")]
pub struct BansPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    /// Realm by realm, and there by address.
    pub rows: Vec<BanRow<'a>>,
    /// What the addresses hold that are listed.
    pub searched: &'a str,
    pub next: Option<String>,
    pub is_continued: bool,
    pub typed: Filled<'a>,
    /// What was just taken off, to be put back.
    pub undo: Option<BanRow<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// An address on a ban list.
#[derive(Debug, Clone, Copy)]
pub struct BanRow<'a> {
    pub address: &'a str,
    pub realm_id: i64,
    pub realm: &'a str,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
impl BansPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |address| BanRow {
            address,
            realm_id: 9,
            realm: "Gate <2>",
        };
        BansPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Bans),
            head: RealmHead::sample(Tab::Bans),
            rows: vec![row("o'brien&co@example.com"), row("test@example.com")],
            searched: "",
            next: Some("/admin/bans?in=9&at=9&after=test".to_owned()),
            is_continued: false,
            typed: Filled::default(),
            undo: Some(row("gone@example.com")),
            problem: None,
            done: Some(Done::Unbanned),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        BansPage {
            rows: Vec::new(),
            searched: "<nobody>",
            next: None,
            typed: Filled(vec![("address", "<everybody>")]),
            undo: None,
            problem: Some(Problem {
                why: Why::Address,
                field: "address",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
