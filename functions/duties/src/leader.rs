//! Who manages a department or leads a team: an agent whom the administrator sees, by address.

use desk::email::looked_up;
use desk::wish::Wish;
use pages::admin::{Problem, Why};
use tenancy::Id;
use tenancy::peer::Peer;
use tenancy::realm::Path;
use web::administering::held;
use web::ground::{Ground, Typed};

/// Whoever leads now, and what the administrator may say about it.
pub(crate) struct Leader<'a> {
    pub(crate) ground: &'a Ground,
    /// The field it is typed into.
    pub(crate) field: &'static str,
    /// The address, and where the primary realm lies.
    pub(crate) now: Option<&'a (String, Path)>,
    /// Whether the administrator may name another.
    pub(crate) may_be_given: bool,
}

impl<'a> Leader<'a> {
    /// The address, where the administrator sees who it is; empty otherwise.
    pub(crate) fn seen(&self) -> &'a str {
        let seen = self.now.filter(|(_, path)| self.ground.holds(path));
        seen.map_or("", |(address, _)| address)
    }

    /// Whether there is somebody whom the administrator does not see.
    pub(crate) fn is_unseen(&self) -> bool {
        self.now.is_some() && self.seen().is_empty()
    }

    /// Who it is to be, by what was typed and who has that address.
    pub(crate) fn wanted(&self, typed: &Typed, found: Vec<Peer<Id>>) -> Result<Wish<Id>, Problem> {
        let address = looked_up(typed.get(self.field));
        let stays = if self.is_unseen() {
            address.is_empty() && typed.is_on("keep")
        } else {
            address == self.seen()
        };
        if stays {
            return Ok(Wish::Keep);
        }
        if !self.may_be_given {
            return Err(self.problem(Why::Duty));
        }
        if address.is_empty() {
            return Ok(Wish::Clear);
        }
        let agent = held(&self.ground.desk, found);
        agent
            .map(|agent| Wish::Set(agent.id))
            .ok_or(self.problem(Why::Unknown))
    }

    fn problem(&self, why: Why) -> Problem {
        Problem {
            why,
            field: self.field,
        }
    }
}
