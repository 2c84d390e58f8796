//! What a tenant's administrators see: the tree of realms, who sees what, settings, separation.

mod access;
mod agents;
mod bans;
mod canned;
mod departments;
mod explain;
mod filters;
mod forms;
mod frame;
mod keys;
mod lists;
mod log;
mod organizations;
mod outcome;
mod people;
mod profile;
mod realm;
mod realms;
mod separation;
mod settings;
mod statuses;
mod teams;
mod templates;
mod topics;

pub use access::{AccessPage, Decision, Entitled, Offer};
pub use agents::{AgentPage, AgentRow, AgentsPage, Employing, Invited, InvitedPage, PlaceRow};
pub use bans::{BanRow, BansPage};
pub use canned::{CannedForm, CannedRepliesPage, CannedReplyPage, CannedRow};
pub use departments::{DepartmentForm, DepartmentPage, DepartmentRow, DepartmentsPage, StaffRow};
pub use explain::{Ability, Effect, ExplainPage, Explained};
pub use filters::{FilterPage, FilterRow, FilterTarget, FiltersPage, MailRow, Offered, RuleRow};
pub use forms::{
    FieldAccess, FieldKind, FieldPage, FieldRow, FormPage, FormPurpose, FormRow, FormsPage,
};
pub use frame::{Crumb, Nav, Place, RealmHead, Tab};
pub use keys::{KeyBox, KeyPage, KeyRow, KeysPage, MadeKey, Newest};
pub use lists::{ItemRow, ListPage, ListRow, ListsPage};
pub use log::{Actor, DeedRow, LogPage};
pub use organizations::{
    MemberRow, OrganizationPage, OrganizationRow, OrganizationsPage, SHARINGS,
};
pub use outcome::{Done, Problem, Why};
pub use people::{PeoplePage, PersonPage, PersonRow};
pub use profile::ProfilePage;
pub use realm::{Archiving, Changes, MovePage, RealmPage, Undo};
pub use realms::{NewRealm, RealmsPage};
pub use separation::{Direction, Separated, SeparationPage, Source};
pub use settings::{Entry, Group, Named, Origin, Setting, SettingRow, SettingsPage};
pub use statuses::{State, StatusRow, StatusesPage};
pub use teams::{TeamForm, TeamPage, TeamRow, TeamsPage};
pub use templates::{MailAudience, MailOrigin, Preview, TemplatePage, TemplateRow, TemplatesPage};
pub use topics::{Asked, NewTopic, Switches, Topic, TopicForm, TopicPage, TopicRow, TopicsPage};

/// What a realm stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Company,
    Department,
    Site,
    Customer,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Company, Self::Department, Self::Site, Self::Customer];

    /// Returns the name it is posted under.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Department => "department",
            Self::Site => "site",
            Self::Customer => "customer",
        }
    }

    /// Returns the kind with this name, or the first for a name that is unknown.
    pub fn named(token: &str) -> Self {
        let found = Self::ALL.into_iter().find(|kind| kind.token() == token);
        found.unwrap_or_default()
    }
}

/// A realm in a list.
#[derive(Debug, Clone, Copy)]
pub struct RealmRow<'a> {
    pub id: i64,
    pub name: &'a str,
    pub kind: Kind,
    /// How far it is below the topmost one of the list.
    pub depth: usize,
    pub is_archived: bool,
}

impl RealmRow<'_> {
    /// Returns the depth as far as lists show it.
    pub fn shown_depth(&self) -> usize {
        self.depth.min(12)
    }
}

/// Something that can be chosen.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    pub id: i64,
    /// Empty for what is chosen now but not the viewer's to see.
    pub name: &'a str,
    pub is_chosen: bool,
}

/// What stands in a form: as it is, or as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Filled<'a>(pub Vec<(&'a str, &'a str)>);

impl<'a> Filled<'a> {
    /// Returns what stands in a field; nothing for one that was left out.
    pub fn get(&self, field: &str) -> &'a str {
        let found = self.0.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, value)| value)
    }

    /// Returns whether a box is ticked.
    pub fn is_on(&self, field: &str) -> bool {
        self.get(field) == "1"
    }
}

#[cfg(test)]
fn sample_rows() -> Vec<RealmRow<'static>> {
    let rows = [
        (1, "Acme Tools", Kind::Company, 0, false),
        (4, "Northern Depot", Kind::Department, 1, false),
        (9, "Gate <2>", Kind::Site, 2, true),
        (
            12,
            "Wolfeschlegelsteinhausenbergerdorff Industries of the North",
            Kind::Customer,
            12,
            false,
        ),
    ];
    let row = |(id, name, kind, depth, is_archived)| RealmRow {
        id,
        name,
        kind,
        depth,
        is_archived,
    };
    rows.map(row).into()
}
