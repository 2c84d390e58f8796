//! Blueprints: what a new tenant starts with, as osTicket's installer seeds it, its defects
//! repaired (Q-1: the Limited Access role really may reply and create tasks).

mod store;

use tenancy::platform::Platform;
use tenancy::port::DbError;
use tenancy::realm::Path;
use tenancy::{RealmId, Scope, Statement, TenantId, Timestamp};

pub use store::{
    NewAgent, NewApiKey, NewMailAddress, NewRealm, add_agent, add_api_key, add_host,
    add_mail_address, add_manager, add_realm, add_user, set_setting,
};

/// A tenant about to be created.
#[derive(Clone, Debug)]
pub struct NewTenant<'a> {
    /// Its short name: lower-case letters, digits and hyphens.
    pub slug: &'a str,
    /// Its name, which its root realm takes too.
    pub name: &'a str,
    /// When.
    pub now: Timestamp,
}

/// The realm every tenant starts with.
pub const ROOT: RealmId = RealmId(1);
/// The seeded role with every permission.
pub const ALL_ACCESS: i64 = 1;
/// The seeded department that takes what nothing else routes.
pub const SUPPORT: i64 = 1;

/// The 21 role permissions (osTicket 1.18, 1.7).
const PERMISSIONS: [&str; 21] = [
    "ticket.create",
    "ticket.edit",
    "ticket.assign",
    "ticket.release",
    "ticket.transfer",
    "ticket.refer",
    "ticket.merge",
    "ticket.link",
    "ticket.reply",
    "ticket.markanswered",
    "ticket.close",
    "ticket.delete",
    "thread.edit",
    "task.create",
    "task.edit",
    "task.assign",
    "task.transfer",
    "task.reply",
    "task.close",
    "task.delete",
    "canned.manage",
];

/// What the Expanded Access role may not do.
const NOT_EXPANDED: [&str; 4] = [
    "ticket.markanswered",
    "ticket.delete",
    "task.delete",
    "thread.edit",
];

/// What the Limited Access role may do.
const LIMITED: [&str; 8] = [
    "ticket.create",
    "ticket.assign",
    "ticket.transfer",
    "ticket.refer",
    "ticket.link",
    "ticket.reply",
    "task.create",
    "task.reply",
];

/// The seeded roles and what they may do.
fn roles() -> [(i64, &'static str, Vec<&'static str>); 4] {
    let expanded = PERMISSIONS
        .into_iter()
        .filter(|key| !NOT_EXPANDED.contains(key))
        .collect();
    [
        (ALL_ACCESS, "All Access", PERMISSIONS.to_vec()),
        (2, "Expanded Access", expanded),
        (3, "Limited Access", LIMITED.to_vec()),
        (4, "View only", Vec::new()),
    ]
}

/// Creates a tenant with its root realm, roles, departments, help topics and SLA plan, in one
/// batch, and returns its id.
///
/// # Errors
/// The database's: [`DbError::Duplicate`] when the short name is taken.
pub async fn create_tenant(
    platform: &Platform,
    tenant: &NewTenant<'_>,
) -> Result<TenantId, DbError> {
    let (next,) = platform.read((store::next_tenant_id(platform),)).await?;
    let id = next.into_iter().next().unwrap_or(TenantId(1));
    let scope = platform.enter(id);
    let mut batch = vec![
        store::insert_tenant(platform, id, tenant),
        add_realm(
            &scope,
            &NewRealm {
                id: ROOT,
                parent: None,
                path: &Path::root(0),
                name: tenant.name,
                kind: "company",
            },
        ),
    ];
    batch.extend(seeds(&scope));
    platform.write(batch).await?;
    Ok(id)
}

fn seeds(scope: &Scope) -> Vec<Statement> {
    let mut batch = vec![store::insert_plan(scope, 1, "Default SLA", 18)];
    batch.extend(
        roles()
            .iter()
            .map(|(id, name, keys)| store::insert_role(scope, *id, name, keys)),
    );
    batch.push(store::insert_department(
        scope, SUPPORT, "Support", true, None,
    ));
    batch.push(store::insert_department(scope, 2, "Sales", true, Some(1)));
    batch.push(store::insert_department(
        scope,
        3,
        "Maintenance",
        false,
        None,
    ));
    batch.push(store::insert_team(scope, 1, "Level I Support"));
    for (id, name, department, priority) in [
        (1, "General Inquiry", None, Some(2)),
        (2, "Feedback", None, Some(1)),
        (10, "Report a Problem", Some(3), None),
        (11, "Report a Problem / Access Issue", Some(3), Some(3)),
    ] {
        batch.push(store::insert_topic(scope, id, name, department, priority));
    }
    batch.push(store::insert_sequence(scope, 1, "General Tickets"));
    batch.push(store::insert_sequence(scope, 2, "Tasks Sequence"));
    batch
}
