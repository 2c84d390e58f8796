//! Filters: those of a realm, and one of them.

use askama::Template;

use super::{Choice, Done, Filled, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/filters`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/filters.html")]
pub struct FiltersPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<FilterRow<'a>>,
    /// The new filter's `name`.
    pub typed: Filled<'a>,
    /// The new filter's rule.
    pub rule: RuleRow<'a>,
    /// The fields that a rule can look at.
    pub fields: Vec<Choice<'a>>,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// A filter in a list.
#[derive(Debug, Clone, Copy)]
pub struct FilterRow<'a> {
    pub id: i64,
    /// The realm it belongs to.
    pub realm: i64,
    /// That realm's name, where it is not the one whose filters are listed.
    pub from: Option<&'a str>,
    pub name: &'a str,
    pub position: i64,
    pub target: FilterTarget,
    pub is_active: bool,
    /// Whether it answers with a canned reply that is switched off or gone.
    pub is_dangling: bool,
}

/// What a filter is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterTarget {
    Any,
    Web,
    Email,
    Api,
    Mailbox,
}

impl FilterTarget {
    pub const ALL: [Self; 5] = [Self::Any, Self::Web, Self::Email, Self::Api, Self::Mailbox];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Web => "web",
            Self::Email => "email",
            Self::Api => "api",
            Self::Mailbox => "mailbox",
        }
    }

    /// Returns the target with this name.
    pub fn named(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.token() == token)
    }
}

/// A rule, as it is or as it was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleRow<'a> {
    /// `subject`, say, or `field.` and an id.
    pub what: &'a str,
    pub operator: &'a str,
    pub value: &'a str,
}

impl RuleRow<'_> {
    /// Returns whether it looks at this field.
    pub fn is_of(&self, field: &i64) -> bool {
        let id = self.what.strip_prefix("field.");
        id.and_then(|id| id.parse().ok()) == Some(*field)
    }
}

/// A mail that a filter sends, as it is or as it was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct MailRow<'a> {
    pub recipients: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
}

/// `GET /admin/filters/{id}`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/filter.html")]
pub struct FilterPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub id: i64,
    /// As it is.
    pub name: &'a str,
    /// What stands in the fields that are there once.
    pub typed: Filled<'a>,
    /// The rules, and some that are empty.
    pub rules: Vec<RuleRow<'a>>,
    /// The mails, and one that is empty.
    pub mails: Vec<MailRow<'a>>,
    pub offered: Offered<'a>,
    /// Whether it answers with a canned reply that is switched off or gone.
    pub is_dangling: bool,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// What a filter can look at and name.
#[derive(Debug, Clone)]
pub struct Offered<'a> {
    pub fields: Vec<Choice<'a>>,
    pub departments: Vec<Choice<'a>>,
    pub priorities: Vec<Choice<'a>>,
    pub plans: Vec<Choice<'a>>,
    pub topics: Vec<Choice<'a>>,
    pub statuses: Vec<Choice<'a>>,
    pub teams: Vec<Choice<'a>>,
    pub canned: Vec<Choice<'a>>,
    /// Whether it assigns an agent whom the viewer does not see.
    pub has_unseen_agent: bool,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
fn choices(names: &[&'static str]) -> Vec<Choice<'static>> {
    let choice = |(id, name): (i64, &&'static str)| Choice {
        id,
        name,
        is_chosen: id == 2,
    };
    (1..).zip(names).map(choice).collect()
}

#[cfg(test)]
impl FiltersPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |id, name, position, target, is_active| FilterRow {
            id,
            realm: 9,
            from: None,
            name,
            position,
            target,
            is_active,
            is_dangling: !is_active,
        };
        FiltersPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Filters),
            head: RealmHead::sample(Tab::Filters),
            rows: vec![
                row(2, "Fires", 1, FilterTarget::Any, true),
                row(3, "Robots <all>", 2, FilterTarget::Api, false),
                FilterRow {
                    realm: 1,
                    from: Some("Acme Tools"),
                    ..row(4, "Spam", 99, FilterTarget::Mailbox, true)
                },
            ],
            typed: Filled::default(),
            rule: RuleRow::default(),
            fields: choices(&["Ticket Details: Priority Level"]),
            problem: None,
            done: None,
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        FiltersPage {
            rows: Vec::new(),
            typed: Filled(vec![("name", "Fires")]),
            rule: RuleRow {
                what: "field.1",
                operator: "match",
                value: "(<",
            },
            problem: Some(Problem {
                why: Why::Rules,
                field: "rules",
            }),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl FilterPage<'static> {
    pub(crate) fn sample() -> Self {
        let rule = |what, operator, value| RuleRow {
            what,
            operator,
            value,
        };
        let typed = [
            ("name", "Fires"),
            ("active", "1"),
            ("position", "1"),
            ("target", "email"),
            ("noresp", "1"),
            ("status", "closed"),
            ("agent", "ada@acme.example"),
        ];
        FilterPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Filters),
            head: RealmHead::sample(Tab::Behind),
            id: 2,
            name: "Fires",
            typed: Filled(typed.into()),
            rules: vec![
                rule("subject", "contains", "fire & <smoke>"),
                rule("field.2", "equal", "printer"),
                RuleRow::default(),
            ],
            mails: vec![
                MailRow {
                    recipients: "fire@acme.example, %{user}",
                    subject: "Fire: #%{ticket.number}",
                    text: "Run.\n<Fast>.",
                },
                MailRow::default(),
            ],
            offered: Offered {
                fields: choices(&["Ticket Details: Priority Level", "Device: Device Type"]),
                departments: choices(&["Support", "Sales"]),
                priorities: choices(&["Low", "Normal", "High", "Emergency"]),
                plans: choices(&["Default SLA"]),
                topics: choices(&["General Inquiry", ""]),
                statuses: choices(&["Open", "Resolved"]),
                teams: choices(&["Level I Support"]),
                canned: choices(&["Switch it off", "Thanks <all>"]),
                has_unseen_agent: true,
            },
            is_dangling: false,
            problem: None,
            done: Some(Done::Saved),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        FilterPage {
            problem: Some(Problem {
                why: Why::Mail,
                field: "mails",
            }),
            is_dangling: true,
            done: None,
            ..Self::sample()
        }
    }
}
