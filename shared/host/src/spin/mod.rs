//! Spin: its SQLite, the WASI clock, Spin's variables and outbound HTTP.

mod sqlite;

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
use tenancy::Runtime;
use tenancy::port::{Boxed, ClientAddress, Clock, Log, Outbound, Secrets, Timestamp, Variable};

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
        database: Arc::new(sqlite::Sqlite),
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
