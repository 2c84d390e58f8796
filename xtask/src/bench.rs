//! `cargo xtask bench`: builds what is measured and calls the bench, which does the measuring.

use std::ffi::OsString;

use crate::Outcome;
use crate::build::{self, Plan, Runtime};
use crate::launch::{self, SPIN_HOST};
use crate::process;
use crate::project::Project;
use crate::report::Report;

/// What needs servers, and so release artefacts of both runtimes.
const SERVED: [&str; 3] = ["load", "cold", "d1"];

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let mut words: Vec<OsString> = args.raw_args()?.collect();
    let skip_build = words.iter().any(|word| word == "--skip-build");
    words.retain(|word| word != "--skip-build");
    let is_served = words
        .iter()
        .any(|word| SERVED.iter().any(|name| word == name));
    if is_served && !skip_build {
        build_served(project)?;
    }
    process::shown(run(project).args(words).env(
        // It starts its servers with `$REALMDESK_XTASK dev --skip-build …`.
        "REALMDESK_XTASK",
        std::env::current_exe()?,
    ))
}

/// The command that runs the bench, as fast as a native tool gets.
fn run(project: &Project) -> std::process::Command {
    let mut cargo = project.command("cargo");
    cargo.args([
        "run",
        "--quiet",
        "--profile",
        "tool",
        "--package",
        "bench",
        "--",
    ]);
    cargo
}

fn build_served(project: &Project) -> Outcome {
    let plan = Plan {
        runtimes: Runtime::ALL.to_vec(),
        profile: "release",
        conformance: false,
    };
    let mut report = Report::new();
    build::run(project, &mut report, &plan)?;
    launch::build_helpers(project, &mut report, &[Runtime::Cloudflare])?;
    if launch::needs_spin_host(&Runtime::ALL) {
        let mut cargo = project.command("cargo");
        cargo.args(["build", "--profile", "tool", "--package", SPIN_HOST]);
        report.loud("compile the Spin host", || process::loud(&mut cargo))?;
    }
    Ok(())
}

/// Holds the instructions of requests to their budgets, where they can be counted.
pub(crate) fn check(project: &Project, report: &mut Report) -> Outcome {
    if !process::is_on_path("valgrind") {
        println!("  instructions are not counted: valgrind is not on the PATH");
        return Ok(());
    }
    report.loud("what requests cost", || {
        process::loud(run(project).args(["counts", "--check"]))
    })
}
