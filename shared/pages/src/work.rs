//! A ticket as the agents who work it read it.

use askama::Template;

use crate::layout::Shell;
use crate::portal::{Entry, Fact};
use crate::queues::Priority;
use crate::time::Moment;

/// `GET /queues/tickets/{number}`.
#[derive(Template)]
#[template(path = "queues/ticket.html")]
pub struct WorkPage<'a> {
    pub shell: Shell<'a>,
    pub number: &'a str,
    pub subject: &'a str,
    pub is_closed: bool,
    /// What its status is called.
    pub status: &'a str,
    pub is_overdue: bool,
    pub priority: Priority,
    pub requester: &'a str,
    pub requester_email: &'a str,
    /// Whether the requester is banned; none where the viewer may not say so.
    pub ban: Option<Ban>,
    pub department: &'a str,
    pub realm: &'a str,
    pub assignee: Option<&'a str>,
    pub created_at: Moment,
    pub due_at: Option<Moment>,
    /// What was filled in with it, as far as the agent may see it.
    pub facts: Vec<Fact<'a>>,
    /// Oldest first.
    pub thread: Vec<WorkEntry<'a>>,
    /// Where the thread goes on.
    pub more: Option<String>,
    pub referrals: Vec<Referred<'a>>,
    pub collaborators: Vec<Collaborator<'a>>,
    pub may: May,
    /// Whom it can be referred to; left out for those who may not refer it.
    pub refer: Option<Refer<'a>>,
    /// What was done before.
    pub done: Option<Done>,
    pub csrf: &'a str,
    pub now: Moment,
}

/// What the viewer may do, beside referring it and banning its requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    /// Whether they may let collaborators in and put them out.
    pub edit: bool,
    /// Whether they may delete it.
    pub delete: bool,
}

/// An entry of the thread.
#[derive(Debug, Clone)]
pub struct WorkEntry<'a> {
    pub entry: Entry<'a>,
    /// Whether its requester never sees it.
    pub is_note: bool,
}

/// Somebody the ticket was referred to.
#[derive(Debug, Clone)]
pub struct Referred<'a> {
    pub id: &'a str,
    pub kind: Kind,
    pub name: &'a str,
}

/// A user who takes part in the ticket.
#[derive(Debug, Clone, Copy)]
pub struct Collaborator<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    /// Whether they have been let in.
    pub is_active: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Agent,
    Team,
    Department,
}

impl Kind {
    /// Returns the name of the field it is chosen in.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Team => "team",
            Self::Department => "department",
        }
    }
}

/// Whom a ticket can be referred to.
#[derive(Debug, Clone)]
pub struct Refer<'a> {
    pub departments: Vec<Offered<'a>>,
    pub teams: Vec<Offered<'a>>,
    /// The address that was typed.
    pub agent: &'a str,
    pub problem: Option<Problem>,
}

/// A department or a team.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    pub id: i64,
    pub name: &'a str,
    pub realm: &'a str,
}

/// What was wrong with a referral, and of which kind it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    pub kind: Kind,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is none, as far as the viewer can see.
    Unknown,
    /// It is referred to them already.
    Known,
}

impl Why {
    /// Returns the name in JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Known => "known",
        }
    }
}

/// Which realms ban a requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ban {
    /// None of those that count for the ticket.
    Nowhere,
    /// The ticket's own.
    Here,
    /// One above it.
    Above,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Referred,
    Withdrawn,
    Collaborators,
    Banned,
    Unbanned,
    /// Its details were filled in anew.
    Edited,
}

impl Done {
    /// Returns the name in addresses and JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Referred => "referred",
            Self::Withdrawn => "withdrawn",
            Self::Collaborators => "collaborators",
            Self::Banned => "banned",
            Self::Unbanned => "unbanned",
            Self::Edited => "edited",
        }
    }

    /// Returns what an address says was done.
    pub fn named(token: &str) -> Option<Self> {
        let all = [
            Self::Referred,
            Self::Withdrawn,
            Self::Collaborators,
            Self::Banned,
            Self::Unbanned,
            Self::Edited,
        ];
        all.into_iter().find(|done| done.token() == token)
    }
}

impl Refer<'_> {
    /// Returns what is wrong with a referral of this kind.
    pub fn wrong(&self, kind: Kind) -> Option<Why> {
        let problem = self.problem.filter(|problem| problem.kind == kind);
        problem.map(|problem| problem.why)
    }
}

#[cfg(test)]
impl WorkPage<'static> {
    pub(crate) fn sample() -> Self {
        use crate::portal::{EntryFile, EntryKind};
        let entry = |author, kind, text, is_note| WorkEntry {
            entry: Entry {
                author,
                kind,
                at: Moment::minutes_from_noon(-4),
                text,
                files: Vec::new(),
            },
            is_note,
        };
        let mut asked = entry(
            "Grace Hopper",
            EntryKind::User,
            "It <smokes>.\n\nWhy?",
            false,
        );
        asked.entry.files.push(EntryFile {
            name: "smoke.jpg",
            bytes: 48_200,
            url: crate::url::work_file("482913", "7"),
        });
        let offered = |id, name, realm| Offered { id, name, realm };
        WorkPage {
            shell: Shell::sample_of_an_agent(),
            number: "482913",
            subject: "My drill smokes when I start it",
            is_closed: false,
            status: "Waiting for <parts>",
            is_overdue: true,
            priority: Priority::High,
            requester: "Grace Hopper",
            requester_email: "grace@acme.example",
            ban: Some(Ban::Nowhere),
            department: "Repairs",
            realm: "Acme Tools",
            assignee: Some("Ada Byron"),
            created_at: Moment::minutes_from_noon(-1620),
            due_at: Some(Moment::minutes_from_noon(-180)),
            facts: vec![
                Fact {
                    label: "Serial <number>",
                    values: vec!["AB123".to_owned()],
                    files: Vec::new(),
                },
                Fact {
                    label: "Receipts",
                    values: Vec::new(),
                    files: vec![EntryFile {
                        name: "receipt <1>.pdf",
                        bytes: 48_213,
                        url: crate::url::work_file("482913", "8"),
                    }],
                },
            ],
            thread: vec![
                asked,
                entry("Ada Byron", EntryKind::Agent, "Stop it at once.", false),
                entry("Ada Byron", EntryKind::Agent, "Third this week.", true),
            ],
            more: Some(crate::url::work("482913") + "?after=7"),
            referrals: vec![Referred {
                id: "018bcfe5-6800-7707-8707-070707070707",
                kind: Kind::Department,
                name: "Billing & <more>",
            }],
            collaborators: vec![
                Collaborator {
                    id: "018bcfe5-6800-7707-8707-070707070708",
                    name: "Kay <&>",
                    email: "kay@acme.example",
                    is_active: true,
                },
                Collaborator {
                    id: "018bcfe5-6800-7707-8707-070707070709",
                    name: "Eve",
                    email: "eve@example.org",
                    is_active: false,
                },
            ],
            may: May {
                edit: true,
                delete: true,
            },
            refer: Some(Refer {
                departments: vec![offered(1, "Repairs", "Acme Tools")],
                teams: vec![offered(2, "Second level", "Northern Depot")],
                agent: "",
                problem: None,
            }),
            done: Some(Done::Referred),
            csrf: "token-of-the-form",
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let sample = Self::sample();
        WorkPage {
            refer: sample.refer.map(|refer| Refer {
                agent: "nobody@<acme>.example",
                problem: Some(Problem {
                    kind: Kind::Agent,
                    why: Why::Unknown,
                }),
                ..refer
            }),
            done: None,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_read_only() -> Self {
        WorkPage {
            is_closed: true,
            status: "Closed",
            is_overdue: false,
            assignee: None,
            due_at: None,
            more: None,
            referrals: Vec::new(),
            may: May {
                edit: false,
                delete: false,
            },
            refer: None,
            done: None,
            ..Self::sample()
        }
    }
}
