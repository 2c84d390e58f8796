//! The fields of a topic's forms on the page, and what was typed into them.

use desk::form::{Access, Answer, Field, Kind, Outcome, Problem, Typed as Filled, Validator};
use pages::fields::{Choice, Control, FormField};
use pages::form::FieldProblem;
use pages::portal::{Upload, UploadField};

use web::upload::Uploaded;

use crate::open::Typed;

/// The name a field is posted under.
pub(crate) fn name(field: &Field) -> String {
    format!("field_{}", field.id)
}

impl Filled for Typed {
    fn of(&self, field: &Field) -> Vec<String> {
        let name = name(field);
        let own = self
            .posted
            .fields
            .iter()
            .filter(|(posted, _)| *posted == name);
        own.map(|(_, text)| text.clone()).collect()
    }

    fn files(&self, field: &Field) -> Vec<String> {
        let attached = self.attached_to(field.id);
        let names = attached.into_iter().flat_map(|it| it.files().names());
        names.map(str::to_owned).collect()
    }
}

/// The fields that were asked for, with what was typed. Before anything was, each has what it
/// begins with.
pub(crate) fn fields<'f>(
    form: &'f [Field],
    typed: &'f Typed,
    outcome: &Outcome,
    is_told: bool,
) -> Vec<FormField<'f>> {
    let asked = form
        .iter()
        .filter(|field| outcome.asked.contains(&field.id));
    let shown = |field: &'f Field| FormField {
        id: name(field),
        label: &field.label,
        hint: &field.hint,
        error: &field.options.error,
        control: control(field, typed, outcome, is_told),
        is_required: field.user == Access::Required,
        problem: problem(field, outcome).filter(|_| is_told),
    };
    asked
        .filter(|field| field.user != Access::Shown || !field.kind.takes_answers())
        .map(shown)
        .collect()
}

/// Whether a field waits for another to be filled in.
pub(crate) fn asks_further(form: &[Field], outcome: &Outcome) -> bool {
    let waits = |field: &Field| field.condition.is_some() && !outcome.asked.contains(&field.id);
    form.iter()
        .any(|field| field.user.is_asked() && waits(field))
}

/// Where files are attached to a field.
fn upload<'f>(field: &'f Field, typed: &'f Typed, is_missing: bool) -> Upload<'f> {
    let attached = typed.attached_to(field.id);
    Upload {
        of: Some(UploadField {
            id: name(field),
            label: &field.label,
            hint: &field.hint,
            is_required: field.user == Access::Required,
            is_missing,
        }),
        ..attached.map(Uploaded::field).unwrap_or_default()
    }
}

fn control<'f>(
    field: &'f Field,
    typed: &'f Typed,
    outcome: &Outcome,
    is_told: bool,
) -> Control<'f> {
    let options = &field.options;
    let posted = typed.posted.first(&name(field));
    let value = posted.unwrap_or(&options.default);
    let placeholder = &options.placeholder;
    match field.kind {
        Kind::Files => {
            let is_refused = typed.attached_to(field.id).is_some_and(|it| !it.is_taken());
            let is_missing = is_told && !is_refused && problem(field, outcome).is_some();
            Control::Files(upload(field, typed, is_missing))
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
            choices: choices(field, &typed.of(field)),
        },
        Kind::Choice | Kind::List | Kind::Priority => Control::One {
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

fn input(field: &Field) -> &'static str {
    match (field.kind, field.options.validator) {
        (Kind::Date, _) if field.options.has_time => "datetime-local",
        (Kind::Date, _) => "date",
        (Kind::Email, _) | (Kind::Text, Validator::Email) => "email",
        (Kind::Phone, _) | (Kind::Text, Validator::Phone) => "tel",
        _ => "text",
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

fn problem(field: &Field, outcome: &Outcome) -> Option<FieldProblem> {
    let mut troubles = outcome.troubles.iter();
    let trouble = troubles.find(|trouble| trouble.field == field.id)?;
    Some(match trouble.problem {
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
    })
}

/// What a form that is about to be sent again came to, with answers to nobody's questions left
/// out.
pub(crate) fn answers(outcome: &Outcome) -> Option<Vec<Answer>> {
    outcome.troubles.is_empty().then(|| outcome.answers.clone())
}
