//! `cargo xtask test`: the native tests, then the artefacts, then the end-to-end tests on each runtime.

use std::fs;
use std::net::TcpListener;

use crate::Outcome;
use crate::bench;
use crate::build::{self, Plan, Runtime};
use crate::launch::{self, App, Launch};
use crate::process;
use crate::project::Project;
use crate::report::Report;
use crate::server;
use crate::sizes;
use crate::state::State;

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let (mut quick, mut runtimes_only) = (false, false);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("quick") => quick = true,
            lexopt::Arg::Long("runtimes") => runtimes_only = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let mut report = Report::new();
    if !runtimes_only {
        report.loud("native tests", || {
            process::loud(project.command("cargo").args(["test", "--workspace"]))
        })?;
    }
    if !quick {
        on_the_runtimes(project, &mut report)?;
    }
    report.summary();
    Ok(())
}

fn on_the_runtimes(project: &Project, report: &mut Report) -> Outcome {
    let plan = Plan {
        runtimes: Runtime::ALL.to_vec(),
        profile: "release",
        conformance: true,
    };
    build::run(project, report, &plan)?;
    sizes::print(project)?;
    sizes::check(project)?;
    bench::check(project, report)?;
    launch::build_helpers(project, report, &Runtime::ALL)?;
    for runtime in Runtime::ALL {
        end_to_end(project, report, runtime)?;
    }
    Ok(())
}

/// Runs the table of cases against a server of its own, on a state folder that starts empty.
fn end_to_end(project: &Project, report: &mut Report, runtime: Runtime) -> Outcome {
    let folder = project
        .path("build/test")
        .join(format!("state-{}", runtime.name()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let launch = Launch {
        runtime,
        port: free_port()?,
        state: State::open(&folder)?,
        demo: true,
        app: App::Tests,
        probe: "/".to_owned(),
    };
    let _server = server::start(project, report, &launch)?;
    report.loud(&format!("end-to-end tests on {}", runtime.name()), || {
        let mut cargo = project.command("cargo");
        cargo.args(["test", "--workspace", "--test", "e2e"]);
        cargo
            .env("REALMDESK_URL", format!("http://127.0.0.1:{}", launch.port))
            .env("REALMDESK_RUNTIME", runtime.name())
            .env("REALMDESK_STATE", &folder)
            // A test that kills servers starts its own: `$REALMDESK_XTASK dev --skip-build …`.
            .env("REALMDESK_XTASK", std::env::current_exe()?);
        process::loud(&mut cargo)
    })
}

/// A port that nothing listens on now.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
