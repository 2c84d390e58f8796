//! What a setting is to people: its place on the page, its words, and how it is entered.

use super::known::SETTINGS;
use crate::layout::Accent;

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
        match setting.entry {
            Entry::Topic => Some(&self.topics),
            Entry::Department => Some(&self.departments),
            Entry::Plan => Some(&self.plans),
            Entry::Sequence => Some(&self.sequences),
            Entry::Colour
            | Entry::Language
            | Entry::Zone
            | Entry::Switch
            | Entry::Priority
            | Entry::Line(_) => None,
        }
    }

    /// Returns the name of what a setting names; none where the viewer does not see it.
    pub fn name(&self, setting: &Setting, value: &str) -> Option<&str> {
        let id: i64 = value.parse().ok()?;
        let mut known = self.of(setting)?.iter();
        known.find(|(known, _)| *known == id).map(|(_, name)| *name)
    }
}

/// A setting as people know it.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    pub group: Group,
    /// The name it is stored under.
    pub key: &'static str,
    /// The id of its field, which is what a problem names.
    pub field: &'static str,
    pub entry: Entry,
    pub name: &'static str,
    /// What there is to know about it; empty where its name says all.
    pub note: &'static str,
}

impl Setting {
    /// Returns the setting that is stored under a name.
    pub fn named(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// Returns the values it can have; none when it takes text.
    pub fn values(&self) -> Vec<&'static str> {
        match self.entry {
            Entry::Colour => Accent::ALL.iter().map(|accent| accent.token()).collect(),
            Entry::Language => vec!["en", "de", "ar"],
            Entry::Switch => vec!["0", "1"],
            Entry::Priority => vec!["1", "2", "3", "4"],
            Entry::Zone
            | Entry::Topic
            | Entry::Department
            | Entry::Plan
            | Entry::Sequence
            | Entry::Line(_) => Vec::new(),
        }
    }

    /// Returns an example of its values, where it takes text.
    pub const fn example(&self) -> &'static str {
        match self.entry {
            Entry::Line(example) => example,
            Entry::Zone => "Europe/Berlin",
            Entry::Colour
            | Entry::Language
            | Entry::Switch
            | Entry::Priority
            | Entry::Topic
            | Entry::Department
            | Entry::Plan
            | Entry::Sequence => "",
        }
    }
}

/// How a setting is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Colour,
    Language,
    Zone,
    /// Yes or no.
    Switch,
    Priority,
    /// A help topic, by its id.
    Topic,
    /// A department, by its id.
    Department,
    /// An SLA plan, by its id.
    Plan,
    /// A sequence of numbers, by its id.
    Sequence,
    /// A line of text, with an example.
    Line(&'static str),
}

/// What settings stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Look,
    Company,
    Tickets,
    Portal,
    Files,
    Mail,
    Users,
    TicketAlerts,
    MessageAlerts,
    NoteAlerts,
    AssignedAlerts,
    TransferAlerts,
    OverdueAlerts,
}

impl Group {
    /// Every group, in the order of the page.
    pub const ALL: [Self; 13] = [
        Self::Look,
        Self::Company,
        Self::Tickets,
        Self::Portal,
        Self::Files,
        Self::Mail,
        Self::Users,
        Self::TicketAlerts,
        Self::MessageAlerts,
        Self::NoteAlerts,
        Self::AssignedAlerts,
        Self::TransferAlerts,
        Self::OverdueAlerts,
    ];

    /// Returns the id of its heading.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Company => "company",
            Self::Tickets => "tickets",
            Self::Portal => "portal",
            Self::Files => "files",
            Self::Mail => "mail",
            Self::Users => "users",
            Self::TicketAlerts => "ticket-alerts",
            Self::MessageAlerts => "message-alerts",
            Self::NoteAlerts => "note-alerts",
            Self::AssignedAlerts => "assigned-alerts",
            Self::TransferAlerts => "transfer-alerts",
            Self::OverdueAlerts => "overdue-alerts",
        }
    }
}
