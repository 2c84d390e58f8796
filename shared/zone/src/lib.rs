//! Time zones: what clocks show somewhere at a moment.
//!
//! `zones.txt` has the rule that each zone of the tz database (2026f, public domain) follows from
//! now on, one line a rule: the label and offset of standard time, those of summer time with the
//! days it begins and ends on (month, week, weekday, minutes after midnight), then the zones that
//! follow it; offsets in minutes. Times before a zone's last change of rules show as if the rule
//! had held then, and Ramadan time is left out: the price of a table of 4 kB where the
//! whole history takes twenty times that in each function. The tests hold it against jiff.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

static TABLE: &str = include_str!("zones.txt");

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    standard: Offset,
    summer: Option<Summer>,
}

/// How far clocks are from UTC, and what people call that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    minutes: i32,
    /// A name as `CET`, or the offset itself as `+03` where it has no name.
    pub label: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Summer {
    offset: Offset,
    begins: Change,
    ends: Change,
}

/// A day of every year on which clocks change, told by the clock that shows until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    month: u32,
    /// 5 is the last one of the month.
    week: u8,
    weekday: Weekday,
    /// After midnight; may be before it, or days after it.
    minutes: i64,
}

/// What clocks show: the date and time, and the offset's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The date and time of day.
    pub at: NaiveDateTime,
    /// A name as `CEST`, or the offset itself as `+03` where it has no name.
    pub label: &'static str,
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self {
        standard: Offset {
            minutes: 0,
            label: "UTC",
        },
        summer: None,
    };

    /// The zone with a name of the tz database, as `Europe/Berlin` or `UTC`.
    pub fn named(name: &str) -> Option<Self> {
        if name == "UTC" {
            return Some(Self::UTC);
        }
        let line = rules().find(|(_, names)| names.split(' ').any(|other| other == name));
        line.and_then(|(rule, _)| Self::of_rule(rule))
    }

    /// The names of all zones, in order.
    pub fn names() -> Vec<&'static str> {
        let mut names: Vec<_> = rules().flat_map(|(_, names)| names.split(' ')).collect();
        names.sort_unstable();
        names
    }

    /// What clocks show at a moment, given in milliseconds since 1970. A moment outside the
    /// calendar shows as its beginning: a wrong date is better than no page.
    pub fn local(&self, milliseconds: i64) -> Local {
        let utc = DateTime::from_timestamp_millis(milliseconds).unwrap_or_default();
        let offset = self.offset_at(utc.naive_utc());
        Local {
            at: offset.local(utc.naive_utc()),
            label: offset.label,
        }
    }

    /// When clocks first show a date and time, in milliseconds since 1970; where they skip it, the
    /// moment that comes as long after as it would have.
    pub fn moment(&self, shown: NaiveDateTime) -> i64 {
        let read_with = |offset: Offset| shown.checked_sub_signed(offset.delta()).unwrap_or(shown);
        let standard = read_with(self.standard);
        let summer = self
            .summer
            .map_or(standard, |summer| read_with(summer.offset));
        let (early, late) = (standard.min(summer), standard.max(summer));
        let is_early = self.offset_at(early).local(early) == shown;
        let utc = if is_early { early } else { late };
        utc.and_utc().timestamp_millis()
    }

    fn offset_at(&self, utc: NaiveDateTime) -> Offset {
        let Some(summer) = self.summer else {
            return self.standard;
        };
        let year = self.standard.local(utc).year();
        let begins = summer.begins.moment(year, self.standard);
        let ends = summer.ends.moment(year, summer.offset);
        let is_summer = if begins < ends {
            begins <= utc && utc < ends
        } else {
            // South of the equator summer goes on over the new year.
            utc < ends || begins <= utc
        };
        if is_summer {
            summer.offset
        } else {
            self.standard
        }
    }

    fn of_rule(rule: &'static str) -> Option<Self> {
        let mut words = rule.split(' ');
        let standard = Offset::of_words(&mut words)?;
        let summer = Offset::of_words(&mut words).and_then(|offset| {
            Some(Summer {
                offset,
                begins: Change::of_words(&mut words)?,
                ends: Change::of_words(&mut words)?,
            })
        });
        Some(Self { standard, summer })
    }
}

/// The rules, each with the names of its zones.
fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| line.split_once(" = "))
}

impl Offset {
    fn of_words(words: &mut impl Iterator<Item = &'static str>) -> Option<Self> {
        let label = words.next()?;
        let minutes = words.next()?.parse().ok()?;
        Some(Self { minutes, label })
    }

    fn delta(self) -> TimeDelta {
        TimeDelta::minutes(self.minutes.into())
    }

    fn local(self, utc: NaiveDateTime) -> NaiveDateTime {
        utc.checked_add_signed(self.delta()).unwrap_or(utc)
    }
}

impl Change {
    fn of_words(words: &mut impl Iterator<Item = &'static str>) -> Option<Self> {
        let month = words.next()?.parse().ok()?;
        let week = words.next()?.parse().ok()?;
        let after_sunday: u8 = words.next()?.parse().ok()?;
        let minutes = words.next()?.parse().ok()?;
        // chrono counts the days of the week from Monday.
        let weekday = Weekday::try_from((after_sunday + 6) % 7).ok()?;
        Some(Self {
            month,
            week,
            weekday,
            minutes,
        })
    }

    /// When the clocks change in a year, in UTC.
    fn moment(self, year: i32, before: Offset) -> NaiveDateTime {
        let day = |week| NaiveDate::from_weekday_of_month_opt(year, self.month, self.weekday, week);
        let day = day(self.week).or_else(|| day(4)).unwrap_or_default();
        day.and_time(NaiveTime::MIN) + TimeDelta::minutes(self.minutes) - before.delta()
    }
}

#[cfg(test)]
mod tests;
