//! How a local server is started: which program serves a runtime, and what it is told.

use std::io::stderr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::build::{Runtime, output};
use crate::cloudflare;
use crate::miniflare::{self, Settings};
use crate::process;
use crate::project::{Project, write};
use crate::report::Report;
use crate::spin;
use crate::state::{Secrets, State};

/// The native programs that a local server needs; both are packages of this workspace.
pub(crate) const DEMO: &str = "demo";
pub(crate) const SPIN_HOST: &str = "spin-host";

/// The entry module that the bench writes into `target/bench/floor`.
const FLOOR: &str = "floor.js";

/// The database file of Spin's, in the state folder.
const SPIN_DATABASE: &str = "spin.db";

/// What a server serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum App {
    Product,
    /// The product and the function that runs the conformance suite.
    Tests,
    /// The product as the bench measures it: on hosts that are compiled for speed.
    Bench,
    /// The hand-written worker that the bench measures the product against; on Cloudflare only.
    Floor,
}

/// How a server is to be started.
pub(crate) struct Launch {
    pub(crate) runtime: Runtime,
    pub(crate) port: u16,
    pub(crate) state: State,
    pub(crate) demo: bool,
    pub(crate) app: App,
    /// The path that tells whether it answers.
    pub(crate) probe: String,
}

/// Compiles the native programs that serving on the runtimes needs.
///
/// The whole workspace is selected, as for the tests, so that both find the same features and share what they compile.
pub(crate) fn build_helpers(
    project: &Project,
    report: &mut Report,
    runtimes: &[Runtime],
) -> Outcome {
    let mut cargo = project.command("cargo");
    cargo.args(["build", "--workspace", "--bin", DEMO]);
    if needs_spin_host(runtimes) {
        cargo.args(["--bin", SPIN_HOST]);
    }
    report.loud("compile what serves", || process::loud(&mut cargo))
}

impl Launch {
    /// The command that serves the app in the foreground.
    pub(crate) fn command(&self, project: &Project, secrets: &Secrets) -> Outcome<Command> {
        match self.runtime {
            Runtime::Cloudflare => miniflare(project, self, secrets),
            Runtime::Spin if has_spin() => real_spin(project, self, secrets),
            Runtime::Spin => Ok(spin_host(project, self, secrets)),
        }
    }

    /// Applies the migrations and loads the demo data, where the runtime leaves that to us.
    pub(crate) fn fill(&self, project: &Project) -> Outcome {
        let log = self.state.path("demo.log");
        match self.runtime {
            // Miniflare's database can only be reached through it: it is sent what a native one was filled with.
            Runtime::Cloudflare if self.demo => {
                let mut demo = demo(project, self, "demo.db")?;
                demo.arg("--dump").arg(self.state.path("rows.json"));
                process::quiet(&mut demo, &log)?;
            }
            Runtime::Cloudflare => {}
            Runtime::Spin => process::quiet(&mut demo(project, self, SPIN_DATABASE)?, &log)?,
        }
        self.state.complete_info()?;
        Ok(())
    }
}

fn demo(project: &Project, launch: &Launch, database: &str) -> Outcome<Command> {
    let mut demo = project.command(project.target("debug").join(DEMO));
    // The links in the demo's mails must open on the server.
    demo.env("SESSION_SECRET", launch.state.secrets()?.session);
    demo.arg("--sqlite").arg(launch.state.path(database));
    demo.arg("--sql").arg(project.path("sql"));
    demo.args(["--portal-origin", &portal_origin(launch.port)]);
    demo.arg("--info").arg(launch.state.path("demo.json"));
    if !launch.demo {
        demo.arg("--no-demo");
    }
    Ok(demo)
}

fn miniflare(project: &Project, launch: &Launch, secrets: &Secrets) -> Outcome<Command> {
    let rows = launch.state.path("rows.json");
    let (main, modules) = modules(project, launch.app);
    let settings = Settings {
        port: launch.port,
        main,
        modules,
        vars: &variables(launch, secrets),
        rows: launch.demo.then_some(rows.as_path()),
    };
    let config = launch.state.path("miniflare.json");
    write(
        &config,
        miniflare::config(project, &launch.state, &settings)?.to_string(),
    )?;
    let mut node = project.command("node");
    node.arg(project.path("xtask/miniflare.mjs"))
        .arg(config)
        .stdout(stderr());
    Ok(node)
}

/// The entry module of an app, and the folders of all of them.
fn modules(project: &Project, app: App) -> (&'static str, Vec<PathBuf>) {
    let product = output(project, Runtime::Cloudflare, false);
    match app {
        App::Product | App::Bench => (cloudflare::entry(false), vec![product]),
        App::Tests => {
            let tests = output(project, Runtime::Cloudflare, true);
            (cloudflare::entry(true), vec![product, tests])
        }
        App::Floor => (FLOOR, vec![project.target("bench/floor")]),
    }
}

/// What both Spins are started from; variables travel by environment, where `ps` does not show secrets.
fn spin_app(project: &Project, launch: &Launch, secrets: &Secrets, command: &mut Command) {
    command
        .arg("--from")
        .arg(spin::manifest(project, launch.app == App::Tests));
    command.args(["--listen", &format!("127.0.0.1:{}", launch.port)]);
    for (name, value) in variables(launch, secrets) {
        command.env(format!("SPIN_VARIABLE_{name}"), value);
    }
}

fn spin_host(project: &Project, launch: &Launch, secrets: &Secrets) -> Command {
    let profile = match launch.app {
        App::Bench => "tool",
        App::Product | App::Tests | App::Floor => "debug",
    };
    let mut host = project.command(project.target(profile).join(SPIN_HOST));
    spin_app(project, launch, secrets, &mut host);
    host.arg("--sqlite-file")
        .arg(launch.state.path(SPIN_DATABASE));
    host.arg("--state").arg(launch.state.path("spin"));
    // It says when it is ready; the line on our own stdout is the one that counts.
    host.stdout(Stdio::null());
    host
}

fn real_spin(project: &Project, launch: &Launch, secrets: &Secrets) -> Outcome<Command> {
    let config = launch.state.path("spin-runtime.toml");
    // A JSON string is a TOML string too.
    let database = serde_json::Value::from(launch.state.path(SPIN_DATABASE).to_string_lossy());
    let databases = format!("[sqlite_database.default]\ntype = \"spin\"\npath = {database}\n");
    write(&config, databases)?;
    let mut spin = project.command("spin");
    spin.arg("up");
    spin_app(project, launch, secrets, &mut spin);
    spin.arg("--runtime-config-file").arg(config);
    spin.arg("--state-dir").arg(launch.state.path("spin"));
    spin.stdout(stderr());
    Ok(spin)
}

/// Whether Spin is to be served and is not there.
pub(crate) fn needs_spin_host(runtimes: &[Runtime]) -> bool {
    runtimes.contains(&Runtime::Spin) && !has_spin()
}

fn has_spin() -> bool {
    process::is_on_path("spin")
}

fn variables(launch: &Launch, secrets: &Secrets) -> [(&'static str, String); 5] {
    [
        ("SESSION_SECRET", secrets.session.clone()),
        ("SWEEP_SECRET", secrets.sweep.clone()),
        ("OPERATOR_SECRET", secrets.operator.clone()),
        ("PORTAL_ORIGIN", portal_origin(launch.port)),
        ("ENVIRONMENT", "development".to_owned()),
    ]
}

fn portal_origin(port: u16) -> String {
    format!("http://{{host}}:{port}")
}
