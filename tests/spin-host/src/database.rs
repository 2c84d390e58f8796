//! One SQLite connection, driven from blocking threads.
//!
//! Foreign keys are on and a busy database is waited for 5 s, both by how SQLite is built and opened here.
//! Of a string only the first statement runs; the rest is ignored without a word, as in Spin.
//! A connection runs one statement at a time: the next one waits until the rows of the one before are read or dropped.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::{Value as Bound, ValueRef};
use rusqlite::{Batch, Row, Statement, params_from_iter};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use crate::bindings::spin::sqlite::sqlite::{Error, QueryResult, RowResult, Value};

/// Spin's limit on what it holds in memory for a guest.
const MOST_BYTES: usize = 128 << 20;

/// Rows read ahead of the guest.
const ROWS_AHEAD: usize = 4;

/// A guest's connection; dropping it rolls back what was not committed.
pub struct Connection {
    path: Arc<Path>,
    /// Opened by the first statement.
    handle: Arc<Mutex<Option<rusqlite::Connection>>>,
}

/// A statement that has started: its columns, its rows as they come, and how it ended.
pub(crate) struct Running {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: mpsc::Receiver<RowResult>,
    /// Closed without a value where Spin would panic.
    pub(crate) result: oneshot::Receiver<Result<(), Error>>,
}

/// Why a statement stopped.
enum Stop {
    Failed(Error),
    /// Spin's host panics here, which the guest feels as a trap.
    Panicked,
}

impl Connection {
    pub(crate) fn new(path: Arc<Path>) -> Self {
        Self {
            path,
            handle: Arc::default(),
        }
    }

    /// Another name for the same connection.
    pub(crate) fn share(&self) -> Self {
        Self {
            path: Arc::clone(&self.path),
            handle: Arc::clone(&self.handle),
        }
    }

    /// Starts a statement; what goes wrong after the file is open comes with the result.
    pub(crate) async fn start(self, sql: String, values: Vec<Value>) -> Result<Running, Error> {
        let (columns_to, columns) = oneshot::channel();
        let (rows_to, rows) = mpsc::channel(ROWS_AHEAD);
        let (result_to, result) = oneshot::channel();
        spawn_blocking(move || {
            let columns_to = &mut Some(columns_to);
            let mut send_columns = |columns| _ = columns_to.take().map(|to| to.send(columns));
            let mut handle = lock(&self.handle);
            let ended = match opened(&mut handle, &self.path) {
                Err(error) => return send_columns(Err(error)),
                Ok(handle) => run(
                    handle,
                    &sql,
                    values,
                    |columns| send_columns(Ok(columns)),
                    |row| {
                        if size(&row) > MOST_BYTES {
                            return Err(too_large());
                        }
                        rows_to
                            .blocking_send(row)
                            .map_err(|_| io(&"row send error"))
                    },
                ),
            };
            drop(handle);
            send_columns(Ok(Vec::new()));
            match ended {
                Ok(()) => _ = result_to.send(Ok(())),
                Err(Stop::Failed(error)) => _ = result_to.send(Err(error)),
                Err(Stop::Panicked) => {
                    eprintln!("spin-host: TEXT that is not UTF-8: Spin panics here");
                }
            }
        });
        let columns = columns
            .await
            .unwrap_or_else(|_| Err(io(&"the statement was lost")))?;
        Ok(Running {
            columns,
            rows,
            result,
        })
    }

    /// Runs a statement to its end; `None` where Spin would panic.
    pub(crate) async fn collect(
        self,
        sql: String,
        values: Vec<Value>,
    ) -> Result<Option<QueryResult>, Error> {
        self.on_blocking_thread(move |handle| {
            let (mut columns, mut rows, mut bytes) = (Vec::new(), Vec::new(), 0);
            let collect = |row: RowResult| {
                bytes += size(&row);
                rows.push(row);
                if bytes > MOST_BYTES {
                    Err(too_large())
                } else {
                    Ok(())
                }
            };
            match run(handle, &sql, values, |names| columns = names, collect) {
                Ok(()) => Ok(Some(QueryResult { columns, rows })),
                Err(Stop::Failed(error)) => Err(error),
                Err(Stop::Panicked) => Ok(None),
            }
        })
        .await
    }

    pub(crate) async fn changes(self) -> Result<u64, Error> {
        self.on_blocking_thread(|handle| Ok(handle.changes())).await
    }

    pub(crate) async fn last_insert_rowid(self) -> Result<i64, Error> {
        self.on_blocking_thread(|handle| Ok(handle.last_insert_rowid()))
            .await
    }

    async fn on_blocking_thread<T: Send + 'static>(
        self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let done = spawn_blocking(move || {
            let mut handle = lock(&self.handle);
            opened(&mut handle, &self.path).and_then(work)
        });
        done.await.unwrap_or_else(|error| Err(io(&error)))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn opened<'a>(
    handle: &'a mut Option<rusqlite::Connection>,
    path: &Path,
) -> Result<&'a rusqlite::Connection, Error> {
    if handle.is_none() {
        let mut opened = rusqlite::Connection::open(path).map_err(|error| io(&error))?;
        opened
            .authorizer(Some(deny_files))
            .map_err(|error| io(&error))?;
        *handle = Some(opened);
    }
    handle.as_ref().ok_or(Error::InvalidConnection)
}

/// No file but the application's own may be attached.
fn deny_files(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { filename } if !matches!(filename, "" | ":memory:") => {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }
}

fn run(
    handle: &rusqlite::Connection,
    sql: &str,
    values: Vec<Value>,
    columns_to: impl FnOnce(Vec<String>),
    mut rows_to: impl FnMut(RowResult) -> Result<(), Error>,
) -> Result<(), Stop> {
    let Some(mut statement) = Batch::new(handle, sql).next()? else {
        return Ok(());
    };
    let columns = columns(&statement);
    let width = columns.len();
    columns_to(columns);
    let mut rows = statement.query(params_from_iter(values.into_iter().map(bound)))?;
    while let Some(row) = rows.next()? {
        rows_to(read(row, width)?).map_err(Stop::Failed)?;
    }
    Ok(())
}

fn columns(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().map(ToOwned::to_owned).collect()
}

fn read(row: &Row<'_>, width: usize) -> Result<RowResult, Stop> {
    let values = (0..width)
        .map(|column| value(row.get_ref(column)?))
        .collect::<Result<_, _>>()?;
    Ok(RowResult { values })
}

fn value(value: ValueRef<'_>) -> Result<Value, Stop> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => {
            Value::Text(String::from_utf8(text.to_vec()).map_err(|_| Stop::Panicked)?)
        }
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

fn bound(value: Value) -> Bound {
    match value {
        Value::Null => Bound::Null,
        Value::Integer(number) => Bound::Integer(number),
        Value::Real(number) => Bound::Real(number),
        Value::Text(text) => Bound::Text(text),
        Value::Blob(bytes) => Bound::Blob(bytes),
    }
}

fn size(row: &RowResult) -> usize {
    let size = |value: &Value| {
        size_of::<Value>()
            + match value {
                Value::Text(text) => text.len(),
                Value::Blob(bytes) => bytes.len(),
                Value::Null | Value::Integer(_) | Value::Real(_) => 0,
            }
    };
    row.values.iter().map(size).sum()
}

fn too_large() -> Error {
    io(&format!("query result exceeds limit of {MOST_BYTES} bytes"))
}

fn io(error: &impl ToString) -> Error {
    Error::Io(error.to_string())
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(io(&error))
    }
}
