//! API keys: those of a realm and of all below it, and one of them.

use askama::Template;

use super::{Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;
use crate::time::Moment;

/// `GET /admin/keys`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/keys.html")]
pub struct KeysPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    /// Realm by realm, and there the oldest first.
    pub rows: Vec<KeyRow<'a>>,
    pub next: Option<String>,
    pub is_continued: bool,
    /// What stands in the form of a new key.
    pub typed: Filled<'a>,
    /// What a new key can be given.
    pub boxes: Vec<KeyBox>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    pub now: Moment,
}

/// A key in a list.
#[derive(Debug, Clone, Copy)]
pub struct KeyRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// Its first characters.
    pub prefix: &'a str,
    pub realm: &'a str,
    /// When it last called the REST API.
    pub called_at: Option<Moment>,
    pub is_active: bool,
}

/// Something a key can be allowed, and whether the viewer can give it.
#[derive(Debug, Clone, Copy)]
pub struct KeyBox {
    /// The field it is posted as.
    pub token: &'static str,
    pub is_given: bool,
}

/// The answer to a `POST` that made a key: the one page that shows it.
#[derive(Template)]
#[template(path = "admin/key_made.html")]
pub struct MadeKey<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub newest: Newest<'a>,
}

/// A key that was just made.
#[derive(Debug, Clone, Copy)]
pub struct Newest<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub realm: &'a str,
    /// The key itself.
    pub secret: &'a str,
}

/// `GET /admin/keys/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/key.html")]
pub struct KeyPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub key: KeyRow<'a>,
    pub realm_id: i64,
    pub created_at: Moment,
    pub typed: Filled<'a>,
    /// What it can be given, and what it has.
    pub boxes: Vec<KeyBox>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    pub now: Moment,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
const BOXES: [(&str, bool); 7] = [
    ("tickets:create", true),
    ("route", true),
    ("tickets:read", true),
    ("tickets:write", true),
    ("users:read", false),
    ("topics:read", true),
    ("cron", true),
];

#[cfg(test)]
fn boxes() -> Vec<KeyBox> {
    let shown = |(token, is_given)| KeyBox { token, is_given };
    BOXES.map(shown).into()
}

#[cfg(test)]
impl KeysPage<'static> {
    pub(crate) fn sample() -> Self {
        let typed = [("tickets:create", "1"), ("active", "1"), ("calls", "300")];
        KeysPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Keys),
            head: RealmHead::sample(Tab::Keys),
            rows: vec![
                KeyRow::sample(),
                KeyRow {
                    id: "018bcfe5-6800-7707-8707-070707070708",
                    name: "Old & <broken>",
                    prefix: "FFFF",
                    called_at: None,
                    is_active: false,
                    ..KeyRow::sample()
                },
            ],
            next: Some("/admin/keys?in=9&at=9&after=018bcfe5".to_owned()),
            is_continued: true,
            typed: Filled(typed.into()),
            boxes: boxes(),
            problem: None,
            done: Some(Done::Removed),
            csrf: "token-of-the-form",
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_refused() -> Self {
        KeysPage {
            rows: Vec::new(),
            next: None,
            is_continued: false,
            typed: Filled(vec![
                ("name", "Shop"),
                ("sources", "everywhere"),
                ("old", "1"),
            ]),
            problem: Some(Problem {
                why: Why::Sources,
                field: "sources",
            }),
            done: None,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl KeyRow<'static> {
    fn sample() -> Self {
        KeyRow {
            id: "018bcfe5-6800-7707-8707-070707070707",
            name: "Web shop",
            prefix: "4A1C",
            realm: "Gate <2>",
            called_at: Some(Moment::NOON),
            is_active: true,
        }
    }
}

#[cfg(test)]
impl MadeKey<'static> {
    pub(crate) fn sample() -> Self {
        MadeKey {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Keys),
            newest: Newest {
                id: "018bcfe5-6800-7707-8707-070707070707",
                name: "Web shop <2>",
                realm: "Gate <2>",
                secret: "4A1C07070707070707070707070707FF",
            },
        }
    }
}

#[cfg(test)]
impl KeyPage<'static> {
    pub(crate) fn sample() -> Self {
        let typed = [
            ("version", "3"),
            ("name", "Web shop"),
            ("notes", "Asked for by <sales>."),
            ("sources", "192.0.2.7\n2001:db8::/32"),
            ("tickets:create", "1"),
            ("users:read", "1"),
            ("active", "1"),
            ("calls", "300"),
        ];
        KeyPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Keys),
            key: KeyRow::sample(),
            realm_id: 9,
            created_at: Moment::NOON,
            typed: Filled(typed.into()),
            boxes: boxes(),
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_refused() -> Self {
        KeyPage {
            problem: Some(Problem {
                why: Why::Unsure,
                field: "sure",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
