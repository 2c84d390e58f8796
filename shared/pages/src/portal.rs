//! The pages of end users: the landing page, opening a ticket, and reading it.

#[cfg(test)]
mod samples;
mod ticket;
mod upload;

use askama::Template;

use crate::fields::FormField;
use crate::form::FieldProblem;
use crate::layout::Shell;

pub use ticket::{Entry, EntryFile, EntryKind, Fact, TicketPage};
pub use upload::{FileProblem, Unfit, Upload, UploadField};

/// `GET /`: what one can do here.
#[derive(Template)]
#[template(path = "portal/landing.html")]
pub struct LandingPage<'a> {
    pub shell: Shell<'a>,
}

/// The answer to everything while the portal is closed.
#[derive(Template)]
#[template(path = "portal/offline.html")]
pub struct OfflinePage<'a> {
    pub shell: Shell<'a>,
    /// What whoever runs it says about that; empty for what is always said.
    pub text: &'a str,
}

/// `GET /open`, and the answer to a `POST /open` that was refused: the form, with what was typed.
#[derive(Template)]
#[template(path = "portal/open.html")]
pub struct OpenPage<'a> {
    /// With a signed-in user, whose name and address are not asked for.
    pub shell: Shell<'a>,
    /// The realms the user may raise for, their own first; with none, the form does not ask.
    pub realms: Vec<RealmOption<'a>>,
    /// The `id` of the realm the ticket will be for.
    pub chosen: &'a str,
    /// The help topics on offer; with none, the form does not ask for one.
    pub topics: Vec<TopicOption<'a>>,
    /// Whether what is asked depends on the topic.
    pub asks_by_topic: bool,
    /// What is asked beside a subject and a message.
    pub fields: Vec<FormField<'a>>,
    /// Whether more may be asked once these are filled in.
    pub asks_further: bool,
    pub upload: Upload<'a>,
    /// Why there will be no ticket, whatever is typed.
    pub denial: Option<Denial>,
    /// What was typed, or nothing yet.
    pub typed: OpenForm<'a>,
    /// What was wrong with it.
    pub problems: OpenProblems,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// Why somebody cannot open a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// They may not, and no reason is given.
    NotAuthorized,
    /// They have as many open as they may have.
    OverLimit,
    /// Too much has come from where they are.
    TooMany,
    /// They filled in a field that people do not see.
    Trapped,
}

impl OpenPage<'_> {
    /// Whether something was wrong.
    pub fn is_refused(&self) -> bool {
        let is_wrong = |field: &FormField<'_>| field.problem.is_some() || field.is_refused_upload();
        self.problems.any() || self.fields.iter().any(is_wrong) || !self.upload.problems.is_empty()
    }
}

/// A realm as a choice; `id` is what the form sends as `for`.
#[derive(Debug, Clone, Copy)]
pub struct RealmOption<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// How far below the user's own it lies.
    pub depth: usize,
}

impl RealmOption<'_> {
    /// Returns what stands before the name, so that the tree is seen.
    pub fn indent(&self) -> String {
        "– ".repeat(self.depth)
    }
}

/// A help topic as a choice; `id` is what the form sends as `topic`.
#[derive(Debug, Clone, Copy)]
pub struct TopicOption<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

/// The fields of the form, as typed. The names of the struct's fields are the names of the form's fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenForm<'a> {
    pub topic: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub subject: &'a str,
    pub message: &'a str,
}

/// What was wrong, per field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenProblems {
    pub realm: Option<FieldProblem>,
    pub topic: Option<FieldProblem>,
    pub name: Option<FieldProblem>,
    pub email: Option<FieldProblem>,
    pub subject: Option<FieldProblem>,
    pub message: Option<FieldProblem>,
}

impl OpenProblems {
    pub const fn any(&self) -> bool {
        self.realm.is_some()
            || self.topic.is_some()
            || self.name.is_some()
            || self.email.is_some()
            || self.subject.is_some()
            || self.message.is_some()
    }
}

/// The answer to a ticket that was opened: its number, and what happens next.
#[derive(Template)]
#[template(path = "portal/confirmation.html")]
pub struct ConfirmationPage<'a> {
    pub shell: Shell<'a>,
    pub number: &'a str,
    /// Where the confirmation with the access link was sent; `None` when none is sent.
    pub email: Option<&'a str>,
    /// What the topic says to whoever opened the ticket; empty for what is always said.
    pub thanks: &'a str,
}

/// `GET /tickets/{number}` for whoever may not see it: how to get in.
///
/// It holds nothing of the ticket, not even the number asked for, so that the answer is the same
/// for a number that exists and for one that never did.
#[derive(Template)]
#[template(path = "portal/link_needed.html")]
pub struct LinkNeededPage<'a> {
    pub shell: Shell<'a>,
}
