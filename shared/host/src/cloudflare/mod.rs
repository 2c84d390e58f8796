//! Cloudflare Workers: D1, the Workers clock, variables and fetch.

mod d1;

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use http::{Method, Request, Response};
use tenancy::Runtime;
use tenancy::port::{Boxed, ClientAddress, Clock, Log, Outbound, Secrets, Timestamp, Variable};
use worker::js_sys::Uint8Array;
use worker::send::{SendFuture, SendWrapper};

use crate::request::{LARGEST_BODY, too_large};
use crate::{SecureRandom, handle};

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
        database: Arc::new(d1::D1 {
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
