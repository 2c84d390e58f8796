//! Delivering what the outbox holds.
//!
//! A letter is leased before it is handed over and marked after, so that a sweep that dies in
//! between sends it again later: at least once, never lost.

use tenancy::platform::Platform;
use tenancy::port::DbError;
use tenancy::{Id, Runtime, Scope};

use super::{budget, store};

/// How long a sweep may take over the letters it holds, in milliseconds.
const LEASE: i64 = 5 * 60 * 1000;

/// Why a letter is never sent.
const TOO_MANY: &str = "too many letters a day to an address that nobody has proved";

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
            let sent = deliver_some(runtime, &platform.enter(tenant)).await?;
            delivered += sent.unwrap_or_default();
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
            None => break,
            Some(sent) => delivered += sent,
        }
    }
    Ok(delivered)
}

/// How many of the letters that were there went out; none, where there were no letters.
async fn deliver_some(runtime: &Runtime, scope: &Scope) -> Result<Option<usize>, DbError> {
    let now = runtime.clock.now();
    let (taken,) = scope.read((store::take(scope, now, now + LEASE),)).await?;
    let over = budget::spend(runtime, &taken, now).await?;
    let sent = taken.iter().map(|letter| &letter.id);
    let sent: Vec<&Id> = sent.filter(|id| !over.contains(id)).collect();
    let mut batch = vec![store::mark_sent(scope, &sent, now)];
    if !over.is_empty() {
        batch.push(store::mark_dead(scope, &over, TOO_MANY));
    }
    scope.write(batch).await?;
    Ok((!taken.is_empty()).then_some(sent.len()))
}
