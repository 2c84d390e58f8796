//! What a tenant's administrators see: the tree of realms, who sees what, settings, separation.

mod access;
mod agents;
mod bans;
mod canned;
mod explain;
mod filters;
mod forms;
mod keys;
mod lists;
mod log;
mod organizations;
mod people;
mod realm;
mod realms;
mod separation;
mod settings;
mod statuses;
mod templates;
mod topics;

pub use access::{AccessPage, Decision, Entitled, Offer};
pub use agents::{AgentPage, AgentRow, AgentsPage, Employing, Invited, InvitedPage, PlaceRow};
pub use bans::{BanRow, BansPage};
pub use canned::{CannedForm, CannedRepliesPage, CannedReplyPage, CannedRow};
pub use explain::{Ability, Effect, ExplainPage, Explained};
pub use filters::{FilterPage, FilterRow, FilterTarget, FiltersPage, MailRow, Offered, RuleRow};
pub use forms::{FieldAccess, FieldKind, FieldPage, FieldRow, FormPage, FormRow, FormsPage};
pub use keys::{KeyBox, KeyPage, KeyRow, KeysPage, MadeKey, Newest};
pub use lists::{ItemRow, ListPage, ListRow, ListsPage};
pub use log::{Actor, DeedRow, LogPage};
pub use organizations::{
    MemberRow, OrganizationPage, OrganizationRow, OrganizationsPage, SHARINGS,
};
pub use people::{PeoplePage, PersonPage, PersonRow};
pub use realm::{Archiving, Changes, MovePage, RealmPage, Undo};
pub use realms::{NewRealm, RealmsPage};
pub use separation::{Direction, Separated, SeparationPage, Source};
pub use settings::{Named, Origin, Setting, SettingRow, SettingsPage};
pub use statuses::{State, StatusRow, StatusesPage};
pub use templates::{MailAudience, MailOrigin, Preview, TemplatePage, TemplateRow, TemplatesPage};
pub use topics::{Asked, NewTopic, Switches, Topic, TopicForm, TopicPage, TopicRow, TopicsPage};

/// The places of the administration, and where this page stands.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a place of its own")]
pub struct Nav {
    pub place: Place,
    /// Whether the viewer may separate tables.
    pub separates: bool,
    /// Whether the viewer may have it explained who sees what.
    pub explains: bool,
    /// Whether the viewer may look after agents.
    pub employs: bool,
    /// Whether the viewer may say what is asked of tickets and where they go.
    pub manages: bool,
    /// Whether the viewer names the statuses of tickets.
    pub names_statuses: bool,
    /// Whether the viewer may look through users and organizations.
    pub knows: bool,
    /// Whether the viewer may look after API keys.
    pub opens: bool,
    /// Whether the viewer may look after ban lists.
    pub bans: bool,
}

impl Nav {
    /// Returns whether there is any list of the directory for the viewer.
    pub fn directs(&self) -> bool {
        self.knows || self.opens || self.bans
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Realms,
    Agents,
    Topics,
    Forms,
    Lists,
    Filters,
    Users,
    Organizations,
    Keys,
    Bans,
    Log,
    Templates,
    Canned,
    Statuses,
    Separation,
    Explain,
}

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

/// A realm at the top of its pages, below those above it that the viewer administers.
#[derive(Debug, Clone)]
pub struct RealmHead<'a> {
    pub id: i64,
    pub name: &'a str,
    pub kind: Kind,
    pub is_archived: bool,
    /// Those above it, the topmost first.
    pub above: Vec<Crumb<'a>>,
    pub tab: Tab,
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

#[derive(Debug, Clone, Copy)]
pub struct Crumb<'a> {
    pub id: i64,
    pub name: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Realm,
    Access,
    Settings,
    Topics,
    Forms,
    Lists,
    Filters,
    Users,
    Organizations,
    Keys,
    Bans,
    Templates,
    Canned,
    /// A page behind one of the others.
    Behind,
}

impl Tab {
    /// Returns whether it is one of the lists of the directory.
    pub fn is_of_directory(&self) -> bool {
        matches!(
            self,
            Self::Users | Self::Organizations | Self::Keys | Self::Bans
        )
    }
}

/// What was done, for whoever comes back from doing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Created,
    Renamed,
    Moved,
    Archived,
    Restored,
    Saved,
    Added,
    Removed,
    Banned,
    Unbanned,
    Invited,
    Withdrawn,
}

impl Done {
    const ALL: [Self; 12] = [
        Self::Created,
        Self::Renamed,
        Self::Moved,
        Self::Archived,
        Self::Restored,
        Self::Saved,
        Self::Added,
        Self::Removed,
        Self::Banned,
        Self::Unbanned,
        Self::Invited,
        Self::Withdrawn,
    ];

    /// Returns the word for it in addresses and JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Archived => "archived",
            Self::Restored => "restored",
            Self::Saved => "saved",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Banned => "banned",
            Self::Unbanned => "unbanned",
            Self::Invited => "invited",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Returns what an address says was done.
    pub fn named(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.token() == token)
    }
}

/// Why nothing was done, and the field that it is about; none when it is about no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    pub why: Why,
    pub field: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The name is empty, too long, or cannot be read.
    Name,
    BelowItself,
    /// The realm above is archived.
    Archived,
    /// The viewer stands in it.
    OwnGround,
    /// Somebody else was faster.
    Stale,
    /// There is no such realm, agent, team or role, as far as the viewer can see.
    Unknown,
    /// It would close the viewer's own realm to the viewer.
    ShutOut,
    /// The viewer does not hold all of the realm, or the tenant has all it can have.
    NotHeld,
    /// Not a value of this setting.
    Unfit,
    /// A realm above has locked the setting.
    Locked,
    /// An alert would be on and go to nobody.
    NobodyTold,
    /// Not what a help topic can be called.
    TopicName,
    /// There is one of this name already.
    Taken,
    /// Not what ticket numbers can look like.
    Format,
    /// The title is empty or too long.
    Title,
    /// The label is empty or too long.
    Label,
    /// Not a name that programs can use.
    FieldName,
    /// A pattern that cannot be read.
    Pattern,
    /// Items of a list that cannot be told apart, or too many.
    Items,
    /// Something else needs it.
    InUse,
    /// Not what a status can be called.
    StatusName,
    /// Nothing to choose from, or one choice twice.
    Choices,
    /// There are as many as there can be.
    Full,
    /// Not something that can stand in this field.
    Value,
    /// Not what a filter can be called.
    FilterName,
    /// No rule, too many, or one that cannot look for this.
    Rules,
    /// A mail that goes to nobody, or is too long.
    Mail,
    /// Not a subject of one line, or too long.
    Subject,
    /// No text, or too much of it.
    Text,
    /// A variable that nobody knows.
    Variables,
    /// A role that permits or opens more than the viewer's own.
    Role,
    /// The viewer is limited to their departments.
    Limit,
    /// It is the viewer's own account.
    OwnAccount,
    /// The agent holds more than the viewer.
    HoldsMore,
    /// What is no mail address.
    Address,
    /// An address that another agent has.
    AgentKnown,
    /// A text that is too long.
    TooLong,
    /// What is no address of a computer and no range of them.
    Sources,
    /// Not a number of calls.
    Calls,
    /// More than the viewer may do.
    Given,
    /// The key permits more than the viewer may do.
    KeyHoldsMore,
    /// What is no domain.
    Domains,
    /// A domain where everybody can have an address.
    FreeMail,
    /// A domain that leads to another organization.
    DomainTaken,
    /// Somebody of another realm, or in another organization.
    Elsewhere,
    /// A box that has to be ticked first.
    Unsure,
}

impl Why {
    /// Returns the word for it in JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Name | Self::TopicName | Self::FilterName => "name",
            Self::BelowItself => "below_itself",
            Self::Archived => "archived",
            Self::OwnGround => "own_ground",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
            Self::ShutOut => "shut_out",
            Self::NotHeld => "not_held",
            Self::Unfit => "unfit",
            Self::NobodyTold => "nobody_told",
            Self::Locked => "locked",
            Self::Taken | Self::AgentKnown => "taken",
            Self::Format => "format",
            Self::Title => "title",
            Self::Label => "label",
            Self::FieldName => "field_name",
            Self::Pattern => "pattern",
            Self::Items => "items",
            Self::InUse => "in-use",
            Self::StatusName => "status-name",
            Self::Choices => "choices",
            Self::Full => "full",
            Self::Value => "value",
            Self::Rules => "rules",
            Self::Mail => "mail",
            Self::Subject => "subject",
            Self::Text => "text",
            Self::Variables => "variables",
            Self::Role => "role",
            Self::Limit => "limit",
            Self::OwnAccount => "own_account",
            Self::HoldsMore | Self::KeyHoldsMore => "holds_more",
            Self::Address => "address",
            Self::TooLong => "too_long",
            Self::Sources => "sources",
            Self::Calls => "calls",
            Self::Given => "given",
            Self::Domains => "domains",
            Self::FreeMail => "free_mail",
            Self::DomainTaken => "domain_taken",
            Self::Elsewhere => "elsewhere",
            Self::Unsure => "unsure",
        }
    }
}

impl Problem {
    /// Returns whether it is about this field.
    pub fn is_of(&self, field: &str) -> bool {
        self.field == field
    }
}

#[cfg(test)]
impl Nav {
    const fn sample(place: Place) -> Self {
        Self {
            place,
            separates: true,
            explains: true,
            manages: true,
            names_statuses: true,
            employs: true,
            knows: true,
            opens: true,
            bans: true,
        }
    }
}

#[cfg(test)]
impl RealmHead<'static> {
    fn sample(tab: Tab) -> Self {
        let above = [(1, "Acme Tools"), (4, "Northern Depot")];
        RealmHead {
            id: 9,
            name: "Gate <2>",
            kind: Kind::Site,
            is_archived: false,
            above: above.map(|(id, name)| Crumb { id, name }).into(),
            tab,
        }
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
