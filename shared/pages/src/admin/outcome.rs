//! What came of what an administrator asked for: what was done, or why nothing was.

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
    /// It does not say what was read before it was decided.
    Unread,
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
    /// The viewer is limited to other departments and teams.
    Duty,
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
            Self::Unread => "unread",
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
            Self::Limit | Self::Duty => "limit",
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
