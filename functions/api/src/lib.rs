//! `/api/…`: osTicket's HTTP API, so that its clients go on working unchanged.
//!
//! Its other calls are answered elsewhere: XML by `xml`, whole mails by the function that reads
//! mail, scheduled work by the one that does it.

mod data_url;
mod json;

use axum::Router;
use axum::response::Response;
use axum::routing::post;
use web::osticket::{Call, Refused, Why, create};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/api/tickets.json", post(open))
        .route("/api/http.php/tickets.json", post(open))
        .method_not_allowed_fallback(otherwise)
        .fallback(otherwise)
}

async fn open(call: Call) -> Result<Response, Refused> {
    create(&call, json::read).await
}

/// The same call, its verb named in the query or its path percent-encoded.
async fn otherwise(call: Call) -> Result<Response, Refused> {
    match call.name() {
        "tickets.json" => open(call).await,
        _ => Err(Why::NotSupported.into()),
    }
}
