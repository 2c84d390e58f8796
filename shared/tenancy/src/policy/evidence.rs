//! Evidence: a thing that was found for an action, by somebody who may do it.
//!
//! A look-up gives [`Found`] things, which cannot be looked into. Asking for an action turns one
//! into a [`Granted`] thing of that very action, with the reach to change it; nothing else does,
//! and mutators take nothing less. So whoever forgets to ask does not compile.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use super::{Act, Bond, Reason, Subject, Verdict, judge};
use crate::duty::Work;
use crate::principal::{Operator, Principal, User};
use crate::realm::Path;
use crate::{Runtime, Scope, Sight, TenantId};

/// Something that actions are asked for.
pub trait Thing {
    /// The tenant it belongs to, as its row says.
    fn tenant(&self) -> TenantId;

    /// The address of the realm it belongs to; none, when it belongs to no realm.
    fn path(&self) -> Option<&Path>;

    /// Whose work it is, where it is a ticket.
    fn work(&self) -> Option<&Work> {
        None
    }

    /// What the principal is to it.
    fn bond(&self, _principal: &Principal<'_>) -> Bond {
        Bond::Other
    }
}

/// A thing that was looked up, before anybody was allowed anything.
pub struct Found<T>(T);

impl<T: Thing> Found<T> {
    /// Wraps what a row says. For the stores' look-ups.
    pub fn new(thing: T) -> Self {
        Self(thing)
    }
}

/// A thing whose finder may do `A` to it.
pub struct Granted<T, A> {
    thing: T,
    scope: Scope,
    reason: Reason,
    action: PhantomData<A>,
}

impl<T, A> Granted<T, A> {
    /// The reach into the thing's own tenant.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Why it is allowed.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

impl<T, A> Deref for Granted<T, A> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.thing
    }
}

impl<T: fmt::Debug, A> fmt::Debug for Granted<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Granted");
        told.field("thing", &self.thing)
            .field("reason", &self.reason);
        told.finish_non_exhaustive()
    }
}

/// Why nothing was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such thing, as far as the asker can tell: another's answers the same.
    NotFound,
    /// The asker sees it, but may not do that.
    Forbidden(Reason),
}

/// Somebody who asks, with what they see of the things' table.
pub struct Asking<'a> {
    runtime: &'a Runtime,
    principal: Principal<'a>,
    sight: Option<&'a Sight>,
}

impl<'a> Asking<'a> {
    /// Asks with this sight of the things' table; what is outside of it is not found.
    pub fn new(runtime: &'a Runtime, principal: Principal<'a>, sight: &'a Sight) -> Self {
        Self {
            runtime,
            principal,
            sight: Some(sight),
        }
    }

    /// Asks for a user, who sees what they have a bond with, in whichever realm (T-28).
    pub fn user(runtime: &'a Runtime, user: &'a User) -> Self {
        Self {
            runtime,
            principal: Principal::User(user),
            sight: None,
        }
    }

    /// Asks for the platform, which sees tenants and nothing inside them.
    pub fn operator(runtime: &'a Runtime, operator: &'a Operator) -> Self {
        Self {
            runtime,
            principal: Principal::Operator(operator),
            sight: None,
        }
    }

    /// Grants the first of what was looked up for the action `A`.
    ///
    /// # Errors
    /// Why not.
    pub fn grant<T: Thing, A: Act>(&self, found: Vec<Found<T>>) -> Result<Granted<T, A>, Refusal> {
        self.judged(found.into_iter().next().ok_or(Refusal::NotFound)?)
    }

    /// Grants all of what was looked up for the action `A`, or nothing.
    ///
    /// # Errors
    /// Why not.
    pub fn grant_all<T: Thing, A: Act>(
        &self,
        found: Vec<Found<T>>,
    ) -> Result<Vec<Granted<T, A>>, Refusal> {
        found.into_iter().map(|thing| self.judged(thing)).collect()
    }

    /// Grants another action on what was granted for one already.
    ///
    /// # Errors
    /// Why not.
    pub fn also<T: Thing + Clone, A, B: Act>(
        &self,
        granted: &Granted<T, A>,
    ) -> Result<Granted<T, B>, Refusal> {
        self.judged(Found(granted.thing.clone()))
    }

    /// Grants what the action `A`, that was granted on one thing already, leads to: whom a ticket
    /// is handed to, say. The role is the one that counts on the first (osTicket's DP-5).
    ///
    /// # Errors
    /// Why not.
    pub fn grant_for<T: Thing, U: Thing, A: Act>(
        &self,
        granted: &Granted<U, A>,
        found: Vec<Found<T>>,
    ) -> Result<Granted<T, A>, Refusal> {
        let Found(thing) = found.into_iter().next().ok_or(Refusal::NotFound)?;
        let subject = Subject {
            work: granted.work(),
            ..subject(&self.principal, self.sight, &thing)
        };
        let verdict = judge(&self.principal, A::ACTION, &subject);
        self.answered(verdict, thing)
    }

    fn judged<T: Thing, A: Act>(&self, found: Found<T>) -> Result<Granted<T, A>, Refusal> {
        let Found(thing) = found;
        let subject = subject(&self.principal, self.sight, &thing);
        let verdict = judge(&self.principal, A::ACTION, &subject);
        self.answered(verdict, thing)
    }

    fn answered<T: Thing, A: Act>(
        &self,
        verdict: Verdict,
        thing: T,
    ) -> Result<Granted<T, A>, Refusal> {
        match verdict {
            Verdict::Granted(reason) => Ok(Granted {
                scope: Scope::inside(self.runtime, thing.tenant()),
                thing,
                reason,
                action: PhantomData,
            }),
            Verdict::Denied(Reason::OtherTenant | Reason::OutOfSight | Reason::OutOfReach) => {
                Err(Refusal::NotFound)
            }
            Verdict::Denied(reason) => Err(Refusal::Forbidden(reason)),
        }
    }
}

/// A thing as policy looks at it, for somebody with this sight of its table; a user has none.
pub(crate) fn subject<'t>(
    principal: &Principal<'_>,
    sight: Option<&Sight>,
    thing: &'t impl Thing,
) -> Subject<'t> {
    let (path, bond) = (thing.path(), thing.bond(principal));
    let sees = |path| sight.map_or(bond != Bond::Other, |sight| sight.sees(path));
    Subject {
        tenant: Some(thing.tenant()),
        path,
        is_seen: path.is_none_or(sees),
        bond,
        work: thing.work(),
    }
}
