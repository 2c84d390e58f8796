//! A realm's settings, and where each comes from.

mod known;
mod setting;

use askama::Template;

pub use setting::{Entry, Group, Named, Setting};

use super::{Done, Nav, Problem, RealmHead};
use crate::layout::Shell;

/// `GET /admin/realms/{id}/settings`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "admin/settings.html")]
pub struct SettingsPage<'a> {
    pub shell: Shell<'a>,
    pub nav: Nav,
    pub head: RealmHead<'a>,
    pub rows: Vec<SettingRow<'a>>,
    /// What the settings can name that name something.
    pub offered: Named<'a>,
    /// The time zones to offer while one is typed.
    pub zones: Vec<&'static str>,
    pub may_edit: bool,
    pub may_lock: bool,
    pub problem: Option<Problem>,
    pub done: Option<Done>,
    /// The field of the setting that was changed; empty where none was.
    pub changed: &'a str,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// The settings of a group, as they count in the realm.
#[derive(Debug)]
pub struct Section<'p> {
    pub group: Group,
    pub rows: Vec<&'p SettingRow<'p>>,
}

impl SettingsPage<'_> {
    /// Returns the settings by their groups.
    pub fn sections(&self) -> Vec<Section<'_>> {
        let rows = |group| {
            self.rows
                .iter()
                .filter(move |row| row.setting.group == group)
        };
        let section = |group| Section {
            group,
            rows: rows(group).collect(),
        };
        let sections = Group::ALL.into_iter().map(section);
        sections
            .filter(|section| !section.rows.is_empty())
            .collect()
    }

    /// Returns whether a setting is the one that was changed, or that something is wrong with.
    pub fn is_open(&self, setting: &Setting) -> bool {
        let is_wrong = |problem: &Problem| problem.is_of(setting.field);
        self.problem.as_ref().is_some_and(is_wrong) || self.is_changed(setting)
    }

    /// Returns whether a setting was changed just now.
    pub fn is_changed(&self, setting: &Setting) -> bool {
        self.done.is_some() && self.changed == setting.field
    }
}

/// One setting as it counts in the realm.
#[derive(Debug, Clone, Copy)]
pub struct SettingRow<'a> {
    pub setting: &'static Setting,
    pub value: &'a str,
    /// What stands in the form: the value, or what was typed.
    pub typed: &'a str,
    pub origin: Origin<'a>,
    pub is_locked: bool,
}

impl SettingRow<'_> {
    /// Returns whether the realm sets it itself.
    pub fn is_own(&self) -> bool {
        self.origin == Origin::Own
    }

    /// Returns whether it is locked by a realm above, or by the tenant.
    pub fn is_locked_above(&self) -> bool {
        self.is_locked && !self.is_own()
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    Own,
    /// A realm above; named where the viewer administers it.
    Above(Option<&'a str>),
    Tenant,
    Default,
}

#[cfg(test)]
use super::{Place, Tab, Why};

#[cfg(test)]
impl SettingsPage<'static> {
    pub(crate) fn sample() -> Self {
        let row = |key, value, origin, is_locked| SettingRow {
            setting: Setting::named(key).unwrap(),
            value,
            typed: value,
            origin,
            is_locked,
        };
        SettingsPage {
            shell: Shell::sample_of_an_agent(),
            nav: Nav::sample(Place::Realms),
            head: RealmHead::sample(Tab::Settings),
            offered: Named {
                topics: vec![(1, "General Inquiry")],
                departments: vec![(1, "Support"), (2, "Sales & <more>")],
                plans: vec![(1, "Default SLA")],
                sequences: Vec::new(),
            },
            zones: vec!["Asia/Dubai", "Europe/Berlin"],
            rows: vec![
                row("branding.accent", "teal", Origin::Own, false),
                row("locale", "de", Origin::Above(Some("Acme Tools")), true),
                row("time_zone", "UTC", Origin::Default, false),
                row("file.largest", "8388608", Origin::Default, false),
                row("file.types", "", Origin::Default, false),
                row("portal.online", "1", Origin::Default, false),
                row("portal.open_limit", "100", Origin::Default, false),
            ],
            may_edit: true,
            may_lock: true,
            problem: None,
            done: Some(Done::Saved),
            changed: "file-types",
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let mut page = Self::sample();
        page.rows[0].is_locked = true;
        page.rows[1].origin = Origin::Tenant;
        page.rows[2].typed = "Moon/<Crater>";
        page.problem = Some(Problem {
            why: Why::Unfit,
            field: "time-zone",
        });
        page.done = None;
        page
    }
}
