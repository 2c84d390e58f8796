//! `POST /api/tasks/cron`: a program starts the scheduled work of its tenant.

use axum::extract::Request;
use axum::response::Response;
use tenancy::principal::ApiKey;
use tenancy::{Scope, Site};
use web::osticket::{self, Call, Refused, Why, completed};
use web::sweep;

/// Whoever calls for one tenant starts nothing in another.
pub(crate) async fn run(call: Call) -> Result<Response, Refused> {
    let door = call.door()?;
    let scope = Scope::behind(&call.runtime, door.clone());
    let (sites, keys) = scope
        .read((Site::find(&scope, &door), ApiKey::find(&scope, &door)))
        .await?;
    let (site, key) = call.admit(sites, keys)?;
    if !key.can_run_cron {
        return Err(Why::KeyNotAuthorized.into());
    }
    sweep::of_tenant(&call.runtime, &Scope::of(&call.runtime, &site)).await?;
    Ok(completed())
}

/// The verb may be named in the query, on osTicket's path.
pub(crate) async fn or_wrong_method(request: Request) -> Response {
    osticket::or_wrong_method(request, run).await
}
