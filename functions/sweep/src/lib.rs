//! `POST /sweep` and Cloudflare's cron event: the SLA clock, then the outbox. For one tenant
//! alone, `/api/tasks/cron` comes here too.
//!
//! Both may run at once and as often as they like: what one sweep has done, the next leaves.

mod cron;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use serde_json::json;
use tenancy::Runtime;
use tenancy::port::Trouble;
use tenancy::principal::Scheduler;
use web::osticket::or_not_found;
use web::sweep;

host::serve!(router);
host::schedule!(run);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/sweep", post(by_request))
        .route("/api/tasks/cron", post(cron::run))
        .route("/api/http.php/tasks/cron", post(cron::run))
        .method_not_allowed_fallback(cron::or_wrong_method)
        .fallback(or_not_found)
}

/// Runs one sweep for the scheduler; what goes wrong is logged and tried again by the next.
pub async fn run(runtime: &Runtime) {
    if let Err(error) = sweep::of_everybody(runtime).await {
        runtime.log.error(&format!("sweep: {error}"));
    }
}

async fn by_request(Extension(runtime): Extension<Runtime>, headers: HeaderMap) -> Response {
    if !is_scheduler(&runtime, &headers).await {
        let body = json!({ "error": "the scheduler's bearer secret is required" });
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    match sweep::of_everybody(&runtime).await {
        Ok(swept) => {
            let body = json!({ "overdue": swept.overdue, "delivered": swept.delivered });
            Json(body).into_response()
        }
        Err(error) => {
            let body = json!({ "error": "the sweep did not finish; run it again" });
            let mut response = (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response();
            response
                .extensions_mut()
                .insert(Trouble(format!("sweep: {error}")));
            response
        }
    }
}

async fn is_scheduler(runtime: &Runtime, headers: &HeaderMap) -> bool {
    let presented = headers.get(AUTHORIZATION);
    let presented = presented.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    Scheduler::admit(runtime, presented).await.is_some()
}
