//! `bench tenancy [REALMS TICKETS]`: what the pages of a queue cost in one large tenant, in rows
//! read per round trip.
//!
//! The tenant is made so that sights are as hard as they come: each quarter of its tree has only
//! tickets that are newer than all those of the quarters before it.

mod tenant;

use std::time::Instant;

use desk::queue::{self, Calendar, Listing, Page, Place, Queue, QueueTicket, Sort, Turn, Viewer};
use realmdesk_tests::{World, task};
use serde_json::Value;
use tenancy::scope::And;
use tenancy::sight::Standing;
use tenancy::{Scope, Sight, Table};

use crate::Outcome;
use crate::counts::meter;
use crate::table::Table as Results;
use crate::tenancy::tenant::Large;

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

/// The figures of a queue, each in rows and in microseconds.
const HEAD: [&str; 15] = [
    "sight",
    "realms",
    "spans",
    "queue",
    "sort",
    "first page",
    "second page",
    "back to the first",
    "counters",
    "standing",
    "µs first",
    "µs second",
    "µs back",
    "µs counters",
    "µs standing",
];

#[expect(clippy::print_stdout, reason = "it is what the tool is for")]
pub(crate) fn command(mut args: lexopt::Parser) -> Outcome {
    let mut numbers = args
        .raw_args()?
        .map(|number| number.to_string_lossy().parse());
    let mut next = |default| numbers.next().and_then(Result::ok).unwrap_or(default);
    let started = Instant::now();
    let large = Large::new(next(10_000), next(1_000_000))?;
    let (realms, tickets) = (large.realms, large.tickets);
    println!(
        "{realms} realms, {tickets} tickets, made in {:.0?}",
        started.elapsed()
    );
    let mut table = Results::new("tenancy", &HEAD);
    for (name, sees) in VIEWERS {
        large.stand(sees);
        for queue in Queue::ALL {
            for sort in queue.sorts() {
                table.rows.push(row(&large, name, queue, *sort)?);
            }
        }
    }
    table.publish()
}

fn row(large: &Large, name: &str, queue: Queue, sort: Sort) -> Outcome<Vec<Value>> {
    let world = &large.world;
    let scope = world.inside("acme");
    let (standing, of_standing) = cost(world, || {
        task::run(scope.read(Standing::of_agent(&scope, &large.viewer)))
    });
    let sight = standing?.ok_or("the viewer has gone")?.sight(Table::Ticket);
    let viewer = viewer(large);
    let read = |turn| page(&scope, &sight, &viewer, &Listing { queue, sort, turn });
    let place = |ticket: Option<&QueueTicket>| ticket.map(|ticket| queue.place(ticket));
    let (first, of_first) = cost(world, || read(Turn::First));
    let last = place(first?.tickets.last());
    let (second, of_second) = from(world, last, |place| sort.behind(place), read)?;
    let second = second.as_ref().and_then(|page| page.tickets.first());
    let back = match sort {
        Sort::Newest => Turn::NewerThan,
        Sort::Oldest => Turn::OlderThan,
    };
    let (_, of_back) = from(world, place(second), back, read)?;
    let (_, of_counts) = cost(world, || count(&scope, &sight, queue, &viewer));
    let spans = sight.to_json().matches("],[").count() + 1;
    let figures = [of_first, of_second, of_back, of_counts, of_standing];
    let mut row: Vec<Value> = vec![
        name.into(),
        large.count(&sight).into(),
        spans.into(),
        queue.name().into(),
        sort.name().into(),
    ];
    row.extend(
        figures
            .iter()
            .map(|figure| Value::from(figure.map(|it| it.0))),
    );
    row.extend(
        figures
            .iter()
            .map(|figure| Value::from(figure.map(|it| it.1))),
    );
    Ok(row)
}

/// The viewer, now, in UTC.
fn viewer(large: &Large) -> Viewer {
    Viewer {
        agent: Some(large.viewer.clone()),
        ..Viewer::program(large.world.now())
    }
}

fn page(scope: &Scope, sight: &Sight, viewer: &Viewer, listing: &Listing) -> Outcome<Page> {
    let page = queue::page(scope, sight, listing, viewer);
    let (found,) = task::run(scope.read((page,)))?;
    Ok(Page::sorted(listing.sort, &listing.turn, found))
}

/// All that is counted beside a queue.
fn count(scope: &Scope, sight: &Sight, queue: Queue, viewer: &Viewer) -> Outcome {
    let Viewer { agent, calendar } = viewer;
    let agent = agent.as_ref().ok_or("a viewer is an agent")?;
    let always = (
        queue::counts(scope, sight),
        queue::work(scope, sight, agent),
    );
    let closings = |calendar: &Calendar| (queue::closings(scope, sight, calendar),);
    let periods = queue.is_closed().then(|| closings(calendar));
    task::run(scope.read(And(always, periods)))?;
    Ok(())
}

/// Rows that were read, and microseconds.
type Figure = Option<(i64, i64)>;

/// Goes on from a page, if there is a place to go on from.
fn from(
    world: &World,
    place: Option<Place>,
    turn: impl FnOnce(Place) -> Turn,
    read: impl FnOnce(Turn) -> Outcome<Page>,
) -> Outcome<(Option<Page>, Figure)> {
    let Some(place) = place else {
        return Ok((None, None));
    };
    let (page, figure) = cost(world, || read(turn(place)));
    Ok((Some(page?), figure))
}

/// Runs something, and tells the rows it read and how long it took.
fn cost<T>(world: &World, run: impl FnOnce() -> T) -> (T, Figure) {
    let ((output, elapsed), cost) = meter::cost(world, || {
        let started = Instant::now();
        (run(), started.elapsed())
    });
    let micros = i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX);
    (output, Some((cost.read, micros)))
}
