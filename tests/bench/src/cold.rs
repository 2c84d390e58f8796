//! `bench cold`: the first request to each function after its server has started.

use std::fs;
use std::time::Instant;

use realmdesk_tests::world::repository;
use serde_json::Value;

use crate::Outcome;
use crate::client::{Answer, Ask, Desk};
use crate::http::{Http, demo};
use crate::server::{Kind, Server, forget};
use crate::table::Table;

/// A path of each function, which answers without preparing anything.
const FUNCTIONS: [(&str, &str); 17] = [
    ("portal", "/"),
    ("account", "/account/none"),
    ("api", "/api/none"),
    ("xml", "/xml/none"),
    ("rest", "/api/v1/none"),
    ("mail", "/mail/none"),
    ("sweep", "/sweep/none"),
    ("queues", "/queues"),
    ("opening", "/opening/none"),
    ("auth", "/auth/sign-in"),
    ("admin", "/admin/none"),
    ("intake", "/intake/none"),
    ("directory", "/directory/none"),
    ("profile", "/profile/none"),
    ("templates", "/templates/none"),
    ("duties", "/duties/none"),
    ("assets", "/assets/none"),
];

/// How often each server is started.
const STARTS: usize = 5;

pub(crate) fn command(mut args: lexopt::Parser) -> Outcome {
    if let Some(arg) = args.next()? {
        return Err(arg.unexpected().into());
    }
    let head = ["function", "on", "kB", "first ms", "second ms"];
    let mut table = Table::new("cold", &head);
    for kind in [Kind::Cloudflare, Kind::Spin] {
        forget(kind)?;
        let mut times = vec![Vec::new(); FUNCTIONS.len()];
        for _ in 0..STARTS {
            for (times, pair) in times.iter_mut().zip(first_requests(kind)?) {
                times.push(pair);
            }
        }
        for ((name, _), times) in FUNCTIONS.iter().zip(times) {
            let median = |which: fn(&(f64, f64)) -> f64| median(times.iter().map(which).collect());
            table.rows.push(vec![
                (*name).into(),
                kind.name().into(),
                weight(kind, name)?,
                median(|pair| pair.0).into(),
                median(|pair| pair.1).into(),
            ]);
        }
    }
    table.publish()
}

/// The first and second request to each function, in milliseconds. Whether a server answers is
/// asked of one function, which then is not cold: so there are two starts.
fn first_requests(kind: Kind) -> Outcome<Vec<(f64, f64)>> {
    let mut times = vec![(0.0, 0.0); FUNCTIONS.len()];
    let last = FUNCTIONS.len() - 1;
    for (probe, asked) in [
        (FUNCTIONS[last].1, 0..last),
        (FUNCTIONS[0].1, last..last + 1),
    ] {
        let server = Server::start(kind, probe)?;
        let mut desk = Http::new(&server.url, demo(&server.state)?);
        for index in asked {
            let ask = Ask::get(FUNCTIONS[index].1);
            times[index] = (timed(&mut desk, &ask)?, timed(&mut desk, &ask)?);
        }
    }
    Ok(times)
}

fn timed(desk: &mut Http, ask: &Ask) -> Outcome<f64> {
    let started = Instant::now();
    let Answer { status, .. } = desk.send(ask)?;
    let elapsed = started.elapsed().as_secs_f64() * 1000.0;
    if status < 500 {
        Ok(elapsed)
    } else {
        Err(format!("{} answered {status}", ask.path).into())
    }
}

/// What a function's module weighs as it is loaded.
fn weight(kind: Kind, name: &str) -> Outcome<Value> {
    let file = match kind {
        Kind::Cloudflare => format!("build/cloudflare/{name}/index_bg.wasm"),
        Kind::Spin | Kind::Floor => format!("build/spin/{name}.wasm"),
    };
    Ok((fs::metadata(repository().join(file))?.len() / 1000).into())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2] * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_function_is_left_out() {
        let entries = fs::read_dir(repository().join("functions")).unwrap();
        let entries = entries.map(Result::unwrap);
        let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
        let there: BTreeSet<String> = folders
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        let asked = FUNCTIONS.iter().map(|(name, _)| (*name).to_owned());
        assert_eq!(asked.collect::<BTreeSet<_>>(), there);
    }
}
