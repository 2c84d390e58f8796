//! `/…`: the portal's landing page, and how users ask for help.
//!
//! Start at [`open`], and at [`web::guest`]: who visits, and what every page goes by.

mod landing;
mod open;
mod open_page;
mod raising;
mod received;

use axum::Router;
use axum::routing::get;
use web::failure::{method_not_allowed, not_found};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/", get(landing::show))
        .route("/open", get(open::show).post(open::submit))
        .route("/open/received", get(received::show))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}
