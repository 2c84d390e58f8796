//! Users: somebody who has signed in, or came by the access link of a ticket, or both.

use super::Account;
use crate::token::AccessClaims;
use crate::{Id, RealmId, Site, TenantId};

/// A user, as far as a session and an access link prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The tenant the user belongs to.
    pub tenant: TenantId,
    account: Option<Account>,
    ticket: Option<Id>,
}

/// Who raised a ticket and where, as a user's bond to it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Raised<'a> {
    /// The ticket.
    pub ticket: &'a Id,
    /// The realm it was raised for.
    pub realm: RealmId,
    /// The user who raised it.
    pub owner: &'a Id,
    /// The realm that user belongs to.
    pub owner_realm: RealmId,
    /// The organization that user is in.
    pub organization: Option<&'a Id>,
    /// The users who take part in it, and were let in.
    pub collaborators: &'a [Id],
}

impl User {
    /// Lets in whoever holds a link that was signed for this site's tenant.
    pub fn admit(site: &Site, claims: AccessClaims) -> Option<Self> {
        let AccessClaims { tenant, ticket } = claims;
        (tenant == site.tenant).then_some(Self {
            tenant,
            account: None,
            ticket: Some(ticket),
        })
    }

    /// Somebody with whatever of the two they have: a resumed account, an access link.
    pub fn known(
        site: &Site,
        account: Option<Account>,
        access: Option<AccessClaims>,
    ) -> Option<Self> {
        let linked = access.and_then(|claims| Self::admit(site, claims));
        match account {
            Some(account) => Some(Self {
                tenant: account.tenant,
                ticket: linked.and_then(|user| user.ticket),
                account: Some(account),
            }),
            None => linked,
        }
    }

    /// Whether the user came by the access link of this ticket.
    pub fn has_link_to(&self, ticket: &Id) -> bool {
        self.ticket.as_ref() == Some(ticket)
    }

    /// Whether the ticket is the user's own: they raised it, for whichever realm (T-28), or hold
    /// the link that was mailed to whoever did.
    pub fn is_requester(&self, raised: &Raised<'_>) -> bool {
        let has_raised = self.account.as_ref().is_some_and(|it| raised.is_by(it));
        has_raised || self.has_link_to(raised.ticket)
    }

    /// Whether the ticket is a colleague's and shared inside the organization, or one that the
    /// user takes part in.
    pub fn is_colleague(&self, raised: &Raised<'_>) -> bool {
        let account = self.account.as_ref();
        account.is_some_and(|it| raised.is_shared_with(it) || raised.is_joined_by(it))
    }

    /// Whether nothing but taking part in the ticket binds the user to it.
    pub fn is_collaborator_alone(&self, raised: &Raised<'_>) -> bool {
        let account = self.account.as_ref();
        let is_shared = account.is_some_and(|account| raised.is_shared_with(account));
        !self.is_requester(raised) && !is_shared
    }

    /// The account, if it opens the ticket by itself.
    pub fn account_bound_to(&self, raised: &Raised<'_>) -> Option<&Account> {
        let is_bound = |it: &&Account| {
            raised.is_by(it) || raised.is_shared_with(it) || raised.is_joined_by(it)
        };
        self.account.as_ref().filter(is_bound)
    }
}

impl Raised<'_> {
    fn is_by(&self, account: &Account) -> bool {
        account.id == *self.owner
    }

    /// Whoever takes part in a ticket does so in their own realm: when it is moved to another, they
    /// do not follow (T-35).
    fn is_joined_by(&self, account: &Account) -> bool {
        self.realm == account.realm && self.collaborators.contains(&account.id)
    }

    /// What was raised for another realm, or by somebody of another one, is never shared (T-35,
    /// T-57).
    fn is_shared_with(&self, account: &Account) -> bool {
        let is_here = self.realm == account.realm && self.owner_realm == account.realm;
        let shared = account.shared().map(|membership| &membership.id);
        is_here && shared.is_some() && shared == self.organization
    }
}
