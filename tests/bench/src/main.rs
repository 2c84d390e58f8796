//! What Realmdesk costs: counts that no noise can touch, and ratios taken in one run.
//!
//! `cargo xtask bench` builds this and starts the servers it measures; `docs/performance.md` says
//! what came out. Start at [`scenario::SCENARIOS`]: a capability joins every measurement by one
//! entry there.

mod client;
mod cold;
mod counts;
mod docs;
mod growth;
mod http;
mod load;
mod native;
mod peer;
mod scenario;
mod server;
mod table;
mod tenancy;

use std::error::Error;
use std::process::ExitCode;

use lexopt::Arg::Value;

/// What every step returns: an error is a sentence for the person at the keyboard.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const HELP: &str = "\
bench WHAT

  tenancy [REALMS TICKETS]   rows that pages of queues read in one large tenant
  counts [--check]           what each request costs, beside its budget; --check: fail beyond it
  growth [--axis NAME]       the same as tickets, realms, users and tenants grow
  load [--clients 1,16,64] [--rounds N] [--seconds N] [--scenario NAME] [--runtime NAME]
                             throughput and latency, beside hand-written floors
  d1                         the rows that D1 counts itself
  cold                       the first request to each function
  peer --base-url URL --api-key KEY --agent NAME --password PASSWORD
                             the same requests to a running osTicket
  docs                       puts the kept results into docs/performance.md
";

#[expect(clippy::print_stderr, reason = "the errors of a command line program")]
fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "it was asked for")]
fn run() -> Outcome {
    let mut args = lexopt::Parser::from_env();
    let what = match args.next()? {
        Some(Value(what)) => what.to_string_lossy().into_owned(),
        _ => "help".to_owned(),
    };
    match what.as_str() {
        "tenancy" => tenancy::command(args),
        "counts" => counts::command(args),
        "growth" => growth::command(args),
        "cold" => cold::command(args),
        "load" => load::command(args),
        "d1" => load::d1(args),
        "docs" => docs::command(args),
        "peer" => peer::command(args),
        "probe" => counts::instructions::probe(args),
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => Err(format!("there is nothing called `{unknown}` to measure").into()),
    }
}
