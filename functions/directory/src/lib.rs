//! `/admin/agents`, `/admin/users`, `/admin/organizations`, `/admin/bans`, `/admin/keys`: who asks for help and who
//! calls in; and `/admin/log`, what was done, for administrators, as pages and as JSON.

mod agent;
mod agents;
mod bans;
mod invitation;
mod key;
mod key_fields;
mod keys;
mod log;
mod member;
mod organization;
mod organizations;
mod part;
mod user;
mod users;

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
        .route("/admin/agents", get(agents::show).post(invitation::make))
        .route(
            "/admin/agents/{agent}",
            get(agent::show).post(agent::change),
        )
        .route("/admin/bans", get(bans::show).post(bans::change))
        .route("/admin/keys", get(keys::show).post(keys::make))
        .route("/admin/keys/{key}", get(key::show).post(key::change))
        .route("/admin/log", get(log::show))
        .route(
            "/admin/organizations",
            get(organizations::show).post(organizations::make),
        )
        .route(
            "/admin/organizations/{organization}",
            get(organization::show).post(organization::change),
        )
        .route("/admin/users", get(users::show))
        .route("/admin/users/{user}", get(user::show).post(user::change))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}

async fn method_not_allowed(headers: HeaderMap) -> Response {
    negotiated(wants_json(&headers), Err(Failure::MethodNotAllowed))
}

async fn not_found(headers: HeaderMap) -> Response {
    negotiated(wants_json(&headers), Err(Failure::NotFound))
}
