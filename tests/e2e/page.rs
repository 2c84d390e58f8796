//! Reading our own pages, whose shape is known.

use crate::Outcome;

/// The value of a hidden field.
pub(crate) fn hidden(html: &str, name: &str) -> Outcome<String> {
    between(html, &format!(r#"name="{name}" value=""#), "\"")
}

/// The form's first topic.
pub(crate) fn first_topic(html: &str) -> Outcome<String> {
    let options = html
        .split_once(r#"<select id="topic""#)
        .map_or("", |(_, rest)| rest);
    let values = options.split(r#"<option value=""#).skip(1);
    let mut values = values.filter_map(|rest| Some(rest.split_once('"')?.0));
    let first = values.find(|value| !value.is_empty()).map(str::to_owned);
    first.ok_or_else(|| "the form offers no topic".into())
}

/// The text between two others.
pub(crate) fn between(text: &str, before: &str, after: &str) -> Outcome<String> {
    let found = text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    let found = found.map(|(found, _)| found.to_owned());
    found.ok_or_else(|| format!("no `{before}` in {text}").into())
}
