//! What the command line says about load.

use lexopt::Arg::Long;
use lexopt::ValueExt;

use crate::Outcome;
use crate::scenario::{SCENARIOS, Scenario, named};
use crate::server::Kind;

/// How much load, and of what.
pub(super) struct Options {
    pub(super) clients: Vec<usize>,
    pub(super) rounds: usize,
    pub(super) seconds: u32,
    pub(super) scenarios: Vec<&'static Scenario>,
    pub(super) kinds: Vec<Kind>,
}

impl Options {
    pub(super) fn parse(mut args: lexopt::Parser) -> Outcome<Self> {
        let mut options = Self {
            clients: vec![1, 16, 64],
            rounds: 3,
            seconds: 4,
            scenarios: SCENARIOS.iter().filter(|it| it.is_load).collect(),
            kinds: vec![Kind::Cloudflare, Kind::Spin],
        };
        while let Some(arg) = args.next()? {
            match arg {
                Long("clients") => {
                    let list = args.value()?.string()?;
                    let parsed: Result<_, _> = list.split(',').map(str::parse).collect();
                    options.clients = parsed?;
                }
                Long("rounds") => options.rounds = args.value()?.parse()?,
                Long("seconds") => options.seconds = args.value()?.parse()?,
                Long("scenario") => options.scenarios = vec![named(&args.value()?.string()?)?],
                Long("runtime") => {
                    let name = args.value()?.string()?;
                    options.kinds.retain(|kind| kind.name() == name);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}
