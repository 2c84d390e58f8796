//! The SLA clock: tickets whose due time has passed are marked once, and somebody is told.

mod store;

use std::collections::BTreeMap;

use tenancy::platform::Platform;
use tenancy::port::DbError;
use tenancy::{Id, RealmId, Runtime, Scope, TenantId, Timestamp};

use crate::alert::{Alert, Asked, Circular, Recipients};
use crate::outbox::Correspondent;
use crate::setting::Settings;
use crate::template::Template;
use crate::ticket::{self, FilledIn};

/// A ticket whose due time has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTicket {
    /// Its id.
    pub id: Id,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Its number.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Whoever raised it.
    pub requester: Correspondent,
    /// When it was due.
    pub due_at: Timestamp,
    /// The department that works it.
    pub department: String,
    /// What was filled in that all agents may see.
    pub filled: Vec<FilledIn>,
    /// What is set for its realm about who is told of it, and about its mails.
    pub settings: Settings,
    /// The realm's name, as its mails show it.
    pub realm_name: String,
    /// The portal host its mails link to.
    pub host: String,
    /// Who its mails come from.
    pub sender: Option<Correspondent>,
    /// What the alert says, where somebody has written it.
    pub template: Option<Template>,
}

impl DueTicket {
    /// Whom the realm's settings have told of it; none where that is nobody.
    pub fn recipients(&self) -> Option<Recipients> {
        Alert::Overdue.recipients(&self.settings)
    }
}

/// How many tickets one write batch marks.
const PER_BATCH: usize = 50;

/// Marks every ticket that is overdue now, with its event and its letter, tenant by tenant.
/// Returns how many were found. There is no cap on a run (osTicket stops at 100, Q-17).
///
/// # Errors
/// The database's. What was marked stays marked; the rest is found by the next sweep.
pub async fn mark(
    runtime: &Runtime,
    letter: impl Fn(&DueTicket) -> Option<Circular>,
) -> Result<usize, DbError> {
    let platform = Platform::new(runtime);
    let now = runtime.clock.now();
    let mut marked = 0;
    loop {
        let (due,) = platform.read((store::due(&platform, now),)).await?;
        if due.is_empty() {
            return Ok(marked);
        }
        marked += due.len();
        for (tenant, ids) in by_tenant(due) {
            let scope = platform.enter(tenant);
            for ids in ids.chunks(PER_BATCH) {
                mark_some(runtime, &scope, ids, &letter).await?;
            }
        }
    }
}

/// The same for one tenant.
///
/// # Errors
/// The database's. What was marked stays marked; the rest is found by the next sweep.
pub async fn mark_in(
    runtime: &Runtime,
    scope: &Scope,
    letter: impl Fn(&DueTicket) -> Option<Circular>,
) -> Result<usize, DbError> {
    let now = runtime.clock.now();
    let mut marked = 0;
    loop {
        let (due,) = scope.read((store::due_in(scope, now),)).await?;
        if due.is_empty() {
            return Ok(marked);
        }
        marked += due.len();
        for ids in due.chunks(PER_BATCH) {
            mark_some(runtime, scope, ids, &letter).await?;
        }
    }
}

fn by_tenant(due: Vec<(TenantId, Id)>) -> BTreeMap<TenantId, Vec<Id>> {
    let mut tenants: BTreeMap<TenantId, Vec<Id>> = BTreeMap::new();
    for (tenant, id) in due {
        tenants.entry(tenant).or_default().push(id);
    }
    tenants
}

/// Marks some tickets of one tenant. Each statement holds only for tickets that are not marked
/// yet, so two sweeps at once tell nobody twice.
async fn mark_some(
    runtime: &Runtime,
    scope: &Scope,
    ids: &[Id],
    letter: &impl Fn(&DueTicket) -> Option<Circular>,
) -> Result<(), DbError> {
    let now = runtime.clock.now();
    let (mut tickets, held, told) = scope
        .read((
            store::tickets(scope, ids),
            store::settings(scope, ids),
            ticket::tellable(scope, Asked::default(), ids),
        ))
        .await?;
    let mut batch = Vec::new();
    for ticket in &mut tickets {
        let own = held.iter().filter(|(realm, _)| *realm == ticket.realm);
        let own: Vec<_> = own.map(|(_, held)| held.clone()).collect();
        ticket.settings = Settings::of(&own);
        ticket.filled = ticket::tellable_of(&ticket.id, &told);
        let id = Id::new(now, &*runtime.random);
        batch.push(store::insert_event(scope, ticket, &id, now));
        if let Some(circular) = letter(ticket) {
            let about = (ticket.realm, &ticket.id);
            batch.extend(circular.queue(scope, about, "", now, &*runtime.random));
        }
    }
    batch.push(store::set_overdue(scope, ids, now));
    scope.write(batch).await?;
    Ok(())
}
