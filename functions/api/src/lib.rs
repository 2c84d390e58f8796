//! `/api/…`: osTicket's HTTP API, so that its clients go on working unchanged.

mod answer;
mod create;
mod fields;

use axum::Router;
use axum::routing::post;

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/api/tickets.json", post(create::json))
        .route("/api/http.php/tickets.json", post(create::json))
        .method_not_allowed_fallback(answer::not_supported)
        .fallback(answer::not_supported)
}
