//! What was filled in with a ticket, as its pages show it.

use desk::form::{Kind, Shown, ShownFile};
use pages::portal::{EntryFile, Fact};

/// What was filled in, field by field; `url` is where a file is fetched from, by its id.
pub fn facts(filled: &[Shown], url: impl Fn(&str) -> String) -> Vec<Fact<'_>> {
    let of_a_field = filled.chunk_by(|one, next| one.field == next.field);
    of_a_field.filter_map(|values| fact(values, &url)).collect()
}

fn fact<'a>(values: &'a [Shown], url: &impl Fn(&str) -> String) -> Option<Fact<'a>> {
    let first = values.first()?;
    let shown = |file: &'a ShownFile| EntryFile {
        name: &file.name,
        bytes: file.size,
        url: url(&file.id),
    };
    Some(Fact {
        label: &first.label,
        values: values.iter().filter_map(words).collect(),
        files: first.files.iter().map(shown).collect(),
    })
}

fn words(value: &Shown) -> Option<&str> {
    match value.kind {
        Kind::Checkbox => Some("Yes"),
        Kind::Files => None,
        Kind::Text
        | Kind::Memo
        | Kind::Email
        | Kind::Phone
        | Kind::Choice
        | Kind::List
        | Kind::Date
        | Kind::Priority
        | Kind::Section
        | Kind::Information
        | Kind::Zone
        | Kind::Department
        | Kind::Agent
        | Kind::State
        | Kind::Flag => Some(&value.text),
    }
}
