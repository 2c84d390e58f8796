//! `bench peer --base-url URL …`: the same requests to a running osTicket, to compare side by side.

mod osticket;
#[cfg(test)]
mod stand_in;

use std::thread;
use std::time::{Duration, Instant};

use lexopt::Arg::Long;
use lexopt::ValueExt;
use serde_json::Value;

use crate::Outcome;
use crate::client::{Ask, Desk};
use crate::http::Http;
use crate::load::wrk::{self, Round};
use crate::peer::osticket::{Access, Peer};
use crate::table::Table;

/// How much load, and on whom.
struct Options {
    access: Access,
    clients: Vec<usize>,
    seconds: u32,
}

/// What is measured of a peer.
enum Scenario {
    /// One request that is always the same, but for its number.
    Request(fn(&mut Peer) -> Outcome<Ask>),
    /// Several that hang together; one measurement goes through all of them.
    Flow(fn(&mut Peer) -> Outcome),
}

/// Named as ours are, so that the tables can be laid side by side.
const SCENARIOS: [(&str, Scenario); 7] = [
    ("API create", Scenario::Request(Peer::create)),
    ("portal landing", Scenario::Request(Peer::landing)),
    ("portal submit", Scenario::Flow(Peer::submit)),
    ("mail in", Scenario::Request(Peer::mail)),
    ("sign in", Scenario::Flow(Peer::sign_in)),
    ("queue page", Scenario::Request(Peer::list)),
    ("ticket thread", Scenario::Request(Peer::thread)),
];

const HEAD: [&str; 6] = [
    "request",
    "clients",
    "per second",
    "p50 ms",
    "p99 ms",
    "errors",
];

pub(crate) fn command(args: lexopt::Parser) -> Outcome {
    wrk::check()?;
    let options = Options::parse(args)?;
    let mut table = Table::new("peer", &HEAD);
    for (run, (name, scenario)) in SCENARIOS.iter().enumerate() {
        for &clients in &options.clients {
            let told = |error| format!("{name}: {error}");
            let round = options.load(scenario, clients, run).map_err(told)?;
            table.rows.push(row(name, clients, &round));
        }
    }
    table.publish()
}

fn row(name: &str, clients: usize, round: &Round) -> Vec<Value> {
    let rounded = |figure: f64| Value::from((figure * 1000.0).round() / 1000.0);
    vec![
        name.into(),
        clients.into(),
        rounded(round.throughput),
        rounded(round.p50),
        rounded(round.p99),
        round.errors.into(),
    ]
}

impl Options {
    fn parse(mut args: lexopt::Parser) -> Outcome<Self> {
        let mut options = Self {
            access: Access::default(),
            clients: vec![1, 16, 64],
            seconds: 10,
        };
        while let Some(arg) = args.next()? {
            match arg {
                Long("base-url") => options.access.url = args.value()?.string()?,
                Long("api-key") => options.access.api_key = args.value()?.string()?,
                Long("agent") => options.access.agent = args.value()?.string()?,
                Long("password") => options.access.password = args.value()?.string()?,
                Long("clients") => {
                    let list = args.value()?.string()?;
                    let parsed: Result<_, _> = list.split(',').map(str::parse).collect();
                    options.clients = parsed?;
                }
                Long("seconds") => options.seconds = args.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        if options.access.url.is_empty() {
            return Err(
                "which osTicket? --base-url URL --api-key KEY --agent NAME --password PASSWORD"
                    .into(),
            );
        }
        Ok(options)
    }

    fn load(&self, scenario: &Scenario, clients: usize, run: usize) -> Outcome<Round> {
        match scenario {
            Scenario::Request(prepare) => {
                let mut peer = Peer::<Http>::at(&self.access)?;
                let ask = prepare(&mut peer)?;
                let host = &peer.desk.facts().host;
                let run = 10 * run + clients;
                wrk::run(&peer.desk.url, host, &ask, clients, self.seconds, run)
            }
            Scenario::Flow(flow) => self.flows(*flow, clients),
        }
    }

    /// Goes through a flow again and again: no load generator keeps forms and their tokens.
    fn flows(&self, flow: fn(&mut Peer) -> Outcome, clients: usize) -> Outcome<Round> {
        let (started, limit) = (Instant::now(), Duration::from_secs(self.seconds.into()));
        let client = || -> Result<Vec<Option<f64>>, String> {
            let mut peer = Peer::<Http>::at(&self.access).map_err(|error| error.to_string())?;
            let mut times = Vec::new();
            while started.elapsed() < limit {
                let began = Instant::now();
                let is_good = flow(&mut peer).is_ok();
                times.push(is_good.then(|| began.elapsed().as_secs_f64() * 1000.0));
            }
            Ok(times)
        };
        let times = thread::scope(|scope| {
            let clients: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
            let ended = clients
                .into_iter()
                .map(|client| client.join().map_err(|_| "a client panicked".to_owned())?);
            ended.collect::<Result<Vec<_>, String>>()
        })?;
        Ok(round(&times.concat(), started.elapsed()))
    }
}

/// What flows came to: the time of each good one.
fn round(times: &[Option<f64>], elapsed: Duration) -> Round {
    let mut good: Vec<f64> = times.iter().flatten().copied().collect();
    good.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        let place = (good.len() * percent / 100).min(good.len().saturating_sub(1));
        good.get(place).copied().unwrap_or_default()
    };
    let count = u32::try_from(good.len()).unwrap_or(u32::MAX);
    Round {
        throughput: f64::from(count) / elapsed.as_secs_f64(),
        p50: at(50),
        p99: at(99),
        errors: i64::try_from(times.len() - good.len()).unwrap_or(i64::MAX),
        processor: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_that_failed_is_an_error_and_no_throughput() {
        let round = round(&[Some(4.0), None, Some(2.0)], Duration::from_secs(2));
        assert!((round.throughput - 1.0).abs() < 1e-9);
        assert!((round.p50 - 4.0).abs() < 1e-9);
        assert_eq!(round.errors, 1);
    }
}
