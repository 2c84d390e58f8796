//! The scheduled work: the SLA clock, then the outbox, then what is kept for minutes only.
//!
//! It may run at once and as often as it likes: what one run has done, the next leaves.

use desk::{outbox, overdue, remains};
use tenancy::port::DbError;
use tenancy::{Runtime, Scope};

use crate::letters::{self, Origins};

/// What one run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    /// How many tickets became overdue.
    pub overdue: usize,
    /// How many letters went out.
    pub delivered: usize,
}

/// Does the work of all tenants.
///
/// # Errors
/// The database's; the next run goes on with what is left.
pub async fn of_everybody(runtime: &Runtime) -> Result<Swept, DbError> {
    let origins = Origins::of(runtime).await;
    let overdue = overdue::mark(runtime, |ticket| {
        letters::of_overdue(runtime, &origins, ticket)
    })
    .await?;
    let delivered = outbox::deliver(runtime).await?;
    remains::forget(runtime).await?;
    Ok(Swept { overdue, delivered })
}

/// Does the work of one tenant.
///
/// # Errors
/// The database's; the next run goes on with what is left.
pub async fn of_tenant(runtime: &Runtime, scope: &Scope) -> Result<Swept, DbError> {
    let origins = Origins::of(runtime).await;
    let overdue = overdue::mark_in(runtime, scope, |ticket| {
        letters::of_overdue(runtime, &origins, ticket)
    })
    .await?;
    let delivered = outbox::deliver_in(runtime, scope).await?;
    Ok(Swept { overdue, delivered })
}
