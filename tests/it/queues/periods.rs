//! What was closed when, by the calendar of the realm's time zone.

use realmdesk_tests::{DAY, HOUR, MINUTE, World};
use serde_json::Value;

use super::{ada, listed, open_many, subjects};

const PERIODS: [&str; 6] = [
    "today",
    "yesterday",
    "this-week",
    "this-month",
    "this-quarter",
    "this-year",
];

/// The moment at which tests begin: Saturday, 21 November 2026, 09:00 in UTC.
const BEGINNING: i64 = 1_795_251_600_000;

/// Opens tickets and closes each so many milliseconds before now.
fn close_at(world: &World, ago: &[i64]) {
    let now = world.now().0;
    open_many(world, "acme", ago.len());
    for (place, ago) in ago.iter().enumerate() {
        let at = now - ago;
        world.execute(&format!(
            "UPDATE ticket SET state = 'closed', closed_at = {at} WHERE subject = '{}'",
            place + 1
        ));
    }
}

fn seen(world: &World) -> [String; 6] {
    let mut ada = ada(world);
    PERIODS.map(|period| {
        let queue = format!("closed-{period}");
        let listed = listed(&mut ada, &format!("/queues/{queue}"));
        assert_eq!(
            listed["counts"][&queue],
            subjects(&listed).len(),
            "{period}"
        );
        subjects(&listed).join(" ")
    })
}

fn zone(world: &World, zone: &str) {
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, 'time_zone', '{zone}')
             ON CONFLICT DO UPDATE SET value = excluded.value"
    ));
}

#[test]
fn closed_tickets_are_found_by_when_they_were_closed_the_last_one_first() {
    let world = World::new().tenant("acme");
    assert_eq!(world.now().0 / MINUTE, BEGINNING / MINUTE);
    // Today, yesterday twice, on Monday, on the first, in October, in January and last year.
    close_at(
        &world,
        &[
            HOUR,
            12 * HOUR,
            20 * HOUR,
            5 * DAY,
            20 * DAY,
            40 * DAY,
            300 * DAY,
            340 * DAY,
        ],
    );
    assert_eq!(
        seen(&world),
        [
            "1",
            "2 3",
            "1 2 3 4",
            "1 2 3 4 5",
            "1 2 3 4 5 6",
            "1 2 3 4 5 6 7"
        ]
    );
    let all = listed(&mut ada(&world), "/queues/closed");
    assert_eq!(subjects(&all).len(), 8);
    assert_eq!(all["counts"]["closed-this-year"], 7);
}

#[test]
fn the_first_moment_of_a_day_belongs_to_it_and_the_last_to_the_one_before() {
    let world = World::new().tenant("acme");
    let since_midnight = world.now().0 % DAY;
    close_at(
        &world,
        &[
            since_midnight,
            since_midnight + 1,
            since_midnight + DAY,
            since_midnight + DAY + 1,
        ],
    );
    let [today, yesterday, week, ..] = seen(&world);
    assert_eq!((&*today, &*yesterday, &*week), ("1", "2 3", "1 2 3 4"));
}

#[test]
fn days_are_those_of_the_realms_time_zone() {
    let world = World::new().tenant("acme");
    // 22:30 and 23:30 of the day before in UTC.
    let since_midnight = world.now().0 % DAY;
    close_at(
        &world,
        &[since_midnight + 90 * MINUTE, since_midnight + 30 * MINUTE],
    );
    let days = |name: &str| {
        zone(&world, name);
        let [today, yesterday, ..] = seen(&world);
        (today, yesterday)
    };
    let are = |today: &str, yesterday: &str| (today.to_owned(), yesterday.to_owned());
    assert_eq!(days("UTC"), are("", "2 1"));
    assert_eq!(days("Europe/Berlin"), are("2", "1"));
    assert_eq!(days("Asia/Kolkata"), are("2 1", ""));
    // There it is two o'clock in the night.
    assert_eq!(days("America/Denver"), are("", "2 1"));
    // And there still the day before.
    assert_eq!(days("Pacific/Honolulu"), are("2 1", ""));
}

#[test]
fn a_day_on_which_clocks_change_has_another_length() {
    let world = World::new().tenant("acme");
    zone(&world, "Europe/Berlin");
    // Noon of Sunday, 28 March 2027, which begins at 23:00 and ends at 22:00 in UTC.
    let noon = 1_806_228_000_000;
    world.turn(noon - world.now().0);
    close_at(&world, &[11 * HOUR - MINUTE, 11 * HOUR + MINUTE]);
    let [today, yesterday, ..] = seen(&world);
    assert_eq!((&*today, &*yesterday), ("1", "2"));
    world.turn(12 * HOUR - MINUTE);
    assert_eq!(seen(&world)[0], "1", "23:59 by summer time");
    world.turn(2 * MINUTE);
    let [today, yesterday, ..] = seen(&world);
    assert_eq!((&*today, &*yesterday), ("", "1"));
}

#[test]
fn a_period_is_paged_by_when_tickets_were_closed() {
    let world = World::new().tenant("acme");
    // In another order than they were opened in.
    let ago: Vec<i64> = (0..60).map(|ticket| (ticket * 7 % 60) * MINUTE).collect();
    close_at(&world, &ago);
    let mut expected: Vec<(i64, String)> = ago
        .iter()
        .zip(1..)
        .map(|(ago, ticket)| (*ago, format!("{ticket}")))
        .collect();
    expected.sort();
    let mut ada = ada(&world);
    let first = listed(&mut ada, "/queues/closed-today");
    let older = |page: &Value| page["older"].as_str().unwrap().to_owned();
    let second = listed(&mut ada, &older(&first));
    let third = listed(&mut ada, &older(&second));
    let pages = [&first, &second, &third];
    let all: Vec<&str> = pages.into_iter().flat_map(subjects).collect();
    let expected: Vec<&str> = expected.iter().map(|(_, ticket)| &**ticket).collect();
    assert_eq!((all, &third["older"]), (expected, &Value::Null));
    let back = listed(&mut ada, third["newer"].as_str().unwrap());
    assert_eq!(subjects(&back), subjects(&second));

    // A link of yesterday's leads to no ticket of today's.
    let link = older(&first);
    world.turn(DAY);
    let mut ada = super::ada(&world);
    assert_eq!(subjects(&listed(&mut ada, &link)), [""; 0]);
    let yesterday = listed(&mut ada, "/queues/closed-yesterday");
    assert_eq!(subjects(&yesterday), subjects(&first));
}

#[test]
fn more_than_99_are_not_counted() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 101);
    let now = world.now().0;
    let close = |closed: usize, ago: i64| {
        world.execute(&format!(
            "UPDATE ticket SET state = 'closed', closed_at = {}
              WHERE state = 'open' AND CAST(subject AS INTEGER) <= {closed}",
            now - ago
        ));
    };
    let shown = |world: &World| {
        let page = ada(world).get("/queues/closed-today");
        ["99+", "count\">99<"].map(|count| page.text().contains(count))
    };
    close(99, HOUR);
    assert_eq!(shown(&world), [false, true]);
    close(100, 20 * DAY);
    assert_eq!(shown(&world), [true, true], "of the month there are more");
    close(101, HOUR);
    assert_eq!(shown(&world), [true, false]);
}

#[test]
fn periods_are_counted_and_shown_beside_closed_queues_only() {
    let world = World::new().tenant("acme");
    let mut ada = ada(&world);
    for (queue, is_shown) in [
        ("open", false),
        ("mine", false),
        ("closed", true),
        ("closed-today", true),
    ] {
        let path = format!("/queues/{queue}");
        let listed = listed(&mut ada, &path);
        assert_eq!(
            listed["counts"]["closed-today"].is_number(),
            is_shown,
            "{queue}"
        );
        let page = ada.get(&path);
        assert_eq!(page.text().contains("This Quarter"), is_shown, "{queue}");
    }
}
