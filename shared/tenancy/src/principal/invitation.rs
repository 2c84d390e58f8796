//! The invitation of an agent, who sets their own password: there is no open installer, and no
//! password that somebody else has chosen.
//!
//! That of a tenant's first agent is open while nobody in the tenant can sign in with a password;
//! that of any other, while an administrator has not taken it back. It is used up by being
//! accepted: that raises the account's epoch, which the signed token names.

use crate::platform::tenants::Tenant;
use crate::policy::{Granted, act};
use crate::port::{DbError, Row};
use crate::scope::{Query, Scope, Statement};
use crate::token::SessionClaims;
use crate::{Id, TenantId, sql};

/// An invitation that is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invitation {
    /// The agent's address.
    pub email: String,
    claims: SessionClaims,
}

impl Invitation {
    /// The epoch of an account that was just created.
    pub const FIRST_EPOCH: i64 = 1;

    /// Looks up the invitation of a tenant's first agent.
    pub fn of_tenant(tenant: &Granted<Tenant, act::TenantBootstrap>) -> Query<Self> {
        tenant
            .scope()
            .statement(sql!(
                "SELECT a.tenant_id, a.agent_id, a.email, a.session_epoch
                   FROM agent AS a
                  WHERE a.tenant_id = ?1 AND a.is_active = 1
                    AND NOT EXISTS (SELECT 1 FROM agent AS p
                                     WHERE p.tenant_id = ?1 AND p.password_hash IS NOT NULL)
                  ORDER BY a.agent_id
                  LIMIT 1"
            ))
            .rows(Self::from_row)
    }

    /// Looks up the invitation that a token claims to be; without claims there is none.
    pub fn of_claims(scope: &Scope, claims: Option<&SessionClaims>) -> Query<Self> {
        scope
            .statement(sql!(
                "SELECT a.tenant_id, a.agent_id, a.email, a.session_epoch
                   FROM agent AS a
                  WHERE a.tenant_id = ?1 AND a.agent_id = ?2 AND a.is_active = 1
                    AND a.password_hash IS NULL
                    AND (a.invited_at IS NOT NULL
                         OR NOT EXISTS (SELECT 1 FROM agent AS p
                                         WHERE p.tenant_id = ?1 AND p.password_hash IS NOT NULL))"
            ))
            .bind(claims.map(|claims| &claims.agent).cloned())
            .rows(Self::from_row)
    }

    /// What the token of the invitation says.
    pub fn claims(&self) -> &SessionClaims {
        &self.claims
    }

    /// Accepts the invitation: sets the first password, once. Who comes second is refused as
    /// stale.
    pub fn accept(&self, scope: &Scope, password_hash: &str) -> Statement {
        scope
            .statement(sql!(
                "UPDATE agent
                    SET password_hash = ?3, invited_at = NULL,
                        session_epoch = CASE WHEN session_epoch = ?4 AND password_hash IS NULL
                                             THEN session_epoch + 1 END
                  WHERE tenant_id = ?1 AND agent_id = ?2"
            ))
            .bind(&self.claims.agent)
            .bind(password_hash)
            .bind(self.claims.epoch)
    }

    fn from_row(row: &Row) -> Result<Self, DbError> {
        let (tenant, agent): (TenantId, Id) = (row.get("tenant_id")?, row.get("agent_id")?);
        let epoch = row.get("session_epoch")?;
        Ok(Self {
            email: row.get("email")?,
            claims: SessionClaims {
                tenant,
                agent,
                epoch,
            },
        })
    }
}
