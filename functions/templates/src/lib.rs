//! `/admin/templates`: what mails say, for administrators, as pages and as JSON.

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
