//! What filters and help topics give tickets alike: an agent, and the status from the start.

use desk::filter::Given;
use desk::status::{self, Status};
use pages::admin::{Problem, Why};
use tenancy::Id;
use tenancy::peer::Peer;
use tenancy::realm::Path;
use web::ground::{Ground, Typed};

/// The agent who gets tickets.
pub(crate) struct Assigned<'a> {
    pub(crate) ground: &'a Ground,
    /// Their address as it is kept, and where they stand.
    pub(crate) kept: Option<&'a (String, Path)>,
}

impl<'a> Assigned<'a> {
    /// Their address, where the administrator sees them.
    pub(crate) fn seen(&self) -> Option<&'a str> {
        let (address, path) = self.kept?;
        self.ground.holds(path).then_some(address)
    }

    pub(crate) fn is_unseen(&self) -> bool {
        self.kept.is_some() && self.seen().is_none()
    }

    /// The agent whose address was typed, who was `found` by it, if the administrator sees them;
    /// or the one as it is `now`, where none was typed for one that is not seen.
    pub(crate) fn read(
        &self,
        typed: &Typed,
        found: Option<&Peer<Id>>,
        now: Option<Id>,
    ) -> Result<Option<Id>, Problem> {
        if typed.get("agent").trim().is_empty() {
            let keeps = self.is_unseen() && typed.is_on("keep_agent");
            return Ok(now.filter(|_| keeps));
        }
        let found = found.filter(|agent| self.ground.holds(&agent.path));
        let (why, field) = (Why::Unknown, "agent");
        found
            .map(|agent| Some(agent.id.clone()))
            .ok_or(Problem { why, field })
    }
}

/// What an agent's address is looked up by.
pub(crate) fn address(typed: &Typed) -> String {
    typed.get("agent").trim().to_lowercase()
}

/// The statuses that a ticket can have from the start.
pub(crate) fn statuses(all: &[Status]) -> Vec<(i64, &str)> {
    let is_fit = |status: &&Status| status.is_active && Given::of(status).is_some();
    let fit = all.iter().filter(is_fit);
    fit.map(|status| (status.id, &*status.name)).collect()
}

/// The status that was chosen, by its id or its name.
pub(crate) fn status(typed: &Typed, all: &[Status]) -> Result<Option<Given>, Problem> {
    let (why, field) = (Why::Value, "status");
    match typed.get("status") {
        "" => Ok(None),
        by => status::meant(all, by)
            .and_then(Given::of)
            .map(Some)
            .ok_or(Problem { why, field }),
    }
}
