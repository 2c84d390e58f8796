//! All rows of a database as INSERT statements, for a database that can only be reached by them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use host::native::Sqlite;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};

use crate::Outcome;

/// Every row of every table of ours: `[{"sql": "INSERT …", "params": […]}]`.
pub(crate) fn rows(database: &Sqlite) -> Outcome<Value> {
    database.with(|connection| {
        let mut rows = Vec::new();
        for table in tables(connection)? {
            dump_table(connection, &table, &mut rows)?;
        }
        Ok(Value::Array(rows))
    })
}

/// In the order they were made, so that what rows refer to comes first.
fn tables(connection: &Connection) -> Outcome<Vec<String>> {
    let mut names = connection.prepare(
        "SELECT name FROM sqlite_schema
          WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name <> 'd1_migrations'
          ORDER BY rowid",
    )?;
    let names = names.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

fn dump_table(connection: &Connection, table: &str, rows: &mut Vec<Value>) -> Outcome {
    let columns = stored(connection, table)?;
    let mut all = connection.prepare(&format!("SELECT {columns} FROM \"{table}\""))?;
    let count = all.column_count();
    let places = vec!["?"; count].join(", ");
    let sql = format!("INSERT INTO {table} ({columns}) VALUES ({places})");
    let mut found = all.query([])?;
    while let Some(row) = found.next()? {
        let params = (0..count).map(|index| Ok(as_json(row.get_ref(index)?)));
        let params = params.collect::<Result<Vec<_>, rusqlite::Error>>()?;
        rows.push(json!({ "sql": sql, "params": params }));
    }
    Ok(())
}

/// The columns that are stored; those that are computed cannot be written.
fn stored(connection: &Connection, table: &str) -> Outcome<String> {
    let mut columns = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let columns = columns.query_map([table], |row| row.get(0))?;
    let columns: Vec<String> = columns.collect::<Result<_, _>>()?;
    Ok(columns.join(", "))
}

fn as_json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => json!({ "base64": STANDARD.encode(bytes) }),
    }
}
