//! Agents who are spoken of, and do not ask.

use crate::policy::{self, Action, Thing, Verdict};

use super::{Agent, Principal};

/// An agent whom somebody else asks about. It tells what they may do, and can do nothing: no
/// evidence comes of it.
pub struct Absent(Agent);

impl Absent {
    pub(super) fn new(agent: Agent) -> Self {
        Self(agent)
    }

    /// Whether they may do this to a thing, which belongs to a table that they see this much of.
    pub fn verdict(&self, action: Action, sight: &crate::Sight, thing: &impl Thing) -> Verdict {
        let principal = Principal::Agent(&self.0);
        let subject = policy::subject(&principal, Some(sight), thing);
        policy::judge(&principal, action, &subject)
    }
}
