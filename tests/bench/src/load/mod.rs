//! `bench load`: throughput and latency under load, beside the floors.
//!
//! What is compared takes turns, in several rounds: on a machine that does other things too, single
//! figures wander, and the median of ratios holds.

mod floor;
mod options;
pub(crate) mod wrk;

use std::error::Error;

use serde_json::Value;

use crate::Outcome;
use crate::client::{Answer, Ask, Desk, Jar};
use crate::http::{Http, demo};
use crate::load::options::Options;
use crate::load::wrk::Round;
use crate::scenario::{SCENARIOS, Scenario, named};
use crate::server::{Kind, Server, forget};
use crate::table::Table;

/// The server that is measured, and the data it starts with.
struct Subject {
    kind: Kind,
    desk: Http,
    /// The request of each scenario.
    asks: Vec<Ask>,
    server: Server,
}

/// The servers of a run.
struct Stage {
    subjects: Vec<Subject>,
    floor: Http,
    session: Jar,
    floor_server: Server,
    runs: usize,
}

const HEAD: [&str; 12] = [
    "request",
    "on",
    "clients",
    "per second",
    "p50 ms",
    "p99 ms",
    "errors",
    "floor",
    "floor per second",
    "of floor",
    "CPU ms",
    "CPU of floor",
];

pub(crate) fn command(args: lexopt::Parser) -> Outcome {
    wrk::check()?;
    let options = Options::parse(args)?;
    let mut stage = Stage::set(&options)?;
    let mut table = Table::new("load", &HEAD);
    for (index, scenario) in options.scenarios.iter().enumerate() {
        for &clients in &options.clients {
            let rows = stage.measure(&options, index, scenario, clients)?;
            told(&rows);
            table.rows.extend(rows);
        }
    }
    table.publish()
}

/// `bench d1`: the rows that D1 itself counts for each scenario, as Miniflare reports them.
pub(crate) fn d1(mut args: lexopt::Parser) -> Outcome {
    if let Some(arg) = args.next()? {
        return Err(arg.unexpected().into());
    }
    let (_server, mut floor) = floor()?;
    let mut table = Table::new("d1", &["request", "D1 rows read", "D1 rows written"]);
    for scenario in &SCENARIOS {
        let path = format!("/replay/{}", scenario.name.replace(' ', "%20"));
        let told: Value = serde_json::from_str(&floor.send(&Ask::get(path))?.ok()?.body)?;
        table.rows.push(vec![
            scenario.name.into(),
            told["read"].clone(),
            told["written"].clone(),
        ]);
    }
    table.publish()
}

#[expect(clippy::print_stderr, reason = "it takes minutes, and somebody waits")]
fn told(rows: &[Vec<Value>]) {
    for row in rows {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        eprintln!("{}", cells.join("  "));
    }
}

/// Starts the hand-written worker on data of its own.
fn floor() -> Outcome<(Server, Http)> {
    forget(Kind::Floor)?;
    // Ours makes the data and the schema.
    let state = Server::start_as(Kind::Cloudflare, Kind::Floor)?
        .state
        .clone();
    floor::write(&state)?;
    let server = Server::start(Kind::Floor, "/hello")?;
    let desk = Http::new(&server.url, demo(&server.state)?);
    Ok((server, desk))
}

impl Subject {
    fn start(kind: Kind, options: &Options) -> Outcome<Self> {
        forget(kind)?;
        let server = Server::start(kind, "/assets/none")?;
        let mut desk = Http::new(&server.url, demo(&server.state)?);
        let asks = options.scenarios.iter().map(|scenario| {
            let told = |error| format!("{} on {}: {error}", scenario.name, kind.name());
            (scenario.prepare)(&mut desk).map_err(told)
        });
        Ok(Self {
            asks: asks.collect::<Result<_, _>>()?,
            kind,
            desk,
            server,
        })
    }
}

impl Stage {
    fn set(options: &Options) -> Outcome<Self> {
        let (server, mut floor) = floor()?;
        let mut session = Jar::default();
        session.keep(&floor.send(&Ask::get("/session"))?.ok()?);
        // As many tickets as ours have from being prepared.
        let ask = (named("API create")?.prepare)(&mut floor)?;
        for number in 0..40 {
            floor.send(&ask.numbered(number)).and_then(Answer::ok)?;
        }
        let subjects = options
            .kinds
            .iter()
            .map(|kind| Subject::start(*kind, options));
        Ok(Self {
            subjects: subjects.collect::<Outcome<_>>()?,
            floor,
            session,
            floor_server: server,
            runs: 0,
        })
    }

    /// The floor of a scenario: its name and its request.
    fn floor_of(&mut self, scenario: &Scenario) -> Outcome<(&'static str, Ask)> {
        Ok(match scenario.name {
            "API create" => ("hand-written", (scenario.prepare)(&mut self.floor)?),
            "queue page" => ("hand-written", Ask::get("/queues/open").with(&self.session)),
            _ => ("hello", Ask::get("/hello")),
        })
    }

    /// One row for each server that is measured.
    fn measure(
        &mut self,
        options: &Options,
        index: usize,
        scenario: &Scenario,
        clients: usize,
    ) -> Outcome<Vec<Vec<Value>>> {
        let (floor, ask) = self.floor_of(scenario)?;
        // A floor that refuses would be a fast one.
        self.floor.send(&ask).and_then(Answer::ok)?;
        let mut floors = Vec::new();
        let mut rounds: Vec<Vec<Round>> = self.subjects.iter().map(|_| Vec::new()).collect();
        // The first round warms up and does not count.
        for round in 0..=options.rounds {
            let seconds = if round == 0 { 2 } else { options.seconds };
            let mut load = |server: &Server, desk: &Http, ask: &Ask| {
                self.runs += 1;
                let before = server.processor_time();
                let host = &desk.facts().host;
                let round = wrk::run(&desk.url, host, ask, clients, seconds, self.runs)?;
                let used = server.processor_time().zip(before);
                let processor = used.map(|(after, before)| (after - before) / round.good(seconds));
                Ok::<_, Box<dyn Error>>(Round { processor, ..round })
            };
            let beneath = load(&self.floor_server, &self.floor, &ask)?;
            for (subject, rounds) in self.subjects.iter().zip(&mut rounds) {
                let measured = load(&subject.server, &subject.desk, &subject.asks[index])?;
                if round > 0 {
                    rounds.push(measured);
                }
            }
            if round > 0 {
                floors.push(beneath);
            }
        }
        let rows = self.subjects.iter().zip(&rounds).map(|(subject, rounds)| {
            let beside = (subject.kind == Kind::Cloudflare).then_some(floors.as_slice());
            let place = [
                scenario.name.into(),
                subject.kind.name().into(),
                clients.into(),
            ];
            [&place[..], &row(floor, rounds, beside)].concat()
        });
        Ok(rows.collect())
    }
}

/// The figures of a server, and of its floor where that is on the same runtime.
fn row(floor: &str, rounds: &[Round], floors: Option<&[Round]>) -> [Value; 9] {
    let of = |figure: fn(&Round) -> f64| Value::from(median(rounds.iter().map(figure)));
    let errors: i64 = rounds.iter().map(|round| round.errors).sum();
    let throughput = |round: &Round| round.throughput;
    let beneath = floors.map(|floors| median(floors.iter().map(throughput)));
    let ratio = floors.map(|floors| {
        let pairs = rounds.iter().zip(floors);
        median(pairs.map(|(round, floor)| round.throughput / floor.throughput.max(1e-9)))
    });
    let processor = |rounds: &[Round]| {
        let known: Vec<f64> = rounds.iter().filter_map(|round| round.processor).collect();
        (!known.is_empty()).then(|| median(known.into_iter()))
    };
    let (used, beneath_used) = (processor(rounds), floors.and_then(processor));
    [
        of(throughput),
        of(|round| round.p50),
        of(|round| round.p99),
        errors.into(),
        floors.map(|_| floor).into(),
        beneath.into(),
        ratio.into(),
        used.into(),
        used.zip(beneath_used)
            .map(|(used, floor)| rounded(floor / used.max(1e-9)))
            .into(),
    ]
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    rounded(figures.get(middle).copied().unwrap_or_default())
}

fn rounded(figure: f64) -> f64 {
    (figure * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_the_median_of_ratios_and_not_the_ratio_of_medians() {
        let round = |throughput| Round {
            throughput,
            p50: 1.0,
            p99: 2.0,
            errors: 1,
            processor: Some(throughput / 100.0),
        };
        let ours = [round(80.0), round(40.0), round(160.0)];
        let floors = [round(100.0), round(50.0), round(400.0)];
        let row = row("hello", &ours, Some(&floors));
        assert_eq!(row[0], 80.0);
        assert_eq!(row[3], 3);
        assert_eq!(row[6], 0.8);
        assert_eq!((&row[7], &row[8]), (&Value::from(0.8), &Value::from(1.25)));
    }
}
