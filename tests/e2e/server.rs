//! A server of a case's own, that may be killed.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::stage::{Stage, unique};

const START_LIMIT: Duration = Duration::from_mins(3);
const END_LIMIT: Duration = Duration::from_secs(30);

/// A folder for a server's data; it goes with the case.
pub(crate) struct State(PathBuf);

impl State {
    pub(crate) fn new() -> Outcome<Self> {
        let folder = env::temp_dir().join(unique("realmdesk"));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server process, with all it has started.
pub(crate) struct Server {
    leader: Child,
    pub(crate) url: String,
}

impl Server {
    /// Starts a server on a state folder; returns when it is ready.
    pub(crate) fn start(stage: &Stage, state: &State) -> Outcome<Self> {
        let xtask = stage.xtask.as_ref().ok_or("REALMDESK_XTASK is not set")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::options()
            .create(true)
            .append(true)
            .open(state.path("server.log"))?;
        let mut leader = Command::new(xtask)
            .args(["dev", "--skip-build", "--runtime", &stage.runtime])
            .args(["--port", &port.to_string()])
            .arg("--state")
            .arg(state.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let output = leader.stdout.take();
        let server = Self {
            leader,
            url: format!("http://127.0.0.1:{port}"),
        };
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            // Read to the end, or the server could not write on.
            for line in output
                .into_iter()
                .flat_map(|output| BufReader::new(output).lines())
            {
                let _ = tell.send(line.unwrap_or_default());
            }
        });
        let started = Instant::now();
        while let Some(left) = START_LIMIT.checked_sub(started.elapsed()) {
            match told.recv_timeout(left) {
                Ok(line) if line.starts_with("ready ") => return Ok(server),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        let log = fs::read_to_string(state.path("server.log"))?;
        Err(format!("the server did not start:\n{log}").into())
    }

    /// Ends every process of the server at once, as a power cut would.
    pub(crate) fn kill(self) -> Outcome {
        let tree = tree(self.leader.id());
        signal("KILL", &tree)?;
        self.gone(&tree)
    }

    /// Asks the server to stop, and waits until all of it has.
    pub(crate) fn stop(self) -> Outcome {
        let tree = tree(self.leader.id());
        signal("TERM", &tree[..1])?;
        self.gone(&tree)
    }

    fn gone(mut self, tree: &[u32]) -> Outcome {
        let started = Instant::now();
        self.leader.wait()?;
        while tree.iter().any(|id| is_alive(*id)) {
            if started.elapsed() > END_LIMIT {
                return Err(format!("of {tree:?} some will not end").into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `kill` and `stop` there is nothing left; after a panic there is.
        if matches!(self.leader.try_wait(), Ok(None)) {
            let _ = signal("KILL", &tree(self.leader.id()));
            let _ = self.leader.wait();
        }
    }
}

/// A process and all below it, itself first.
fn tree(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, stat(id)?.1)))
        .collect();
    let mut tree = vec![root];
    let mut place = 0;
    while place < tree.len() {
        let above = tree[place];
        tree.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == above)
                .map(|(id, _)| id),
        );
        place += 1;
    }
    tree
}

fn is_alive(id: u32) -> bool {
    stat(id).is_some_and(|(state, _)| !matches!(state, 'Z' | 'X'))
}

/// A process's state and parent (proc(5)); its name, in brackets, may hold anything.
fn stat(id: u32) -> Option<(char, u32)> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

fn signal(name: &str, ids: &[u32]) -> Outcome {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    // Some may be gone already.
    Command::new("kill")
        .args(["-s", name])
        .args(ids)
        .stderr(Stdio::null())
        .status()?;
    Ok(())
}
