//! What the pages of a queue cost in a large tenant, in rows read per round trip:
//! `cargo run --profile tool -p bench`, or with other numbers
//! `cargo run --profile tool -p bench -- REALMS TICKETS`.
//!
//! The tenant is made so that sights are as hard as they come: each quarter of its tree has only
//! tickets that are newer than all those of the quarters before it.

#![expect(
    clippy::expect_used,
    reason = "a measurement ends where its world breaks"
)]

mod meter;
mod tenant;

use std::time::Instant;

use desk::queue::{self, Listing, Page, Queue, QueueTicket, Turn};
use realmdesk_tests::{World, task};
use tenancy::sight::Standing;
use tenancy::{Id, Scope, Sight, Table};

use crate::tenant::Large;

/// Whom to ask for a page: what they see, and where from.
const VIEWERS: [(&str, Sees); 10] = [
    ("1 grant", Sees::Some(1)),
    ("50 grants", Sees::Some(50)),
    ("500 grants", Sees::Some(500)),
    ("the oldest quarter", Sees::Quarters(&[0])),
    ("the newest quarter", Sees::Quarters(&[3])),
    ("the older half", Sees::Quarters(&[0, 1])),
    ("the newer half", Sees::Quarters(&[2, 3])),
    ("all but the newest quarter", Sees::Quarters(&[0, 1, 2])),
    ("all with 1,000 restrictions", Sees::Holes),
    ("everything", Sees::Quarters(&[0, 1, 2, 3])),
];

/// What a viewer sees.
#[derive(Clone, Copy)]
pub(crate) enum Sees {
    /// So many realms of the oldest quarter, each with all below it.
    Some(usize),
    /// Whole quarters.
    Quarters(&'static [usize]),
    /// Everything, with a thousand realms closed.
    Holes,
}

#[expect(clippy::print_stdout, reason = "it is what the tool is for")]
fn main() {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse());
    let mut next = |default| numbers.next().and_then(Result::ok).unwrap_or(default);
    let started = Instant::now();
    let large = Large::new(next(10_000), next(1_000_000));
    let (realms, tickets) = (large.realms, large.tickets);
    println!(
        "{realms} realms, {tickets} tickets, made in {:.0?}\n",
        started.elapsed()
    );
    println!(
        "| sight | realms in spans | queue | first page | 2nd | 1st from 2nd | counts | standing |"
    );
    println!("| --- | --: | --- | --: | --: | --: | --: | --: |");
    for (name, sees) in VIEWERS {
        large.stand(sees);
        for queue in Queue::ALL {
            println!("| {name} {}", row(&large, queue));
        }
    }
}

fn row(large: &Large, queue: Queue) -> String {
    let world = &large.world;
    let scope = world.inside("acme");
    let (standing, of_standing) = cost(world, || {
        let found = task::run(scope.read(Standing::of_agent(&scope, &large.viewer)));
        found.expect("it is read").expect("the viewer is there")
    });
    let sight = standing.sight(Table::Ticket);
    let read = |turn| page(&scope, &sight, queue, turn);
    let (first, of_first) = cost(world, || read(Turn::First));
    let (second, of_second) = from(world, first.tickets.last(), Turn::OlderThan, read);
    let second = second.as_ref().and_then(|page| page.tickets.first());
    let (_, of_back) = from(world, second, Turn::NewerThan, read);
    let (_, of_counts) = cost(world, || {
        task::run(scope.read((queue::counts(&scope, &sight),))).expect("it is read")
    });
    let (slug, spans) = (queue.slug(), sight.to_json().matches("],[").count() + 1);
    let realms = large.count(&sight);
    format!(
        "| {realms} in {spans} | {slug} | {of_first} | {of_second} | {of_back} | {of_counts} | {of_standing} |"
    )
}

fn page(scope: &Scope, sight: &Sight, queue: Queue, turn: Turn) -> Page {
    let listing = Listing { queue, turn };
    let (found,) =
        task::run(scope.read((queue::page(scope, sight, &listing),))).expect("it is read");
    Page::new(&listing.turn, found)
}

/// Goes on from a page, if there is a ticket to go on from.
fn from(
    world: &World,
    ticket: Option<&QueueTicket>,
    turn: fn(Id) -> Turn,
    read: impl FnOnce(Turn) -> Page,
) -> (Option<Page>, String) {
    match ticket {
        Some(ticket) => {
            let (page, cost) = cost(world, || read(turn(ticket.id.clone())));
            (Some(page), cost)
        }
        None => (None, "-".to_owned()),
    }
}

/// Runs something, and tells the rows it read and how long it took.
fn cost<T>(world: &World, run: impl FnOnce() -> T) -> (T, String) {
    meter::reset(world);
    world.meter.take_trips();
    let started = Instant::now();
    let output = run();
    let elapsed = started.elapsed();
    assert_eq!(world.meter.take_trips(), 1, "one round trip");
    let rows = meter::rows_read(world);
    (output, format!("{rows} ({elapsed:.1?})"))
}
