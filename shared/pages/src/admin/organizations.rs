//! Organizations: those of a realm and of all below it, and one of them.

use askama::Template;

use super::{Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// With whom tickets can be shared, as it is posted.
pub const SHARINGS: [&str; 3] = ["none", "primary", "everybody"];

/// `GET /admin/organizations`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/organizations.html")]
pub struct OrganizationsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    /// Realm by realm, and there by name.
    pub rows: Vec<OrganizationRow<'a>>,
    pub next: Option<String>,
    pub is_continued: bool,
    /// Whether the viewer may make one.
    pub may_make: bool,
    pub typed: Filled<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// An organization in a list.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub realm: &'a str,
}

/// `GET /admin/organizations/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/organization.html")]
pub struct OrganizationPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub organization: OrganizationRow<'a>,
    pub realm_id: i64,
    /// Whether the viewer may change it.
    pub may_change: bool,
    pub typed: Filled<'a>,
    /// Whether its account manager is somebody whom the viewer does not see.
    pub has_unseen_manager: bool,
    /// In the order in which they came.
    pub members: Vec<MemberRow<'a>>,
    pub next: Option<String>,
    /// The address that was typed as a new member's.
    pub address: &'a str,
    /// Who was just taken out, to be put back.
    pub undo: Option<&'a str>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A user of an organization.
#[derive(Debug, Clone, Copy)]
pub struct MemberRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub is_primary: bool,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
const ACME: OrganizationRow<'static> = OrganizationRow {
    id: "018bcfe5-6800-7707-8707-070707070707",
    name: "Acme & <Sons>",
    realm: "Gate <2>",
};

#[cfg(test)]
impl OrganizationsPage<'static> {
    pub(crate) fn sample() -> Self {
        OrganizationsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Organizations),
            head: RealmHead::sample(Tab::Organizations),
            rows: vec![ACME],
            next: Some("/admin/organizations?in=9&at=9&after=Acme".to_owned()),
            is_continued: false,
            may_make: true,
            typed: Filled::default(),
            problem: None,
            done: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        OrganizationsPage {
            rows: Vec::new(),
            next: None,
            problem: Some(Problem {
                why: Why::Taken,
                field: "name",
            }),
            typed: Filled(vec![("name", "Acme & <Sons>")]),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl OrganizationPage<'static> {
    pub(crate) fn sample() -> Self {
        let typed = [
            ("version", "2"),
            ("name", "Acme & <Sons>"),
            ("domains", "acme.example, .acme.example"),
            ("sharing", "primary"),
            ("taking_part", "everybody"),
            ("assigns_manager", "1"),
            ("manager", "ada@acme.example"),
        ];
        let member = |name, is_primary| MemberRow {
            id: "018bcfe5-6800-7707-8707-070707070709",
            name,
            email: "lisa@acme.example",
            is_primary,
        };
        OrganizationPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Organizations),
            organization: ACME,
            realm_id: 9,
            may_change: true,
            typed: Filled(typed.into()),
            has_unseen_manager: false,
            members: vec![member("Lisa <L>", true), member("Tom", false)],
            next: Some("/admin/organizations/018bcfe5?after=018".to_owned()),
            address: "",
            undo: Some("gone@acme.example"),
            problem: None,
            done: Some(Done::Removed),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        OrganizationPage {
            has_unseen_manager: true,
            members: Vec::new(),
            next: None,
            address: "nobody@example.com",
            undo: None,
            problem: Some(Problem {
                why: Why::Elsewhere,
                field: "address",
            }),
            done: None,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_read_only() -> Self {
        OrganizationPage {
            may_change: false,
            undo: None,
            done: None,
            ..Self::sample()
        }
    }
}
