//! Accounts: users who have signed in through a link that was mailed to them.
//!
//! An account belongs to one realm and signs in at that realm's portal and nowhere else: the same
//! address in two realms, or in two tenants, is two accounts (T-44, T-68).

use crate::port::{DbError, Row};
use crate::realm::Path;
use crate::scope::{Query, Scope, Statement};
use crate::site::Site;
use crate::token::UserClaims;
use crate::{Id, RealmId, TenantId, sql};

/// A signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// The tenant the user belongs to.
    pub tenant: TenantId,
    /// The user's id.
    pub id: Id,
    /// The user's realm.
    pub realm: RealmId,
    /// That realm's address in the tree.
    pub path: Path,
    /// That realm's name.
    pub realm_name: String,
    /// The user's address.
    pub email: String,
    /// The user's name.
    pub name: String,
    /// The organization, if the user is in one of their own realm.
    pub organization: Option<Membership>,
    session_epoch: i64,
    link_epoch: i64,
}

/// A user's row, before anybody has proved to be that user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed(Account);

/// A user's place in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Membership {
    /// The organization.
    pub id: Id,
    /// Its name.
    pub name: String,
    sharing: Sharing,
    is_primary_contact: bool,
}

/// With whom the members' tickets are shared (osTicket's US-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// With nobody.
    None,
    /// With the primary contacts.
    Primary,
    /// With every member.
    Everybody,
}

impl Sharing {
    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Primary => "primary",
            Self::Everybody => "everybody",
        }
    }

    /// What has this name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::None, Self::Primary, Self::Everybody];
        all.into_iter().find(|sharing| sharing.name() == name)
    }
}

impl Claimed {
    /// Finds the account that a session or a sign-in link claims to be of.
    pub fn of_claims(scope: &Scope, claims: &UserClaims) -> Query<Self> {
        scope
            .statement(sql!(
                "SELECT u.tenant_id, u.user_id, u.realm_id, u.email, u.name, u.session_epoch,
                        u.link_epoch, u.is_primary_contact, r.path, r.name AS realm_name,
                        o.organization_id, o.name AS organization, o.sharing
                   FROM user AS u
                   JOIN realm AS r ON r.tenant_id = u.tenant_id AND r.realm_id = u.realm_id
                   LEFT JOIN organization AS o
                     ON o.tenant_id = u.tenant_id AND o.organization_id = u.organization_id
                    AND o.realm_id = u.realm_id
                  WHERE u.tenant_id = ?1 AND u.user_id = ?2"
            ))
            .bind(&claims.user)
            .rows(|row| Account::from_row(row).map(Self))
    }

    /// Finds the account with this address in the site's realm.
    pub fn of_email(scope: &Scope, email: &str) -> Query<Self> {
        scope
            .local(sql!(
                "SELECT u.tenant_id, u.user_id, u.realm_id, u.email, u.name, u.session_epoch,
                        u.link_epoch, u.is_primary_contact, r.path, r.name AS realm_name,
                        o.organization_id, o.name AS organization, o.sharing
                   FROM user AS u
                   JOIN realm AS r ON r.tenant_id = u.tenant_id AND r.realm_id = u.realm_id
                   LEFT JOIN organization AS o
                     ON o.tenant_id = u.tenant_id AND o.organization_id = u.organization_id
                    AND o.realm_id = u.realm_id
                  WHERE u.tenant_id = ?1 AND u.realm_id = ?2 AND u.email = ?3"
            ))
            .bind(email)
            .rows(|row| Account::from_row(row).map(Self))
    }

    /// Lets the user go on with a session, if it is of this site's realm and not ended.
    pub fn resume(self, site: &Site, session: &UserClaims) -> Option<Account> {
        let is_same = self.is_of(site) && *session == self.0.session();
        is_same.then_some(self.0)
    }

    /// Lets the user in through a mailed link, if it is of this site's realm and not used yet.
    pub fn enter(self, site: &Site, link: &UserClaims) -> Option<Account> {
        let is_same = self.is_of(site) && *link == self.link();
        is_same.then_some(self.0)
    }

    /// The claims of a new sign-in link, to be mailed to the account's own address.
    pub fn link(&self) -> UserClaims {
        self.0.claims(self.0.link_epoch)
    }

    fn is_of(&self, site: &Site) -> bool {
        self.0.tenant == site.tenant && self.0.realm == site.realm
    }
}

impl Account {
    /// The claims of a new session.
    pub fn session(&self) -> UserClaims {
        self.claims(self.session_epoch)
    }

    fn claims(&self, epoch: i64) -> UserClaims {
        UserClaims {
            tenant: self.tenant,
            user: self.id.clone(),
            epoch,
        }
    }

    /// Uses up every sign-in link that was mailed so far. Who comes second with the same link is
    /// refused as stale.
    pub fn use_link(&self, scope: &Scope) -> Statement {
        scope
            .statement(sql!(
                "UPDATE user
                    SET link_epoch = CASE WHEN link_epoch = ?3 THEN link_epoch + 1 END
                  WHERE tenant_id = ?1 AND user_id = ?2"
            ))
            .bind(&self.id)
            .bind(self.link_epoch)
    }

    /// Ends all sessions of the user at their next request.
    pub fn end_sessions(&self, scope: &Scope) -> Statement {
        scope
            .statement(sql!(
                "UPDATE user SET session_epoch = session_epoch + 1
                  WHERE tenant_id = ?1 AND user_id = ?2"
            ))
            .bind(&self.id)
    }

    /// The organization whose members' tickets the user sees (T-57).
    pub fn shared(&self) -> Option<&Membership> {
        self.organization
            .as_ref()
            .filter(|membership| match membership.sharing {
                Sharing::None => false,
                Sharing::Primary => membership.is_primary_contact,
                Sharing::Everybody => true,
            })
    }

    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            id: row.get("user_id")?,
            realm: row.get("realm_id")?,
            path: row.get("path")?,
            realm_name: row.get("realm_name")?,
            email: row.get("email")?,
            name: row.get("name")?,
            organization: Membership::from_row(row)?,
            session_epoch: row.get("session_epoch")?,
            link_epoch: row.get("link_epoch")?,
        })
    }
}

impl Membership {
    fn from_row(row: &Row) -> Result<Option<Self>, DbError> {
        let Some(id) = row.get("organization_id")? else {
            return Ok(None);
        };
        let sharing: String = row.get("sharing")?;
        let corrupt = || DbError::Corrupt(format!("organization.sharing: {sharing}"));
        Ok(Some(Self {
            id,
            name: row.get("organization")?,
            sharing: Sharing::named(&sharing).ok_or_else(corrupt)?,
            is_primary_contact: row.get("is_primary_contact")?,
        }))
    }
}
