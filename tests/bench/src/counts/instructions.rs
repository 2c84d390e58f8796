//! Instructions of one request, natively, as callgrind counts them.
//!
//! The same program is run twice under callgrind, once with a few requests and once with more;
//! the difference is what those in between took, without starting up and preparing.

use std::path::Path;
use std::process::Command;

use host::native::Sqlite;
use lexopt::Arg::{Long, Value};
use lexopt::ValueExt;
use realmdesk_tests::{DAY, World};

use crate::Outcome;
use crate::client::Desk;
use crate::native::Native;
use crate::scenario::named;

const FEW: usize = 5;
const MORE: usize = 25;

/// The requests whose instructions are counted.
const COUNTED: [&str; 4] = ["API create", "ticket thread", "mail in", "queue page"];

/// What stands in callgrind's output before the total.
const TOTAL: &str = "summary: ";

/// The instructions of one request, in a small help desk or in the one that a database file holds.
/// `None` for requests that are not counted, and where there is no valgrind.
pub(crate) fn per_request(scenario: &str, sqlite: Option<&Path>) -> Outcome<Option<i64>> {
    if !COUNTED.contains(&scenario) || !has_valgrind() {
        return Ok(None);
    }
    let few = counted(scenario, FEW, sqlite)?;
    let more = counted(scenario, MORE, sqlite)?;
    Ok(Some((more - few) / i64::try_from(MORE - FEW)?))
}

/// Whether instructions can be counted on this machine.
pub(crate) fn has_valgrind() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join("valgrind").is_file())
}

fn counted(scenario: &str, requests: usize, sqlite: Option<&Path>) -> Outcome<i64> {
    let output = std::env::temp_dir().join(format!("realmdesk-callgrind-{}", std::process::id()));
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(std::env::current_exe()?)
        .args(["probe", scenario, &requests.to_string()]);
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

/// `bench probe SCENARIO REQUESTS [--sqlite FILE]`: what callgrind runs.
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
    let requests = words.get(1).ok_or("how many requests?")?.parse()?;
    let mut desk = desk(file.as_deref().map(Path::new))?;
    let ask = (scenario.prepare)(&mut desk)?;
    for number in 0..requests {
        desk.send(&ask.numbered(number))?.ok()?;
    }
    Ok(())
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
