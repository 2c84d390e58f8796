//! An agent opens a ticket for a user.

use askama::Template;

use crate::fields::{Choice, FormField};
use crate::layout::Shell;
use crate::portal::Upload;

/// `GET /queues/new`, and the answer to a `POST` that opened nothing: the form, with what was
/// typed.
#[derive(Template)]
#[template(path = "queues/new.html")]
pub struct NewTicketPage<'a> {
    pub shell: Shell<'a>,
    /// What can be chosen.
    pub offered: Offered,
    /// What was found of what was searched for; none where nothing was.
    pub found: Option<Vec<Candidate<'a>>>,
    /// What the topic's form asks.
    pub fields: Vec<FormField<'a>>,
    /// Whether more may be asked once these are filled in.
    pub asks_further: bool,
    pub upload: Upload<'a>,
    /// Whether the user may be told, where the realm tells users; and whether they are to be.
    pub notice: Option<bool>,
    /// What was typed, by field.
    pub typed: Vec<(&'static str, &'a str)>,
    /// What was wrong with it, by field.
    pub problems: Vec<(&'static str, Why)>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// What can be chosen; a field without choices is not asked for.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    pub realms: Vec<Choice>,
    pub sources: Vec<Choice>,
    pub topics: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub plans: Vec<Choice>,
    pub priorities: Vec<Choice>,
    pub teams: Vec<Choice>,
    /// Whether the viewer may say who gets it.
    pub assigns: bool,
    /// Whether they may answer it at once.
    pub replies: bool,
}

/// A user who may be meant.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub realm: &'a str,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Missing,
    NotAnAddress,
    /// It has more than so many characters.
    TooLong(usize),
    /// It is none of the choices.
    NotOffered,
    /// There is none, as far as the viewer can see.
    Unknown,
    /// There is no such user, and the viewer may not make one.
    Stranger,
    /// The viewer may not do that in this department.
    Forbidden,
    NotADate,
    /// It is over already.
    TooEarly,
    /// A filter turns such tickets away.
    Rejected,
}

impl Why {
    /// Returns the name in JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotAnAddress => "not-an-address",
            Self::TooLong(_) => "too-long",
            Self::NotOffered => "not-offered",
            Self::Unknown => "unknown",
            Self::Stranger => "stranger",
            Self::Forbidden => "forbidden",
            Self::NotADate => "not-a-date",
            Self::TooEarly => "too-early",
            Self::Rejected => "rejected",
        }
    }

    /// Returns the words beside the field.
    pub fn words(self) -> String {
        let words = match self {
            Self::Missing => "This is needed.",
            Self::NotAnAddress => "Enter an address like name@example.com.",
            Self::TooLong(most) => return format!("This can have at most {most} characters."),
            Self::NotOffered => "Choose one from the list.",
            Self::Unknown => "There is none, as far as you can see. Check it.",
            Self::Stranger => "There is no such user, and you may not add one.",
            Self::Forbidden => "You may not do that in this department.",
            Self::NotADate => "Enter a day and time.",
            Self::TooEarly => "This lies in the past.",
            Self::Rejected => "A filter turns such tickets away.",
        };
        words.to_owned()
    }
}

impl NewTicketPage<'_> {
    /// Returns what was typed into a field.
    pub fn get(&self, field: &str) -> &str {
        let typed = self.typed.iter().find(|(name, _)| *name == field);
        typed.map_or("", |(_, text)| text)
    }

    /// Returns what is wrong with a field.
    pub fn problem(&self, field: &str) -> Option<Why> {
        let problem = self.problems.iter().find(|(name, _)| *name == field);
        problem.map(|(_, why)| *why)
    }

    /// Returns what people call a field.
    pub fn label(&self, field: &str) -> &'static str {
        match field {
            "in" => "Realm",
            "source" => "It came by",
            "topic" => "Help topic",
            "name" => "Name",
            "email" => "E-mail address",
            "subject" => "Subject",
            "message" => "What the user asks",
            "department" => "Department",
            "priority" => "Priority",
            "plan" => "SLA plan",
            "due" => "Due",
            "agent" => "Agent",
            "team" => "Team",
            "reply" => "Reply",
            _ => "Note",
        }
    }

    /// Whether something was wrong.
    pub fn is_refused(&self) -> bool {
        let is_wrong = |field: &FormField<'_>| field.problem.is_some() || field.is_refused_upload();
        !self.problems.is_empty()
            || self.fields.iter().any(is_wrong)
            || !self.upload.problems.is_empty()
    }
}

#[cfg(test)]
impl NewTicketPage<'static> {
    pub(crate) fn sample() -> Self {
        let some = |names: [&str; 2]| {
            let choice = |(at, name): (usize, &str)| Choice {
                key: at.to_string(),
                name: name.to_owned(),
                is_chosen: at == 1,
            };
            names.into_iter().enumerate().map(choice).collect()
        };
        NewTicketPage {
            shell: Shell::sample_of_an_agent(),
            offered: Offered {
                realms: some(["Navy", "Yard <2>"]),
                sources: some(["Phone", "Email"]),
                topics: some(["Billing", "Broken <tool>"]),
                departments: some(["Support", "Sales"]),
                plans: some(["Default SLA", "Fast"]),
                priorities: some(["Low", "High"]),
                teams: some(["Level I", "Level <II>"]),
                assigns: true,
                replies: true,
            },
            found: None,
            fields: Vec::new(),
            asks_further: false,
            upload: Upload::default(),
            notice: Some(true),
            typed: Vec::new(),
            problems: Vec::new(),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let grace = Candidate {
            id: "018bcfe5-6800-7707-8707-070707070707",
            name: "Grace \"Amazing\" <Hopper>",
            email: "grace@example.com",
            realm: "Yard <2>",
        };
        NewTicketPage {
            found: Some(vec![grace]),
            fields: FormField::samples(),
            typed: vec![
                ("q", "gra"),
                ("name", "Grace <H>"),
                ("email", "grace@"),
                ("message", "It <b>smokes</b>."),
            ],
            problems: vec![
                ("email", Why::NotAnAddress),
                ("subject", Why::Missing),
                ("department", Why::Forbidden),
                ("agent", Why::Unknown),
                ("due", Why::TooEarly),
            ],
            notice: Some(false),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_of_little() -> Self {
        NewTicketPage {
            offered: Offered::default(),
            found: Some(Vec::new()),
            notice: None,
            typed: vec![("q", "nobody")],
            ..Self::sample()
        }
    }
}
