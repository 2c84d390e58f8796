//! Child processes: each is a process group of its own, so that ending one ends all it started,
//! and every wait has an end: the child's, a time-out, or a signal to stop.

use std::fs::File;
use std::io::stderr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{fs, io};

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::Outcome;

/// How often a waiting loop looks again.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// What a group gets to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);

static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Turns Ctrl-C, SIGTERM and a closed terminal into a flag that every wait looks at.
pub(crate) fn watch_signals() -> Outcome {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&STOP))?;
    }
    Ok(())
}

/// Whether somebody asked this process to stop.
pub(crate) fn is_stopping() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// A running child and everything it started; dropped, all of it ends.
pub(crate) struct Group {
    leader: Child,
    id: Pid,
    watchdog: Option<Child>,
}

impl Group {
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        let leader = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", name(command)))?;
        let id = Pid::from_child(&leader);
        Ok(Self {
            leader,
            id,
            watchdog: None,
        })
    }

    /// Starts a server, with a watchdog in its group that ends it should this process be killed outright.
    ///
    /// The watchdog reads a pipe whose other end only this process has: the system closes it in every case.
    pub(crate) fn serve(command: &mut Command) -> Outcome<Self> {
        let mut group = Self::start(command)?;
        let watchdog = Command::new("sh")
            .args([
                "-c",
                r#"read _; kill -s TERM -- "-$0""#,
                &group.id().to_string(),
            ])
            .stdin(Stdio::piped())
            .process_group(group.id())
            .spawn()?;
        group.watchdog = Some(watchdog);
        Ok(group)
    }

    /// The process group's number, which is its leader's process number.
    pub(crate) fn id(&self) -> i32 {
        self.id.as_raw_nonzero().get()
    }

    /// The leader's exit status, once it has ended.
    pub(crate) fn ended(&mut self) -> Outcome<Option<ExitStatus>> {
        Ok(self.leader.try_wait()?)
    }

    /// Waits for the leader; a signal or the time-out ends the group instead.
    fn wait(mut self, limit: Option<Duration>) -> Outcome<ExitStatus> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            if is_stopping() {
                return Err("stopped".into());
            }
            if limit.is_some_and(|limit| started.elapsed() > limit) {
                return Err(
                    format!("no end after {} s, given up", started.elapsed().as_secs()).into(),
                );
            }
            sleep(TICK);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Errors mean that the group is gone already, which is what is wanted.
        let _ = kill_process_group(self.id, Signal::TERM);
        let started = Instant::now();
        while started.elapsed() < GRACE && matches!(self.leader.try_wait(), Ok(None)) {
            sleep(TICK);
        }
        let _ = kill_process_group(self.id, Signal::KILL);
        let _ = self.leader.wait();
        if let Some(watchdog) = &mut self.watchdog {
            let _ = watchdog.wait();
        }
    }
}

/// Runs a command whose output the person sees, on stderr: stdout is for results.
pub(crate) fn loud(command: &mut Command) -> Outcome {
    let status = Group::start(command.stdout(stderr()))?.wait(None)?;
    succeeded(command, status)
}

/// Runs a command whose standard output is the result.
pub(crate) fn shown(command: &mut Command) -> Outcome {
    let status = Group::start(command)?.wait(None)?;
    succeeded(command, status)
}

/// Runs a command and keeps its output back, in `log`; the end of it is part of the error.
pub(crate) fn quiet(command: &mut Command, log: &Path) -> Outcome {
    quiet_within(command, log, None)
}

/// As [`quiet`], but gives up after `limit`.
pub(crate) fn quiet_within(command: &mut Command, log: &Path, limit: Option<Duration>) -> Outcome {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let output = File::create(log)?;
    command.stdout(output.try_clone()?).stderr(output);
    let outcome = Group::start(command)?
        .wait(limit)
        .and_then(|status| succeeded(command, status));
    outcome.map_err(|error| match tail(log) {
        Ok(tail) if !tail.is_empty() => format!("{error}\n{tail}").into(),
        _ => error,
    })
}

/// The standard output of a short command, trimmed.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start {}: {error}", name(command)))?;
    succeeded(command, output.status)?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Where a program is on the PATH.
pub(crate) fn is_on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

fn succeeded(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    let args: Vec<_> = command
        .get_args()
        .map(std::ffi::OsStr::to_string_lossy)
        .collect();
    Err(format!("`{} {}` failed ({status})", name(command), args.join(" ")).into())
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// The last lines of a log, indented.
fn tail(log: &Path) -> io::Result<String> {
    let text = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    let lines: Vec<_> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(30)..];
    Ok(last
        .iter()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n"))
}
