//! `cargo xtask`: everything a person or CI does to this repository, from a fresh clone on.
//!
//! Each command sets up what it needs, says so in one line per step, and is quick when there is nothing to do.
//! It knows no rule of the product: it calls cargo, npm and the runtimes, and stops what it started.

mod bench;
mod build;
mod cloudflare;
mod debian;
mod dev;
mod fuzz;
mod launch;
mod lint;
mod migrate;
mod miniflare;
mod process;
mod project;
mod report;
mod server;
mod setup;
mod sizes;
mod spin;
mod state;
mod tenant;
mod test;
mod toolchain;
mod tools;

use std::error::Error;
use std::process::ExitCode;

use lexopt::Arg::{Long, Short, Value};

use crate::project::Project;

/// What every step returns: an error is a sentence for the person at the keyboard.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const HELP: &str = "\
cargo xtask COMMAND

  setup [--tools]     WASM standard libraries, and with --tools every pinned tool
  build               release artefacts of both runtimes into build/, with their sizes
      --runtime cloudflare|spin     only this one
      --dev                         quick to build, large to ship
  dev                 build, migrate, load the demo data and serve
      --runtime cloudflare|spin     default: cloudflare
      --port N                      default: 8787
      --state DIR                   database and secrets, default: .realmdesk
      --no-demo                     leave the database empty
      --skip-build                  serve what the last build made
  test [--quick | --runtimes]
                      everything CI runs after the lints; --quick: native tests only, --runtimes: the rest only
  bench WHAT          what it costs; results are printed and kept in target/bench
      counts [--check]              each request in round trips, statements, rows and instructions
      growth                        the same as tickets, realms, users and tenants grow
      tenancy [REALMS TICKETS]      pages of queues in one large tenant
      load                          throughput and latency on both runtimes, beside their floors
      cold                          the first request to each function
      peer --base-url URL …         the same requests to a running osTicket
      docs                          puts the kept results into docs/performance.md
  fuzz                asks a running server whatever the REST API's document allows, by schemathesis
      --url URL                     default: http://127.0.0.1:8787
      --key KEY                     default: the key of the demo data
      --examples N                  how many for each call, default: 100
  lint                formatting, clippy on every target, licences, spelling
  migrate --sqlite FILE             apply sql/ to a database file of Spin's
  sizes               what the last build weighs
  tenant WHAT         the tenants of a running deployment, by its operator; OPERATOR_SECRET says who asks
      --url URL                     default: http://127.0.0.1:8787
      list
      create SLUG NAME HOST EMAIL AGENT   prints the first agent's invitation
      suspend SLUG | resume SLUG | rename SLUG NAME | invite SLUG
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    process::watch_signals()?;
    let project = Project::find()?;
    let mut args = lexopt::Parser::from_env();
    let command = match args.next()? {
        None | Some(Short('h') | Long("help")) => "help".to_owned(),
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        Some(flag) => return Err(flag.unexpected().into()),
    };
    match command.as_str() {
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        "setup" => setup::command(&project, args),
        "bench" => bench::command(&project, args),
        "build" => build::command(&project, args),
        "dev" => dev::command(&project, args),
        "test" => test::command(&project, args),
        "fuzz" => fuzz::command(&project, args),
        "lint" => lint::command(&project, args),
        "migrate" => migrate::command(&project, args),
        "sizes" => sizes::command(&project, args),
        "tenant" => tenant::command(&project, args),
        unknown => Err(format!("there is no command `{unknown}`; see `cargo xtask help`").into()),
    }
}
