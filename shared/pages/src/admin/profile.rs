//! What the forms of users, of organizations and of lists hold of one of them, or of an item.

use askama::Template;

use super::{Done, Nav, Problem};
use crate::fields::FormField;
use crate::layout::Shell;

/// `GET /admin/profiles/users/{id}`, `…/organizations/{id}` and `…/lists/{list}/{id}`, and the
/// answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/profile.html")]
pub struct ProfilePage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    /// Whether it is of an item of a list, which has properties.
    pub is_of_item: bool,
    /// What the user, the organization, or the item is called.
    pub name: &'a str,
    /// Where they are looked after.
    pub back: &'a str,
    pub action: &'a str,
    /// The hidden field `version`.
    pub version: &'a str,
    /// What the viewer may fill in, and what it holds.
    pub fields: Vec<FormField<'a>>,
    /// What they may only see: what people read before it, and what it holds.
    pub shown: Vec<(&'a str, String)>,
    /// Whether more fields are asked for, once something is filled in.
    pub asks_further: bool,
    /// Whether something does not fit; beside it stands what.
    pub is_refused: bool,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

#[cfg(test)]
use super::{Place, Why};

#[cfg(test)]
impl ProfilePage<'static> {
    pub(crate) fn sample() -> Self {
        let mut fields = FormField::samples();
        for field in &mut fields {
            field.problem = None;
        }
        ProfilePage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Users),
            is_of_item: false,
            name: "Lisa <L>",
            back: "/admin/users/018bcfe5-6800-7707-8707-070707070709",
            action: "/admin/profiles/users/018bcfe5-6800-7707-8707-070707070709",
            version: "4",
            fields,
            shown: vec![("Customer <number>", "<12>".to_owned())],
            asks_further: true,
            is_refused: false,
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        ProfilePage {
            fields: FormField::samples(),
            shown: Vec::new(),
            asks_further: false,
            is_refused: true,
            done: None,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_stale() -> Self {
        let (why, field) = (Why::Stale, "");
        ProfilePage {
            problem: Some(Problem { why, field }),
            done: None,
            ..Self::sample()
        }
    }

    pub(crate) fn sample_empty() -> Self {
        ProfilePage {
            is_of_item: true,
            fields: Vec::new(),
            shown: Vec::new(),
            asks_further: false,
            done: None,
            ..Self::sample()
        }
    }
}
