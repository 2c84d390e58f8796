//! Forms: those of a realm, one of them, and one of its fields.

use askama::Template;

use super::{Choice, Crumb, Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/forms`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/forms.html")]
pub struct FormsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<FormRow<'a>>,
    /// The new form's `title` and `purpose`.
    pub typed: Filled<'a>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A form in a list.
#[derive(Debug, Clone, Copy)]
pub struct FormRow<'a> {
    pub id: i64,
    /// The realm it belongs to.
    pub realm: i64,
    /// That realm's name, where it is not the one whose forms are listed.
    pub from: Option<&'a str>,
    pub title: &'a str,
    pub fields: i64,
    pub purpose: FormPurpose,
    pub is_active: bool,
}

/// What a form is filled in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormPurpose {
    Ticket,
    Topic,
    User,
    Organization,
    List,
}

impl FormPurpose {
    /// What a new form can be for; that of a list is made from the list.
    pub const OFFERED: [Self; 4] = [Self::Ticket, Self::Topic, Self::User, Self::Organization];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Topic => "topic",
            Self::User => "user",
            Self::Organization => "organization",
            Self::List => "list",
        }
    }

    /// Returns what it can become once the form is made.
    pub const fn others(self) -> &'static [Self] {
        match self {
            Self::Ticket | Self::Topic => &[Self::Ticket, Self::Topic],
            Self::User => &[Self::User],
            Self::Organization => &[Self::Organization],
            Self::List => &[Self::List],
        }
    }
}

/// `GET /admin/forms/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/form.html")]
pub struct FormPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub id: i64,
    /// As it is.
    pub title: &'a str,
    pub purpose: FormPurpose,
    pub rows: Vec<FieldRow<'a>>,
    /// The form's `title`, `purpose` and `active`, and the new field's `label`, `name`, `kind` and `choices`.
    pub typed: Filled<'a>,
    /// The lists that a new field can offer.
    pub lists: Vec<Choice<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A field in a form.
#[derive(Debug, Clone, Copy)]
pub struct FieldRow<'a> {
    pub id: i64,
    pub label: &'a str,
    pub name: &'a str,
    pub kind: FieldKind,
    pub user: FieldAccess,
    pub agent: FieldAccess,
    pub is_active: bool,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Memo,
    Email,
    Phone,
    Checkbox,
    Choice,
    List,
    Date,
    Priority,
    Files,
    Section,
    Information,
    Zone,
    Department,
    Agent,
    State,
    Flag,
}

impl FieldKind {
    pub const ALL: [Self; 17] = [
        Self::Text,
        Self::Memo,
        Self::Email,
        Self::Phone,
        Self::Checkbox,
        Self::Choice,
        Self::List,
        Self::Date,
        Self::Priority,
        Self::Files,
        Self::Section,
        Self::Information,
        Self::Zone,
        Self::Department,
        Self::Agent,
        Self::State,
        Self::Flag,
    ];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Memo => "memo",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Checkbox => "checkbox",
            Self::Choice => "choice",
            Self::List => "list",
            Self::Date => "date",
            Self::Priority => "priority",
            Self::Files => "files",
            Self::Section => "section",
            Self::Information => "information",
            Self::Zone => "timezone",
            Self::Department => "department",
            Self::Agent => "agent",
            Self::State => "state",
            Self::Flag => "flag",
        }
    }

    /// Returns whether forms that are filled in with such a thing can have it. What a ticket is
    /// and what hangs on it, nobody else has.
    pub const fn fits(self, purpose: FormPurpose) -> bool {
        let is_of_ticket = matches!(purpose, FormPurpose::Ticket | FormPurpose::Topic);
        let is_tickets = matches!(
            self,
            Self::Priority
                | Self::Files
                | Self::Department
                | Self::Agent
                | Self::State
                | Self::Flag
        );
        is_of_ticket || !is_tickets
    }

    /// Returns whether there is something to fill in.
    pub const fn takes_answers(self) -> bool {
        !matches!(self, Self::Section | Self::Information)
    }
}

/// What people may do with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldAccess {
    Hidden,
    Shown,
    Optional,
    Required,
}

impl FieldAccess {
    pub const ALL: [Self; 4] = [Self::Hidden, Self::Shown, Self::Optional, Self::Required];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Shown => "shown",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// `GET /admin/forms/{id}/fields/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/field.html")]
pub struct FieldPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    /// The form it belongs to.
    pub form: Crumb<'a>,
    pub id: i64,
    /// As it is.
    pub label: &'a str,
    pub name: &'a str,
    pub kind: FieldKind,
    /// What stands in the form, under the names that it posts.
    pub typed: Filled<'a>,
    pub lists: Vec<Choice<'a>>,
    /// The fields of the same form that this one can wait for.
    pub others: Vec<Choice<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
impl FormsPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, title, fields, purpose, is_active| FormRow {
            id,
            realm: 9,
            from: None,
            title,
            fields,
            purpose,
            is_active,
        };
        FormsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Forms),
            head: RealmHead::sample(Tab::Forms),
            rows: vec![
                row(3, "Device <any>", 4, FormPurpose::Topic, true),
                row(4, "Old questions", 0, FormPurpose::User, false),
                row(5, "Room Properties", 2, FormPurpose::List, true),
                FormRow {
                    realm: 1,
                    from: Some("Acme Tools"),
                    ..row(2, "Ticket Details", 1, FormPurpose::Ticket, true)
                },
            ],
            typed: Filled::default(),
            problem: None,
            done: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        FormsPage {
            rows: Vec::new(),
            typed: Filled(vec![("title", " "), ("purpose", "organization")]),
            problem: Some(Problem {
                why: Why::Title,
                field: "title",
            }),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl FormPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, label, name, kind, user, is_active| FieldRow {
            id,
            label,
            name,
            kind,
            user,
            agent: FieldAccess::Optional,
            is_active,
        };
        let all = FieldKind::ALL.into_iter().zip(23..);
        let rows = all.map(|(kind, id)| {
            let user = FieldAccess::ALL[usize::try_from(id).unwrap_or_default() % 4];
            row(id, "A <field>", kind.token(), kind, user, id != 24)
        });
        FormPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Forms),
            head: RealmHead::sample(Tab::Behind),
            id: 3,
            title: "Device <any>",
            purpose: FormPurpose::Topic,
            rows: rows.collect(),
            typed: Filled(vec![
                ("title", "Device <any>"),
                ("purpose", "topic"),
                ("active", "1"),
            ]),
            lists: Vec::new(),
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let typed = [
            ("title", "Device"),
            ("label", "Serial <number>"),
            ("name", "Serial Number"),
            ("kind", "choice"),
            ("choices", "a: <A>"),
        ];
        FormPage {
            rows: Vec::new(),
            typed: Filled(typed.into()),
            lists: vec![Choice {
                id: 1,
                name: "Things",
                is_chosen: false,
            }],
            problem: Some(Problem {
                why: Why::FieldName,
                field: "name",
            }),
            done: None,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl FieldPage<'static> {
    pub(crate) fn sample(kind: FieldKind) -> Self {
        let typed = [
            ("label", "Serial <number>"),
            ("user", "required"),
            ("agent", "shown"),
            ("active", "1"),
            ("validator", "regex"),
            ("pattern", "/^[A-Z]{2}[0-9]+$/"),
            ("error", "It looks like AB12."),
            ("choices", "a: <A>\nb: B"),
            ("values", "printer"),
        ];
        let choice = |id, name| Choice {
            id,
            name,
            is_chosen: id == 23,
        };
        FieldPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Forms),
            head: RealmHead::sample(Tab::Behind),
            form: Crumb {
                id: 3,
                name: "Device",
            },
            id: 24,
            label: "Serial <number>",
            name: "serial",
            kind,
            typed: Filled(typed.into()),
            lists: vec![choice(1, "Things")],
            others: vec![choice(23, "Device Type")],
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        FieldPage {
            others: Vec::new(),
            problem: Some(Problem {
                why: Why::Pattern,
                field: "pattern",
            }),
            done: None,
            ..Self::sample(FieldKind::Text)
        }
    }
}
