//! `/auth/…`: agents sign in and out, and the first of a tenant sets a password.

mod bootstrap;
mod sign_in;
mod sign_out;

use axum::Router;
use axum::routing::{get, post};
use web::failure::{method_not_allowed, not_found};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/auth/sign-in", get(sign_in::show).post(sign_in::submit))
        .route(
            "/auth/bootstrap",
            get(bootstrap::show).post(bootstrap::submit),
        )
        .route("/auth/sign-out", post(sign_out::submit))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}
