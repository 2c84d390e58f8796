//! `/api/…`: osTicket's HTTP API, so that its clients go on working unchanged.
//!
//! Its call for whole mails, `/api/tickets.email`, is answered by the function that reads mail.

mod create;
mod cron;
mod data_url;
mod encoding;
mod fields;
mod form_fields;
mod json;
mod tags;
mod xml;

use axum::Router;
use axum::response::Response;
use axum::routing::post;
use web::osticket::{Call, Refused, Why};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/api/tickets.json", post(create::json))
        .route("/api/http.php/tickets.json", post(create::json))
        .route("/api/tickets.xml", post(create::xml))
        .route("/api/http.php/tickets.xml", post(create::xml))
        .route("/api/tasks/cron", post(cron::run))
        .route("/api/http.php/tasks/cron", post(cron::run))
        .method_not_allowed_fallback(otherwise)
        .fallback(otherwise)
}

/// The same calls, their verb named in the query or their path percent-encoded.
async fn otherwise(call: Call) -> Result<Response, Refused> {
    match call.name() {
        "tickets.json" => create::json(call).await,
        "tickets.xml" => create::xml(call).await,
        "tasks/cron" => cron::run(call).await,
        _ => Err(Why::NotSupported.into()),
    }
}
