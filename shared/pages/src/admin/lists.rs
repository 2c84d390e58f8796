//! Lists: those of a realm, and one of them.

use askama::Template;

use super::{Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/lists`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/lists.html")]
pub struct ListsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<ListRow<'a>>,
    /// The new list's `name`, `plural` and `order`.
    pub typed: Filled<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A list among others.
#[derive(Debug, Clone, Copy)]
pub struct ListRow<'a> {
    pub id: i64,
    /// The realm it belongs to.
    pub realm: i64,
    /// That realm's name, where it is not the one whose lists are shown.
    pub from: Option<&'a str>,
    pub name: &'a str,
    pub items: i64,
    /// How many fields offer it.
    pub fields: i64,
}

/// `GET /admin/lists/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/list.html")]
pub struct ListPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub id: i64,
    /// As it is.
    pub name: &'a str,
    /// How many fields offer it.
    pub fields: i64,
    /// The form that says which properties its items have.
    pub form: Option<i64>,
    pub is_ordered_by_hand: bool,
    pub rows: Vec<ItemRow<'a>>,
    /// The item that is about to be changed.
    pub chosen: Option<ItemRow<'a>>,
    /// The list's `name`, `plural` and `order`, the chosen item's `value`, `abbreviation` and
    /// `offered`, and more `items`.
    pub typed: Filled<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// An item of a list.
#[derive(Debug, Clone, Copy)]
pub struct ItemRow<'a> {
    pub id: i64,
    pub value: &'a str,
    pub abbreviation: &'a str,
    pub is_active: bool,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
impl ListsPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, name, items, fields| ListRow {
            id,
            realm: 9,
            from: None,
            name,
            items,
            fields,
        };
        ListsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Lists),
            head: RealmHead::sample(Tab::Lists),
            rows: vec![
                row(3, "Device <any>", 120, 2),
                ListRow {
                    realm: 1,
                    from: Some("Acme Tools"),
                    ..row(2, "Sites", 1, 0)
                },
            ],
            typed: Filled::default(),
            problem: None,
            done: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        ListsPage {
            rows: Vec::new(),
            typed: Filled(vec![
                ("name", " "),
                ("plural", "Devices"),
                ("order", "manual"),
            ]),
            problem: Some(Problem {
                why: Why::Name,
                field: "name",
            }),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl ListPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, value, abbreviation, is_active| ItemRow {
            id,
            value,
            abbreviation,
            is_active,
        };
        let typed = [
            ("name", "Device"),
            ("plural", "Devices"),
            ("order", "manual"),
        ];
        ListPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Lists),
            head: RealmHead::sample(Tab::Behind),
            id: 3,
            name: "Device <any>",
            fields: 2,
            form: None,
            is_ordered_by_hand: true,
            rows: vec![
                row(2, "Screen <wide>", "SC", true),
                row(1, "Printer", "", false),
            ],
            chosen: None,
            typed: Filled(typed.into()),
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let sample = Self::sample();
        let typed = [("value", ""), ("abbreviation", "SC"), ("offered", "1")];
        ListPage {
            fields: 0,
            form: Some(5),
            is_ordered_by_hand: false,
            chosen: sample.rows.first().copied(),
            typed: Filled(typed.into()),
            problem: Some(Problem {
                why: Why::Items,
                field: "value",
            }),
            done: None,
            ..sample
        }
    }

    pub(crate) fn sample_empty() -> Self {
        ListPage {
            rows: Vec::new(),
            typed: Filled(vec![("name", "Device"), ("items", "a\na")]),
            problem: Some(Problem {
                why: Why::Items,
                field: "items",
            }),
            done: None,
            ..Self::sample()
        }
    }
}
