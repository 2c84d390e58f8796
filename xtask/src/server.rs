//! A local server of either runtime: started on a state folder, watched until it ends or is told to.

use std::io::{Read, Write, stderr};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::build::Runtime;
use crate::miniflare::{self, Settings};
use crate::process::{self, Group, TICK};
use crate::project::{Project, write};
use crate::report::Report;
use crate::spin;
use crate::state::{Secrets, State};

/// The native programs that a local server needs; both are packages of this workspace.
pub(crate) const DEMO: &str = "demo";
pub(crate) const SPIN_HOST: &str = "spin-host";

/// The host compiles components, which takes for ever when it is not optimised itself.
pub(crate) const SPIN_HOST_PROFILE: &str = "tool";

const START_LIMIT: Duration = Duration::from_mins(2);
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// How a server is to be started.
pub(crate) struct Launch {
    pub(crate) runtime: Runtime,
    pub(crate) port: u16,
    pub(crate) state: State,
    pub(crate) demo: bool,
    /// Whether to serve the test build of the app.
    pub(crate) conformance: bool,
}

/// A server that answers.
pub(crate) struct Server {
    group: Group,
    runtime: Runtime,
    port: u16,
    secrets: Secrets,
}

/// Compiles the native programs that serving on a runtime needs.
pub(crate) fn build_helpers(project: &Project, report: &mut Report, runtime: Runtime) -> Outcome {
    let mut build = |package: &str, profile: &str| {
        report.loud(&format!("compile {package}"), || {
            let args = ["build", "--package", package, "--profile", profile];
            process::loud(project.command("cargo").args(args))
        })
    };
    build(DEMO, "dev")?;
    if runtime == Runtime::Spin && !has_spin() {
        build(SPIN_HOST, SPIN_HOST_PROFILE)?;
    }
    Ok(())
}

/// Fills the database and starts the server on it; returns when it answers.
pub(crate) fn start(project: &Project, report: &mut Report, launch: &Launch) -> Outcome<Server> {
    let secrets = launch.state.secrets()?;
    report.quiet("database", || fill(project, launch))?;
    TcpListener::bind(("127.0.0.1", launch.port)).map_err(|error| {
        format!(
            "port {} cannot be used ({error}); choose another with --port",
            launch.port
        )
    })?;
    let group = report.quiet(&format!("start on {}", launch.runtime.name()), || {
        let mut command = match launch.runtime {
            Runtime::Cloudflare => miniflare(project, launch, &secrets)?,
            Runtime::Spin if has_spin() => real_spin(project, launch, &secrets)?,
            Runtime::Spin => spin_host(project, launch, &secrets),
        };
        let mut group = Group::serve(command.stdout(stderr()))?;
        write(&launch.state.path("server.pid"), group.id().to_string())?;
        wait_until_it_answers(&mut group, launch)?;
        Ok(group)
    })?;
    Ok(Server {
        group,
        runtime: launch.runtime,
        port: launch.port,
        secrets,
    })
}

impl Server {
    /// Stays until a signal comes or the server ends by itself, which is an error.
    pub(crate) fn supervise(mut self, sweep: bool) -> Outcome {
        let mut swept: Option<Instant> = None;
        while !process::is_stopping() {
            if let Some(status) = self.group.ended()? {
                return Err(format!(
                    "the {} server ended by itself ({status})",
                    self.runtime.name()
                )
                .into());
            }
            if sweep && swept.is_none_or(|last| last.elapsed() >= SWEEP_EVERY) {
                swept = Some(Instant::now());
                self.sweep();
            }
            sleep(TICK);
        }
        Ok(())
    }

    /// Calls the scheduled function, as cron does in production.
    fn sweep(&self) {
        let port = self.port;
        let bearer = format!(
            "Authorization: Bearer {}\r\nContent-Length: 0\r\n",
            self.secrets.sweep
        );
        thread::spawn(move || match status(port, "POST", "/sweep", &bearer) {
            Ok(200..300) => {}
            Ok(status) => eprintln!("the sweep answered {status}"),
            Err(error) => eprintln!("the sweep failed: {error}"),
        });
    }
}

/// Applies the migrations and loads the demo data, where the runtime leaves that to us.
fn fill(project: &Project, launch: &Launch) -> Outcome {
    let state = &launch.state;
    match launch.runtime {
        // Miniflare's database can only be reached through it: it is sent what a native one was filled with.
        Runtime::Cloudflare if launch.demo => {
            let mut demo = demo(project, launch, "demo.db");
            demo.arg("--dump").arg(state.path("rows.json"));
            process::quiet(&mut demo, &state.path("demo.log"))?;
        }
        Runtime::Cloudflare => {}
        Runtime::Spin => process::quiet(
            &mut demo(project, launch, "spin.db"),
            &state.path("demo.log"),
        )?,
    }
    state.complete_info()?;
    Ok(())
}

fn demo(project: &Project, launch: &Launch, database: &str) -> Command {
    let mut demo = project.command(project.target("debug").join(DEMO));
    demo.arg("--sqlite").arg(launch.state.path(database));
    demo.arg("--sql").arg(project.path("sql"));
    demo.args(["--portal-origin", &portal_origin(launch.port)]);
    demo.arg("--info").arg(launch.state.path("demo.json"));
    if !launch.demo {
        demo.arg("--no-demo");
    }
    demo
}

fn miniflare(project: &Project, launch: &Launch, secrets: &Secrets) -> Outcome<Command> {
    let rows = launch.state.path("rows.json");
    let settings = Settings {
        port: launch.port,
        conformance: launch.conformance,
        vars: &variables(launch, secrets),
        rows: launch.demo.then_some(rows.as_path()),
    };
    let config = launch.state.path("miniflare.json");
    write(
        &config,
        miniflare::config(project, &launch.state, &settings)?.to_string(),
    )?;
    let mut node = project.command("node");
    node.arg(project.path("xtask/miniflare.mjs")).arg(config);
    Ok(node)
}

fn spin_host(project: &Project, launch: &Launch, secrets: &Secrets) -> Command {
    let mut host = project.command(project.target(SPIN_HOST_PROFILE).join(SPIN_HOST));
    host.arg("--from")
        .arg(spin::manifest(project, launch.conformance));
    host.args(["--listen", &format!("127.0.0.1:{}", launch.port)]);
    host.arg("--sqlite-file").arg(launch.state.path("spin.db"));
    host.arg("--state").arg(launch.state.path("spin"));
    for (name, value) in variables(launch, secrets) {
        host.args(["--variable", &format!("{}={value}", name.to_lowercase())]);
    }
    host
}

fn real_spin(project: &Project, launch: &Launch, secrets: &Secrets) -> Outcome<Command> {
    let config = launch.state.path("spin-runtime.toml");
    // A JSON string is a TOML string too.
    let database = serde_json::Value::from(launch.state.path("spin.db").to_string_lossy());
    write(
        &config,
        format!("[sqlite_database.default]\ntype = \"spin\"\npath = {database}\n"),
    )?;
    let mut spin = project.command("spin");
    spin.arg("up")
        .arg("--from")
        .arg(spin::manifest(project, launch.conformance));
    spin.args(["--listen", &format!("127.0.0.1:{}", launch.port)]);
    spin.arg("--runtime-config-file").arg(config);
    spin.arg("--state-dir").arg(launch.state.path("spin"));
    for (name, value) in variables(launch, secrets) {
        spin.env(format!("SPIN_VARIABLE_{name}"), value);
    }
    Ok(spin)
}

fn has_spin() -> bool {
    process::is_on_path("spin")
}

fn variables(launch: &Launch, secrets: &Secrets) -> [(&'static str, String); 4] {
    [
        ("SESSION_SECRET", secrets.session.clone()),
        ("SWEEP_SECRET", secrets.sweep.clone()),
        ("PORTAL_ORIGIN", portal_origin(launch.port)),
        ("ENVIRONMENT", "development".to_owned()),
    ]
}

fn portal_origin(port: u16) -> String {
    format!("http://{{host}}:{port}")
}

fn wait_until_it_answers(group: &mut Group, launch: &Launch) -> Outcome {
    let started = Instant::now();
    loop {
        let answer = status(launch.port, "GET", "/", "");
        if matches!(answer, Ok(..500)) {
            return Ok(());
        }
        if let Some(status) = group.ended()? {
            return Err(format!("it ended before it answered ({status})").into());
        }
        if process::is_stopping() {
            return Err("stopped".into());
        }
        if started.elapsed() > START_LIMIT {
            return Err(format!("no good answer in time: {answer:?}").into());
        }
        sleep(5 * TICK);
    }
}

/// The status that the server on this machine answers a request with.
fn status(port: u16, method: &str, path: &str, headers: &str) -> Outcome<u16> {
    let mut stream = TcpStream::connect_timeout(
        &SocketAddr::from(([127, 0, 0, 1], port)),
        Duration::from_secs(2),
    )?;
    stream.set_read_timeout(Some(SWEEP_EVERY))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{headers}\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let line = String::from_utf8_lossy(&answer);
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.ok_or_else(|| "the answer is not HTTP".into())
}
