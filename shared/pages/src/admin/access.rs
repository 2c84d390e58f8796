//! Who sees a realm.

use askama::Template;

use super::{Done, Nav, Problem, RealmHead, RealmRow};
use crate::layout::Shell;

/// `GET /admin/realms/{id}/access`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/access.html")]
pub struct AccessPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    /// Whether the viewer may change any of it.
    pub may_change: bool,
    /// Who sees the realm at all.
    pub closing: Decision<'a>,
    /// Whom the realm selector offers it to.
    pub asking: Decision<'a>,
    pub roles: Vec<Offer<'a>>,
    /// The viewer's own role.
    pub own_role: &'a str,
    pub agents: Vec<Entitled<'a>>,
    pub teams: Vec<Entitled<'a>>,
    pub viewers: Vec<Entitled<'a>>,
    /// How many others it is shown to whom the viewer does not see.
    pub unseen: usize,
    pub teams_offered: Vec<Offer<'a>>,
    pub realms_offered: Vec<RealmRow<'a>>,
    /// The agent's address that was typed.
    pub agent: &'a str,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// What counts for a realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// Nothing is said here; a realm above may ask for this role.
    Above(Option<&'a str>),
    /// Holders of this role.
    Role(&'a str),
    /// Everybody, whatever a realm above asks for.
    Everybody,
}

impl Decision<'_> {
    /// Returns whether it is decided at this realm itself.
    pub const fn is_here(&self) -> bool {
        !matches!(self, Self::Above(_))
    }

    /// Returns whether a role is asked for, here or above.
    pub const fn is_asking(&self) -> bool {
        matches!(self, Self::Above(Some(_)) | Self::Role(_))
    }
}

/// Somebody the realm is shown to.
#[derive(Debug, Clone)]
pub struct Entitled<'a> {
    pub id: String,
    pub name: &'a str,
    pub detail: &'a str,
}

/// One choice of a list.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    pub id: i64,
    pub name: &'a str,
    pub detail: &'a str,
}

impl AccessPage<'_> {
    /// Returns whether it is shown to nobody whom the viewer sees.
    pub fn is_shown_to_nobody(&self) -> bool {
        self.agents.is_empty() && self.teams.is_empty() && self.viewers.is_empty()
    }
}

#[cfg(test)]
use super::{Place, Tab, Why, sample_rows};

#[cfg(test)]
impl AccessPage<'static> {
    pub(crate) fn sample() -> Self {
        let role = |id, name| Offer {
            id,
            name,
            detail: "",
        };
        let entitled = |id: &str, name, detail| Entitled {
            id: id.to_owned(),
            name,
            detail,
        };
        AccessPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Realms),
            head: RealmHead::sample(Tab::Access),
            may_change: true,
            closing: Decision::Role("Night shift"),
            asking: Decision::Above(None),
            roles: vec![role(1, "All Access"), role(5, "Night shift")],
            own_role: "All Access",
            agents: vec![entitled("018f", "Grace <Hopper>", "grace@acme.example")],
            teams: vec![entitled("1", "Second level", "Acme Tools")],
            viewers: vec![entitled("4", "Northern Depot", "")],
            unseen: 2,
            teams_offered: vec![Offer {
                id: 1,
                name: "Second level",
                detail: "Acme Tools",
            }],
            realms_offered: sample_rows(),
            agent: "",
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        AccessPage {
            agent: "nobody@<acme>",
            problem: Some(Problem {
                why: Why::Unknown,
                field: "agent",
            }),
            done: None,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_read_only() -> Self {
        AccessPage {
            may_change: false,
            closing: Decision::Above(Some("Night shift")),
            asking: Decision::Everybody,
            agents: Vec::new(),
            teams: Vec::new(),
            viewers: Vec::new(),
            unseen: 0,
            done: None,
            ..Self::sample()
        }
    }
}
