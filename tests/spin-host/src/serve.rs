//! Answers HTTP/1 requests from a listening socket until it is told to stop.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use wasmtime_wasi_http::{Error as HttpError, WasiBody};

use crate::app::App;
use crate::request::prepare;

/// How long requests may take to end once the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until `stop` resolves, then lets running requests end.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, client) = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    eprintln!("spin-host: cannot accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        serve_connection(Arc::clone(&app), stream, client, &connections);
    }
    drop(listener);
    if tokio::time::timeout(GRACE, connections.shutdown())
        .await
        .is_err()
    {
        eprintln!("spin-host: stopped with requests still running");
    }
}

/// Nagle's algorithm stays on, as in Spin, so that answers written piece by piece are as slow here as there.
fn serve_connection(
    app: Arc<App>,
    stream: TcpStream,
    client: SocketAddr,
    connections: &GracefulShutdown,
) {
    let service = service_fn(move |request| {
        let app = Arc::clone(&app);
        async move { Ok::<_, Infallible>(app.answer(request, client).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A client that goes away is its own business, and what went wrong in a component is reported there.
    tokio::spawn(connections.watch(connection));
}

impl App {
    async fn answer(
        &self,
        mut request: Request<Incoming>,
        client: SocketAddr,
    ) -> Response<WasiBody> {
        let path = request.uri().path().to_owned();
        if let Some(name) = path.strip_prefix("/.well-known/spin/") {
            return match name {
                "health" => plain(StatusCode::OK, "OK"),
                _ => plain(StatusCode::NOT_FOUND, ""),
            };
        }
        let Some(found) = self.router.find(&path) else {
            return plain(StatusCode::NOT_FOUND, "");
        };
        if let Err(status) = prepare(&mut request, &found, client, self.spoofed) {
            return plain(status, "The request's headers are not usable.\n");
        }
        let Some(worker) = self.workers.get(found.component()) else {
            return plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The component is not loaded.\n",
            );
        };
        let method = request.method().clone();
        let request = request.map(|body| body.map_err(HttpError::from).boxed_unsync());
        worker.handle((), request).await.unwrap_or_else(|error| {
            eprintln!("[{}] {method} {path} failed: {error:#}", found.component());
            plain(StatusCode::INTERNAL_SERVER_ERROR, "The component failed.\n")
        })
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<WasiBody> {
    let body = Full::new(Bytes::from_static(text.as_bytes()));
    let mut response = Response::new(body.map_err(HttpError::from).boxed_unsync());
    *response.status_mut() = status;
    if !text.is_empty() {
        let value = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    response
}
