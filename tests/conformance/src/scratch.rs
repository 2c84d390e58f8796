//! The tables the cases work on, and the few words they are written in.

use std::fmt::Debug;

use tenancy::port::{Batch, BatchStatement, Database, DbError, FromValue, Rows, Value};

use crate::Outcome;

/// Dropped children first, made parents first.
const TABLES: [&str; 5] = [
    "CREATE TABLE conformance_note (id INTEGER PRIMARY KEY, text TEXT, number INTEGER, bytes BLOB) STRICT",
    "CREATE TABLE conformance_parent (
       tenant_id INTEGER NOT NULL,
       parent_id TEXT NOT NULL,
       realm_id INTEGER NOT NULL,
       version INTEGER NOT NULL DEFAULT 1,
       name TEXT NOT NULL CHECK (name <> ''),
       PRIMARY KEY (tenant_id, parent_id),
       UNIQUE (tenant_id, parent_id, realm_id),
       UNIQUE (tenant_id, name)
     ) STRICT, WITHOUT ROWID",
    "CREATE TABLE conformance_child (
       tenant_id INTEGER NOT NULL,
       child_id INTEGER NOT NULL,
       parent_id TEXT NOT NULL,
       realm_id INTEGER NOT NULL,
       PRIMARY KEY (tenant_id, child_id),
       FOREIGN KEY (tenant_id, parent_id, realm_id)
         REFERENCES conformance_parent (tenant_id, parent_id, realm_id) ON UPDATE CASCADE
     ) STRICT, WITHOUT ROWID",
    "CREATE TABLE conformance_later (
       parent_id TEXT NOT NULL,
       FOREIGN KEY (parent_id) REFERENCES conformance_later_parent (parent_id)
         DEFERRABLE INITIALLY DEFERRED
     ) STRICT",
    "CREATE TABLE conformance_later_parent (parent_id TEXT PRIMARY KEY) STRICT",
];

/// Makes the tables afresh, triggers and all gone.
///
/// # Errors
/// The database's.
pub async fn make(database: &dyn Database) -> Outcome {
    let name = |sql: &str| sql.split(' ').nth(2).unwrap_or_default().to_owned();
    let dropped = TABLES
        .iter()
        .rev()
        .map(|sql| format!("DROP TABLE IF EXISTS {}", name(sql)));
    let texts = dropped.chain(TABLES.map(str::to_owned));
    run(database, texts.map(|sql| statement(sql, [])).collect())
        .await
        .map(|_| ())
}

/// A statement and its values.
pub(crate) fn statement<const N: usize>(
    sql: impl Into<std::borrow::Cow<'static, str>>,
    values: [Value; N],
) -> BatchStatement {
    BatchStatement {
        sql: sql.into(),
        values: values.into(),
    }
}

/// A statement without values.
pub(crate) fn plain(sql: &'static str) -> BatchStatement {
    statement(sql, [])
}

/// Runs a batch that has to run.
pub(crate) async fn run(database: &dyn Database, batch: Batch) -> Result<Vec<Rows>, String> {
    let count = batch.len();
    let answers = database.run(batch).await;
    let answers = answers.map_err(|error| format!("it did not run: {error:?}"))?;
    same("the number of answers", &answers.len(), &count)?;
    Ok(answers)
}

/// Runs one statement that has to give one row, and reads its column `it`.
pub(crate) async fn it<T: FromValue>(
    database: &dyn Database,
    statement: BatchStatement,
) -> Result<T, String> {
    let answers = run(database, vec![statement]).await?;
    let rows: Vec<T> = read(&answers[0], "it")?;
    let count = rows.len();
    let mut rows = rows.into_iter();
    match (rows.next(), count) {
        (Some(value), 1) => Ok(value),
        (_, count) => Err(format!("{count} rows instead of one")),
    }
}

/// Runs one statement that has to fail, and returns why.
pub(crate) async fn refusal(database: &dyn Database, batch: Batch) -> Result<DbError, String> {
    match database.run(batch).await {
        Ok(answers) => Err(format!("it ran: {answers:?}")),
        Err(error) => Ok(error),
    }
}

/// Tries a batch that has to be refused before anything of it runs.
pub(crate) async fn refused(database: &dyn Database, batch: Batch) -> Outcome {
    match refusal(database, batch).await? {
        DbError::Refused(_) => Ok(()),
        other => Err(format!("it failed in another way: {other:?}")),
    }
}

/// Reads a column of every row.
pub(crate) fn read<T: FromValue>(rows: &Rows, column: &str) -> Result<Vec<T>, String> {
    let values = rows.iter().map(|row| row.get(column));
    values
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{error} in {rows:?}"))
}

/// How many rows a table has.
pub(crate) async fn count(database: &dyn Database, table: &str) -> Result<i64, String> {
    it(
        database,
        statement(format!("SELECT count(*) AS it FROM {table}"), []),
    )
    .await
}

/// Compares what came with what should have come.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, got: &T, wanted: &T) -> Outcome {
    if got == wanted {
        Ok(())
    } else {
        Err(format!("{what}: {got:?} instead of {wanted:?}"))
    }
}
