//! `/mail/…`: mail providers post what arrived; in development, what would have been sent.

mod captured;
mod raw;

use axum::Router;
use axum::routing::{get, post};
use web::failure::{method_not_allowed, not_found};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/mail/raw", post(raw::take_in))
        .route("/mail/captured", get(captured::list))
        .route("/mail/captured/{id}", get(captured::html))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}
