//! `cargo xtask lint`: formatting, clippy on every target the code runs on, licences, spelling.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::process;
use crate::project::{CONFORMANCE, Project};
use crate::report::Report;
use crate::toolchain::{TARGETS, Toolchain};
use crate::tools;

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    if let Some(arg) = args.next()? {
        return Err(arg.unexpected().into());
    }
    let mut report = Report::new();
    let toolchain = Toolchain::ensure(project, &mut report)?;
    let deny = tools::deny(project, &mut report)?;
    let typos = tools::typos(project, &mut report)?;

    // Every check runs, so that one round of mending is enough.
    let mut failed = Vec::new();
    let mut check = |name: &str, work: &mut dyn FnMut() -> Outcome| {
        if let Err(error) = report.loud(name, work) {
            eprintln!("{error}");
            failed.push(name.to_owned());
        }
    };
    check("rustfmt", &mut || {
        process::loud(project.command("cargo").args(["fmt", "--all", "--check"]))
    });
    check("clippy", &mut || {
        process::loud(clippy(project).args(["--workspace", "--all-targets", "--", "-Dwarnings"]))
    });
    // `--all-targets` leaves out what `cargo test` leaves out.
    check("clippy for the end-to-end tests", &mut || {
        let tests = ["-p", "realmdesk-tests", "--test", "e2e", "--", "-Dwarnings"];
        process::loud(clippy(project).args(tests))
    });
    for target in TARGETS {
        check(&format!("clippy for {target}"), &mut || {
            clippy_for(project, &toolchain, target)
        });
    }
    check("cargo deny", &mut || licences(project, &deny));
    check("typos", &mut || process::loud(&mut project.command(&typos)));
    report.summary();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("found by: {}", failed.join(", ")).into())
    }
}

fn clippy(project: &Project) -> Command {
    let mut cargo = project.command("cargo");
    cargo.args(["clippy", "--quiet"]);
    cargo
}

/// Checks the code that only this target compiles.
fn clippy_for(project: &Project, toolchain: &Toolchain, target: &str) -> Outcome {
    let mut cargo = clippy(project);
    cargo.args(["--lib", "--target", target]);
    for package in [
        project.functions()?,
        project.shared()?,
        vec![CONFORMANCE.to_owned()],
    ]
    .concat()
    {
        cargo.args(["--package", &package]);
    }
    process::loud(toolchain.apply(&mut cargo).args(["--", "-Dwarnings"]))
}

/// Checks everything where the advisory database can be had, and all but advisories where it cannot.
fn licences(project: &Project, deny: &Path) -> Outcome {
    let mut fetch = project.command(deny);
    let is_online = process::quiet(fetch.args(["fetch", "db"]), &project.log("advisories")).is_ok();
    let mut check = project.command(deny);
    check.args(["--log-level", "error", "check", "--hide-inclusion-graph"]);
    if is_online {
        check.arg("--disable-fetch");
    } else {
        println!("  the advisory database is out of reach: known vulnerabilities are not checked");
        check.args(["bans", "licenses", "sources"]);
    }
    process::loud(&mut check)
}
