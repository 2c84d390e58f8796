//! Mail templates: every kind of mail, and what one of them says in a realm.

use askama::Template;

use super::{Done, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/templates`.
#[derive(Template)]
#[template(path = "admin/templates.html")]
pub struct TemplatesPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<TemplateRow<'a>>,
}

impl<'a> TemplatesPage<'a> {
    /// Returns the kinds of mail that go to somebody.
    fn rows_to(&self, audience: MailAudience) -> impl Iterator<Item = &TemplateRow<'a>> {
        self.rows.iter().filter(move |row| row.audience == audience)
    }
}

/// A kind of mail in a list.
#[derive(Debug, Clone, Copy)]
pub struct TemplateRow<'a> {
    pub code: &'a str,
    pub audience: MailAudience,
    pub origin: MailOrigin<'a>,
}

/// Who gets a kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailAudience {
    User,
    Agent,
    /// Agents, about tasks.
    Task,
}

impl MailAudience {
    pub const ALL: [Self; 3] = [Self::User, Self::Agent, Self::Task];

    /// Returns the word for it in JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "agent",
            Self::Task => "task",
        }
    }
}

/// Whose words a mail goes out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailOrigin<'a> {
    Own,
    /// Those of a realm above; named where the viewer administers it.
    Above(Option<&'a str>),
    /// The platform's.
    Ours,
}

/// `GET /admin/templates/{code}`, and the answer to a `POST` that changed nothing.
#[derive(Template)]
#[template(path = "admin/template.html")]
pub struct TemplatePage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub code: &'a str,
    pub audience: MailAudience,
    pub origin: MailOrigin<'a>,
    /// What stands in the form: what counts, or what was typed.
    pub subject: &'a str,
    pub text: &'a str,
    /// The hidden field `reading`.
    pub reading: &'a str,
    /// What this kind of mail knows.
    pub variables: Vec<&'a str>,
    /// What was typed and it does not know.
    pub unknown: Vec<&'a str>,
    pub previews: Vec<Preview>,
    /// What counts now, where somebody else has changed it meanwhile.
    pub standing: Option<(&'a str, &'a str)>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

impl TemplatePage<'_> {
    fn is_own(&self) -> bool {
        self.origin == MailOrigin::Own
    }
}

/// What a mail would say about the sample ticket.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Whether it is what goes to an address that nobody has proved.
    pub is_to_strangers: bool,
    pub subject: String,
    pub text: String,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
impl TemplatesPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |code, audience, origin| TemplateRow {
            code,
            audience,
            origin,
        };
        TemplatesPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Templates),
            head: RealmHead::sample(Tab::Templates),
            rows: vec![
                row("ticket.autoresp", MailAudience::User, MailOrigin::Own),
                row(
                    "ticket.reply",
                    MailAudience::User,
                    MailOrigin::Above(Some("Acme <Tools>")),
                ),
                row("ticket.alert", MailAudience::Agent, MailOrigin::Ours),
                row("task.alert", MailAudience::Task, MailOrigin::Above(None)),
            ],
        }
    }
}

#[cfg(test)]
impl TemplatePage<'static> {
    pub(crate) fn sample() -> Self {
        let preview = |is_to_strangers, subject: &str| Preview {
            is_to_strangers,
            subject: subject.to_owned(),
            text: "It <burns>.\n\nAcme Tools".to_owned(),
        };
        TemplatePage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Templates),
            head: RealmHead::sample(Tab::Behind),
            code: "ticket.reply",
            audience: MailAudience::User,
            origin: MailOrigin::Own,
            subject: "Re: %{ticket.subject} [#%{ticket.number}]",
            text: "%{response}\n\n<%{signature}>",
            reading: "0a1b",
            variables: vec!["url", "ticket.number", "response"],
            unknown: Vec::new(),
            previews: vec![
                preview(false, "Re: Printer on fire [#482913]"),
                preview(true, "Re: [#482913]"),
            ],
            standing: None,
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        TemplatePage {
            origin: MailOrigin::Ours,
            reading: "",
            unknown: vec!["ticket.colour", "moon"],
            problem: Some(Problem {
                why: Why::Variables,
                field: "text",
            }),
            done: None,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_stale() -> Self {
        TemplatePage {
            standing: Some(("Re: <now>", "Somebody else's words.")),
            problem: Some(Problem {
                why: Why::Stale,
                field: "",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
