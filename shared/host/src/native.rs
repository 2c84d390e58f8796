//! A native process: rusqlite with D1's limits imposed, so that green here prepares there.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::limits::Limit;
use rusqlite::types::{Value as SqliteValue, ValueRef};
use rusqlite::{Connection, TransactionBehavior};
use tenancy::port::{
    Batch, BatchStatement, Boxed, Database, DbError, Row, Rows, Value, as_double, check,
};

/// A SQLite database in this process.
pub struct Sqlite {
    connection: Mutex<Connection>,
}

/// What D1 limits and SQLite can be told to limit too.
const D1_LIMITS: [(Limit, i32); 7] = [
    (Limit::SQLITE_LIMIT_LENGTH, 2_000_000),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 5),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (Limit::SQLITE_LIMIT_COLUMN, 100),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
];

impl Sqlite {
    /// Opens a database in memory.
    ///
    /// # Errors
    /// SQLite's.
    pub fn in_memory() -> Result<Self, DbError> {
        Self::new(Connection::open_in_memory().map_err(|error| failed(&error))?)
    }

    /// Opens a database file, creating it if it does not exist.
    ///
    /// # Errors
    /// SQLite's.
    pub fn file(path: &Path) -> Result<Self, DbError> {
        Self::new(Connection::open(path).map_err(|error| failed(&error))?)
    }

    fn new(connection: Connection) -> Result<Self, DbError> {
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(|error| failed(&error))?;
        for (limit, value) in D1_LIMITS {
            connection
                .set_limit(limit, value)
                .map_err(|error| failed(&error))?;
        }
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Runs a migration file: several statements, all or nothing, outside the port.
    ///
    /// # Errors
    /// SQLite's.
    pub fn migrate(&self, sql: &str) -> Result<(), DbError> {
        let applied = self.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute_batch(sql)?;
            transaction.commit()
        });
        applied.map_err(|error| failed(&error))
    }

    /// Lends the connection to tools and tests that look at the database from outside.
    pub fn with<T>(&self, use_it: impl FnOnce(&mut Connection) -> T) -> T {
        use_it(
            &mut self
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Database for Sqlite {
    fn run(&self, batch: Batch) -> Boxed<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move { self.with(|connection| transact(connection, batch)) })
    }
}

fn transact(connection: &mut Connection, batch: Batch) -> Result<Vec<Rows>, DbError> {
    check(&batch)?;
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| failed(&error))?;
    let answers: Result<_, _> = batch
        .into_iter()
        .map(|statement| execute(&transaction, statement))
        .collect();
    let answers = answers?;
    transaction.commit().map_err(|error| failed(&error))?;
    Ok(answers)
}

fn execute(connection: &Connection, statement: BatchStatement) -> Result<Rows, DbError> {
    let mut prepared = connection
        .prepare_cached(&statement.sql)
        .map_err(|error| failed(&error))?;
    let names = prepared.column_names().map(str::to_owned);
    let columns = Row::columns(names.collect())?;
    let values = rusqlite::params_from_iter(statement.values.into_iter().map(to_sqlite));
    let mut found = prepared.query(values).map_err(|error| failed(&error))?;
    let mut rows = Rows::new();
    while let Some(row) = found.next().map_err(|error| failed(&error))? {
        let value = |index| from_sqlite(row.get_ref(index).map_err(|error| failed(&error))?);
        let values = (0..columns.len()).map(value).collect::<Result<_, _>>()?;
        rows.push(Row::new(Arc::clone(&columns), values));
    }
    Ok(rows)
}

fn to_sqlite(value: Value) -> SqliteValue {
    match value {
        Value::Null => SqliteValue::Null,
        Value::Integer(number) => SqliteValue::Real(as_double(number)),
        Value::Text(text) => SqliteValue::Text(text),
        Value::Blob(bytes) => SqliteValue::Blob(bytes),
    }
}

fn from_sqlite(value: ValueRef<'_>) -> Result<Value, DbError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Value::of_integer(number),
        ValueRef::Real(number) => Value::of_double(number),
        ValueRef::Text(text) => {
            let text = String::from_utf8(text.to_vec());
            text.map(Value::Text)
                .map_err(|_| DbError::Refused("text that is not UTF-8".to_owned()))
        }
        ValueRef::Blob(bytes) => Ok(Value::Blob(bytes.to_vec())),
    }
}

fn failed(error: &rusqlite::Error) -> DbError {
    DbError::from_message(&error.to_string())
}
