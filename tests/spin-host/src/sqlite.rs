//! Lends components `spin:sqlite` 3.1.
//!
//! Every open is a new connection to the application's one database file, and only components that list the database may open it.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::mpsc;
use wasmtime::component::{
    Accessor, Destination, FutureReader, HasData, Resource, ResourceTable, StreamProducer,
    StreamReader, StreamResult,
};
use wasmtime::error::Context as _;
use wasmtime::{Result, StoreContextMut};

use crate::bindings::spin::sqlite::sqlite::{
    Error, Host, HostConnection, HostConnectionWithStore, QueryResult, RowResult, Value,
};
use crate::database::{Connection, Running};

/// Spin's limit on connections open at once in one instance.
const MOST_CONNECTIONS: usize = 256;

/// What one component may open.
#[derive(Clone, Debug)]
pub struct Databases {
    /// The file behind the name `default`.
    pub file: Arc<Path>,
    /// The names the manifest lists for the component.
    pub allowed: Arc<[String]>,
}

/// Names this interface to the linker.
pub(crate) struct Sqlite;

impl HasData for Sqlite {
    type Data<'a> = View<'a>;
}

/// The part of an instance's state that this interface uses.
pub(crate) struct View<'a> {
    pub(crate) databases: &'a Databases,
    pub(crate) open: &'a mut usize,
    pub(crate) table: &'a mut ResourceTable,
}

type Started = (
    Vec<String>,
    StreamReader<RowResult>,
    FutureReader<Result<(), Error>>,
);

impl View<'_> {
    fn open(&mut self, name: &str) -> Result<Result<Resource<Connection>, Error>> {
        if !self.databases.allowed.iter().any(|allowed| allowed == name) {
            return Ok(Err(Error::AccessDenied));
        }
        if *self.open == MOST_CONNECTIONS {
            return Ok(Err(Error::Io("too many connections opened".to_owned())));
        }
        *self.open += 1;
        let connection = Connection::new(Arc::clone(&self.databases.file));
        Ok(Ok(self.table.push(connection)?))
    }

    fn get(&self, connection: &Resource<Connection>) -> Result<Connection> {
        Ok(self.table.get(connection)?.share())
    }
}

impl Host for View<'_> {}

impl HostConnection for View<'_> {
    async fn open(&mut self, name: String) -> Result<Result<Resource<Connection>, Error>> {
        self.open(&name)
    }

    async fn execute(
        &mut self,
        connection: Resource<Connection>,
        sql: String,
        values: Vec<Value>,
    ) -> Result<Result<QueryResult, Error>> {
        match self.get(&connection)?.collect(sql, values).await {
            Ok(result) => result
                .map(Ok)
                .context("TEXT that is not UTF-8: Spin panics here"),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn last_insert_rowid(&mut self, connection: Resource<Connection>) -> Result<i64> {
        Ok(self.get(&connection)?.last_insert_rowid().await?)
    }

    async fn changes(&mut self, connection: Resource<Connection>) -> Result<u64> {
        Ok(self.get(&connection)?.changes().await?)
    }

    async fn drop(&mut self, connection: Resource<Connection>) -> Result<()> {
        self.table.delete(connection)?;
        *self.open -= 1;
        Ok(())
    }
}

impl<T: Send> HostConnectionWithStore<T> for Sqlite {
    async fn open_async(
        store: &Accessor<T, Self>,
        name: String,
    ) -> Result<Result<Resource<Connection>, Error>> {
        store.with(|mut store| store.get().open(&name))
    }

    async fn execute_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
        sql: String,
        values: Vec<Value>,
    ) -> Result<Result<Started, Error>> {
        let connection = store.with(|mut store| store.get().get(&connection))?;
        let Running {
            columns,
            rows,
            result,
        } = match connection.start(sql, values).await {
            Ok(running) => running,
            Err(error) => return Ok(Err(error)),
        };
        store.with(|mut store| {
            let rows = StreamReader::new(&mut store, Rows(rows))?;
            let result = FutureReader::new(&mut store, result)?;
            Ok(Ok((columns, rows, result)))
        })
    }

    async fn last_insert_rowid_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> Result<i64> {
        let connection = store.with(|mut store| store.get().get(&connection))?;
        Ok(connection.last_insert_rowid().await?)
    }

    async fn changes_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> Result<u64> {
        let connection = store.with(|mut store| store.get().get(&connection))?;
        Ok(connection.changes().await?)
    }
}

/// Rows on their way from the database's thread to the guest.
struct Rows(mpsc::Receiver<RowResult>);

impl<D> StreamProducer<D> for Rows {
    type Item = RowResult;
    type Buffer = Option<RowResult>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, RowResult, Option<RowResult>>,
        finish: bool,
    ) -> Poll<Result<StreamResult>> {
        if destination.remaining(store) == Some(0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        match self.0.poll_recv(context) {
            Poll::Ready(Some(row)) => {
                destination.set_buffer(Some(row));
                Poll::Ready(Ok(StreamResult::Completed))
            }
            Poll::Ready(None) => Poll::Ready(Ok(StreamResult::Dropped)),
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}
