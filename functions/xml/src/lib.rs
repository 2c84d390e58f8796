//! `/api/tickets.xml`: osTicket's call for a ticket written as XML.
//!
//! What reads XML weighs as much as the rest of the call; few clients write it, so those that do
//! not never load it.

mod read;
mod tags;

use axum::Router;
use axum::response::Response;
use axum::routing::post;
use web::osticket::{Call, Refused, Why, create};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/api/tickets.xml", post(open))
        .route("/api/http.php/tickets.xml", post(open))
        .method_not_allowed_fallback(open)
        .fallback(not_supported)
}

/// The verb may be named in the query.
async fn open(call: Call) -> Result<Response, Refused> {
    create(&call, read::ticket).await
}

async fn not_supported() -> Refused {
    Why::NotSupported.into()
}
