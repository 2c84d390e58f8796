use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use proptest::prelude::*;

use super::*;

const MIDSUMMER_2026: i64 = 1_782_000_000_000;

fn shown(name: &str, milliseconds: i64) -> String {
    let local = Zone::named(name).unwrap().local(milliseconds);
    format!("{} {}", local.at, local.label)
}

#[test]
fn a_moment_shows_as_the_clocks_of_the_place_do() {
    let check = |name, expected: &str| assert_eq!(shown(name, MIDSUMMER_2026), expected);
    check("UTC", "2026-06-21 00:00:00 UTC");
    check("Europe/Berlin", "2026-06-21 02:00:00 CEST");
    check("America/St_Johns", "2026-06-20 21:30:00 NDT");
    check("Asia/Kathmandu", "2026-06-21 05:45:00 +0545");
    check("Australia/Sydney", "2026-06-21 10:00:00 AEST");
    check("Pacific/Kiritimati", "2026-06-21 14:00:00 +14");
}

#[test]
fn clocks_change_on_the_second() {
    // 29 March 2026, 01:00 UTC.
    let change = 1_774_746_000_000;
    assert_eq!(
        shown("Europe/Berlin", change - 1_000),
        "2026-03-29 01:59:59 CET"
    );
    assert_eq!(shown("Europe/Berlin", change), "2026-03-29 03:00:00 CEST");
}

#[test]
fn every_zone_of_the_table_has_a_rule_and_nothing_else_is_a_zone() {
    let names = Zone::names();
    assert!(names.len() > 500 && names.is_sorted());
    assert!(names.iter().all(|name| Zone::named(name).is_some()));
    for name in [
        "",
        "Mars/Olympus",
        "Europe",
        "CET",
        "=",
        "europe/berlin",
        "60",
    ] {
        assert_eq!(Zone::named(name), None, "{name}");
    }
}

#[test]
fn a_moment_outside_the_calendar_shows_as_its_beginning() {
    assert_eq!(shown("UTC", i64::MAX), "1970-01-01 00:00:00 UTC");
    assert_eq!(shown("UTC", i64::MIN), "1970-01-01 00:00:00 UTC");
    let first = DateTime::<chrono::Utc>::MIN_UTC.timestamp_millis();
    let last = DateTime::<chrono::Utc>::MAX_UTC.timestamp_millis();
    for zone in ["Europe/Berlin", "Pacific/Niue", "Australia/Sydney"] {
        let zone = Zone::named(zone).unwrap();
        let _shown = (zone.local(first), zone.local(last));
    }
}

/// When clocks show a date and time, as clocks in UTC show it.
fn moment(name: &str, shown: &str) -> String {
    let shown = NaiveDateTime::parse_from_str(shown, "%Y-%m-%d %H:%M").unwrap();
    let moment = Zone::named(name).unwrap().moment(shown);
    Zone::UTC
        .local(moment)
        .at
        .format("%Y-%m-%d %H:%M")
        .to_string()
}

#[test]
fn a_moment_is_found_by_what_clocks_show() {
    let check = |name, shown, expected| assert_eq!(moment(name, shown), expected, "{name} {shown}");
    check("UTC", "2026-06-21 00:00", "2026-06-21 00:00");
    check("Europe/Berlin", "2026-06-21 00:00", "2026-06-20 22:00");
    // Skipped.
    check("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30");
    // Shown twice.
    check("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30");
    // Midnight itself is skipped, shown twice, and left again before it was shown.
    check("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00");
    check("America/Havana", "2026-11-01 00:00", "2026-11-01 04:00");
    check("America/Santiago", "2026-04-05 00:00", "2026-04-05 04:00");
}

const KEEP_RAMADAN: [&str; 4] = [
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Asia/Gaza",
    "Asia/Hebron",
];

/// The zone as jiff knows it, from the database it carries.
fn known(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

proptest! {
    /// From 2027 to 2060, in every zone but those that keep Ramadan, which no rule can tell.
    #[test]
    fn clocks_show_what_jiff_says(
        zone in 0..Zone::names().len(),
        second in 1_798_761_600_i64..2_840_140_800,
    ) {
        let name = Zone::names()[zone];
        prop_assume!(!KEEP_RAMADAN.contains(&name));
        if let Some(theirs) = known(name) {
            let ours = Zone::named(name).unwrap().local(second * 1_000);
            let at = Timestamp::from_second(second).unwrap();
            let theirs = theirs.to_offset_info(at);
            let offset = ours.at.and_utc().timestamp() - second;
            prop_assert_eq!(offset, i64::from(theirs.offset().seconds()), "{}", name);
            prop_assert_eq!(ours.label, theirs.abbreviation(), "{}", name);
        }
    }

    /// Days begin when jiff says.
    #[test]
    fn midnight_is_when_jiff_says(
        zone in 0..Zone::names().len(),
        day in 1_i32..12_000,
    ) {
        let name = Zone::names()[zone];
        prop_assume!(!KEEP_RAMADAN.contains(&name));
        if let Some(theirs) = known(name) {
            let date = jiff::civil::date(2027, 1, 1) + jiff::Span::new().days(day);
            let theirs = theirs.to_ambiguous_zoned(date.at(0, 0, 0, 0)).compatible().unwrap();
            let ours = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()
                + TimeDelta::days(day.into());
            let ours = Zone::named(name).unwrap().moment(ours.and_time(NaiveTime::MIN));
            prop_assert_eq!(ours, theirs.timestamp().as_millisecond(), "{} {}", name, date);
        }
    }
}
