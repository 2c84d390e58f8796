//! Days and times as forms and programs write them.

use chrono::DateTime;
use tenancy::Timestamp;
use zone::Zone;

/// What clocks show where a form is filled in.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// The current time.
    pub now: Timestamp,
    /// The zone that times are in which name none.
    pub zone: Zone,
}

impl From<Timestamp> for Clocks {
    /// Clocks that show UTC.
    fn from(now: Timestamp) -> Self {
        let zone = Zone::UTC;
        Self { now, zone }
    }
}

impl Clocks {
    /// Reads a day and a time: when it is, and what the clocks show then, as if that were UTC.
    /// Programs may write the seconds of the epoch.
    pub(super) fn read(&self, typed: &str) -> Option<(i64, i64)> {
        let epoch = || typed.parse::<i64>().ok().filter(|it| it.abs() < 1 << 38);
        let at = moment_in(&self.zone, typed).or_else(|| epoch().map(|seconds| seconds * 1000))?;
        Some((at, self.shown(at)))
    }

    /// What they show at a moment, as if that were UTC.
    pub(super) fn shown(&self, at: i64) -> i64 {
        self.zone.local(at).at.and_utc().timestamp_millis()
    }
}

const DAY: i64 = 24 * 60 * 60 * 1000;

/// What an offset begins with, behind a time of day.
const OFFSETS: [char; 4] = ['Z', 'z', '+', '-'];

/// Reads `2026-11-21`, `2026-11-21T09:30`, with seconds, and with `Z` or `+01:00` behind, as
/// milliseconds of the epoch; without a zone as UTC.
pub fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    let (day, time) = match text.split_once(['T', 't', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    Some(midnight(day)? + time.map_or(Some(0), time_of_day)?)
}

/// The same; a text without an offset is as clocks of this zone show it.
pub fn moment_in(zone: &Zone, text: &str) -> Option<i64> {
    let at = moment(text)?;
    let time = text.trim().split_once(['T', 't', ' ']);
    if time.is_some_and(|(_, time)| time.contains(OFFSETS)) {
        return Some(at);
    }
    Some(zone.moment(DateTime::from_timestamp_millis(at)?.naive_utc()))
}

fn midnight(day: &str) -> Option<i64> {
    let (year, rest) = day.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let is_day = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    (is_day && year > 0).then(|| days(year, month, day) * DAY)
}

fn time_of_day(time: &str) -> Option<i64> {
    let zone = time.find(OFFSETS);
    let (clock, zone) = time.split_at(zone.unwrap_or(time.len()));
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |part| {
        number(part.split('.').next().unwrap_or(part), 2)
    })?;
    let is_time = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    is_time.then_some(())?;
    Some(((hour * 60 + minute) * 60 + second) * 1000 - offset(zone)?)
}

fn offset(zone: &str) -> Option<i64> {
    let mut letters = zone.chars();
    let sign = match letters.next() {
        None => return Some(0),
        Some('Z' | 'z') => return letters.next().is_none().then_some(0),
        Some('+') => 1,
        Some(_) => -1,
    };
    let (hours, minutes) = letters.as_str().split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

fn number(digits: &str, length: usize) -> Option<i64> {
    let is_whole = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then(|| digits.parse().ok()).flatten()
}

fn length(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1 January 1970, counting years from March so that a leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Writes a moment as `2026-11-21T09:30`, or without the time of day.
pub fn day_and_time(moment: i64, has_time: bool) -> String {
    let (days, rest) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * march + 2) / 5 + 1, (march + 2) % 12 + 1);
    let year = year + era * 400 + i64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if has_time {
        let minutes = rest / 60_000;
        format!("{date}T{:02}:{:02}", minutes / 60, minutes % 60)
    } else {
        date
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_and_times_are_read_as_people_and_programs_write_them() {
        assert_eq!(moment("1970-01-01"), Some(0));
        assert_eq!(moment("2026-11-21T09:00"), Some(1_795_251_600_000));
        assert_eq!(
            moment("2026-11-21T10:00:00.000+01:00"),
            Some(1_795_251_600_000)
        );
        assert_eq!(moment("2026-11-21 09:00:00Z"), Some(1_795_251_600_000));
        assert_eq!(moment("2024-02-29"), Some(1_709_164_800_000));
        for wrong in [
            "",
            "2026",
            "2026-13-01",
            "2025-02-29",
            "2026-1-1",
            "0000-01-01",
            "2026-11-21T24:00",
            "2026-11-21T09",
            "2026-11-21T09:00+1",
            "2026-11-21T09:00:00:00",
            "٢٠٢٦-11-21",
            "-1-1-1",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_without_an_offset_is_what_clocks_show() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let nine = moment("2026-11-21T09:00");
        for text in [
            "2026-11-21T10:00",
            "2026-11-21 10:00",
            "2026-11-21T09:00Z",
            "2026-11-21T11:00+02:00",
        ] {
            assert_eq!(moment_in(&berlin, text), nine, "{text}");
        }
        assert_eq!(moment_in(&berlin, "2026-11-21"), moment("2026-11-20T23:00"));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in ".{0,40}") {
            moment(&text);
        }

        #[test]
        fn what_is_written_is_read_again(minutes in -1_000_000_000i64..4_000_000_000) {
            let at = minutes * 60_000;
            let written = day_and_time(at, true);
            if !written.starts_with('-') {
                prop_assert_eq!(moment(&written), Some(at));
            }
        }
    }
}
