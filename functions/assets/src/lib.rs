//! What is the same for everybody: `/assets/…`, static files under content-hashed names, which
//! caches may keep for ever, and the description of the REST API.

mod docs;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/assets/{*path}", get(file))
        .route("/api/v1/openapi.json", get(docs::document))
        .route("/api/v1/docs", get(docs::page))
}

async fn file(Path(path): Path<String>) -> Response {
    let Some(asset) = pages::assets::find(&format!("/assets/{path}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}
