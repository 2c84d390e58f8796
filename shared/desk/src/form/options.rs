//! What a field's kind leaves open.

use serde::Serialize;
use serde_json::Value;

/// What looks at a line of text (osTicket's validators).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Validator {
    /// Nothing, except that it must be no formula.
    #[default]
    None,
    /// It is a telephone number.
    Phone,
    /// It is a mail address.
    Email,
    /// It is an address of the internet protocol.
    Ip,
    /// It is a number.
    Number,
    /// It fits the pattern.
    Regex,
}

impl Validator {
    /// Every validator.
    pub const ALL: [Self; 6] = [
        Self::None,
        Self::Phone,
        Self::Email,
        Self::Ip,
        Self::Number,
        Self::Regex,
    ];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Ip => "ip",
            Self::Number => "number",
            Self::Regex => "regex",
        }
    }

    /// The validator with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a kind leaves open. Each kind reads its own options and ignores the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each kind has switches of its own"
)]
pub struct Options {
    /// Text: most characters. Files: most bytes of one.
    pub longest: Option<usize>,
    /// Text: what looks at it.
    pub validator: Validator,
    /// Text: the validator's pattern. Files: the endings of names, between commas; none for any.
    pub pattern: String,
    /// What is said of an answer that does not fit, in the place of our own words.
    pub error: String,
    /// What stands in the empty field.
    pub placeholder: String,
    /// Memo: how many lines are shown. Files: how many are taken.
    pub rows: Option<u8>,
    /// Telephone: fewest digits; osTicket's are 7.
    pub fewest_digits: Option<usize>,
    /// Telephone: whether an extension may follow.
    pub has_extension: bool,
    /// Choice: keys and what people read.
    pub choices: Vec<(String, String)>,
    /// Choice and list: what is chosen before anybody chooses.
    pub default: String,
    /// Choice and list: what stands where nothing is chosen.
    pub prompt: String,
    /// Choice and list: whether more than one can be chosen.
    pub is_multiple: bool,
    /// List: whether an item is typed, with the list's to pick from, and not chosen from all.
    pub has_typeahead: bool,
    /// Date: whether the time of day counts.
    pub has_time: bool,
    /// Date: the earliest, in milliseconds of the epoch.
    pub earliest: Option<i64>,
    /// Date: the latest.
    pub latest: Option<i64>,
    /// Date: whether it must not lie in the future.
    pub is_past: bool,
    /// Information: the text.
    pub text: String,
}

impl Options {
    /// Reads what is stored; what is not there, or is written by code still to come, is left out.
    /// By hand, since a derived reader would weigh on every function that opens tickets.
    pub(super) fn of_stored(stored: &Value) -> Self {
        let text = |name: &str| stored[name].as_str().unwrap_or_default().to_owned();
        let is = |name: &str| stored[name].as_bool().unwrap_or_default();
        let count = |name: &str| stored[name].as_i64();
        let choices = stored["choices"].as_array().into_iter().flatten();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            longest: count("longest").and_then(|it| it.try_into().ok()),
            validator: Validator::named(&text("validator")).unwrap_or_default(),
            pattern: text("pattern"),
            error: text("error"),
            placeholder: text("placeholder"),
            rows: count("rows").and_then(|it| it.try_into().ok()),
            fewest_digits: count("fewest_digits").and_then(|it| it.try_into().ok()),
            has_extension: is("has_extension"),
            choices: choices.map(|it| (word(&it[0]), word(&it[1]))).collect(),
            default: text("default"),
            prompt: text("prompt"),
            is_multiple: is("is_multiple"),
            has_typeahead: is("has_typeahead"),
            has_time: is("has_time"),
            earliest: count("earliest"),
            latest: count("latest"),
            is_past: is("is_past"),
            text: text("text"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again() {
        let options = Options {
            longest: Some(7),
            validator: Validator::Regex,
            pattern: "^a".to_owned(),
            error: "no".to_owned(),
            placeholder: "abc".to_owned(),
            rows: Some(3),
            fewest_digits: Some(5),
            has_extension: true,
            choices: vec![("a".to_owned(), "An A".to_owned())],
            default: "a".to_owned(),
            prompt: "Choose".to_owned(),
            is_multiple: true,
            has_typeahead: true,
            has_time: true,
            earliest: Some(-1),
            latest: Some(1),
            is_past: true,
            text: "Read this".to_owned(),
        };
        for options in [options, Options::default()] {
            let stored = serde_json::to_value(&options).unwrap();
            assert_eq!(Options::of_stored(&stored), options);
        }
        assert_eq!(Options::of_stored(&Value::Null), Options::default());
    }
}
