//! The fields of forms in a call, by their names.

use std::collections::BTreeMap;

use desk::file::{Files, Limits, Sent};
use desk::form::{self, Amended, Answer, Clocks, Field, Kind, Trouble, Typed};

use crate::problem::{FieldProblem, Problem};
use crate::wanted::{Anew, Filling, NewFile, NewTicket};

/// What is filled in with a new ticket.
pub(crate) struct Filled<'w> {
    wanted: &'w NewTicket,
    /// What is attached to each field for files.
    attached: Vec<(i64, Files)>,
}

impl<'w> Filled<'w> {
    /// Judges the files that are attached to fields.
    pub(crate) fn of(wanted: &'w NewTicket, form: &[Field], limits: &Limits) -> Self {
        let attached = form.iter().filter(|field| field.kind == Kind::Files);
        let attached = attached.filter_map(|field| match wanted.fields.get(&field.name) {
            Some(Filling::Files(sent)) => {
                let sent: Vec<Sent> = sent.iter().map(NewFile::sent).collect();
                Some((
                    field.id,
                    Files::judge(&sent, &limits.narrowed(&field.options)),
                ))
            }
            Some(Filling::Typed(_)) | None => None,
        });
        Self {
            wanted,
            attached: attached.collect(),
        }
    }

    fn attached_to(&self, field: i64) -> Option<&Files> {
        let attached = self.attached.iter().find(|(id, _)| *id == field);
        attached.map(|(_, files)| files)
    }

    /// What is wrong with what is filled into a field that was asked for, beyond what any form
    /// says of it.
    pub(crate) fn misfit(&self, field: &Field) -> Option<FieldProblem> {
        let refused = self.attached_to(field.id);
        let refused = refused.filter(|files| !files.refused().is_empty());
        let detail = match (self.wanted.fields.get(&field.name)?, field.kind) {
            (Filling::Files(_), Kind::Files) => refused?.told(),
            (Filling::Files(_), _) => "It takes no files.".to_owned(),
            (Filling::Typed(typed), Kind::Files) if !typed.texts().is_empty() => {
                "It takes files, each with a name and its content.".to_owned()
            }
            (Filling::Typed(_), _) => return None,
        };
        let pointer = pointer(&field.name).into();
        Some(FieldProblem { pointer, detail })
    }

    /// These files, with those of the fields that were answered.
    pub(crate) fn files(&self, message: Files, answers: &[Answer]) -> Files {
        let attached = |it: &Answer| self.attached_to(it.field).map(|files| (it.field, files));
        let attached = answers.iter().filter_map(attached);
        attached.fold(message, |all, (field, files)| {
            all.with_those_of(field, files)
        })
    }
}

impl Typed for Filled<'_> {
    fn of(&self, field: &Field) -> Vec<String> {
        match self.wanted.fields.get(&field.name) {
            Some(Filling::Typed(typed)) => typed.texts(),
            Some(Filling::Files(_)) | None => Vec::new(),
        }
    }

    fn files(&self, field: &Field) -> Vec<String> {
        let attached = self.attached_to(field.id).into_iter();
        let names = attached.flat_map(|files| files.names().map(str::to_owned));
        names.collect()
    }
}

/// What is filled in anew, by the fields' names.
struct Refilled<'w>(&'w BTreeMap<String, Anew>);

impl Typed for Refilled<'_> {
    fn of(&self, field: &Field) -> Vec<String> {
        match self.0.get(&field.name) {
            Some(Anew::Filled(typed)) => typed.texts(),
            Some(Anew::Emptied) | None => Vec::new(),
        }
    }
}

/// What becomes of the fields of a ticket or of a user.
///
/// # Errors
/// All that is wrong with what is filled in.
pub(crate) fn amended(
    wanted: &BTreeMap<String, Anew>,
    filled: &[form::Filled],
    clocks: impl Into<Clocks>,
) -> Result<Amended, Problem> {
    let is_named = |field: &Field| wanted.contains_key(&field.name);
    let amended = form::amend(filled, is_named, &Refilled(wanted), clocks);
    let seen = filled.iter().filter(|it| it.field.is_seen_by_all());
    let form: Vec<Field> = seen.map(|it| it.field.clone()).collect();
    let mut errors: Vec<FieldProblem> = unknown(wanted.keys(), &form).collect();
    errors.extend(amended.troubles.iter().filter_map(|it| troubled(&form, it)));
    let closed = form.iter().filter(|it| amended.closed.contains(&it.id));
    errors.extend(closed.map(|field| FieldProblem {
        pointer: pointer(&field.name).into(),
        detail: "It cannot be filled in, as the ticket stands.".to_owned(),
    }));
    if errors.is_empty() {
        Ok(amended)
    } else {
        Err(Problem::Invalid(errors))
    }
}

/// Fields that were filled in and that nobody asks for, as far as a ticket of this topic goes.
pub(crate) fn unknown<'n>(
    named: impl Iterator<Item = &'n String>,
    form: &[Field],
) -> impl Iterator<Item = FieldProblem> {
    let is_asked = |name: &&String| form.iter().any(|field| field.name == **name);
    let unknown = named.filter(move |name| !is_asked(name));
    unknown.map(|name| FieldProblem {
        pointer: pointer(name).into(),
        detail: "There is no such field.".to_owned(),
    })
}

/// What is wrong with a field, if it is one of the form.
pub(crate) fn troubled(form: &[Field], trouble: &Trouble) -> Option<FieldProblem> {
    let field = form.iter().find(|field| field.id == trouble.field)?;
    let own = &field.options.error;
    let detail = match trouble.problem {
        form::Problem::Missing => "It is missing.".to_owned(),
        _ if !own.is_empty() => own.clone(),
        form::Problem::TooLong(most) => format!("It is longer than {most}."),
        form::Problem::NotAnAddress => "It is no mail address.".to_owned(),
        form::Problem::NotAPhone => "It is no telephone number.".to_owned(),
        form::Problem::NotAnIp => "It is no IP address.".to_owned(),
        form::Problem::NotANumber => "It is no number.".to_owned(),
        form::Problem::NotAMatch => "It does not fit the field's pattern.".to_owned(),
        form::Problem::NotADate => "It is no date.".to_owned(),
        form::Problem::TooEarly => "It is too early.".to_owned(),
        form::Problem::TooLate => "It is too late.".to_owned(),
        form::Problem::NotOffered => "There is no such choice.".to_owned(),
        form::Problem::Formula => "It begins like a formula.".to_owned(),
    };
    let pointer = pointer(&field.name).into();
    Some(FieldProblem { pointer, detail })
}

/// The JSON Pointer (RFC 6901) to a field that is filled in.
pub(crate) fn pointer(field: &str) -> String {
    format!("/fields/{}", field.replace('~', "~0").replace('/', "~1"))
}
