//! Delivering what the outbox holds.
//!
//! A letter is leased before it is handed over and marked after, so that a sweep that dies in
//! between sends it again later: at least once, never lost.

use tenancy::platform::Platform;
use tenancy::port::DbError;
use tenancy::{Runtime, Scope};

use super::store;

/// How long a sweep may take over the letters it holds, in milliseconds.
const LEASE: i64 = 5 * 60 * 1000;

/// How often one sweep looks for more; what is left then waits for the next.
const MOST_ROUNDS: usize = 20;

/// Delivers what is due to the `capture` transport, which keeps mail where developers can read
/// it and sends nothing. Returns how many letters went out.
///
/// # Errors
/// The database's; what was not marked is tried again after its lease.
pub async fn deliver(runtime: &Runtime) -> Result<usize, DbError> {
    let platform = Platform::new(runtime);
    let now = runtime.clock.now();
    let mut delivered = 0;
    for _ in 0..MOST_ROUNDS {
        let with_mail = store::tenants_with_mail(&platform, now);
        let (tenants,) = platform.read((with_mail,)).await?;
        if tenants.is_empty() {
            break;
        }
        for tenant in tenants {
            delivered += deliver_some(runtime, &platform.enter(tenant)).await?;
        }
    }
    Ok(delivered)
}

/// The same for one tenant.
///
/// # Errors
/// The database's; what was not marked is tried again after its lease.
pub async fn deliver_in(runtime: &Runtime, scope: &Scope) -> Result<usize, DbError> {
    let mut delivered = 0;
    for _ in 0..MOST_ROUNDS {
        match deliver_some(runtime, scope).await? {
            0 => break,
            sent => delivered += sent,
        }
    }
    Ok(delivered)
}

async fn deliver_some(runtime: &Runtime, scope: &Scope) -> Result<usize, DbError> {
    let now = runtime.clock.now();
    let (taken,) = scope.read((store::take(scope, now, now + LEASE),)).await?;
    scope
        .write(vec![store::mark_sent(scope, &taken, now)])
        .await?;
    Ok(taken.len())
}
