//! `/admin/departments` and `/admin/teams`: where tickets go and who is assigned them together, for
//! administrators, as pages and as JSON.

mod department;
mod departments;
mod leader;
mod staff;
mod team;
mod teams;

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
            "/admin/departments",
            get(departments::show).post(departments::make),
        )
        .route(
            "/admin/departments/{department}",
            get(department::show).post(department::change),
        )
        .route("/admin/teams", get(teams::show).post(teams::make))
        .route("/admin/teams/{team}", get(team::show).post(team::change))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}

async fn method_not_allowed(headers: HeaderMap) -> Response {
    negotiated(wants_json(&headers), Err(Failure::MethodNotAllowed))
}

async fn not_found(headers: HeaderMap) -> Response {
    negotiated(wants_json(&headers), Err(Failure::NotFound))
}
