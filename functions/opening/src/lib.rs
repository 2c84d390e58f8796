//! `/queues/new`: an agent opens a ticket for a user, as a page and as JSON; and
//! `/queues/edit/{number}`, where the same questions are answered anew.

mod counter;
mod details;
mod details_page;
mod open;
mod order;
mod page;
mod typed;

use axum::Router;
use axum::routing::get;
use web::failure::{method_not_allowed, not_found};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/queues/new", get(open::show).post(open::submit))
        .route(
            "/queues/edit/{number}",
            get(details::show).post(details::save),
        )
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}
