//! How many rows of tables and indexes the statements read, as SQLite itself counts them.
//!
//! `sqlite3_stmt_scanstatus` tells how often each loop of a statement came around. A loop over an
//! index that does not hold all columns reads two rows each time, one of the index and one of the
//! table. Lists given as JSON and tables that exist only inside the statement are not counted.

use std::ffi::{CStr, c_char, c_int};

use realmdesk_tests::World;
use rusqlite::ffi;

/// Forgets what was counted.
pub(crate) fn reset(world: &World) {
    for_each_statement(world, |statement| {
        // SAFETY: the statement belongs to the connection that is locked.
        unsafe { ffi::sqlite3_stmt_scanstatus_reset(statement) }
    });
}

/// The rows read since.
pub(crate) fn rows_read(world: &World) -> i64 {
    let mut rows = 0;
    for_each_statement(world, |statement| {
        rows += (0..)
            .map_while(|index| loop_rows(statement, index))
            .sum::<i64>();
    });
    rows
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
