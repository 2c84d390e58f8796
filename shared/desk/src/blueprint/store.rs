//! The blueprint's SQL.

use tenancy::platform::Platform;
use tenancy::policy::{CallKey, Keys, Rights};
use tenancy::realm::Path;
use tenancy::{
    Id, Query, RealmId, Scope, Statement, TenantId, Timestamp, platform_sql, sql, token,
};

use super::NewTenant;
use crate::setting::Key;

pub(super) fn next_tenant_id(platform: &Platform) -> Query<TenantId> {
    platform
        .statement(platform_sql!(
            "SELECT coalesce(max(t.tenant_id), 0) + 1 AS next FROM tenant AS t"
        ))
        .rows(|row| row.get("next"))
}

pub(super) fn insert_tenant(
    platform: &Platform,
    id: TenantId,
    tenant: &NewTenant<'_>,
) -> Statement {
    platform
        .statement(platform_sql!(
            "INSERT INTO tenant (tenant_id, slug, name, created_at) VALUES (?1, ?2, ?3, ?4)"
        ))
        .bind(id)
        .bind(tenant.slug)
        .bind(tenant.name)
        .bind(tenant.now)
}

/// A realm about to be added.
pub struct NewRealm<'a> {
    /// Its id, unique in the tenant.
    pub id: RealmId,
    /// The realm above it.
    pub parent: Option<RealmId>,
    /// Its address in the tree.
    pub path: &'a Path,
    /// Its name.
    pub name: &'a str,
    /// `company`, `department`, `site` or `customer`.
    pub kind: &'a str,
}

/// Adds a realm.
pub fn add_realm(scope: &Scope, realm: &NewRealm<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name, kind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))
        .bind(realm.id)
        .bind(realm.parent)
        .bind(realm.path)
        .bind(realm.name)
        .bind(realm.kind)
}

/// Opens a portal under a host name; a host name opens one portal only.
pub fn add_host(scope: &Scope, host: &str, realm: RealmId, is_primary: bool) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO portal_host (tenant_id, host, realm_id, is_primary)
             VALUES (?1, ?2, ?3, ?4)"
        ))
        .bind(host)
        .bind(realm)
        .bind(is_primary)
}

/// Sets a value on a realm.
pub fn set_setting(scope: &Scope, realm: RealmId, key: Key, value: &str) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tenant_id, realm_id, key) DO UPDATE SET value = excluded.value"
        ))
        .bind(realm)
        .bind(key.name())
        .bind(value)
}

/// An agent about to be added.
pub struct NewAgent<'a> {
    /// The agent's id.
    pub id: &'a Id,
    /// The primary realm.
    pub realm: RealmId,
    /// The role.
    pub role: i64,
    /// The address, lower case.
    pub email: &'a str,
    /// The name.
    pub name: &'a str,
    /// The hashed password; without one the agent cannot sign in with a password.
    pub password_hash: Option<&'a str>,
    /// When.
    pub now: Timestamp,
}

/// Adds an agent.
pub fn add_agent(scope: &Scope, agent: &NewAgent<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO agent (tenant_id, agent_id, realm_id, role_id, email, name,
                                password_hash, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        ))
        .bind(agent.id)
        .bind(agent.realm)
        .bind(agent.role)
        .bind(agent.email)
        .bind(agent.name)
        .bind(agent.password_hash)
        .bind(agent.now)
}

/// Gives an agent the rights that a tenant's first agent has.
pub fn make_administrator(scope: &Scope, agent: &Id) -> Statement {
    scope
        .statement(sql!(
            "UPDATE agent SET permissions = ?3 WHERE tenant_id = ?1 AND agent_id = ?2"
        ))
        .bind(agent)
        .bind(Rights::administrator().to_json())
}

/// Makes an agent a department's manager.
pub fn add_manager(scope: &Scope, department: i64, agent: &Id) -> Statement {
    scope
        .statement(sql!(
            "UPDATE department SET manager_id = ?3 WHERE tenant_id = ?1 AND department_id = ?2"
        ))
        .bind(department)
        .bind(agent)
}

/// Adds a user.
pub fn add_user(
    scope: &Scope,
    id: &Id,
    realm: RealmId,
    email: &str,
    name: &str,
    now: Timestamp,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))
        .bind(id)
        .bind(realm)
        .bind(email)
        .bind(name)
        .bind(now)
}

/// An inbound mail address about to be added.
pub struct NewMailAddress<'a> {
    /// The address, lower case.
    pub address: &'a str,
    /// The name that mail from it carries.
    pub name: &'a str,
    /// The realm it files into.
    pub realm: RealmId,
    /// What a mail provider must present; stored hashed.
    pub secret: &'a str,
    /// Whether mail of realms without an address of their own comes from it.
    pub is_primary: bool,
}

/// Adds an inbound mail address; no two tenants can have the same.
pub fn add_mail_address(scope: &Scope, address: &NewMailAddress<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO mail_address (tenant_id, address, realm_id, name, secret_hash, is_primary)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))
        .bind(address.address)
        .bind(address.realm)
        .bind(address.name)
        .bind(token::digest(address.secret))
        .bind(address.is_primary)
}

/// An API key about to be added.
pub struct NewApiKey<'a> {
    /// The key itself; only its hash and its first characters are stored.
    pub key: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// The realm it files into.
    pub realm: RealmId,
    /// The addresses and CIDR ranges it works from; none means any.
    pub sources: &'a [&'a str],
    /// Whether it may start the tenant's scheduled work.
    pub can_run_cron: bool,
    /// What its callers may do over the REST API, beside opening tickets.
    pub permissions: &'a [CallKey],
    /// When.
    pub now: Timestamp,
}

/// Adds an API key.
pub fn add_api_key(scope: &Scope, key: &NewApiKey<'_>) -> Statement {
    let prefix: String = key.key.chars().take(4).collect();
    let hash = token::digest(key.key);
    let id = token::digest(&hash).get(..32).and_then(Id::parse);
    scope
        .statement(sql!(
            "INSERT INTO api_key (tenant_id, key_hash, realm_id, prefix, name, sources,
                                  can_run_cron, created_at, permissions, key_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        ))
        .bind(hash)
        .bind(key.realm)
        .bind(prefix)
        .bind(key.name)
        .bind(serde_json::to_string(key.sources).unwrap_or_default())
        .bind(key.can_run_cron)
        .bind(key.now)
        .bind(Keys::of(key.permissions).to_json())
        .bind(id)
}
