//! Spin's SQLite: a new connection per batch, and a transaction on it.

use std::borrow::Cow;
use std::sync::Arc;

use spin_sdk::sqlite::{Connection, Error, Value as SpinValue};
use tenancy::port::{
    Batch, BatchStatement, Boxed, Database, DbError, Row, Rows, Value, as_double, check,
};

use super::OnOneThread;

/// How often a batch asks for the write lock. Spin waits 5 s each time, but SQLite lets waiters in
/// in no order: of many, one can be passed over for longer.
const MOST_TRIES: usize = 4;

pub(super) struct Sqlite;

impl Database for Sqlite {
    fn run(&self, batch: Batch) -> Boxed<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(OnOneThread(transact(batch)))
    }
}

/// Dropping the connection on an early return rolls the transaction back.
async fn transact(batch: Batch) -> Result<Vec<Rows>, DbError> {
    check(&batch)?;
    let connection = Connection::open_default().await.map_err(failed)?;
    begin(&connection, &batch).await?;
    let mut answers = Vec::with_capacity(batch.len());
    for BatchStatement { sql, values } in batch {
        let values = values.into_iter().map(to_spin).collect();
        answers.push(execute(&connection, sql, values).await?);
    }
    execute(&connection, "COMMIT".into(), Vec::new()).await?;
    Ok(answers)
}

/// Who writes takes the lock first: a transaction that read before cannot wait for it. Who only
/// reads takes none, so that readers and a writer do not wait for each other.
async fn begin(connection: &Connection, batch: &[BatchStatement]) -> Result<(), DbError> {
    let is_read = batch.iter().all(BatchStatement::is_read);
    let how = if is_read { "BEGIN" } else { "BEGIN IMMEDIATE" };
    let mut tries = 1;
    loop {
        match execute(connection, how.into(), Vec::new()).await {
            // Nothing has been done yet, so trying again is safe.
            Err(DbError::Busy) if tries < MOST_TRIES => tries += 1,
            begun => return begun.map(|_| ()),
        }
    }
}

/// Runs one statement to its end: an undrained result would block the next one, and errors
/// come from the result, not from `execute`.
async fn execute(
    connection: &Connection,
    sql: Cow<'static, str>,
    values: Vec<SpinValue>,
) -> Result<Rows, DbError> {
    let result = connection.execute(sql, values).await.map_err(failed)?;
    let columns = Row::columns(result.columns().to_vec());
    let rows = result.collect().await.map_err(failed)?;
    let columns = columns?;
    rows.into_iter()
        .map(|row| {
            let values = row.values.into_iter().map(from_spin);
            Ok(Row::new(
                Arc::clone(&columns),
                values.collect::<Result<_, _>>()?,
            ))
        })
        .collect()
}

fn to_spin(value: Value) -> SpinValue {
    match value {
        Value::Null => SpinValue::Null,
        Value::Integer(number) => SpinValue::Real(as_double(number)),
        Value::Text(text) => SpinValue::Text(text),
        Value::Blob(bytes) => SpinValue::Blob(bytes),
    }
}

fn from_spin(value: SpinValue) -> Result<Value, DbError> {
    match value {
        SpinValue::Null => Ok(Value::Null),
        SpinValue::Integer(number) => Value::of_integer(number),
        SpinValue::Real(number) => Value::of_double(number),
        SpinValue::Text(text) => Ok(Value::Text(text)),
        SpinValue::Blob(bytes) => Ok(Value::Blob(bytes)),
    }
}

fn failed(error: Error) -> DbError {
    match error {
        Error::Io(message) => DbError::from_message(&message),
        other => DbError::Failed(format!("{other:?}")),
    }
}
