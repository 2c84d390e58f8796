//! Servers to measure: started by `cargo xtask dev`, ended with the value.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::Outcome;
use crate::table::folder;

/// What can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Cloudflare,
    Spin,
    /// The hand-written worker.
    Floor,
}

/// A server that answers.
pub(crate) struct Server {
    leader: Child,
    pub(crate) url: String,
    pub(crate) state: PathBuf,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cloudflare => "cloudflare",
            Self::Spin => "spin",
            Self::Floor => "floor",
        }
    }

    /// What `cargo xtask dev` is told.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::Cloudflare => ["--for-bench", "--runtime", "cloudflare"],
            Self::Spin => ["--for-bench", "--runtime", "spin"],
            Self::Floor => ["--floor", "--runtime", "cloudflare"],
        }
    }
}

/// Forgets the data of servers from before.
pub(crate) fn forget(kind: Kind) -> Outcome {
    let state = state(kind);
    if state.exists() {
        fs::remove_dir_all(state)?;
    }
    Ok(())
}

fn state(kind: Kind) -> PathBuf {
    folder().join(format!("state-{}", kind.name()))
}

impl Server {
    /// Starts a server on its own data, with the demo's in it; `probe` is the path that it has been
    /// asked when it counts as started.
    pub(crate) fn start(kind: Kind, probe: &str) -> Outcome<Self> {
        Self::on(kind, &state(kind), probe)
    }

    /// Starts a server on the data of another kind.
    pub(crate) fn start_as(kind: Kind, of: Kind) -> Outcome<Self> {
        Self::on(kind, &state(of), "/")
    }

    /// Starts a server on somebody's data.
    fn on(kind: Kind, state: &Path, probe: &str) -> Outcome<Self> {
        let xtask = env::var_os("REALMDESK_XTASK");
        let xtask = xtask.ok_or("servers are started by `cargo xtask bench`, not by itself")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        fs::create_dir_all(state)?;
        let log = state.join("server.log");
        let mut leader = Command::new(xtask)
            .args(["dev", "--skip-build", "--port", &port.to_string()])
            .args(["--probe", probe])
            .args(kind.words())
            .arg("--state")
            .arg(state)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::options().create(true).append(true).open(&log)?)
            .spawn()?;
        let output = leader.stdout.take().ok_or("it has an output")?;
        let server = Self {
            leader,
            url: format!("http://127.0.0.1:{port}"),
            state: state.to_owned(),
        };
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        if !lines.any(|line| line.starts_with("ready ")) {
            let log = log.display();
            return Err(format!("{} did not start; see {log}", kind.name()).into());
        }
        // Read to the end, or the server could not write on.
        thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }
}

/// Milliseconds of one of Linux's clock ticks, which are a hundred a second everywhere.
const TICK: f64 = 10.0;

impl Server {
    /// The milliseconds of processor time that the server has used so far, all its processes
    /// together; unlike the time on the wall it does not depend on what else the machine does.
    /// `None` where there is no `/proc`.
    pub(crate) fn processor_time(&self) -> Option<f64> {
        let group = fs::read_to_string(self.state.join("server.pid")).ok()?;
        let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok);
        let stats = processes.filter_map(|it| fs::read_to_string(it.path().join("stat")).ok());
        Some(
            stats
                .filter_map(|stat| ticks(&stat, group.trim()))
                .sum::<f64>()
                * TICK,
        )
    }
}

/// The ticks that a process of a group has used, from its line in `/proc`: what stands behind its
/// name, which can hold anything, is its state, parent, group, …
fn ticks(stat: &str, group: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let used: (f64, f64) = (fields.get(11)?.parse().ok()?, fields.get(12)?.parse().ok()?);
    (fields[2] == group).then_some(used.0 + used.1)
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends what it started when it is asked to; killed outright it would do so too, later.
        let asked = Command::new("kill")
            .arg(self.leader.id().to_string())
            .status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.leader.kill();
        }
        let _ = self.leader.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_that_of_the_group() {
        let stat = "17 (a) b) S 1 9 9 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 8 0 100";
        assert_eq!(ticks(stat, "9"), Some(300.0));
        assert_eq!(ticks(stat, "1"), None);
    }
}
