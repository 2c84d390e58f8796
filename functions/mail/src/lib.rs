//! `/mail/…`: mail providers post what arrived; in development, what would have been sent.
//!
//! `/api/tickets.email` comes here too: what reads mail is large, and one function holds it.

mod captured;
mod filing;
mod piped;
mod raw;

use axum::Router;
use axum::routing::{get, post};
use web::osticket::or_not_found;

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/mail/raw", post(raw::take_in))
        .route("/api/tickets.email", post(piped::take_in))
        .route("/api/http.php/tickets.email", post(piped::take_in))
        .route("/mail/captured", get(captured::list))
        .route("/mail/captured/{id}", get(captured::html))
        .method_not_allowed_fallback(piped::or_wrong_method)
        .fallback(or_not_found)
}
