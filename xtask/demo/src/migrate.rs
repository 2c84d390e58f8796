//! Applies the migrations that a database has not seen, and records them where wrangler does.

use std::path::{Path, PathBuf};

use host::native::Sqlite;
use rusqlite::Connection;

use crate::Outcome;

/// Wrangler's own table, so that both runtimes keep one history.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS d1_migrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)";

/// Brings the database to the newest schema, each step in a transaction of its own.
pub(crate) fn apply(database: &Sqlite, folder: &Path) -> Outcome {
    database.with(|connection| {
        // It persists in the file, and lets readers go on beside a writer.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute_batch(RECORD)?;
        for file in files(folder)? {
            step(connection, &file)?;
        }
        Ok(())
    })
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    Ok(files)
}

fn step(connection: &mut Connection, file: &Path) -> Outcome {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let seen = "SELECT 1 FROM d1_migrations WHERE name = ?1";
    if connection.prepare(seen)?.exists([&name])? {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    transaction.execute_batch(&std::fs::read_to_string(file)?)?;
    transaction.execute("INSERT INTO d1_migrations (name) VALUES (?1)", [&name])?;
    Ok(transaction.commit()?)
}
