//! `/admin/…`: a tenant's realms, settings and walls, for its administrators, as pages and as
//! JSON; and under `/admin/tenants` the platform's tenants, for its operator.
//!
//! Operators show a bearer secret, and a deployment without one keeps their door closed.
//! Administrators are agents who have signed in: what they change, they hold.

mod access;
mod answer;
mod change;
mod create;
mod explain;
mod operating;
mod realm;
mod realms;
mod relocate;
mod separation;
mod settings;

use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use pages::http::wants_json;
use web::Failure;
use web::failure::{negotiated, see_other};

use crate::answer::Refused;

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/admin/tenants", get(change::list).post(create::create))
        .route("/admin/tenants/{slug}/suspend", post(change::suspend))
        .route("/admin/tenants/{slug}/resume", post(change::resume))
        .route("/admin/tenants/{slug}/rename", post(change::rename))
        .route("/admin/tenants/{slug}/invite", post(create::invite))
        .route("/admin", get(first))
        .route("/admin/realms", get(realms::show).post(realms::create))
        .route(
            "/admin/realms/{realm}",
            get(realm::show).post(realm::change),
        )
        .route(
            "/admin/realms/{realm}/move",
            get(relocate::show).post(relocate::relocate),
        )
        .route(
            "/admin/realms/{realm}/access",
            get(access::show).post(access::change),
        )
        .route(
            "/admin/realms/{realm}/settings",
            get(settings::show).post(settings::change),
        )
        .route(
            "/admin/separation",
            get(separation::show).post(separation::change),
        )
        .route("/admin/explain", get(explain::show))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}

async fn first() -> Response {
    see_other(pages::url::REALMS)
}

async fn method_not_allowed(uri: Uri, headers: HeaderMap) -> Response {
    if is_the_operators(&uri) {
        return Refused::Method.into_response();
    }
    negotiated(wants_json(&headers), Err(Failure::MethodNotAllowed))
}

async fn not_found(uri: Uri, headers: HeaderMap) -> Response {
    if is_the_operators(&uri) {
        return Refused::NotFound.into_response();
    }
    negotiated(wants_json(&headers), Err(Failure::NotFound))
}

/// Operators' programs are told in JSON, whatever they accept.
fn is_the_operators(uri: &Uri) -> bool {
    uri.path().starts_with("/admin/tenants")
}
