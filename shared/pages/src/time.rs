//! Moments as pages show them: absolute in one time zone, and relative to the time of the request.
//!
//! Only numbers come from here; the words around them stand in `templates/part/time.html`.
//! The time zone is UTC until tenants have one; the clock is the caller's.

use std::fmt;

use chrono::{DateTime, Datelike, Timelike, Utc};

/// A point in time, in epoch milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How far apart two moments are, in the largest unit that still says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// Less than a minute.
    None,
    Minutes(i64),
    Hours(i64),
    Days(i64),
    /// A year or more: the date says more than a count of days.
    Long,
}

impl Moment {
    /// Returns the value for `<time datetime>`.
    pub fn iso(self) -> Iso {
        Iso(self.utc())
    }

    pub fn year(self) -> i32 {
        self.utc().year()
    }

    /// Returns the month, 1 to 12; the templates name it.
    pub fn month(self) -> u32 {
        self.utc().month()
    }

    pub fn day(self) -> u32 {
        self.utc().day()
    }

    /// Returns the time of day as `14:05`.
    pub fn clock(self) -> TimeOfDay {
        let utc = self.utc();
        TimeOfDay {
            hour: utc.hour(),
            minute: utc.minute(),
        }
    }

    /// Returns the label of the time zone in which the other methods answer.
    pub const fn zone(self) -> &'static str {
        "UTC"
    }

    /// Returns how far this moment is from now, in either direction.
    pub const fn distance(self, now: Self) -> Distance {
        let span = self.0.saturating_sub(now.0).saturating_abs();
        match span {
            ..MINUTE => Distance::None,
            MINUTE..HOUR => Distance::Minutes(span / MINUTE),
            HOUR..DAY => Distance::Hours(span / HOUR),
            DAY.. if span < 365 * DAY => Distance::Days(span / DAY),
            _ => Distance::Long,
        }
    }

    pub const fn is_before(self, now: Self) -> bool {
        self.0 < now.0
    }

    /// A value outside the calendar shows as its beginning: a page with a wrong date is better than none.
    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

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

/// A time of day with two digits each.
#[derive(Debug, Clone, Copy)]
pub struct TimeOfDay {
    hour: u32,
    minute: u32,
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
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
        assert_eq!(Moment(NOON.0 + 65 * MINUTE).clock().to_string(), "13:05");
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
