//! What Realmdesk costs: counts that no noise can touch, and ratios taken in one run.
//!
//! `cargo xtask bench` builds this and starts the servers it measures; `docs/performance.md` says
//! what came out. Start at [`scenario::SCENARIOS`]: a capability joins every measurement by one
//! entry there.

mod client;
mod counts;
mod native;
mod scenario;
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
        "probe" => counts::instructions::probe(args),
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => Err(format!("there is nothing called `{unknown}` to measure").into()),
    }
}
