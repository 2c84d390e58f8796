//! Listing tenants, and what can be changed about one.

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use desk::deed::Verb;
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::platform::tenants::{self, PAGE};
use tenancy::{DbError, Scope, Statement};

use crate::answer::{Answer, Refused, answered, tenant_json};
use crate::create::{parsed, well_named};
use crate::operating::Operating;

/// Which page is asked for: the tenants after this short name.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct After {
    after: String,
}

pub(crate) async fn list(operating: Operating, Query(page): Query<After>) -> Answer {
    let platform = operating.operator.platform(&operating.runtime);
    let (listed,) = platform
        .read((tenants::list(&platform, &page.after),))
        .await?;
    let is_full = i64::try_from(listed.len()).is_ok_and(|listed| listed == PAGE);
    let last = listed.last().filter(|_| is_full);
    let body = json!({
        "tenants": listed.iter().map(tenant_json).collect::<Vec<_>>(),
        "next": last.map(|tenant| format!("/admin/tenants?after={}", tenant.slug)),
    });
    Ok(answered(StatusCode::OK, body))
}

pub(crate) async fn suspend(operating: Operating, Path(slug): Path<String>) -> Answer {
    let tenant = operating.tenant(&slug).await?;
    let suspended = tenants::suspend(&tenant);
    write(
        &operating,
        tenant.scope(),
        suspended,
        json!({ "status": "suspended" }),
    )
    .await?;
    Ok(done(&slug, "suspended"))
}

pub(crate) async fn resume(operating: Operating, Path(slug): Path<String>) -> Answer {
    let tenant = operating.tenant(&slug).await?;
    let resumed = tenants::resume(&tenant);
    write(
        &operating,
        tenant.scope(),
        resumed,
        json!({ "status": "active" }),
    )
    .await?;
    Ok(done(&slug, "active"))
}

/// Writes a change, and down that the operator made it.
async fn write(
    operating: &Operating,
    scope: &Scope,
    statement: Statement,
    changed: Value,
) -> Result<(), DbError> {
    let deed = operating.deed(scope, Verb::Changed, &changed);
    scope.write(vec![statement, deed]).await?;
    Ok(())
}

fn done(slug: &str, status: &str) -> Response {
    answered(StatusCode::OK, json!({ "slug": slug, "status": status }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewName {
    name: String,
}

pub(crate) async fn rename(operating: Operating, Path(slug): Path<String>, body: Bytes) -> Answer {
    let wanted: NewName = parsed(&body)?;
    let name = well_named(&wanted.name).ok_or(Refused::Invalid("name", "1 to 255 characters"))?;
    let tenant = operating.tenant(&slug).await?;
    let renamed = tenants::rename(&tenant, name);
    write(&operating, tenant.scope(), renamed, json!({ "name": name })).await?;
    let body = json!({ "slug": slug, "name": name });
    Ok(answered(StatusCode::OK, body))
}
