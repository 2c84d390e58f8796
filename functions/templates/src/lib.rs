//! `/admin/templates` and `/admin/canned`: what mails say, and canned replies, for administrators,
//! as pages and as JSON.

mod canned_replies;
mod canned_reply;
mod list;
mod template;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use pages::http::wants_json;
use web::Failure;
use web::failure::negotiated;

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route(
            "/admin/canned",
            get(canned_replies::show).post(canned_replies::make),
        )
        .route(
            "/admin/canned/{reply}",
            get(canned_reply::show).post(canned_reply::change),
        )
        .route("/admin/templates", get(list::show))
        .route(
            "/admin/templates/{code}",
            get(template::show).post(template::change),
        )
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}

async fn method_not_allowed(headers: HeaderMap) -> Response {
    negotiated(wants_json(&headers), Err(Failure::MethodNotAllowed))
}

async fn not_found(headers: HeaderMap) -> Response {
    negotiated(wants_json(&headers), Err(Failure::NotFound))
}
