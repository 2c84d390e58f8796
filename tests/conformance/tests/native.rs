//! The conformance suite on the native host, and what only the native host promises: that it is
//! as narrow as D1.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use conformance::{CASES, Outcome, race, scratch};
use host::native::Sqlite;
use libtest_mimic::{Arguments, Trial};
use pollster::block_on;
use tenancy::port::{BatchStatement, Database, DbError};

fn main() {
    let suite = CASES.iter().map(|case| {
        Trial::test(case.name, move || {
            let database = Sqlite::in_memory().map_err(|error| error.to_string())?;
            Ok(block_on(case.try_on(&database))?)
        })
    });
    let alone = [
        (
            "writers_on_one_file_race",
            writers_on_one_file_race as fn() -> Outcome,
        ),
        ("a_lock_that_stays_is_busy", a_lock_that_stays_is_busy),
        ("what_d1_cannot_do_is_refused", what_d1_cannot_do_is_refused),
        (
            "a_repeated_column_name_is_refused",
            a_repeated_column_name_is_refused,
        ),
    ]
    .map(|(name, test)| Trial::test(name, move || Ok(test()?)));
    let trials = suite.chain(alone).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A database file that goes with the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let file = Self(folder.join(format!("{name}-{}.db", std::process::id())));
        let _ = fs::remove_file(&file.0);
        file
    }

    fn open(&self) -> Result<Sqlite, String> {
        Sqlite::file(&self.0).map_err(|error| error.to_string())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn run(database: &Sqlite, sql: &'static str) -> Result<(), DbError> {
    let values = Vec::new();
    let sql = sql.into();
    block_on(database.run(vec![BatchStatement { sql, values }])).map(|_| ())
}

fn writers_on_one_file_race() -> Outcome {
    const WRITERS: i64 = 4;
    const DRAWS: i64 = 25;
    let file = File::new("race");
    block_on(race::prepare(&file.open()?))?;
    let writer = || -> Result<Vec<i64>, String> {
        let database = file.open()?;
        (0..DRAWS)
            .map(|_| block_on(race::draw(&database)))
            .collect()
    };
    let mut drawn = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(writer)).collect();
        let drawn = writers
            .into_iter()
            .map(|writer| writer.join().unwrap_or_else(|_| Err("a panic".to_owned())));
        drawn.collect::<Result<Vec<_>, _>>()
    })?
    .concat();
    drawn.sort_unstable();
    if drawn == (1..=WRITERS * DRAWS).collect::<Vec<_>>() {
        Ok(())
    } else {
        Err(format!("drawn: {drawn:?}"))
    }
}

fn a_lock_that_stays_is_busy() -> Outcome {
    let file = File::new("busy");
    let (holder, waiter) = (file.open()?, file.open()?);
    block_on(scratch::make(&holder))?;
    holder
        .with(|connection| connection.execute_batch("BEGIN IMMEDIATE"))
        .map_err(|error| error.to_string())?;
    waiter
        .with(|connection| connection.busy_timeout(Duration::from_millis(10)))
        .map_err(|error| error.to_string())?;
    match run(&waiter, "DELETE FROM conformance_note") {
        Err(DbError::Busy) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn what_d1_cannot_do_is_refused() -> Outcome {
    let database = Sqlite::in_memory().map_err(|error| error.to_string())?;
    for sql in [
        "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 \
         UNION ALL SELECT 6",
        "SELECT 'x' LIKE '%123456789012345678901234567890123456789012345678901234567890%'",
        "SELECT length(zeroblob(2000001)) AS it",
    ] {
        if run(&database, sql).is_ok() {
            return Err(format!("{sql} ran"));
        }
    }
    Ok(())
}

fn a_repeated_column_name_is_refused() -> Outcome {
    let database = Sqlite::in_memory().map_err(|error| error.to_string())?;
    let wanted = Err(DbError::Refused("two columns named it".to_owned()));
    let got = run(&database, "SELECT 1 AS it, 2 AS it");
    if got == wanted {
        Ok(())
    } else {
        Err(format!("{got:?}"))
    }
}
