//! Spin: its SQLite, the WASI clock, Spin's variables and outbound HTTP.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use spin_sdk::http::FullBody;
use spin_sdk::sqlite::{Connection, Value as SpinValue};
use tenancy::Runtime;
use tenancy::port::{
    Batch, BatchStatement, Boxed, ClientAddress, Clock, Database, DbError, Log, Outbound, Row,
    Rows, Secrets, Timestamp, Value, Variable,
};

use crate::request::{LARGEST_BODY, too_large};
use crate::{SecureRandom, handle};

/// Answers one request.
pub async fn fetch(router: Router, request: spin_sdk::http::Request) -> Response<FullBody<Bytes>> {
    let client = ClientAddress(client_address(&request));
    let (parts, body) = request.into_parts();
    let response = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => {
            let request = Request::from_parts(parts, body.to_bytes());
            handle(router, runtime(), client, request).await
        }
        Err(_) => too_large(),
    };
    response.map(FullBody::new)
}

/// Everything Spin lends the product.
pub fn runtime() -> Runtime {
    Runtime {
        database: Arc::new(Sqlite),
        clock: Arc::new(WasiClock),
        random: Arc::new(SecureRandom),
        secrets: Arc::new(Variables),
        outbound: Arc::new(SpinOutbound),
        log: Arc::new(StandardError),
    }
}

/// Spin says `address:port`, after whatever the client itself put under that name.
fn client_address<B>(request: &Request<B>) -> Option<std::net::IpAddr> {
    let text = request
        .headers()
        .get_all("spin-client-addr")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    text.parse::<std::net::SocketAddr>()
        .ok()
        .map(|address| address.ip())
}

/// A future of this single-threaded runtime, for places that ask for `Send`.
struct OnOneThread<F>(F);

// SAFETY: a component instance has one thread, so nothing is ever sent to another.
#[expect(
    unsafe_code,
    reason = "axum asks for Send, which a single thread satisfies vacuously"
)]
unsafe impl<F> Send for OnOneThread<F> {}

impl<F: Future> Future for OnOneThread<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the field is pinned whenever the wrapper is; it is never moved out.
        #[expect(unsafe_code, reason = "structural pinning of the only field")]
        let inner = unsafe { self.map_unchecked_mut(|wrapper| &mut wrapper.0) };
        inner.poll(context)
    }
}

struct WasiClock;

impl Clock for WasiClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock port itself")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

struct StandardError;

impl Log for StandardError {
    #[expect(clippy::print_stderr, reason = "standard error is Spin's log")]
    fn error(&self, text: &str) {
        eprintln!("{text}");
    }
}

struct Variables;

impl Secrets for Variables {
    fn read(&self, variable: Variable) -> Boxed<'_, Option<String>> {
        Box::pin(OnOneThread(async move {
            let name = variable.name().to_ascii_lowercase();
            spin_sdk::variables::get(name)
                .await
                .ok()
                .filter(|value| !value.is_empty())
        }))
    }
}

struct SpinOutbound;

impl Outbound for SpinOutbound {
    fn send(&self, request: Request<Bytes>) -> Boxed<'_, Result<Response<Bytes>, String>> {
        Box::pin(OnOneThread(async move {
            let answered = spin_sdk::http::send(request.map(FullBody::new)).await;
            let (parts, body) = answered.map_err(|error| error.to_string())?.into_parts();
            let body = body.collect().await.map_err(|error| error.to_string())?;
            let mut response = Response::new(body.to_bytes());
            *response.status_mut() = parts.status;
            *response.headers_mut() = parts.headers;
            Ok(response)
        }))
    }
}

/// Spin's SQLite: a new connection per batch, and a transaction on it.
struct Sqlite;

impl Database for Sqlite {
    fn run(&self, batch: Batch) -> Boxed<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(OnOneThread(transact(batch)))
    }
}

/// Dropping the connection on an early return rolls the transaction back.
async fn transact(batch: Batch) -> Result<Vec<Rows>, DbError> {
    let connection = Connection::open_default()
        .await
        .map_err(|error| failed(&error))?;
    execute(&connection, "BEGIN IMMEDIATE".into(), Vec::new()).await?;
    let mut answers = Vec::with_capacity(batch.len());
    for statement in batch {
        statement.check()?;
        let BatchStatement { sql, values } = statement;
        let values = values.into_iter().map(to_spin).collect();
        answers.push(execute(&connection, sql, values).await?);
    }
    execute(&connection, "COMMIT".into(), Vec::new()).await?;
    Ok(answers)
}

/// Runs one statement to its end: an undrained result would block the next one, and errors
/// come from the result, not from `execute`.
async fn execute(
    connection: &Connection,
    sql: std::borrow::Cow<'static, str>,
    values: Vec<SpinValue>,
) -> Result<Rows, DbError> {
    let result = connection
        .execute(sql, values)
        .await
        .map_err(|error| failed(&error))?;
    let columns: Arc<[String]> = result.columns().into();
    let rows = result.collect().await.map_err(|error| failed(&error))?;
    rows.into_iter()
        .map(|row| {
            let values = row
                .values
                .into_iter()
                .map(from_spin)
                .collect::<Result<_, _>>()?;
            Ok(Row::new(Arc::clone(&columns), values))
        })
        .collect()
}

fn to_spin(value: Value) -> SpinValue {
    match value {
        Value::Null => SpinValue::Null,
        Value::Integer(number) => SpinValue::Integer(number),
        Value::Text(text) => SpinValue::Text(text),
        Value::Blob(bytes) => SpinValue::Blob(bytes),
    }
}

fn from_spin(value: SpinValue) -> Result<Value, DbError> {
    match value {
        SpinValue::Null => Ok(Value::Null),
        SpinValue::Integer(number) => Ok(Value::Integer(number)),
        SpinValue::Text(text) => Ok(Value::Text(text)),
        SpinValue::Blob(bytes) => Ok(Value::Blob(bytes)),
        SpinValue::Real(number) => Err(DbError::Refused(format!(
            "a number no column may hold: {number}"
        ))),
    }
}

fn failed(error: &spin_sdk::sqlite::Error) -> DbError {
    DbError::from_message(&format!("{error:?}"))
}
