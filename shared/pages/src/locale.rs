//! How a page speaks: its language, and the time zone its times are shown in.
//!
//! English stands in the templates, as `say!(self.shell, "Open a ticket")`. The other languages stand in
//! `languages/*.po`, which `build.rs` turns into one rule of a macro for each text: a text that no file knows does not
//! compile, and a function holds the texts of its own pages and no others.

use std::fmt::Display;

use zone::Zone;

use crate::layout::Dir;

include!(concat!(env!("OUT_DIR"), "/translate.rs"));

/// A language pages can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    English,
    German,
    Arabic,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Arabic];

    /// Returns the language a setting names, or English for a name that is unknown.
    pub fn named(tag: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
            .unwrap_or_default()
    }

    /// Returns the BCP 47 tag for `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Arabic => "ar",
        }
    }

    pub const fn dir(self) -> Dir {
        match self {
            Self::English | Self::German => Dir::Ltr,
            Self::Arabic => Dir::Rtl,
        }
    }
}

/// The language and the time zone of a page or a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    pub language: Language,
    pub zone: Zone,
}

impl Locale {
    /// English, and UTC.
    pub const DEFAULT: Self = Self {
        language: Language::English,
        zone: Zone::UTC,
    };

    /// Returns the locale that settings name, each with its default for a name that is unknown.
    pub fn named(language: &str, zone: &str) -> Self {
        Self {
            language: Language::named(language),
            zone: Zone::named(zone).unwrap_or(Zone::UTC),
        }
    }

    /// What a ticked box says.
    pub const fn yes(self) -> &'static str {
        translate!("Yes").in_language(self.language)
    }

    /// What an empty box says.
    pub const fn no(self) -> &'static str {
        translate!("No").in_language(self.language)
    }

    /// The same, for pages that are in English only.
    #[must_use]
    pub const fn in_english(self) -> Self {
        Self {
            language: Language::English,
            ..self
        }
    }
}

/// A text in every language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    pub english: &'static str,
    pub german: &'static str,
    pub arabic: &'static str,
}

impl Text {
    pub(crate) const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::German => self.german,
            Language::Arabic => self.arabic,
        }
    }
}

/// Puts values into a text's places, written `{name}`. What a value holds is never read as a place.
pub(crate) fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or(("", part));
        if let Some((_, value)) = values.iter().find(|(other, _)| *other == name) {
            out.push_str(&value.to_string());
        }
        out.push_str(rest);
    }
    out
}

/// Parts a text at its only place, so that markup can go there.
pub(crate) fn around(text: &'static str) -> (&'static str, &'static str) {
    let (before, rest) = text.split_once('{').unwrap_or((text, ""));
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    (before, after)
}

/// Parts a text at its only two places, in the order in which they stand.
pub(crate) fn around_two(text: &'static str) -> (&'static str, &'static str, &'static str) {
    let (before, rest) = around(text);
    let (between, after) = around(rest);
    (before, between, after)
}

/// A text in the language of a shell or a letterhead, its places filled with `name = value`.
macro_rules! say {
    ($frame:expr, $text:tt) => {
        translate!($text).in_language($frame.locale.language)
    };
    ($frame:expr, $text:tt, $($name:ident = $value:expr),+) => {
        $crate::locale::filled(
            say!($frame, $text),
            &[$((stringify!($name), &$value)),+],
        )
    };
}

/// What stands before and after the only place of a text, for a value with markup of its own.
macro_rules! say_around {
    ($frame:expr, $text:tt) => {
        $crate::locale::around(say!($frame, $text))
    };
}

/// What stands before, between and after the only two places of a text, which stand in one order in every language.
macro_rules! say_around_two {
    ($frame:expr, $text:tt) => {
        $crate::locale::around_two(say!($frame, $text))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_read_as_a_place() {
        let text = filled("{a} and {b}", &[("a", &"{b}"), ("b", &"<b>")]);
        assert_eq!(text, "{b} and <b>");
        assert_eq!(filled("{c} {", &[]), " ");
    }

    #[test]
    fn a_text_is_parted_at_its_place() {
        assert_eq!(around("You are {email}."), ("You are ", "."));
        assert_eq!(around("no place"), ("no place", ""));
        assert_eq!(around_two("{a} or {b}"), ("", " or ", ""));
    }

    #[test]
    fn an_unknown_language_is_english_and_an_unknown_zone_utc() {
        for language in Language::ALL {
            assert_eq!(Language::named(language.tag()), language);
        }
        assert_eq!(Locale::named("tlh", "Mars/Olympus"), Locale::DEFAULT);
        assert_eq!(Locale::named("de", "").language, Language::German);
    }
}
