//! The words around times, in each language. Plurals follow CLDR.

use chrono::{Datelike, NaiveDateTime};

use super::Distance;
use crate::locale::{Language, filled};

/// How one language says when.
pub(super) struct Words {
    months: [&'static str; 12],
    pub date: &'static str,
    pub moment: &'static str,
    pub short: &'static str,
    pub just_now: &'static str,
    pub past: &'static str,
    pub future: &'static str,
    moments: &'static str,
    minutes: &'static str,
    hours: &'static str,
    /// As a length of time.
    pub days: Days,
    /// After `past` or `future`.
    pub days_off: Days,
    long: &'static str,
}

impl Words {
    pub(super) fn month(&self, day: &NaiveDateTime) -> &'static str {
        self.months.get(day.month0() as usize).unwrap_or(&"")
    }

    /// Returns a distance as a length of time.
    pub(super) fn length(&self, distance: Distance, days: &Days) -> String {
        let (pattern, n) = match distance {
            Distance::None => (self.moments, 0),
            Distance::Minutes(n) => (self.minutes, n),
            Distance::Hours(n) => (self.hours, n),
            Distance::Days(n) => (days.form(n), n),
            Distance::Long => (self.long, 0),
        };
        filled(pattern, &[("n", &n)])
    }
}

/// The days by how many they are.
pub(super) struct Days {
    one: &'static str,
    two: &'static str,
    few: &'static str,
    many: &'static str,
    other: &'static str,
}

impl Days {
    const fn of_two(one: &'static str, other: &'static str) -> Self {
        Self {
            one,
            two: other,
            few: other,
            many: other,
            other,
        }
    }

    /// Returns the form for a count, which is never 0. English and German have only two forms, so Arabic's rules do
    /// for all.
    const fn form(&self, count: i64) -> &'static str {
        match (count, count % 100) {
            (1, _) => self.one,
            (2, _) => self.two,
            (_, 3..=10) => self.few,
            (_, 11..=99) => self.many,
            _ => self.other,
        }
    }
}

pub(super) const fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::Arabic => &ARABIC,
    }
}

static ENGLISH: Words = Words {
    months: [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    date: "{day} {month} {year}",
    moment: "{date}, {clock} {zone}",
    short: "{day} {month}, {clock}",
    just_now: "just now",
    past: "{span} ago",
    future: "in {span}",
    moments: "less than a minute",
    minutes: "{n} min",
    hours: "{n} h",
    days: Days::of_two("{n} day", "{n} days"),
    days_off: Days::of_two("{n} day", "{n} days"),
    long: "over a year",
};

static GERMAN: Words = Words {
    months: [
        "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
        "Dez.",
    ],
    date: "{day}. {month} {year}",
    moment: "{date}, {clock} {zone}",
    short: "{day}. {month}, {clock}",
    just_now: "gerade eben",
    past: "vor {span}",
    future: "in {span}",
    moments: "unter einer Minute",
    minutes: "{n} Min.",
    hours: "{n} Std.",
    days: Days::of_two("{n} Tag", "{n} Tage"),
    days_off: Days::of_two("{n} Tag", "{n} Tagen"),
    long: "über ein Jahr",
};

static ARABIC: Words = Words {
    months: [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    date: "{day} {month} {year}",
    moment: "{date}، {clock} {zone}",
    short: "{day} {month}، {clock}",
    just_now: "الآن",
    past: "قبل {span}",
    future: "خلال {span}",
    moments: "أقل من دقيقة",
    minutes: "{n} د",
    hours: "{n} س",
    days: Days {
        one: "يوم واحد",
        two: "يومان",
        few: "{n} أيام",
        many: "{n} يومًا",
        other: "{n} يوم",
    },
    days_off: Days {
        one: "يوم واحد",
        two: "يومين",
        few: "{n} أيام",
        many: "{n} يومًا",
        other: "{n} يوم",
    },
    long: "أكثر من سنة",
};
