//! How a rule compares (osTicket's eight operators). Case never counts.

use regex_lite::{Regex, RegexBuilder};

/// Patterns look at this much of a text, in bytes, so that a long mail costs no more than that.
const MOST_SEARCHED: usize = 16_384;
/// How large a compiled pattern may be, in bytes.
const LARGEST_PATTERN: usize = 1 << 18;
/// Longest pattern, in bytes.
const LONGEST_PATTERN: usize = 255;

/// How a rule compares. Of several values a positive operator asks for one that fits, and its
/// opposite for none: so one of a pair always holds, and never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The very text.
    Equal,
    /// Not the very text.
    NotEqual,
    /// Has the text in it.
    Contains,
    /// Has not the text in it.
    DoesNotContain,
    /// Begins with it.
    Starts,
    /// Ends with it.
    Ends,
    /// Fits a regular expression.
    Matches,
    /// Fits no such expression.
    DoesNotMatch,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 8] = [
        Self::Equal,
        Self::NotEqual,
        Self::Contains,
        Self::DoesNotContain,
        Self::Starts,
        Self::Ends,
        Self::Matches,
        Self::DoesNotMatch,
    ];

    /// The name it is stored under, osTicket's own.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::NotEqual => "not_equal",
            Self::Contains => "contains",
            Self::DoesNotContain => "dn_contain",
            Self::Starts => "starts",
            Self::Ends => "ends",
            Self::Matches => "match",
            Self::DoesNotMatch => "not_match",
        }
    }

    /// The operator with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether a rule can look for this.
    pub fn takes(self, value: &str) -> bool {
        match self {
            Self::Matches | Self::DoesNotMatch => pattern(value).is_some(),
            Self::Equal | Self::NotEqual => true,
            Self::Contains | Self::DoesNotContain | Self::Starts | Self::Ends => !value.is_empty(),
        }
    }

    /// Whether it holds of what is known. A pattern that cannot be read never holds, nor does its
    /// opposite.
    pub(super) fn holds(self, values: &[&str], wanted: &str) -> bool {
        let wanted_low = wanted.to_lowercase();
        let any = |fits: &dyn Fn(&str) -> bool| match values {
            [] => fits(""),
            values => values.iter().any(|value| fits(value)),
        };
        let low = |fits: fn(&str, &str) -> bool| {
            any(&|value: &str| fits(&value.to_lowercase(), &wanted_low))
        };
        match self {
            Self::Equal => low(|value, wanted| value == wanted),
            Self::NotEqual => !low(|value, wanted| value == wanted),
            Self::Contains => low(|value, wanted| value.contains(wanted)),
            Self::DoesNotContain => !low(|value, wanted| value.contains(wanted)),
            Self::Starts => low(|value, wanted| value.starts_with(wanted)),
            Self::Ends => low(|value, wanted| value.ends_with(wanted)),
            Self::Matches => pattern(wanted).is_some_and(|it| any(&|text| fits(&it, text))),
            Self::DoesNotMatch => pattern(wanted).is_some_and(|it| !any(&|text| fits(&it, text))),
        }
    }
}

fn fits(pattern: &Pattern, text: &str) -> bool {
    let end = (0..=text.len().min(MOST_SEARCHED)).rev();
    let end = end.into_iter().find(|end| text.is_char_boundary(*end));
    pattern.is_match(text.get(..end.unwrap_or(0)).unwrap_or(text))
}

/// A regular expression.
pub(crate) struct Pattern {
    regex: Regex,
    is_any_case: bool,
}

impl Pattern {
    /// Whether it fits somewhere in a text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        if self.is_any_case && !text.is_ascii() {
            self.regex.is_match(&in_lower_case(text))
        } else {
            self.regex.is_match(text)
        }
    }
}

/// The letters that are not ASCII in lower case, since regular expressions know the cases of ASCII
/// alone; what stands for something in them stays.
fn in_lower_case(text: &str) -> String {
    let mut low = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            low.push(letter);
        } else {
            low.extend(letter.to_lowercase());
        }
    }
    low
}

/// Reads a regular expression as osTicket writes it: `/between/im`, or bare, and then any case.
pub(crate) fn pattern(text: &str) -> Option<Pattern> {
    let (body, flags) = match text
        .strip_prefix('/')
        .and_then(|rest| rest.rsplit_once('/'))
    {
        Some(parts) => parts,
        None => (text, "iu"),
    };
    if body.is_empty() || body.len() > LONGEST_PATTERN || !flags.chars().all(is_flag) {
        return None;
    }
    let has = |flag| flags.contains(flag);
    let is_any_case = has('i');
    let build = |body: &str| {
        RegexBuilder::new(body)
            .case_insensitive(is_any_case)
            .multi_line(has('m'))
            .dot_matches_new_line(has('s'))
            .ignore_whitespace(has('x'))
            .size_limit(LARGEST_PATTERN)
            .nest_limit(32)
            .build()
            .ok()
    };
    let low = (is_any_case && !body.is_ascii()).then(|| in_lower_case(body));
    let regex = low.and_then(|low| build(&low)).or_else(|| build(body))?;
    Some(Pattern { regex, is_any_case })
}

/// `u` is how it always reads: as Unicode.
fn is_flag(flag: char) -> bool {
    "imsxu".contains(flag)
}
