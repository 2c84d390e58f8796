//! `/admin/topics`, `/admin/forms`, `/admin/filters`, `/admin/statuses`: what goes by what comes in,
//! for administrators, as pages and as JSON.

mod field;
mod filter;
mod filters;
mod form;
mod forms;
mod given;
mod statuses;
mod topic;
mod topics;

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
        .route("/admin/filters", get(filters::show).post(filters::make))
        .route(
            "/admin/filters/{filter}",
            get(filter::show).post(filter::change),
        )
        .route("/admin/forms", get(forms::show).post(forms::make))
        .route("/admin/forms/{form}", get(form::show).post(form::change))
        .route(
            "/admin/forms/{form}/fields/{field}",
            get(field::show).post(field::change),
        )
        .route(
            "/admin/statuses",
            get(statuses::show).post(statuses::change),
        )
        .route("/admin/topics", get(topics::show).post(topics::make))
        .route(
            "/admin/topics/{topic}",
            get(topic::show).post(topic::change),
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
