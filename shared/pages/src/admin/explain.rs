//! Why an agent sees a ticket, or does not.

use askama::Template;

use super::Nav;
use crate::layout::Shell;

/// `GET /admin/explain`.
#[derive(Template)]
#[template(path = "admin/explain.html")]
pub struct ExplainPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    /// The ticket's number that was typed.
    pub ticket: &'a str,
    /// The agent's address that was typed.
    pub agent: &'a str,
    pub answer: Option<Explained<'a>>,
    /// Whether one of the two is unknown, as far as the viewer can see.
    pub is_unknown: bool,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Explained<'a> {
    pub is_visible: bool,
    pub number: &'a str,
    pub subject: &'a str,
    pub realm: &'a str,
    pub agent: &'a str,
    /// Every reason, and what it does.
    pub reasons: Vec<(Effect, String)>,
    /// By which role they work it.
    pub footing: String,
    /// What they may do to it, and what not.
    pub abilities: Vec<Ability<'a>>,
}

/// An action, and whether somebody may do it.
#[derive(Debug, Clone)]
pub struct Ability<'a> {
    pub action: &'a str,
    pub is_given: bool,
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Shows,
    Hides,
    Allows,
}

#[cfg(test)]
use super::Place;

#[cfg(test)]
impl ExplainPage<'static> {
    pub(crate) fn sample() -> Self {
        let reasons = [
            (Effect::Shows, "tickets are seen from Acme Tools downwards"),
            (
                Effect::Hides,
                "Gate <2> is closed to all but the role Night shift",
            ),
            (Effect::Allows, "Acme Tools is selected"),
        ];
        ExplainPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Explain),
            ticket: "482913",
            agent: "grace@acme.example",
            answer: Some(Explained {
                is_visible: false,
                number: "482913",
                subject: "My drill smokes when I start it",
                realm: "Gate <2>",
                agent: "Grace Hopper",
                reasons: reasons
                    .map(|(effect, words)| (effect, words.to_owned()))
                    .into(),
                footing: "has the role Closer for Gate <2>".to_owned(),
                abilities: Vec::new(),
            }),
            is_unknown: false,
        }
    }

    pub(crate) fn sample_seen() -> Self {
        let ability = |(action, is_given, why): (&'static str, bool, &str)| Ability {
            action,
            is_given,
            why: why.to_owned(),
        };
        let abilities = [
            ("reply to a ticket", true, "has ticket.reply"),
            ("close a ticket", false, "lacks ticket.close"),
        ];
        let sample = Self::sample();
        ExplainPage {
            answer: sample.answer.map(|answer| Explained {
                is_visible: true,
                abilities: abilities.map(ability).into(),
                ..answer
            }),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_unknown() -> Self {
        ExplainPage {
            ticket: "<1>",
            answer: None,
            is_unknown: true,
            ..Self::sample()
        }
    }
}
