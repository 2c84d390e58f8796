//! A realm's settings, and where each comes from.

use askama::Template;

use super::{Done, Nav, Problem, RealmHead};
use crate::layout::{Accent, Shell};

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
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// What settings can name, as far as the viewer sees it: ids and names.
#[derive(Debug, Clone, Default)]
pub struct Named<'a> {
    pub topics: Vec<(i64, &'a str)>,
    pub departments: Vec<(i64, &'a str)>,
    pub plans: Vec<(i64, &'a str)>,
    pub sequences: Vec<(i64, &'a str)>,
}

impl Named<'_> {
    /// Returns what a setting can name; nothing for one that names nothing.
    pub fn of(&self, setting: &Setting) -> Option<&[(i64, &str)]> {
        match setting {
            Setting::DefaultTopic => Some(&self.topics),
            Setting::DefaultDepartment => Some(&self.departments),
            Setting::DefaultPlan => Some(&self.plans),
            Setting::NumberSequence => Some(&self.sequences),
            _ => None,
        }
    }

    /// Returns the name of what a setting names; none where the viewer does not see it.
    pub fn name(&self, setting: &Setting, value: &str) -> Option<&str> {
        let id: i64 = value.parse().ok()?;
        let mut known = self.of(setting)?.iter();
        known.find(|(known, _)| *known == id).map(|(_, name)| *name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    Accent,
    Locale,
    TimeZone,
    DefaultTopic,
    DefaultDepartment,
    DefaultPlan,
    DefaultPriority,
    NumberFormat,
    NumberSequence,
    MaxOpenTickets,
    OverlimitNotice,
    AcceptUnregistered,
    LargestFile,
    FileTypes,
    Online,
    OfflineText,
    OpenLimit,
    MessageLimit,
    StatusLimit,
    AdminEmail,
    TicketAlert,
    TicketAlertAdmin,
    TicketAlertManager,
    TicketAlertMembers,
    TicketAlertAccount,
    MessageAlert,
    MessageAlertLast,
    MessageAlertAssigned,
    MessageAlertManager,
    MessageAlertAccount,
    NoteAlert,
    NoteAlertLast,
    NoteAlertAssigned,
    NoteAlertManager,
    AssignedAlert,
    AssignedAlertAgent,
    AssignedAlertLead,
    AssignedAlertMembers,
    TransferAlert,
    TransferAlertAssigned,
    TransferAlertManager,
    TransferAlertMembers,
    TicketNotice,
    OverdueAlert,
    OverdueAlertAssigned,
    OverdueAlertManager,
    OverdueAlertMembers,
    TicketAnswer,
    MessageAnswer,
    CollaboratorNews,
    CollaboratorsByMail,
    CollaboratorsSee,
    PriorityByMail,
    QuotesAreStripped,
    ReplySeparator,
    TopicToClose,
}

impl Setting {
    /// Returns the id of its field, which is what a [`Problem`] names.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Accent => "accent",
            Self::Locale => "locale",
            Self::TimeZone => "time-zone",
            Self::DefaultTopic => "default-topic",
            Self::DefaultDepartment => "default-department",
            Self::DefaultPlan => "default-sla",
            Self::DefaultPriority => "default-priority",
            Self::NumberFormat => "number-format",
            Self::NumberSequence => "number-sequence",
            Self::MaxOpenTickets => "max-open-tickets",
            Self::OverlimitNotice => "overlimit-notice",
            Self::AcceptUnregistered => "accept-unregistered",
            Self::LargestFile => "largest-file",
            Self::FileTypes => "file-types",
            Self::Online => "online",
            Self::OfflineText => "offline-text",
            Self::OpenLimit => "open-limit",
            Self::MessageLimit => "message-limit",
            Self::StatusLimit => "status-limit",
            Self::AdminEmail => "admin-email",
            Self::TicketAlert => "ticket-alert",
            Self::TicketAlertAdmin => "ticket-alert-admin",
            Self::TicketAlertManager => "ticket-alert-manager",
            Self::TicketAlertMembers => "ticket-alert-members",
            Self::TicketAlertAccount => "ticket-alert-account",
            Self::MessageAlert => "message-alert",
            Self::MessageAlertLast => "message-alert-last",
            Self::MessageAlertAssigned => "message-alert-assigned",
            Self::MessageAlertManager => "message-alert-manager",
            Self::MessageAlertAccount => "message-alert-account",
            Self::NoteAlert => "note-alert",
            Self::NoteAlertLast => "note-alert-last",
            Self::NoteAlertAssigned => "note-alert-assigned",
            Self::NoteAlertManager => "note-alert-manager",
            Self::AssignedAlert => "assigned-alert",
            Self::AssignedAlertAgent => "assigned-alert-agent",
            Self::AssignedAlertLead => "assigned-alert-lead",
            Self::AssignedAlertMembers => "assigned-alert-members",
            Self::TransferAlert => "transfer-alert",
            Self::TransferAlertAssigned => "transfer-alert-assigned",
            Self::TransferAlertManager => "transfer-alert-manager",
            Self::TransferAlertMembers => "transfer-alert-members",
            Self::TicketNotice => "ticket-notice",
            Self::OverdueAlert => "overdue-alert",
            Self::OverdueAlertAssigned => "overdue-alert-assigned",
            Self::OverdueAlertManager => "overdue-alert-manager",
            Self::OverdueAlertMembers => "overdue-alert-members",
            Self::TicketAnswer => "ticket-answer",
            Self::MessageAnswer => "message-answer",
            Self::CollaboratorNews => "collaborator-news",
            Self::CollaboratorsByMail => "collaborators-by-mail",
            Self::CollaboratorsSee => "collaborators-see",
            Self::PriorityByMail => "priority-by-mail",
            Self::QuotesAreStripped => "quotes-are-stripped",
            Self::ReplySeparator => "reply-separator",
            Self::TopicToClose => "topic-to-close",
        }
    }

    /// Returns the values it can have; none when it takes text.
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Self::Accent => Accent::ALL.iter().map(|accent| accent.token()).collect(),
            Self::Locale => vec!["en", "de", "ar"],
            Self::CollaboratorNews
            | Self::CollaboratorsByMail
            | Self::CollaboratorsSee
            | Self::OverlimitNotice
            | Self::AcceptUnregistered
            | Self::Online
            | Self::MessageAlert
            | Self::MessageAlertLast
            | Self::MessageAlertAssigned
            | Self::MessageAlertManager
            | Self::NoteAlert
            | Self::NoteAlertLast
            | Self::NoteAlertAssigned
            | Self::NoteAlertManager
            | Self::AssignedAlert
            | Self::AssignedAlertAgent
            | Self::TransferAlert
            | Self::TransferAlertAssigned
            | Self::TransferAlertManager
            | Self::TransferAlertMembers
            | Self::TicketNotice
            | Self::TicketAlert
            | Self::TicketAlertAdmin
            | Self::TicketAlertManager
            | Self::TicketAlertMembers
            | Self::TicketAlertAccount
            | Self::MessageAlertAccount
            | Self::AssignedAlertLead
            | Self::AssignedAlertMembers
            | Self::OverdueAlert
            | Self::OverdueAlertAssigned
            | Self::OverdueAlertManager
            | Self::OverdueAlertMembers
            | Self::TicketAnswer
            | Self::MessageAnswer
            | Self::PriorityByMail
            | Self::QuotesAreStripped
            | Self::TopicToClose => vec!["0", "1"],
            Self::DefaultPriority => vec!["1", "2", "3", "4"],
            Self::TimeZone
            | Self::DefaultTopic
            | Self::DefaultDepartment
            | Self::DefaultPlan
            | Self::NumberFormat
            | Self::NumberSequence
            | Self::MaxOpenTickets
            | Self::LargestFile
            | Self::FileTypes
            | Self::OfflineText
            | Self::OpenLimit
            | Self::MessageLimit
            | Self::StatusLimit
            | Self::AdminEmail
            | Self::ReplySeparator => Vec::new(),
        }
    }

    /// Returns an example of its values, where it takes text.
    pub const fn example(self) -> &'static str {
        match self {
            Self::TimeZone => "Europe/Berlin",
            Self::NumberFormat => "INC-######",
            Self::LargestFile => "8388608",
            Self::FileTypes => "pdf,png,jpg",
            Self::OpenLimit | Self::MessageLimit => "100",
            Self::StatusLimit => "30",
            Self::AdminEmail => "admin@acme.example",
            Self::ReplySeparator => "-- reply above this line --",
            _ => "",
        }
    }
}

/// One setting as it counts in the realm.
#[derive(Debug, Clone, Copy)]
pub struct SettingRow<'a> {
    pub setting: Setting,
    /// The hidden field `key`.
    pub key: &'a str,
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
        let row = |setting, key, value, origin, is_locked| SettingRow {
            setting,
            key,
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
                row(
                    Setting::Accent,
                    "branding.accent",
                    "teal",
                    Origin::Own,
                    false,
                ),
                row(
                    Setting::Locale,
                    "locale",
                    "de",
                    Origin::Above(Some("Acme Tools")),
                    true,
                ),
                row(
                    Setting::TimeZone,
                    "time_zone",
                    "UTC",
                    Origin::Default,
                    false,
                ),
                row(
                    Setting::LargestFile,
                    "file.largest",
                    "8388608",
                    Origin::Default,
                    false,
                ),
                row(Setting::FileTypes, "file.types", "", Origin::Default, false),
                row(
                    Setting::Online,
                    "portal.online",
                    "1",
                    Origin::Default,
                    false,
                ),
                row(
                    Setting::OpenLimit,
                    "portal.open_limit",
                    "100",
                    Origin::Default,
                    false,
                ),
            ],
            may_edit: true,
            may_lock: true,
            problem: None,
            done: Some(Done::Saved),
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
