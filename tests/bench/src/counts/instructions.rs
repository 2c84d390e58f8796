//! Instructions of one request, natively, as callgrind counts them.
//!
//! This program runs itself under callgrind, which collects only inside of [`measured`].

use std::path::Path;
use std::process::Command;

use host::native::Sqlite;
use lexopt::Arg::{Long, Value};
use lexopt::ValueExt;
use realmdesk_tests::{DAY, World};

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

/// The instructions of one request, in a small help desk or in the one that a database file holds.
/// `None` for requests that are not counted, and where there is no valgrind.
pub(crate) fn per_request(scenario: &str, sqlite: Option<&Path>) -> Outcome<Option<i64>> {
    if !COUNTED.contains(&scenario) || !has_valgrind() {
        return Ok(None);
    }
    let counted = counted(scenario, sqlite)?;
    Ok(Some(counted / i64::try_from(REQUESTS)?))
}

/// Whether instructions can be counted on this machine.
pub(crate) fn has_valgrind() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join("valgrind").is_file())
}

fn counted(scenario: &str, sqlite: Option<&Path>) -> Outcome<i64> {
    let output = std::env::temp_dir().join(format!("realmdesk-callgrind-{}", std::process::id()));
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--quiet", "--collect-atstart=no"])
        .arg(format!("--toggle-collect={MEASURED}*"))
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(std::env::current_exe()?)
        .args(["probe", scenario]);
    if let Some(file) = sqlite {
        valgrind.arg("--sqlite").arg(file);
    }
    let ran = valgrind.output()?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned().into());
    }
    let counted = std::fs::read_to_string(&output)?;
    std::fs::remove_file(&output)?;
    let total = counted.lines().find_map(|line| line.strip_prefix(TOTAL));
    Ok(total.ok_or("callgrind told no total")?.trim().parse()?)
}

/// `bench probe SCENARIO [--sqlite FILE]`: what callgrind runs.
pub(crate) fn probe(mut args: lexopt::Parser) -> Outcome {
    let (mut words, mut file) = (Vec::new(), None);
    while let Some(arg) = args.next()? {
        match arg {
            Long("sqlite") => file = Some(args.value()?),
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let scenario = named(words.first().map_or("", String::as_str))?;
    let mut desk = desk(file.as_deref().map(Path::new))?;
    let ask = (scenario.prepare)(&mut desk)?;
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
        return Ok(Native::new(World::new().tenant("acme")));
    };
    let world = World::on(Sqlite::file(file)?);
    // What is drawn again must not be what the file holds already: ids begin with the time.
    world.turn(DAY);
    Ok(Native::new(world))
}
