//! The agents an administrator looks after.

use askama::Template;

use super::{Choice, Done, Filled, Nav, Problem, RealmRow};
use crate::layout::Shell;
use crate::time::Moment;

/// `GET /admin/agents`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/agents.html")]
pub struct AgentsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    /// Realm by realm, and there by address.
    pub rows: Vec<AgentRow<'a>>,
    /// Where the list goes on.
    pub next: Option<String>,
    pub new: Employing<'a>,
    pub problem: Option<Problem>,
    pub csrf: &'a str,
}

/// The form of a new agent.
#[derive(Debug, Clone)]
pub struct Employing<'a> {
    pub typed: Filled<'a>,
    /// The realms an agent can be made in, in the order of the tree.
    pub realms: Vec<RealmRow<'a>>,
    /// The one that is chosen.
    pub realm: i64,
    pub roles: Vec<Choice<'a>>,
    pub departments: Vec<PlaceRow<'a>>,
}

/// The answer to a `POST` that made an agent: the one page that shows the invitation.
#[derive(Template)]
#[template(path = "admin/invited.html")]
pub struct InvitedPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    /// The link, absolute.
    pub link: &'a str,
    pub until: Moment,
}

/// How it stands with the invitation of an agent without a password.
#[derive(Debug, Clone, Copy)]
pub enum Invited {
    /// It was sent then, and opens something until then.
    Open(Moment, Moment),
    /// It has run out.
    Over(Moment),
    /// There is none.
    None,
}

/// An agent in the list.
#[derive(Debug, Clone, Copy)]
pub struct AgentRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub realm: &'a str,
    pub role: &'a str,
    pub is_limited: bool,
    pub is_active: bool,
    /// Whether they have not set a password yet.
    pub is_pending: bool,
}

/// `GET /admin/agents/{id}`.
#[derive(Template)]
#[template(path = "admin/agent.html")]
pub struct AgentPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub agent: AgentRow<'a>,
    pub version: i64,
    /// The primary roles the viewer can give, and the one that is held.
    pub roles: Vec<Choice<'a>>,
    pub departments: Vec<PlaceRow<'a>>,
    pub teams: Vec<PlaceRow<'a>>,
    /// How it stands with the invitation; none for an agent who has set a password.
    pub invited: Option<Invited>,
    pub now: Moment,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    pub csrf: &'a str,
}

/// A department or a team, and what the agent is to it.
#[derive(Debug, Clone)]
pub struct PlaceRow<'a> {
    pub id: i64,
    pub name: &'a str,
    pub realm: &'a str,
    pub is_member: bool,
    /// The roles that can be given there; a team has none.
    pub roles: Vec<Choice<'a>>,
}

impl PlaceRow<'_> {
    /// Returns whether the primary role counts there.
    pub fn is_primary(&self) -> bool {
        self.is_member && !self.roles.iter().any(|role| role.is_chosen)
    }
}

#[cfg(test)]
use super::{Place, Why};

#[cfg(test)]
impl AgentsPage<'static> {
    pub(crate) fn sample() -> Self {
        let grace = AgentRow {
            id: "018bcfe5-6800-7707-8707-070707070708",
            name: "Grace <Hopper>",
            email: "grace@acme.example",
            realm: "Gate <2>",
            role: "View only",
            is_limited: true,
            is_active: false,
            is_pending: false,
        };
        AgentsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Agents),
            rows: vec![
                AgentRow::sample(),
                grace,
                AgentRow {
                    is_pending: true,
                    ..AgentRow::sample()
                },
            ],
            next: Some("/admin/agents?after=018bcfe5".to_owned()),
            new: Employing {
                typed: Filled::default(),
                realms: super::sample_rows(),
                realm: 4,
                roles: AgentPage::sample().roles,
                departments: AgentPage::sample().departments,
            },
            problem: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let typed = [("email", "<ada>"), ("name", "Ada"), ("department-2", "1")];
        let new = Employing {
            typed: Filled(typed.into()),
            ..Self::sample().new
        };
        AgentsPage {
            new,
            problem: Some(Problem {
                why: Why::Address,
                field: "email",
            }),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl AgentRow<'static> {
    fn sample() -> Self {
        AgentRow {
            id: "018bcfe5-6800-7707-8707-070707070707",
            name: "Ada Byron",
            email: "ada@acme.example",
            realm: "Acme Tools",
            role: "All Access",
            is_limited: false,
            is_active: true,
            is_pending: false,
        }
    }
}

#[cfg(test)]
impl AgentPage<'static> {
    pub(crate) fn sample() -> Self {
        let roles = |chosen| {
            let roles = [(1, "All Access"), (4, "View <only>")];
            let choice = |(id, name)| Choice {
                id,
                name,
                is_chosen: id == chosen,
            };
            roles.map(choice).into()
        };
        let place = |id, name, is_member, roles| PlaceRow {
            id,
            name,
            realm: "Acme Tools",
            is_member,
            roles,
        };
        AgentPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Agents),
            agent: AgentRow::sample(),
            version: 3,
            roles: roles(1),
            departments: vec![
                place(1, "Repairs", true, roles(4)),
                place(2, "Billing", true, roles(0)),
                place(3, "Sales & <more>", false, roles(0)),
            ],
            teams: vec![place(1, "Second level", true, Vec::new())],
            invited: None,
            now: Moment::NOON,
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        AgentPage {
            problem: Some(Problem {
                why: Why::Role,
                field: "role",
            }),
            teams: Vec::new(),
            done: None,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl AgentPage<'static> {
    pub(crate) fn sample_pending() -> Self {
        let until = Moment::minutes_from_noon(60 * 24 * 3);
        AgentPage {
            invited: Some(Invited::Open(Moment::NOON, until)),
            agent: AgentRow {
                is_pending: true,
                ..AgentRow::sample()
            },
            done: Some(Done::Invited),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl InvitedPage<'static> {
    pub(crate) fn sample() -> Self {
        InvitedPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Agents),
            id: "018bcfe5-6800-7707-8707-070707070707",
            name: "Ada <Byron>",
            email: "ada@acme.example",
            link: "https://acme.example/auth/bootstrap?token=5f2a.MzYw",
            until: Moment::minutes_from_noon(60 * 24 * 3),
        }
    }
}
