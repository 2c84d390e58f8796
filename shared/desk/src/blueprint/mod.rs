//! Blueprints: what a new tenant starts with, as osTicket's installer seeds it, its defects
//! repaired (Q-1: the Limited Access role really may reply and create tasks).

mod organization;
mod seed;
mod store;

use serde_json::Value;
use tenancy::platform::Platform;
use tenancy::policy::{Keys, RoleKey};
use tenancy::port::DbError;
use tenancy::realm::Path;
use tenancy::{Id, RealmId, Scope, Statement, TenantId, Timestamp};

use crate::deed::{self, Verb};
use crate::{queue, status};

pub use organization::{NewOrganization, add_organization, join_organization};
pub use store::{
    NewAgent, NewApiKey, NewMailAddress, NewRealm, add_agent, add_api_key, add_host,
    add_mail_address, add_manager, add_realm, add_user, make_administrator, set_setting,
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

/// What the Expanded Access role may not do.
const NOT_EXPANDED: [RoleKey; 4] = [
    RoleKey::TicketMarkAnswered,
    RoleKey::TicketDelete,
    RoleKey::TaskDelete,
    RoleKey::ThreadEdit,
];

/// What the Limited Access role may do.
const LIMITED: [RoleKey; 8] = [
    RoleKey::TicketCreate,
    RoleKey::TicketAssign,
    RoleKey::TicketTransfer,
    RoleKey::TicketRefer,
    RoleKey::TicketLink,
    RoleKey::TicketReply,
    RoleKey::TaskCreate,
    RoleKey::TaskReply,
];

/// The seeded roles and what they may do.
pub fn roles() -> [(i64, &'static str, Keys<RoleKey>); 4] {
    [
        (ALL_ACCESS, "All Access", Keys::all_but(&[])),
        (2, "Expanded Access", Keys::all_but(&NOT_EXPANDED)),
        (3, "Limited Access", Keys::of(&LIMITED)),
        (4, "View only", Keys::of(&[])),
    ]
}

/// A tenant's first portal and first agent.
#[derive(Clone, Debug)]
pub struct Founding<'a> {
    /// The portal's host name, lower case.
    pub host: &'a str,
    /// The agent's id.
    pub agent: &'a Id,
    /// The agent's address, lower case.
    pub email: &'a str,
    /// The agent's name.
    pub agent_name: &'a str,
    /// The id under which it is written down that the operator did it.
    pub deed: &'a Id,
}

/// How often an id is chosen anew when another tenant was created at the same moment.
const MOST_TRIES: usize = 3;

/// Creates a tenant with its root realm, roles, departments, help topics and SLA plan, in one
/// batch, and returns its id.
///
/// # Errors
/// The database's: [`DbError::Duplicate`] when the short name is taken.
pub async fn create_tenant(
    platform: &Platform,
    tenant: &NewTenant<'_>,
) -> Result<TenantId, DbError> {
    create(platform, tenant, |_| Vec::new()).await
}

/// Creates a tenant as [`create_tenant`] does, with its first portal and a first agent who may
/// do everything, still without a password, all in one batch.
///
/// # Errors
/// The database's: [`DbError::Duplicate`] when the short name or the host name is taken.
pub async fn provision(
    platform: &Platform,
    tenant: &NewTenant<'_>,
    founding: &Founding<'_>,
) -> Result<TenantId, DbError> {
    create(platform, tenant, |scope| found(scope, founding, tenant.now)).await
}

async fn create(
    platform: &Platform,
    tenant: &NewTenant<'_>,
    more: impl Fn(&Scope) -> Vec<Statement>,
) -> Result<TenantId, DbError> {
    let mut tries = 1;
    loop {
        let (next,) = platform.read((store::next_tenant_id(platform),)).await?;
        let id = next.into_iter().next().unwrap_or(TenantId(1));
        let scope = platform.enter(id);
        let mut batch = vec![
            store::insert_tenant(platform, id, tenant),
            root(&scope, tenant),
        ];
        batch.extend(seeds(&scope));
        batch.extend(more(&scope));
        match platform.write(batch).await {
            Ok(_) => return Ok(id),
            Err(error) if tries < MOST_TRIES && is_taken(&error) => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Whether somebody else was given the id meanwhile.
fn is_taken(error: &DbError) -> bool {
    matches!(error, DbError::Duplicate(columns) if columns == "tenant.tenant_id")
}

fn root(scope: &Scope, tenant: &NewTenant<'_>) -> Statement {
    let realm = NewRealm {
        id: ROOT,
        parent: None,
        path: &Path::root(0),
        name: tenant.name,
        kind: "company",
    };
    add_realm(scope, &realm)
}

fn found(scope: &Scope, founding: &Founding<'_>, now: Timestamp) -> Vec<Statement> {
    let agent = NewAgent {
        id: founding.agent,
        realm: ROOT,
        role: ALL_ACCESS,
        email: founding.email,
        name: founding.agent_name,
        password_hash: None,
        now,
    };
    vec![
        add_host(scope, founding.host, ROOT, true),
        add_agent(scope, &agent),
        make_administrator(scope, founding.agent),
        add_manager(scope, SUPPORT, founding.agent),
        deed::by_operator(scope, Verb::Made, &Value::Null, (founding.deed, now)),
    ]
}

fn seeds(scope: &Scope) -> Vec<Statement> {
    let mut batch = vec![seed::insert_plan(scope, 1, "Default SLA", 18)];
    batch.extend(
        roles()
            .iter()
            .map(|(id, name, keys)| seed::insert_role(scope, *id, name, keys)),
    );
    batch.push(seed::insert_department(
        scope, SUPPORT, "Support", true, None,
    ));
    batch.push(seed::insert_department(scope, 2, "Sales", true, Some(1)));
    batch.push(seed::insert_department(
        scope,
        3,
        "Maintenance",
        false,
        None,
    ));
    batch.push(seed::insert_team(scope, 1, "Level I Support"));
    for (id, name, department, priority) in [
        (1, "General Inquiry", None, Some(2)),
        (2, "Feedback", None, Some(1)),
        (10, "Report a Problem", Some(3), None),
    ] {
        batch.push(seed::insert_topic(scope, id, name, department, priority));
    }
    batch.push(seed::insert_access_issue(scope));
    batch.push(seed::insert_ticket_form(scope));
    batch.push(seed::insert_priority_field(scope));
    batch.push(seed::insert_profile_forms(scope));
    batch.push(seed::insert_profile_fields(scope));
    batch.push(status::seed(scope));
    batch.push(seed::insert_ban_list(scope));
    batch.push(seed::insert_banned_example(scope));
    batch.push(seed::insert_sequence(scope, 1, "General Tickets"));
    batch.push(seed::insert_sequence(scope, 2, "Tasks Sequence"));
    batch.push(queue::insert_seeded(scope));
    batch
}
