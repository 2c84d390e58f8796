//! Instructions of one request, natively, as callgrind counts them.
//!
//! This program runs itself under callgrind, which collects only inside of [`measured`].

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use host::native::Sqlite;
use lexopt::Arg::{Long, Value};
use lexopt::ValueExt;
use realmdesk_tests::{HOUR, World};

use crate::Outcome;
use crate::client::{Answer, Ask, Desk};
use crate::native::Native;
use crate::scenario::named;

/// How many requests the figure is the average of.
const REQUESTS: usize = 20;

/// The requests whose instructions are counted.
const COUNTED: [&str; 4] = ["API create", "ticket thread", "mail in", "queue page"];

/// The number of the first request; smaller ones may have been sent to the same database.
const FIRST: usize = 1_000_000;

/// The function that is collected, as callgrind writes its name.
const MEASURED: &str = "bench::counts::instructions::measured";

/// What stands in callgrind's output before the total.
const TOTAL: &str = "summary: ";

/// Instructions of one request; none for requests that are not counted, and where there is no
/// valgrind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Instructions {
    /// With statements that were planned before.
    pub(crate) planned: Option<i64>,
    /// With statements that are planned for this request, as on a new connection.
    pub(crate) planning: Option<i64>,
}

/// The instructions of one request in a small help desk.
pub(crate) fn per_request(scenario: &str) -> Outcome<Instructions> {
    Ok(Instructions {
        planned: counted(scenario, &[])?,
        planning: counted(scenario, &["--plan-anew".as_ref()])?,
    })
}

/// The instructions of one request in the help desk that a database file holds.
pub(crate) fn in_file(scenario: &str, sqlite: &Path) -> Outcome<Option<i64>> {
    counted(scenario, &["--sqlite".as_ref(), sqlite.as_ref()])
}

/// Whether instructions can be counted on this machine.
pub(crate) fn has_valgrind() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join("valgrind").is_file())
}

fn counted(scenario: &str, options: &[&OsStr]) -> Outcome<Option<i64>> {
    if !COUNTED.contains(&scenario) || !has_valgrind() {
        return Ok(None);
    }
    let output = std::env::temp_dir().join(format!("realmdesk-callgrind-{}", std::process::id()));
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--quiet", "--collect-atstart=no"])
        .arg(format!("--toggle-collect={MEASURED}*"))
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(std::env::current_exe()?)
        .args(["probe", scenario])
        .args(options);
    let ran = valgrind.output()?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned().into());
    }
    let counted = std::fs::read_to_string(&output)?;
    std::fs::remove_file(&output)?;
    let total = counted.lines().find_map(|line| line.strip_prefix(TOTAL));
    let total: i64 = total.ok_or("callgrind told no total")?.trim().parse()?;
    Ok(Some(total / i64::try_from(REQUESTS)?))
}

/// `bench probe SCENARIO [--sqlite FILE] [--plan-anew]`: what callgrind runs.
pub(crate) fn probe(mut args: lexopt::Parser) -> Outcome {
    let (mut words, mut file, mut plans_anew) = (Vec::new(), None, false);
    while let Some(arg) = args.next()? {
        match arg {
            Long("sqlite") => file = Some(args.value()?),
            Long("plan-anew") => plans_anew = true,
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let scenario = named(words.first().map_or("", String::as_str))?;
    let mut desk = desk(file.as_deref().map(Path::new))?;
    let ask = (scenario.prepare)(&mut desk)?;
    if plans_anew {
        desk.keep_no_plans();
    }
    // The first one plans the statements, as in a server that has been running.
    desk.send(&ask.numbered(FIRST))?.ok()?;
    for number in 1..=REQUESTS {
        measured(&mut desk, &ask.numbered(FIRST + number))?.ok()?;
    }
    Ok(())
}

#[inline(never)]
fn measured(desk: &mut Native, ask: &Ask) -> Outcome<Answer> {
    desk.send(ask)
}

fn desk(file: Option<&Path>) -> Outcome<Native> {
    let Some(file) = file else {
        return Native::new(World::new().tenant("acme"));
    };
    let world = World::on(Sqlite::file(file)?);
    // What is drawn again must not be what the file holds already: ids begin with the time.
    // Not so late that tickets are overdue, and letters about them hide the one that is looked for.
    world.turn(3 * HOUR);
    Native::new(world)
}
