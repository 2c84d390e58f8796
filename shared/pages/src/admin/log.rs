//! The log of what was done in the administration.

use askama::Template;

use super::{Filled, Nav};
use crate::layout::Shell;
use crate::time::Moment;

/// `GET /admin/log`.
#[derive(Template)]
#[template(path = "admin/log.html")]
pub struct LogPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    /// The newest first.
    pub rows: Vec<DeedRow<'a>>,
    /// What is asked for: `agent` and `kind`.
    pub wanted: Filled<'a>,
    /// The kinds there are, by the names they are asked for with.
    pub kinds: Vec<&'a str>,
    pub next: Option<String>,
    pub is_continued: bool,
    pub now: Moment,
}

/// Something that was done.
#[derive(Debug, Clone)]
pub struct DeedRow<'a> {
    pub at: Moment,
    pub actor: Actor<'a>,
    /// What was done, in a word.
    pub verb: &'a str,
    pub kind: &'a str,
    pub name: &'a str,
    /// Where it can be looked at.
    pub url: Option<String>,
    pub realm: &'a str,
    /// The fields that were changed, and what they became where the viewer may know.
    pub changes: Vec<(&'a str, Option<String>)>,
}

/// Who did it.
#[derive(Debug, Clone, Copy)]
pub enum Actor<'a> {
    Agent(&'a str),
    /// An agent whom the viewer does not see.
    Unseen,
    Operator,
}

#[cfg(test)]
use super::Place;

#[cfg(test)]
impl LogPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |minutes, actor, verb, kind, name, changes| DeedRow {
            at: Moment::minutes_from_noon(minutes),
            actor,
            verb,
            kind,
            name,
            url: None,
            realm: "Gate <2>",
            changes,
        };
        let changes = vec![("pri", Some("4".to_owned())), ("agent", None)];
        LogPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Log),
            rows: vec![
                DeedRow {
                    url: Some("/admin/filters/2?in=9".to_owned()),
                    ..row(
                        -1,
                        Actor::Agent("Ada Byron"),
                        "changed",
                        "filter",
                        "Fires",
                        changes,
                    )
                },
                row(
                    -60,
                    Actor::Unseen,
                    "removed",
                    "ban",
                    "<x>@example.com",
                    Vec::new(),
                ),
                row(
                    -90,
                    Actor::Operator,
                    "changed",
                    "tenant",
                    "Acme & <Sons>",
                    Vec::new(),
                ),
            ],
            wanted: Filled(vec![("agent", "ada@acme.example"), ("kind", "filter")]),
            kinds: vec!["filter", "ban"],
            next: Some("/admin/log?before=018bcfe5".to_owned()),
            is_continued: true,
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_empty() -> Self {
        LogPage {
            rows: Vec::new(),
            wanted: Filled::default(),
            next: None,
            is_continued: false,
            ..Self::sample()
        }
    }
}
