//! The fields of forms on a page, and what was typed into them and attached to them.

use desk::file::{Files, Limits};
use desk::form::{
    self, Access, Answer, Asker, Clocks, Field, Kind, Outcome, Problem, Typed as Filled, Validator,
};
use pages::fields::{Choice, Control, FormField};
use pages::form::FieldProblem;
use pages::portal::{Upload, UploadField};

use crate::form::Submitted;
use crate::upload::Uploaded;

/// Most items that come along with a field into which one is typed.
const MOST_OFFERED: usize = 500;

/// What was posted to a form, with what came of looking at it.
pub struct Answered {
    /// Everything that was posted.
    pub posted: Submitted,
    /// What was filled into the fields.
    pub outcome: Outcome,
    /// What was attached to the message.
    pub uploaded: Uploaded,
    attached: Attached,
    asker: Asker,
}

/// What was attached to each field for files.
type Attached = Vec<(i64, Uploaded)>;

struct Posted<'p>(&'p Submitted, &'p Attached);

/// The name a field is posted under.
fn name(field: &Field) -> String {
    format!("field_{}", field.id)
}

fn texts(posted: &Submitted, field: &Field) -> Vec<String> {
    let name = name(field);
    let own = posted.fields.iter().filter(|(posted, _)| *posted == name);
    own.map(|(_, text)| text.clone()).collect()
}

fn attached_to(attached: &Attached, field: i64) -> Option<&Uploaded> {
    let attached = attached.iter().find(|(id, _)| *id == field);
    attached.map(|(_, uploaded)| uploaded)
}

impl Filled for Posted<'_> {
    fn of(&self, field: &Field) -> Vec<String> {
        texts(self.0, field)
    }

    fn files(&self, field: &Field) -> Vec<String> {
        let attached = attached_to(self.1, field.id);
        let names = attached.into_iter().flat_map(|it| it.files().names());
        names.map(str::to_owned).collect()
    }
}

impl Answered {
    /// Looks at what was typed into the fields of a form and sent along with it.
    pub fn of(
        posted: Submitted,
        form: &[Field],
        limits: Limits,
        asker: Asker,
        clocks: Clocks,
    ) -> Self {
        let fields = form.iter().filter(|field| field.kind == Kind::Files);
        let judged = fields.map(|field| {
            let limits = limits.narrowed(&field.options);
            (field.id, Uploaded::sent_as(&name(field), &posted, limits))
        });
        let attached = judged.collect();
        Self {
            uploaded: Uploaded::of(&posted, limits),
            outcome: form::check(form, &Posted(&posted, &attached), asker, clocks),
            posted,
            attached,
            asker,
        }
    }

    /// What was filled in, unless something is wrong with it or with a file. Answers to nobody's
    /// questions are left out.
    pub fn answers(&self) -> Option<Vec<Answer>> {
        let is_right = self.outcome.troubles.is_empty() && self.is_taken();
        is_right.then(|| self.outcome.answers.clone())
    }

    /// Whether all files are taken that were asked for.
    fn is_taken(&self) -> bool {
        let asked = self.outcome.asked.iter();
        let mut attached = asked.filter_map(|field| attached_to(&self.attached, *field));
        self.uploaded.is_taken() && attached.all(Uploaded::is_taken)
    }

    /// The files of the message, and those of the fields that were answered.
    pub fn files(&self) -> Files {
        let mut files = self.uploaded.files().clone();
        for answer in &self.outcome.answers {
            if let Some(attached) = attached_to(&self.attached, answer.field) {
                files = files.with_those_of(answer.field, attached.files());
            }
        }
        files
    }

    /// The fields that were asked for, with what was typed. Before anything was, each has what it
    /// begins with.
    pub fn fields<'f>(&'f self, form: &'f [Field], is_told: bool) -> Vec<FormField<'f>> {
        let asked = form
            .iter()
            .filter(|field| self.outcome.asked.contains(&field.id));
        let shown = |field: &'f Field| FormField {
            id: name(field),
            label: &field.label,
            hint: &field.hint,
            error: &field.options.error,
            control: self.control(field, is_told),
            is_required: self.is_required(field),
            problem: self.problem(field).filter(|_| is_told),
        };
        asked
            .filter(|field| {
                self.asker.access(field) != Access::Shown || !field.kind.takes_answers()
            })
            .map(shown)
            .collect()
    }

    /// Whether a field waits for another to be filled in.
    pub fn asks_further(&self, form: &[Field]) -> bool {
        let is_asked = |field: &Field| self.asker.access(field).is_asked();
        let waits =
            |field: &Field| field.condition.is_some() && !self.outcome.asked.contains(&field.id);
        form.iter().any(|field| is_asked(field) && waits(field))
    }

    fn is_required(&self, field: &Field) -> bool {
        self.asker.access(field) == Access::Required
    }

    /// Where files are attached to a field.
    fn upload<'f>(&'f self, field: &'f Field, is_missing: bool) -> Upload<'f> {
        let attached = attached_to(&self.attached, field.id);
        Upload {
            of: Some(UploadField {
                id: name(field),
                label: &field.label,
                hint: &field.hint,
                is_required: self.is_required(field),
                is_missing,
            }),
            ..attached.map(Uploaded::field).unwrap_or_default()
        }
    }

    fn control<'f>(&'f self, field: &'f Field, is_told: bool) -> Control<'f> {
        let options = &field.options;
        let posted = self.posted.first(&name(field));
        let value = posted.unwrap_or(&options.default);
        let placeholder = &options.placeholder;
        match field.kind {
            Kind::Files => {
                let attached = attached_to(&self.attached, field.id);
                let is_refused = attached.is_some_and(|it| !it.is_taken());
                let is_missing = is_told && !is_refused && self.problem(field).is_some();
                Control::Files(self.upload(field, is_missing))
            }
            Kind::Section => Control::Heading,
            Kind::Information => Control::Text(&options.text),
            Kind::Memo => Control::Lines {
                rows: options.rows.unwrap_or(4),
                value,
                placeholder,
            },
            Kind::Checkbox => Control::Check {
                is_checked: !value.is_empty(),
            },
            Kind::Choice | Kind::List if options.is_multiple => Control::Some {
                choices: choices(field, &texts(&self.posted, field)),
            },
            Kind::List if field.is_typed() => typeahead(field, value),
            Kind::Zone => Control::One {
                prompt: &options.prompt,
                choices: zones(value),
            },
            Kind::Choice
            | Kind::List
            | Kind::Priority
            | Kind::Department
            | Kind::Agent
            | Kind::State
            | Kind::Flag => Control::One {
                prompt: &options.prompt,
                choices: choices(field, &[value.to_owned()]),
            },
            Kind::Text | Kind::Email | Kind::Phone | Kind::Date => Control::Line {
                kind: input(field),
                value,
                placeholder,
            },
        }
    }

    fn problem(&self, field: &Field) -> Option<FieldProblem> {
        let mut troubles = self.outcome.troubles.iter();
        let trouble = troubles.find(|trouble| trouble.field == field.id)?;
        Some(shown(trouble.problem))
    }
}

fn input(field: &Field) -> &'static str {
    match (field.kind, field.options.validator) {
        (Kind::Date, _) if field.options.has_time => "datetime-local",
        (Kind::Date, _) => "date",
        (Kind::Email, _) | (Kind::Text, Validator::Email) => "email",
        (Kind::Phone, _) | (Kind::Text, Validator::Phone) => "tel",
        _ => "text",
    }
}

fn zones(chosen: &str) -> Vec<Choice> {
    let choice = |name: &str| Choice {
        key: name.to_owned(),
        name: name.to_owned(),
        is_chosen: name == chosen,
    };
    form::zones().into_iter().map(choice).collect()
}

/// What was typed, or what the key of an item stands for. Whatever else the list has than what
/// comes along is taken as well.
fn typeahead<'f>(field: &'f Field, value: &str) -> Control<'f> {
    let choices = field.choices();
    let meant = field.choice(&choices, value).map(|(_, name)| name.clone());
    let offered = choices.into_iter().take(MOST_OFFERED);
    Control::Typeahead {
        value: meant.unwrap_or_else(|| value.to_owned()),
        prompt: &field.options.prompt,
        offered: offered.map(|(_, name)| name).collect(),
    }
}

fn choices(field: &Field, chosen: &[String]) -> Vec<Choice> {
    let choice = |(key, name): (String, String)| Choice {
        is_chosen: chosen.contains(&key),
        key,
        name,
    };
    field.choices().into_iter().map(choice).collect()
}

fn shown(problem: Problem) -> FieldProblem {
    match problem {
        Problem::Missing => FieldProblem::Missing,
        Problem::TooLong(max) => FieldProblem::TooLong { max },
        Problem::NotAnAddress => FieldProblem::NotAnAddress,
        Problem::NotAPhone => FieldProblem::NotAPhone,
        Problem::NotAnIp => FieldProblem::NotAnIp,
        Problem::NotANumber => FieldProblem::NotANumber,
        Problem::NotAMatch => FieldProblem::NotAMatch,
        Problem::NotADate => FieldProblem::NotADate,
        Problem::TooEarly => FieldProblem::TooEarly,
        Problem::TooLate => FieldProblem::TooLate,
        Problem::NotOffered => FieldProblem::NotOffered,
        Problem::Formula => FieldProblem::Formula,
    }
}
