//! The periods that queues of closed tickets are about, as the calendar of a place has them.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use tenancy::Timestamp;
use zone::Zone;

/// A period that ends today or yesterday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Since midnight.
    Today,
    /// The day before.
    Yesterday,
    /// Since Monday.
    Week,
    /// Since the first of the month.
    Month,
    /// Since the first of January, April, July or October.
    Quarter,
    /// Since the first of January.
    Year,
}

impl Period {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Today,
        Self::Yesterday,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Today => "closed-today",
            Self::Yesterday => "closed-yesterday",
            Self::Week => "closed-this-week",
            Self::Month => "closed-this-month",
            Self::Quarter => "closed-this-quarter",
            Self::Year => "closed-this-year",
        }
    }

    /// Whether it still goes on.
    pub(super) fn goes_on(self) -> bool {
        self != Self::Yesterday
    }

    /// Its first day.
    fn begins(self, today: NaiveDate) -> NaiveDate {
        let back = |days: u32| today.checked_sub_days(Days::new(days.into()));
        let first_of = |month| today.with_day(1).and_then(|day| day.with_month(month));
        let begins = match self {
            Self::Today => Some(today),
            Self::Yesterday => back(1),
            Self::Week => back(today.weekday().num_days_from_monday()),
            Self::Month => first_of(today.month()),
            Self::Quarter => first_of(today.month0() / 3 * 3 + 1),
            Self::Year => first_of(1),
        };
        begins.unwrap_or(today)
    }

    /// The day behind its last.
    fn ends(self, today: NaiveDate) -> NaiveDate {
        let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
        if self.goes_on() { tomorrow } else { today }
    }
}

/// A moment, and the place whose clocks tell which day that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The moment.
    pub now: Timestamp,
    /// The place.
    pub zone: Zone,
}

impl Calendar {
    /// When a period begins, and when it is over.
    pub fn span(&self, period: Period) -> (Timestamp, Timestamp) {
        let today = self.zone.local(self.now.0).at.date();
        (
            self.midnight(period.begins(today)),
            self.midnight(period.ends(today)),
        )
    }

    /// When the first of all periods begins.
    pub fn earliest(&self) -> Timestamp {
        let begins = Period::ALL.map(|period| self.span(period).0);
        begins.into_iter().min().unwrap_or(self.now)
    }

    fn midnight(&self, day: NaiveDate) -> Timestamp {
        Timestamp(self.zone.moment(day.and_time(NaiveTime::MIN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The period as clocks in UTC show its ends.
    fn span(now: &str, zone: &str, period: Period) -> String {
        let now = chrono::DateTime::parse_from_rfc3339(now).unwrap();
        let calendar = Calendar {
            now: Timestamp(now.timestamp_millis()),
            zone: Zone::named(zone).unwrap(),
        };
        let (from, to) = calendar.span(period);
        let shown = |at: Timestamp| Zone::UTC.local(at.0).at.format("%Y-%m-%d %H:%M");
        format!("{} to {}", shown(from), shown(to))
    }

    #[test]
    fn periods_begin_where_the_calendar_says() {
        // A Wednesday.
        let check =
            |period, expected| assert_eq!(span("2026-05-20T15:00:00Z", "UTC", period), expected);
        check(Period::Today, "2026-05-20 00:00 to 2026-05-21 00:00");
        check(Period::Yesterday, "2026-05-19 00:00 to 2026-05-20 00:00");
        check(Period::Week, "2026-05-18 00:00 to 2026-05-21 00:00");
        check(Period::Month, "2026-05-01 00:00 to 2026-05-21 00:00");
        check(Period::Quarter, "2026-04-01 00:00 to 2026-05-21 00:00");
        check(Period::Year, "2026-01-01 00:00 to 2026-05-21 00:00");
    }

    #[test]
    fn the_last_days_of_months_begin_months_too() {
        let month = |now| span(now, "UTC", Period::Month);
        assert_eq!(
            month("2028-02-29T12:00:00Z"),
            "2028-02-01 00:00 to 2028-03-01 00:00"
        );
        let quarter = |now| span(now, "UTC", Period::Quarter);
        assert_eq!(
            quarter("2026-12-31T12:00:00Z"),
            "2026-10-01 00:00 to 2027-01-01 00:00"
        );
        assert_eq!(
            quarter("2026-05-31T12:00:00Z"),
            "2026-04-01 00:00 to 2026-06-01 00:00"
        );
    }

    #[test]
    fn a_day_is_the_places_own_and_may_have_23_or_25_hours() {
        let today = |now, zone| span(now, zone, Period::Today);
        let berlin = "Europe/Berlin";
        assert_eq!(
            today("2026-03-29T12:00:00Z", berlin),
            "2026-03-28 23:00 to 2026-03-29 22:00"
        );
        assert_eq!(
            today("2026-10-25T12:00:00Z", berlin),
            "2026-10-24 22:00 to 2026-10-25 23:00"
        );
        assert_eq!(
            today("2026-06-30T23:30:00Z", "Asia/Kathmandu"),
            "2026-06-30 18:15 to 2026-07-01 18:15"
        );
    }

    #[test]
    fn the_earliest_period_can_begin_in_the_year_before() {
        let calendar = Calendar {
            // The first of January 2026, a Thursday.
            now: Timestamp(1_767_268_800_000),
            zone: Zone::UTC,
        };
        assert_eq!(calendar.earliest(), calendar.span(Period::Week).0);
        assert!(calendar.earliest() < calendar.span(Period::Year).0);
    }
}
