//! What both runtimes do with a request, once it is whole.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use tenancy::Runtime;
use tenancy::port::{ClientAddress, Trouble};
use tower_service::Service;

/// Bodies beyond this many bytes are refused before a function sees them.
pub const LARGEST_BODY: usize = 12 * 1024 * 1024;

/// Lets a function's router answer one whole request, and returns the whole answer.
///
/// Answers are whole so that they carry a `Content-Length`: Spin's kept-alive clients then see
/// 0.9 ms where a streamed body costs 44 ms.
pub async fn handle(
    router: Router,
    runtime: Runtime,
    client: ClientAddress,
    request: Request<Bytes>,
) -> Response<Bytes> {
    let (mut parts, body) = request.into_parts();
    if body.len() > LARGEST_BODY {
        return too_large();
    }
    let log = std::sync::Arc::clone(&runtime.log);
    let told = format!("{} {}", parts.method, parts.uri.path());
    parts.extensions.insert(runtime);
    parts.extensions.insert(client);
    // axum's own limit of 2 MB would turn away mails that ours lets in.
    let mut router = router.layer(DefaultBodyLimit::disable());
    let answered: Result<_, Infallible> = router
        .call(Request::from_parts(parts, Body::from(body)))
        .await;
    let Ok(response) = answered;
    if let Some(Trouble(text)) = response.extensions().get() {
        log.error(&format!("{told}: {text}"));
    }
    whole(response).await
}

async fn whole(response: Response<Body>) -> Response<Bytes> {
    let (mut parts, body) = response.into_parts();
    // Our own bodies are in memory already; reading one cannot fail.
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    // A HEAD request's answer has the length already, and no body to tell it from.
    parts
        .headers
        .entry(header::CONTENT_LENGTH)
        .or_insert(HeaderValue::from(body.len()));
    // No cache keeps an answer unless its function says so (T-73).
    parts
        .headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    Response::from_parts(parts, body)
}

/// The answer to a body that is too large to be read.
pub(crate) fn too_large() -> Response<Bytes> {
    let text = "The request is larger than 12 MB.\n";
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    response
}
