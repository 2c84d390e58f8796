//! `/…`: what end users see of a help desk.

mod file;
mod landing;
mod open;
mod ticket;

use axum::Router;
use axum::routing::get;
use web::failure::{method_not_allowed, not_found};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/", get(landing::show))
        .route("/open", get(open::show).post(open::submit))
        .route("/open/received", get(open::received))
        .route("/tickets/{number}", get(ticket::show))
        .route("/tickets/{number}/files/{id}", get(file::download))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}
