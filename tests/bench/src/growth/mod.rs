//! `bench growth`: what requests cost as tickets, realms, users and tenants grow.

mod axis;
mod fill;
mod plot;

use std::fs;
use std::path::Path;
use std::time::Instant;

use lexopt::Arg::Long;
use lexopt::ValueExt;
use serde_json::Value;

use crate::Outcome;
use crate::client::{Answer, Desk};
use crate::counts::{count_in, instructions};
use crate::growth::axis::{AXES, Axis};
use crate::growth::fill::Help;
use crate::growth::plot::{Plot, Series};
use crate::scenario::{SCENARIOS, Scenario};
use crate::table::{Table, folder, grouped};

/// How many requests the median time is taken of.
const TIMED: usize = 31;

/// The columns of figures, and those that plots show.
const FIGURES: [&str; 4] = ["rows read", "SQLite steps", "µs", "instructions"];

/// What one request costs at one size: [`FIGURES`].
type Costs = [Option<i64>; 4];

/// A row of the result.
struct Measured {
    axis: &'static Axis,
    size: usize,
    scenario: &'static Scenario,
    costs: Costs,
}

pub(crate) fn command(mut args: lexopt::Parser) -> Outcome {
    let mut wanted = None;
    while let Some(arg) = args.next()? {
        match arg {
            Long("axis") => wanted = Some(args.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let is_wanted = |axis: &&Axis| wanted.as_deref().is_none_or(|name| name == axis.name);
    let mut measured = Vec::new();
    for axis in AXES.iter().filter(is_wanted) {
        measured.extend(measure(axis)?);
    }
    table(&measured).publish()?;
    summary(&measured).publish()?;
    for axis in AXES.iter().filter(is_wanted) {
        draw(axis, &measured)?;
    }
    Ok(())
}

/// Measures every scenario at every size of an axis; sizes that only add tickets grow in place.
fn measure(axis: &'static Axis) -> Outcome<Vec<Measured>> {
    let mut measured = Vec::new();
    let file = folder().join("growth.db");
    let mut help: Option<Help> = None;
    for size in axis.sizes {
        let mut grown = match help.take() {
            Some(mut help) if axis.name == "tickets" => {
                help.add_tickets(size.tickets)?;
                help
            }
            _ => Help::new(&file, size)?,
        };
        for scenario in SCENARIOS.iter().filter(|scenario| scenario.is_load) {
            let costs = costs(&mut grown, scenario, &file)?;
            let size = (axis.grows)(size);
            told(axis, size, scenario, &costs);
            measured.push(Measured {
                axis,
                size,
                scenario,
                costs,
            });
        }
        help = Some(grown);
    }
    drop(help);
    fs::remove_file(file)?;
    Ok(measured)
}

#[expect(clippy::print_stderr, reason = "it takes minutes, and somebody waits")]
fn told(axis: &Axis, size: usize, scenario: &Scenario, costs: &Costs) {
    let (size, name) = (grouped(size), scenario.name);
    eprintln!("{size:>10} {}: {name:<16} {costs:?}", axis.name);
}

fn costs(help: &mut Help, scenario: &Scenario, file: &Path) -> Outcome<Costs> {
    let counts = count_in(&mut help.desk, scenario)?;
    let micros = median_micros(help, scenario)?;
    // What is sent while it is counted shall not be in the way of what is measured next.
    let copy = file.with_extension("copy");
    fs::copy(file, &copy)?;
    let instructions = instructions::in_file(scenario.name, &copy)?;
    fs::remove_file(copy)?;
    let cost = counts.cost;
    Ok([
        Some(cost.read),
        Some(cost.steps),
        Some(micros),
        instructions,
    ])
}

fn median_micros(help: &mut Help, scenario: &Scenario) -> Outcome<i64> {
    let ask = (scenario.prepare)(&mut help.desk)?;
    let mut times = Vec::new();
    for _ in 0..TIMED {
        let ask = help.desk.again(&ask);
        let started = Instant::now();
        let answer = help.desk.send(&ask)?;
        times.push(started.elapsed());
        Answer::ok(answer)?;
    }
    times.sort();
    Ok(i64::try_from(times[TIMED / 2].as_micros())?)
}

fn table(measured: &[Measured]) -> Table {
    let mut table = Table::new(
        "growth",
        &[&["grows", "size", "request"][..], &FIGURES].concat(),
    );
    for of in measured {
        let place = [of.axis.name.into(), of.size.into(), of.scenario.name.into()];
        let costs = of.costs.map(Value::from);
        table.rows.push([&place[..], &costs].concat());
    }
    table
}

/// By how much each figure grows from the smallest to the largest size.
fn summary(measured: &[Measured]) -> Table {
    let head = ["request", "grows", "from", "to"];
    let mut table = Table::new("growth-factors", &[&head[..], &FIGURES].concat());
    for first in measured {
        let of_same = |other: &&Measured| {
            other.axis.name == first.axis.name && other.scenario.name == first.scenario.name
        };
        let mut same = measured.iter().filter(of_same);
        let is_first = same.next().is_some_and(|it| it.size == first.size);
        let Some(last) = same.next_back().filter(|_| is_first) else {
            continue;
        };
        let factor = |(from, to): (Option<i64>, Option<i64>)| Some(ratio(to?, from?));
        let factors = first.costs.into_iter().zip(last.costs).map(factor);
        let place = [
            first.scenario.name.into(),
            first.axis.name.into(),
            first.size.into(),
            last.size.into(),
        ];
        let factors: Vec<Value> = factors.map(Value::from).collect();
        table.rows.push([&place[..], &factors].concat());
    }
    table
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn ratio(of: i64, to: i64) -> f64 {
    of as f64 / to.max(1) as f64
}

/// Plots what an axis costs: as text here, and as SVG beside the other results.
#[expect(clippy::print_stdout, reason = "it is what the tool is for")]
fn draw(axis: &Axis, measured: &[Measured]) -> Outcome {
    for (index, figure) in [(0, FIGURES[0]), (2, FIGURES[2])] {
        let series = SCENARIOS
            .iter()
            .filter(|scenario| scenario.is_load)
            .map(|scenario| {
                let of_this =
                    |it: &&Measured| it.axis.name == axis.name && it.scenario.name == scenario.name;
                let points = measured.iter().filter(of_this);
                Series {
                    name: scenario.name,
                    points: points
                        .filter_map(|it| Some((it.size, it.costs[index]?)))
                        .collect(),
                }
            });
        let plot = Plot {
            title: format!("{figure} of one request"),
            across: axis.name,
            series: series.collect(),
        };
        println!("\n{}", plot.text());
        let slug = if index == 0 { "rows" } else { "time" };
        let file = folder().join(format!("growth-{}-{slug}.svg", axis.name));
        fs::write(&file, plot.svg())?;
        println!("drawn in {}", file.display());
    }
    Ok(())
}
