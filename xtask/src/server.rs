//! A local server of either runtime: started on a state folder, watched until it ends or is told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::build::Runtime;
use crate::launch::Launch;
use crate::process::{self, Group, TICK};
use crate::project::{Project, write};
use crate::report::Report;
use crate::state::Secrets;

const START_LIMIT: Duration = Duration::from_mins(2);
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// A server that answers.
pub(crate) struct Server {
    group: Group,
    runtime: Runtime,
    port: u16,
    secrets: Secrets,
}

/// Fills the database and starts the server on it; returns when it answers.
pub(crate) fn start(project: &Project, report: &mut Report, launch: &Launch) -> Outcome<Server> {
    let secrets = launch.state.secrets()?;
    report.quiet("database", || launch.fill(project))?;
    TcpListener::bind(("127.0.0.1", launch.port)).map_err(|error| {
        format!(
            "port {} cannot be used ({error}); choose another with --port",
            launch.port
        )
    })?;
    let group = report.quiet(&format!("start on {}", launch.runtime.name()), || {
        let mut group = Group::serve(&mut launch.command(project, &secrets)?)?;
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

fn wait_until_it_answers(group: &mut Group, launch: &Launch) -> Outcome {
    let started = Instant::now();
    loop {
        let answer = status(launch.port, "GET", &launch.probe, "");
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
    // Not to the end: workerd keeps the connection open whatever it is asked.
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.ok_or_else(|| "the answer is not HTTP".into())
}
