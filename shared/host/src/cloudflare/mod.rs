//! Cloudflare Workers: D1, the Workers clock, variables and fetch.

mod d1;

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use http::{Method, Request, Response};
use tenancy::Runtime;
use tenancy::port::{Boxed, ClientAddress, Clock, Log, Outbound, Secrets, Timestamp, Variable};
use worker::js_sys::{Array, ArrayBuffer, Uint8Array};
use worker::send::{SendFuture, SendWrapper};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys;

use crate::request::{LARGEST_BODY, too_large};
use crate::{SecureRandom, handle};

/// Answers one fetch event. It handles the browser's own types: the SDK's wrappers of them bring
/// what no function needs, image resizing for one, into each function.
///
/// # Errors
/// Only when the runtime itself refuses to make a response.
pub async fn fetch(
    router: Router,
    request: web_sys::Request,
    env: worker::Env,
) -> worker::Result<web_sys::Response> {
    let declared = request
        .headers()
        .get("content-length")?
        .and_then(|text| text.parse().ok());
    let response = if declared.is_some_and(|length: usize| length > LARGEST_BODY) {
        too_large()
    } else {
        let client = request.headers().get("cf-connecting-ip")?;
        let client = ClientAddress(client.and_then(|text| text.parse().ok()));
        handle(router, runtime(env), client, whole(&request).await?).await
    };
    Ok(answer(&response)?)
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

async fn whole(request: &web_sys::Request) -> worker::Result<Request<Bytes>> {
    let method = Method::from_bytes(request.method().as_bytes()).unwrap_or(Method::GET);
    let body = match method {
        Method::GET | Method::HEAD => Bytes::new(),
        _ => bytes(request.array_buffer()?).await?,
    };
    let mut whole = Request::builder()
        .method(method)
        .uri(request.url())
        .body(body)
        .map_err(|error| worker::Error::RustError(error.to_string()))?;
    for entry in request.headers().entries() {
        let entry: Array = entry?.unchecked_into();
        let text = |at| entry.get(at).as_string().unwrap_or_default();
        let name = http::HeaderName::try_from(text(0));
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::try_from(text(1))) {
            whole.headers_mut().append(name, value);
        }
    }
    Ok(whole)
}

/// The bytes of a body, as its promise of a buffer gives them.
async fn bytes(buffer: worker::js_sys::Promise) -> Result<Bytes, JsValue> {
    let buffer: ArrayBuffer = JsFuture::from(buffer).await?.unchecked_into();
    Ok(Uint8Array::new(&buffer).to_vec().into())
}

fn answer(response: &Response<Bytes>) -> Result<web_sys::Response, JsValue> {
    let init = web_sys::ResponseInit::new();
    init.set_status(response.status().as_u16());
    init.set_headers(&headers(response.headers())?);
    let body = response.body();
    let body = (!body.is_empty()).then(|| Uint8Array::from(body.as_ref()));
    web_sys::Response::new_with_opt_buffer_source_and_init(body.as_deref(), &init)
}

fn headers(headers: &http::HeaderMap) -> Result<JsValue, JsValue> {
    let copied = web_sys::Headers::new()?;
    for (name, value) in headers {
        copied.append(name.as_str(), &String::from_utf8_lossy(value.as_bytes()))?;
    }
    Ok(copied.into())
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
            fetch_outbound(&request)
                .await
                .map_err(|error| format!("{error:?}"))
        }))
    }
}

async fn fetch_outbound(request: &Request<Bytes>) -> Result<Response<Bytes>, JsValue> {
    let init = web_sys::RequestInit::new();
    init.set_method(request.method().as_str());
    init.set_headers(&headers(request.headers())?);
    if !request.body().is_empty() {
        init.set_body(&Uint8Array::from(request.body().as_ref()));
    }
    let worker: web_sys::WorkerGlobalScope = worker::js_sys::global().unchecked_into();
    let answer = worker.fetch_with_str_and_init(&request.uri().to_string(), &init);
    let answer: web_sys::Response = JsFuture::from(answer).await?.unchecked_into();
    let body = bytes(answer.array_buffer()?).await?;
    Response::builder()
        .status(answer.status())
        .body(body)
        .map_err(|error| JsValue::from_str(&error.to_string()))
}
