//! The blueprint's organizations, with their SQL.

use tenancy::principal::Sharing;
use tenancy::{Id, RealmId, Scope, Statement, sql};

/// An organization about to be added.
pub struct NewOrganization<'a> {
    /// Its id.
    pub id: &'a Id,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Its name, unique in the realm.
    pub name: &'a str,
    /// With whom its members' tickets are shared.
    pub sharing: Sharing,
}

/// Adds an organization.
pub fn add_organization(scope: &Scope, organization: &NewOrganization<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO organization (tenant_id, organization_id, realm_id, name, sharing)
             VALUES (?1, ?2, ?3, ?4, ?5)"
        ))
        .bind(organization.id)
        .bind(organization.realm)
        .bind(organization.name)
        .bind(organization.sharing.name())
}

/// Puts a user into an organization of their own realm; one of another realm changes nothing.
pub fn join_organization(
    scope: &Scope,
    user: &Id,
    organization: &Id,
    is_primary_contact: bool,
) -> Statement {
    scope
        .statement(sql!(
            "UPDATE user SET organization_id = ?3, is_primary_contact = ?4
              WHERE tenant_id = ?1 AND user_id = ?2
                AND realm_id = (SELECT o.realm_id FROM organization AS o
                                 WHERE o.tenant_id = ?1 AND o.organization_id = ?3)"
        ))
        .bind(user)
        .bind(organization)
        .bind(is_primary_contact)
}
