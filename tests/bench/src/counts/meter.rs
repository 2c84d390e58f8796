//! What the database did, as SQLite itself counts it.
//!
//! `sqlite3_stmt_scanstatus` tells how often each loop of a statement came around. A loop over an
//! index that does not hold all columns reads two rows each time, one of the index and one of the
//! table. Lists given as JSON and tables that exist only inside the statement are not counted,
//! nor what triggers read; `sqlite3_stmt_status` counts the steps of triggers too.

use std::ffi::{CStr, c_char, c_int};

use realmdesk_tests::World;
use rusqlite::ffi;

/// What some statements cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Rows of tables and indexes that were read.
    pub(crate) read: i64,
    /// Rows of tables that were written, by triggers too.
    pub(crate) written: i64,
    /// Instructions of SQLite's virtual machine, in triggers too.
    pub(crate) steps: i64,
}

/// Runs something, and tells what it cost the database.
pub(crate) fn cost<T>(world: &World, run: impl FnOnce() -> T) -> (T, Cost) {
    for_each_statement(world, |statement| {
        take_steps(statement);
        // SAFETY: the statement belongs to the connection that is locked.
        unsafe { ffi::sqlite3_stmt_scanstatus_reset(statement) }
    });
    let before = changes(world);
    let output = run();
    let mut cost = Cost {
        written: changes(world) - before,
        ..Cost::default()
    };
    for_each_statement(world, |statement| {
        let loops = (0..).map_while(|index| loop_rows(statement, index));
        cost.read += loops.sum::<i64>();
        cost.steps += take_steps(statement);
    });
    (output, cost)
}

fn take_steps(statement: *mut ffi::sqlite3_stmt) -> i64 {
    let counter = ffi::SQLITE_STMTSTATUS_VM_STEP;
    // SAFETY: the statement belongs to the connection that is locked.
    i64::from(unsafe { ffi::sqlite3_stmt_status(statement, counter, 1) })
}

fn changes(world: &World) -> i64 {
    world.sqlite.with(|connection| {
        // SAFETY: the connection is locked, and nothing is closed through the handle.
        unsafe { ffi::sqlite3_total_changes64(connection.handle()) }
    })
}

fn for_each_statement(world: &World, mut visit: impl FnMut(*mut ffi::sqlite3_stmt)) {
    world.sqlite.with(|connection| {
        // SAFETY: the connection is locked, and nothing is closed through the handle.
        let handle = unsafe { connection.handle() };
        let mut statement = std::ptr::null_mut();
        loop {
            // SAFETY: null or a statement of this connection, none of which is finalized here.
            statement = unsafe { ffi::sqlite3_next_stmt(handle, statement) };
            if statement.is_null() {
                return;
            }
            visit(statement);
        }
    });
}

/// What one loop of a statement has read; none when there is no such loop.
fn loop_rows(statement: *mut ffi::sqlite3_stmt, index: c_int) -> Option<i64> {
    let mut visits: i64 = 0;
    let mut plan: *const c_char = std::ptr::null();
    // SAFETY: each out-pointer has the type that SQLite documents for its operation.
    let is_there = unsafe {
        ffi::sqlite3_stmt_scanstatus(
            statement,
            index,
            ffi::SQLITE_SCANSTAT_NVISIT,
            (&raw mut visits).cast(),
        ) == 0
            && ffi::sqlite3_stmt_scanstatus(
                statement,
                index,
                ffi::SQLITE_SCANSTAT_EXPLAIN,
                (&raw mut plan).cast(),
            ) == 0
    };
    if !is_there {
        return None;
    }
    if plan.is_null() {
        return Some(0);
    }
    // SAFETY: SQLite gives a text that ends with NUL and lives as long as the statement.
    let plan = unsafe { CStr::from_ptr(plan) }.to_string_lossy();
    Some(visits * weight(&plan))
}

/// How many rows one turn of a loop reads.
fn weight(plan: &str) -> i64 {
    if plan.contains("VIRTUAL TABLE") || !plan.contains(" USING ") {
        0
    } else if plan.contains(" USING INDEX ") {
        2
    } else {
        1
    }
}
