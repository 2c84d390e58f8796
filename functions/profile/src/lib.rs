//! `/admin/lists` and `/admin/profiles`: lists and their items, and what the forms of users, of
//! organizations and of lists hold of each, for administrators, as pages and as JSON.

mod item;
mod list;
mod lists;
mod organization;
mod page;
mod user;

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
        .route("/admin/lists", get(lists::show).post(lists::make))
        .route("/admin/lists/{list}", get(list::show).post(list::change))
        .route(
            "/admin/profiles/lists/{list}/{item}",
            get(item::show).post(item::change),
        )
        .route(
            "/admin/profiles/organizations/{organization}",
            get(organization::show).post(organization::change),
        )
        .route(
            "/admin/profiles/users/{user}",
            get(user::show).post(user::change),
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
