//! What was filled in with a ticket, as people read it.

use desk::form::{Kind, Shown, ShownFile};
use pages::Locale;
use pages::portal::{EntryFile, Fact};
use pages::time::Moment;

/// What was filled in, field by field, in a language and a zone; `url` is where a file is fetched
/// from, by its id.
pub fn facts(filled: &[Shown], locale: Locale, url: impl Fn(&str) -> String) -> Vec<Fact<'_>> {
    let of_a_field = filled.chunk_by(|one, next| one.field == next.field);
    of_a_field
        .filter_map(|values| fact(values, locale, &url))
        .collect()
}

fn fact<'a>(
    values: &'a [Shown],
    locale: Locale,
    url: &impl Fn(&str) -> String,
) -> Option<Fact<'a>> {
    let first = values.first()?;
    let shown = |file: &'a ShownFile| EntryFile {
        name: &file.name,
        bytes: file.size,
        url: url(&file.id),
    };
    let texts = values.iter().filter(|it| it.kind != Kind::Files);
    Some(Fact {
        label: &first.label,
        values: texts
            .map(|it| told(locale, it.kind, &it.text, it.number))
            .collect(),
        files: first.files.iter().map(shown).collect(),
    })
}

/// A value as people read it in a language and a zone. A day is the same day everywhere.
pub fn told(locale: Locale, kind: Kind, words: &str, number: Option<i64>) -> String {
    let everywhere = Locale {
        zone: Locale::DEFAULT.zone,
        ..locale
    };
    match (kind, number) {
        (Kind::Checkbox, _) if words.is_empty() => locale.no().to_owned(),
        (Kind::Checkbox, _) => locale.yes().to_owned(),
        (Kind::Date, Some(at)) if words.contains('T') => locale.moment(&Moment(at)),
        (Kind::Date, Some(at)) => everywhere.date(&Moment(at)),
        _ => words.to_owned(),
    }
}
