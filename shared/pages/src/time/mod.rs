//! Moments as pages show them: absolute in the page's time zone, and relative to the time of the request.

mod words;

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike, Utc};

use crate::locale::{Locale, filled};

/// A point in time, in epoch milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How far apart two moments are, in the largest unit that still says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Distance {
    /// Less than a minute.
    None,
    Minutes(i64),
    Hours(i64),
    Days(i64),
    /// A year or more: the date says more than a count of days.
    Long,
}

impl Moment {
    /// Returns the value for `<time datetime>`, which is in UTC whatever the page shows.
    pub fn iso(self) -> Iso {
        Iso(DateTime::from_timestamp_millis(self.0).unwrap_or_default())
    }

    /// Returns how far this moment is from now, in either direction.
    const fn distance(self, now: Self) -> Distance {
        let span = self.0.saturating_sub(now.0).saturating_abs();
        match span {
            ..MINUTE => Distance::None,
            MINUTE..HOUR => Distance::Minutes(span / MINUTE),
            HOUR..DAY => Distance::Hours(span / HOUR),
            DAY.. if span < 365 * DAY => Distance::Days(span / DAY),
            _ => Distance::Long,
        }
    }
}

impl Locale {
    /// Returns the date, as `21 Nov 2026`.
    pub fn date(&self, at: &Moment) -> String {
        let words = words::of(self.language);
        let day = self.zone.local(at.0).at;
        let (month, year) = (words.month(&day), day.year());
        let places: Places<'_> = &[("day", &day.day()), ("month", &month), ("year", &year)];
        filled(words.date, places)
    }

    /// Returns the date, the time of day and the zone, as `21 Nov 2026, 14:05 UTC`.
    pub fn moment(&self, at: &Moment) -> String {
        let local = self.zone.local(at.0);
        let (date, clock) = (self.date(at), Clock(local.at));
        let places: Places<'_> = &[("date", &date), ("clock", &clock), ("zone", &local.label)];
        filled(words::of(self.language).moment, places)
    }

    /// Returns the day and the time of day, as `21 Nov, 14:05`: for dense places, where the year is left to the
    /// reader and the zone to the page.
    pub fn short(&self, at: &Moment) -> String {
        let words = words::of(self.language);
        let local = self.zone.local(at.0).at;
        let (month, clock) = (words.month(&local), Clock(local));
        let places: Places<'_> = &[("day", &local.day()), ("month", &month), ("clock", &clock)];
        filled(words.short, places)
    }

    /// Returns how far a moment is from now, as `3 days`.
    pub fn span(&self, at: &Moment, now: &Moment) -> String {
        let words = words::of(self.language);
        words.length(at.distance(*now), &words.days)
    }

    /// Returns when it is as seen from now, as `3 days ago`; as a date, where that says more.
    pub fn relative(&self, at: &Moment, now: &Moment) -> String {
        let words = words::of(self.language);
        let distance = at.distance(*now);
        let pattern = match distance {
            Distance::None => return words.just_now.to_owned(),
            Distance::Long => return self.date(at),
            _ if at < now => words.past,
            _ => words.future,
        };
        let span = words.length(distance, &words.days_off);
        filled(pattern, &[("span", &span)])
    }
}

type Places<'a> = &'a [(&'a str, &'a dyn fmt::Display)];

/// A moment in the form `2026-11-21T14:05:00Z`.
#[derive(Debug, Clone, Copy)]
pub struct Iso(DateTime<Utc>);

impl fmt::Display for Iso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.0;
        write!(f, "{:04}-{:02}-{:02}T", at.year(), at.month(), at.day())?;
        write!(f, "{:02}:{:02}:{:02}Z", at.hour(), at.minute(), at.second())
    }
}

/// A time of day with two digits each, as `14:05`.
struct Clock(NaiveDateTime);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

#[cfg(test)]
impl Moment {
    /// The time of every sample's request.
    pub(crate) const NOON: Self = Self(1_795_262_400_000);

    pub(crate) const fn minutes_from_noon(minutes: i64) -> Self {
        Self(Self::NOON.0 + minutes * MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment::NOON;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(NOON.iso().to_string(), "2026-11-21T12:00:00Z");
        let english = Locale::DEFAULT;
        assert_eq!(english.moment(&NOON), "21 Nov 2026, 12:00 UTC");
        assert_eq!(
            english.short(&Moment(NOON.0 + 65 * MINUTE)),
            "21 Nov, 13:05"
        );
    }

    #[test]
    fn a_moment_shows_in_the_zone_and_the_language_of_the_page() {
        let german = Locale::named("de", "Europe/Berlin");
        assert_eq!(german.moment(&NOON), "21. Nov. 2026, 13:00 CET");
        let arabic = Locale::named("ar", "Asia/Dubai");
        assert_eq!(arabic.moment(&NOON), "21 نوفمبر 2026، 16:00 +04");
        // The day is the zone's too.
        let tokyo = Locale::named("en", "Asia/Tokyo");
        assert_eq!(tokyo.short(&Moment(NOON.0 + 3 * HOUR)), "22 Nov, 00:00");
    }

    #[test]
    fn a_distance_is_said_in_the_plural_of_the_language() {
        let check = |language, days: i64, expected: &str| {
            let at = Moment(NOON.0 - days * DAY);
            let locale = Locale::named(language, "UTC");
            assert_eq!(locale.relative(&at, &NOON), expected);
        };
        check("en", 1, "1 day ago");
        check("en", 11, "11 days ago");
        check("en", -2, "in 2 days");
        check("de", 1, "vor 1 Tag");
        check("de", 3, "vor 3 Tagen");
        check("ar", 1, "قبل يوم واحد");
        check("ar", 2, "قبل يومين");
        check("ar", 10, "قبل 10 أيام");
        check("ar", -11, "خلال 11 يومًا");
        check("ar", 100, "قبل 100 يوم");
        check("de", 400, "17. Okt. 2025");
        let german = Locale::named("de", "UTC");
        assert_eq!(german.span(&Moment(NOON.0 - 3 * DAY), &NOON), "3 Tage");
        assert_eq!(german.relative(&NOON, &NOON), "gerade eben");
    }

    #[test]
    fn a_distance_uses_the_largest_unit_that_fits_and_looks_both_ways() {
        let cases = [
            (0, Distance::None),
            (59_999, Distance::None),
            (-MINUTE, Distance::Minutes(1)),
            (HOUR - 1, Distance::Minutes(59)),
            (-HOUR, Distance::Hours(1)),
            (DAY, Distance::Days(1)),
            (-40 * DAY, Distance::Days(40)),
            (365 * DAY, Distance::Long),
        ];
        for (offset, expected) in cases {
            assert_eq!(
                Moment(NOON.0 + offset).distance(NOON),
                expected,
                "{offset} ms away"
            );
        }
    }

    #[test]
    fn a_value_outside_the_calendar_does_not_break_the_page() {
        assert_eq!(Moment(i64::MAX).iso().to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Moment(i64::MIN).distance(Moment(i64::MAX)), Distance::Long);
    }
}
