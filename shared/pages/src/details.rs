//! An agent fills in anew what a ticket was asked for.

use askama::Template;

use crate::fields::FormField;
use crate::form::FieldProblem;
use crate::layout::Shell;

/// `GET /queues/edit/{number}`, and the answer to a `POST` that saved nothing: the form, with what
/// was typed.
#[derive(Template)]
#[template(path = "queues/details.html")]
pub struct DetailsPage<'a> {
    pub shell: Shell<'a>,
    pub number: &'a str,
    pub subject: &'a str,
    pub fields: Vec<FormField<'a>>,
    /// Whether more may be asked once these are filled in.
    pub asks_further: bool,
    /// Where somebody else changed the ticket meanwhile: by label what the fields hold that were
    /// typed otherwise.
    pub differing: Option<Vec<(&'a str, String)>>,
    /// The reading of the ticket that the form was made from.
    pub version: i64,
    /// What is noted beside the change.
    pub comment: &'a str,
    /// What is wrong with that.
    pub problem: Option<FieldProblem>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

impl DetailsPage<'_> {
    /// Whether something was wrong.
    pub fn is_refused(&self) -> bool {
        let is_wrong = |field: &FormField<'_>| field.problem.is_some();
        self.fields.iter().any(is_wrong) || self.problem.is_some() || self.differing.is_some()
    }
}

#[cfg(test)]
impl DetailsPage<'static> {
    pub(crate) fn sample() -> Self {
        let fields = FormField::samples().into_iter();
        let fields = fields.map(|field| FormField {
            problem: None,
            ..field
        });
        DetailsPage {
            shell: Shell::sample_of_an_agent(),
            number: "384911",
            subject: "Drill <broken>",
            fields: fields.filter(|field| !field.is_upload()).collect(),
            asks_further: true,
            differing: None,
            version: 3,
            comment: "",
            problem: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let fields = FormField::samples().into_iter();
        DetailsPage {
            fields: fields.filter(|field| !field.is_upload()).collect(),
            asks_further: false,
            comment: "The user <called>.",
            problem: Some(FieldProblem::TooLong { max: 1_000_000 }),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_stale() -> Self {
        DetailsPage {
            differing: Some(vec![
                ("Serial \"number\"", "AB <9>".to_owned()),
                ("Tool", String::new()),
            ]),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_empty() -> Self {
        DetailsPage {
            fields: Vec::new(),
            asks_further: false,
            ..Self::sample()
        }
    }
}
