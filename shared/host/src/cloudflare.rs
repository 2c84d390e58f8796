//! Cloudflare Workers: D1, the Workers clock, variables and fetch.

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use http::{Method, Request, Response};
use tenancy::Runtime;
use tenancy::port::{
    Batch, BatchStatement, Boxed, ClientAddress, Clock, Database, DbError, LARGEST_INTEGER, Log,
    Outbound, Row, Rows, Secrets, Timestamp, Value, Variable,
};
use worker::js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use worker::send::{SendFuture, SendWrapper};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::worker_sys::types::{D1Database, D1PreparedStatement, D1Result};

use crate::request::{LARGEST_BODY, too_large};
use crate::{SecureRandom, handle};

/// The name of the D1 binding in `wrangler.toml`.
const DATABASE: &str = "DB";

/// Answers one fetch event.
///
/// # Errors
/// Only when the runtime itself refuses to make a response.
pub async fn fetch(
    router: Router,
    mut request: worker::Request,
    env: worker::Env,
) -> worker::Result<worker::Response> {
    let declared = request
        .headers()
        .get("content-length")?
        .and_then(|text| text.parse().ok());
    let response = if declared.is_some_and(|length: usize| length > LARGEST_BODY) {
        too_large()
    } else {
        let client = request.headers().get("cf-connecting-ip")?;
        let client = ClientAddress(client.and_then(|text| text.parse().ok()));
        handle(router, runtime(env), client, whole(&mut request).await?).await
    };
    answer(response)
}

/// Everything a Worker lends the product.
pub fn runtime(env: worker::Env) -> Runtime {
    let env = Arc::new(SendWrapper::new(env));
    Runtime {
        database: Arc::new(D1 {
            env: Arc::clone(&env),
        }),
        clock: Arc::new(WorkersClock),
        random: Arc::new(SecureRandom),
        secrets: Arc::new(Bindings { env }),
        outbound: Arc::new(Fetch),
        log: Arc::new(Console),
    }
}

async fn whole(request: &mut worker::Request) -> worker::Result<Request<Bytes>> {
    let has_body = !matches!(request.method(), worker::Method::Get | worker::Method::Head);
    let body = if has_body {
        request.bytes().await?.into()
    } else {
        Bytes::new()
    };
    let method = Method::from_bytes(request.inner().method().as_bytes());
    let mut whole = Request::builder()
        .method(method.unwrap_or(Method::GET))
        .uri(request.inner().url())
        .body(body)
        .map_err(|error| worker::Error::RustError(error.to_string()))?;
    for (name, value) in request.headers().entries() {
        let name = http::HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::try_from(value)) {
            whole.headers_mut().append(name, value);
        }
    }
    Ok(whole)
}

fn answer(response: Response<Bytes>) -> worker::Result<worker::Response> {
    let headers = worker::Headers::new();
    for (name, value) in response.headers() {
        headers.append(name.as_str(), &String::from_utf8_lossy(value.as_bytes()))?;
    }
    let builder = worker::ResponseBuilder::new()
        .with_status(response.status().as_u16())
        .with_headers(headers);
    if response.body().is_empty() {
        return Ok(builder.empty());
    }
    Ok(builder.fixed(response.into_body().to_vec()))
}

struct WorkersClock;

impl Clock for WorkersClock {
    fn now(&self) -> Timestamp {
        Timestamp(i64::try_from(worker::Date::now().as_millis()).unwrap_or(i64::MAX))
    }
}

struct Console;

impl Log for Console {
    fn error(&self, text: &str) {
        worker::console_error!("{text}");
    }
}

struct Bindings {
    env: Arc<SendWrapper<worker::Env>>,
}

impl Secrets for Bindings {
    fn read(&self, variable: Variable) -> Boxed<'_, Option<String>> {
        let value = self
            .env
            .0
            .var(variable.name())
            .ok()
            .map(|value| value.to_string());
        Box::pin(async move { value.filter(|value| !value.is_empty()) })
    }
}

struct Fetch;

impl Outbound for Fetch {
    fn send(&self, request: Request<Bytes>) -> Boxed<'_, Result<Response<Bytes>, String>> {
        Box::pin(SendFuture::new(async move {
            fetch_outbound(request)
                .await
                .map_err(|error| error.to_string())
        }))
    }
}

async fn fetch_outbound(request: Request<Bytes>) -> worker::Result<Response<Bytes>> {
    let headers = worker::Headers::new();
    for (name, value) in request.headers() {
        headers.append(name.as_str(), &String::from_utf8_lossy(value.as_bytes()))?;
    }
    let mut init = worker::RequestInit::new();
    init.with_method(worker::Method::from(request.method().to_string()))
        .with_headers(headers);
    if !request.body().is_empty() {
        init.with_body(Some(Uint8Array::from(request.body().as_ref()).into()));
    }
    let outgoing = worker::Request::new_with_init(&request.uri().to_string(), &init)?;
    let mut answered = worker::Fetch::Request(outgoing).send().await?;
    let body = Bytes::from(answered.bytes().await?);
    Response::builder()
        .status(answered.status_code())
        .body(body)
        .map_err(|error| worker::Error::RustError(error.to_string()))
}

/// D1, whose `batch` is the only transaction there is.
struct D1 {
    env: Arc<SendWrapper<worker::Env>>,
}

impl Database for D1 {
    fn run(&self, batch: Batch) -> Boxed<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(SendFuture::new(self.batch(batch)))
    }
}

impl D1 {
    async fn batch(&self, batch: Batch) -> Result<Vec<Rows>, DbError> {
        let database = self
            .env
            .0
            .d1(DATABASE)
            .map_err(|error| DbError::Failed(error.to_string()))?;
        let database: D1Database = JsValue::from(database).unchecked_into();
        let statements = Array::new();
        for statement in batch {
            statement.check()?;
            let prepared: JsValue = prepare(&database, &statement).map_err(failed)?.into();
            statements.push(&prepared);
        }
        let promise = database.batch(statements).map_err(failed)?;
        let results = JsFuture::from(promise).await.map_err(failed)?;
        Array::from(&results)
            .iter()
            .map(|result| rows(&result.unchecked_into()))
            .collect()
    }
}

fn prepare(
    database: &D1Database,
    statement: &BatchStatement,
) -> Result<D1PreparedStatement, JsValue> {
    let values: Array = statement.values.iter().map(to_js).collect();
    database.prepare(&statement.sql)?.bind(values)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the statement was checked to fit 53 bits"
)]
fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => Uint8Array::from(bytes.as_slice()).into(),
    }
}

fn rows(result: &D1Result) -> Result<Rows, DbError> {
    let Some(objects) = result.results().map_err(failed)? else {
        return Ok(Rows::new());
    };
    if objects.length() == 0 {
        return Ok(Rows::new());
    }
    let keys = Object::keys(objects.get(0).unchecked_ref::<Object>());
    let columns: Arc<[String]> = keys.iter().filter_map(|key| key.as_string()).collect();
    let names: Vec<JsString> = keys.iter().map(JsCast::unchecked_into).collect();
    let read = |object: JsValue| {
        let values = names
            .iter()
            .map(|name| from_js(&Reflect::get(&object, name).map_err(failed)?));
        Ok(Row::new(
            Arc::clone(&columns),
            values.collect::<Result<_, DbError>>()?,
        ))
    };
    objects.iter().map(read).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "checked to be whole and within 53 bits"
)]
fn from_js(value: &JsValue) -> Result<Value, DbError> {
    if value.is_null() || value.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(text) = value.as_string() {
        return Ok(Value::Text(text));
    }
    if let Some(number) = value.as_f64() {
        let fits = number.fract() == 0.0 && number.abs() <= LARGEST_INTEGER as f64;
        let refused = || DbError::Refused(format!("a number no column may hold: {number}"));
        return fits
            .then_some(Value::Integer(number as i64))
            .ok_or_else(refused);
    }
    // D1 hands a blob back as an array of numbers.
    Ok(Value::Blob(Uint8Array::new(value).to_vec()))
}

/// Reads the error's message: under some compatibility flags it has no cause.
fn failed(error: JsValue) -> DbError {
    let message = Reflect::get(&error, &JsValue::from_str("message")).ok();
    let message = message.and_then(|message| message.as_string());
    DbError::from_message(&message.unwrap_or_else(|| format!("{error:?}")))
}
