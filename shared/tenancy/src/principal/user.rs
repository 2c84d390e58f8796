//! Users: somebody who came by the access link of a ticket.

use crate::token::AccessClaims;
use crate::{Id, Site, TenantId};

/// The requester of one ticket, as far as an access link proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The tenant the ticket belongs to.
    pub tenant: TenantId,
    /// The ticket.
    pub ticket: Id,
}

impl User {
    /// Lets in whoever holds a link that was signed for this site's tenant.
    pub fn admit(site: &Site, claims: AccessClaims) -> Option<Self> {
        let AccessClaims { tenant, ticket } = claims;
        (tenant == site.tenant).then_some(Self { tenant, ticket })
    }
}
