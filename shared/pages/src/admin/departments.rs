//! Departments: those of a realm, and one of them with who works in it.

use askama::Template;

use super::{Choice, Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/departments`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/departments.html")]
pub struct DepartmentsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<DepartmentRow<'a>>,
    pub form: DepartmentForm<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A department in a list.
#[derive(Debug, Clone, Copy)]
pub struct DepartmentRow<'a> {
    pub id: i64,
    /// The realm it belongs to.
    pub realm: i64,
    /// That realm's name, where it is not the one whose departments are listed.
    pub from: Option<&'a str>,
    pub name: &'a str,
    /// The manager's address; empty where there is none whom the viewer sees.
    pub manager: &'a str,
    pub answers_tickets: bool,
    pub answers_messages: bool,
}

/// What a department is made of, as it is or as it was typed.
#[derive(Debug, Clone)]
pub struct DepartmentForm<'a> {
    /// `name`, `manager`, `public`, `answers_tickets` and `answers_messages`.
    pub typed: Filled<'a>,
    pub plans: Vec<Choice<'a>>,
    /// Whether it has a manager whom the viewer does not see.
    pub has_unseen_leader: bool,
}

/// `GET /admin/departments/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/department.html")]
pub struct DepartmentPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub id: i64,
    /// As it is.
    pub name: &'a str,
    /// The hidden field `reading`.
    pub reading: &'a str,
    pub form: DepartmentForm<'a>,
    pub members: Vec<StaffRow<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// An agent as a member of a department or a team.
#[derive(Debug, Clone, Copy)]
pub struct StaffRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    /// The role there; empty for the primary one.
    pub role: &'a str,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
pub(super) fn sample_staff() -> Vec<StaffRow<'static>> {
    let row = |id, name, email, role| StaffRow {
        id,
        name,
        email,
        role,
    };
    vec![
        row("a1", "Agent <One>", "one@acme.example", ""),
        row("a2", "Agent Two", "two@acme.example", "View only"),
    ]
}

#[cfg(test)]
impl DepartmentsPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, name, manager, answers_tickets, answers_messages| DepartmentRow {
            id,
            realm: 9,
            from: None,
            name,
            manager,
            answers_tickets,
            answers_messages,
        };
        DepartmentsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Departments),
            head: RealmHead::sample(Tab::Departments),
            rows: vec![
                row(2, "Support <&>", "one@acme.example", true, true),
                row(3, "Sales", "", false, true),
                DepartmentRow {
                    realm: 1,
                    from: Some("Acme Tools"),
                    ..row(1, "Maintenance", "", false, false)
                },
            ],
            form: sample_form(&[("public", "1"), ("answers_tickets", "1")]),
            problem: None,
            done: Some(Done::Removed),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        DepartmentsPage {
            rows: Vec::new(),
            form: sample_form(&[("manager", "no<body>")]),
            problem: Some(Problem {
                why: Why::Unknown,
                field: "manager",
            }),
            done: None,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
fn sample_form(typed: &[(&'static str, &'static str)]) -> DepartmentForm<'static> {
    DepartmentForm {
        typed: Filled(typed.to_vec()),
        plans: vec![Choice {
            id: 1,
            name: "Default SLA",
            is_chosen: true,
        }],
        has_unseen_leader: false,
    }
}

#[cfg(test)]
impl DepartmentPage<'static> {
    pub(crate) fn sample() -> Self {
        DepartmentPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Departments),
            head: RealmHead::sample(Tab::Behind),
            id: 2,
            name: "Support <&>",
            reading: "f00d",
            form: sample_form(&[
                ("name", "Support <&>"),
                ("manager", "one@acme.example"),
                ("answers_messages", "1"),
            ]),
            members: sample_staff(),
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        DepartmentPage {
            nav: Nav {
                employs: false,
                ..Nav::sample(Place::Departments)
            },
            form: DepartmentForm {
                has_unseen_leader: true,
                ..sample_form(&[("name", "")])
            },
            problem: Some(Problem {
                why: Why::Duty,
                field: "manager",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
