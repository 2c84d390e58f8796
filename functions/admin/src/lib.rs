//! `/admin/…`: the platform's tenants, for its operator. Everything here asks for the operator's
//! bearer secret; a deployment without one keeps this door closed.

mod answer;
mod change;
mod create;
mod operating;

use axum::Router;
use axum::routing::{get, post};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/admin/tenants", get(change::list).post(create::create))
        .route("/admin/tenants/{slug}/suspend", post(change::suspend))
        .route("/admin/tenants/{slug}/resume", post(change::resume))
        .route("/admin/tenants/{slug}/rename", post(change::rename))
        .route("/admin/tenants/{slug}/invite", post(create::invite))
        .method_not_allowed_fallback(answer::method_not_allowed)
        .fallback(answer::not_found)
}
