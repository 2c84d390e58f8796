//! The fields of forms that tenants make themselves.

use crate::form::FieldProblem;
use crate::portal::Upload;

/// One field of a form, with what was typed into it.
#[derive(Debug, Clone)]
pub struct FormField<'a> {
    /// What the form sends it as; also its `id`.
    pub id: String,
    pub label: &'a str,
    pub hint: &'a str,
    /// The tenant's own words for an answer that does not fit; empty for ours.
    pub error: &'a str,
    pub control: Control<'a>,
    pub is_required: bool,
    pub problem: Option<FieldProblem>,
}

/// What a field is filled in with.
#[derive(Debug, Clone)]
pub enum Control<'a> {
    /// A line of an input type that browsers know.
    Line {
        kind: &'static str,
        value: &'a str,
        placeholder: &'a str,
    },
    /// A box of lines.
    Lines {
        rows: u8,
        value: &'a str,
        placeholder: &'a str,
    },
    /// Yes or no.
    Check { is_checked: bool },
    /// One of some.
    One {
        prompt: &'a str,
        choices: Vec<Choice>,
    },
    /// A line, with some to pick from.
    Typeahead {
        value: String,
        prompt: &'a str,
        offered: Vec<String>,
    },
    /// Some of some.
    Some { choices: Vec<Choice> },
    /// Files that are chosen.
    Files(Upload<'a>),
    /// A heading for the fields behind it.
    Heading,
    /// A text to read.
    Text(&'a str),
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub key: String,
    pub name: String,
    pub is_chosen: bool,
}

impl FormField<'_> {
    /// Returns whether files were sent for it that are not taken.
    pub fn is_refused_upload(&self) -> bool {
        matches!(&self.control, Control::Files(upload) if !upload.problems.is_empty())
    }

    /// Returns whether files are attached to it.
    #[cfg(test)]
    pub(crate) fn is_upload(&self) -> bool {
        matches!(self.control, Control::Files(_))
    }

    /// Returns the tenant's own words for what is wrong, where there are any.
    pub fn own_words(&self) -> Option<&str> {
        let is_missing = self.problem == Some(FieldProblem::Missing);
        (self.problem.is_some() && !is_missing && !self.error.is_empty()).then_some(self.error)
    }

    /// Returns the ids of what describes the field.
    pub fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let problem = self.problem.map(|_| format!("{}-problem", self.id));
        let all: Vec<String> = hint.into_iter().chain(problem).collect();
        all.join(" ")
    }
}

#[cfg(test)]
impl FormField<'static> {
    /// One field of every kind, two of them with something wrong.
    pub(crate) fn samples() -> Vec<Self> {
        let field = |id: &str, label, control| FormField {
            id: id.to_owned(),
            label,
            hint: "",
            error: "",
            control,
            is_required: false,
            problem: None,
        };
        let choices = |chosen: &str| {
            let names = [("d", "Drill"), ("s", "Saw <new>")];
            let choice = |(key, name): (&str, &str)| Choice {
                key: key.to_owned(),
                name: name.to_owned(),
                is_chosen: key == chosen,
            };
            names.map(choice).to_vec()
        };
        let line = |kind, value| Control::Line {
            kind,
            value,
            placeholder: "",
        };
        vec![
            field("field_1", "About the tool", Control::Heading),
            field(
                "field_2",
                "",
                Control::Text("It is on the label.\n\nLook below."),
            ),
            FormField {
                hint: "Two letters, then digits",
                error: "A serial number looks like AB123.",
                is_required: true,
                problem: Some(FieldProblem::NotAMatch),
                ..field("field_3", "Serial \"number\"", line("text", "<12>"))
            },
            field("field_4", "Bought on", line("date", "2026-11-21")),
            FormField {
                is_required: true,
                problem: Some(FieldProblem::Missing),
                ..field(
                    "field_5",
                    "Tool",
                    Control::One {
                        prompt: "Choose a tool",
                        choices: choices(""),
                    },
                )
            },
            field(
                "field_6",
                "Others",
                Control::Some {
                    choices: choices("s"),
                },
            ),
            field(
                "field_7",
                "Under warranty",
                Control::Check { is_checked: true },
            ),
            field(
                "field_8",
                "Anything else",
                Control::Lines {
                    rows: 4,
                    value: "\n</textarea>",
                    placeholder: "Only if it helps",
                },
            ),
            field(
                "field_9",
                "Receipts",
                Control::Files(Upload::sample_of_field()),
            ),
            FormField {
                is_required: true,
                problem: Some(FieldProblem::NotOffered),
                ..field(
                    "field_10",
                    "Site",
                    Control::Typeahead {
                        value: "<Attic>".to_owned(),
                        prompt: "Where it stands",
                        offered: vec!["Cellar".to_owned(), "\"Roof\" <top>".to_owned()],
                    },
                )
            },
        ]
    }
}
