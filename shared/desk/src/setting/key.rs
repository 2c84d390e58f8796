//! The closed list of settings: what each is called, and what it can be.

use zone::Zone;

use crate::email::EmailAddress;
use crate::file::LARGEST_FILE;
use crate::ticket::number::Format;

/// Longest text of one line, in characters.
const LONGEST_TEXT: usize = 500;
/// Longest line above which mails are answered, in characters.
const LONGEST_SEPARATOR: usize = 100;
/// Fewest bytes of a line that people do not write themselves.
const SHORTEST_SEPARATOR: usize = 8;

/// Writes the list down once: a key, what its values are, the name it is stored under, and what
/// counts where nobody has set anything.
macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident: $kind:ident = $name:literal or $default:literal,)*) => {
        /// A setting: a closed list, so that a key nobody reads cannot be set.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key {
            $($(#[$doc])* $key,)*
        }

        impl Key {
            /// Every key.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$key),*];

            /// The name it is stored under.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$key => $name,)*
                }
            }

            /// What counts where nobody has set anything.
            pub const fn default(self) -> &'static str {
                match self {
                    $(Self::$key => $default,)*
                }
            }

            const fn kind(self) -> Kind {
                match self {
                    $(Self::$key => Kind::$kind,)*
                }
            }
        }
    };
}

keys! {
    /// `company.name`: what the company is called in mails; none is the realm's name.
    CompanyName: Line = "company.name" or "",
    /// `company.website`: where it is in the web.
    CompanyWebsite: Website = "company.website" or "",
    /// `company.phone`: the number it is called under.
    CompanyPhone: Line = "company.phone" or "",
    /// `company.address`: where it is.
    CompanyAddress: Line = "company.address" or "",
    /// `branding.accent`: the name of the accent colour.
    Accent: Colour = "branding.accent" or "",
    /// `locale`: the language of pages and mails.
    Locale: Language = "locale" or "en",
    /// `time_zone`: the zone that times are shown in.
    TimeZone: Zone = "time_zone" or "UTC",
    /// `intake.default_topic`: the help topic of tickets that name none; 0 is none.
    DefaultTopic: Number = "intake.default_topic" or "0",
    /// `intake.default_department`: where tickets go that nothing routes; 0 is the nearest one.
    DefaultDepartment: Number = "intake.default_department" or "0",
    /// `intake.default_sla`: the SLA plan of tickets that nothing gives one; 0 is the first.
    DefaultPlan: Number = "intake.default_sla" or "0",
    /// `intake.default_priority`: the priority of tickets that nothing gives one.
    DefaultPriority: Priority = "intake.default_priority" or "2",
    /// `intake.number_format`: what ticket numbers look like.
    NumberFormat: NumberFormat = "intake.number_format" or "######",
    /// `intake.number_sequence`: the sequence they come from; 0 draws at random.
    NumberSequence: Number = "intake.number_sequence" or "0",
    /// `intake.max_open_tickets`: how many a user may have open; 0 is any.
    MaxOpenTickets: Number = "intake.max_open_tickets" or "0",
    /// `intake.overlimit_notice`: whether a user is told of having reached that.
    OverlimitNotice: Switch = "intake.overlimit_notice" or "0",
    /// `intake.accept_unregistered`: whether mail of people opens tickets who have none yet.
    AcceptUnregistered: Switch = "intake.accept_unregistered" or "1",
    /// `file.largest`: how many bytes a file may have; 0 takes none.
    LargestFile: Size = "file.largest" or "8388608",
    /// `file.types`: the endings of files that are taken, separated by commas; none means any.
    FileTypes: Endings = "file.types" or "",
    /// `portal.online`: whether the portal and programs take tickets.
    Online: Switch = "portal.online" or "1",
    /// `portal.offline_text`: what the portal says while it does not.
    OfflineText: Line = "portal.offline_text" or "",
    /// `portal.open_limit`: how many tickets a source may send in ten minutes; 0 is any.
    OpenLimit: Number = "portal.open_limit" or "100",
    /// `portal.message_limit`: how many messages.
    MessageLimit: Number = "portal.message_limit" or "100",
    /// `portal.status_limit`: how many questions for the link to a ticket.
    StatusLimit: Number = "portal.status_limit" or "30",
    /// `admin_email`: the address that alerts to the administrator go to; none tells nobody.
    AdminEmail: Address = "admin_email" or "",
    /// `ticket_alert_active`: whether anybody hears of a new ticket.
    TicketAlert: Switch = "ticket_alert_active" or "1",
    /// `ticket_alert_admin`: whether the administrator does.
    TicketAlertAdmin: Switch = "ticket_alert_admin" or "1",
    /// `ticket_alert_dept_manager`: whether the department's manager does.
    TicketAlertManager: Switch = "ticket_alert_dept_manager" or "1",
    /// `ticket_alert_dept_members`: whether the department's members do, while nobody is assigned.
    TicketAlertMembers: Switch = "ticket_alert_dept_members" or "0",
    /// `ticket_alert_acct_manager`: whether the account manager of the user's organization does.
    TicketAlertAccount: Switch = "ticket_alert_acct_manager" or "0",
    /// `message_alert_active`: whether agents hear of a new message.
    MessageAlert: Switch = "message_alert_active" or "1",
    /// `message_alert_laststaff`: whether the agent who replied last does.
    MessageAlertLast: Switch = "message_alert_laststaff" or "1",
    /// `message_alert_assigned`: whether whoever the ticket is assigned to does.
    MessageAlertAssigned: Switch = "message_alert_assigned" or "1",
    /// `message_alert_dept_manager`: whether the department's manager does, even where others do.
    MessageAlertManager: Switch = "message_alert_dept_manager" or "0",
    /// `message_alert_acct_manager`: whether the account manager of the user's organization does.
    MessageAlertAccount: Switch = "message_alert_acct_manager" or "0",
    /// `note_alert_active`: whether agents hear of a note.
    NoteAlert: Switch = "note_alert_active" or "0",
    /// `note_alert_laststaff`: whether the agent who replied last does.
    NoteAlertLast: Switch = "note_alert_laststaff" or "1",
    /// `note_alert_assigned`: whether whoever the ticket is assigned to does.
    NoteAlertAssigned: Switch = "note_alert_assigned" or "1",
    /// `note_alert_dept_manager`: whether the department's manager does.
    NoteAlertManager: Switch = "note_alert_dept_manager" or "0",
    /// `assigned_alert_active`: whether agents hear of an assignment.
    AssignedAlert: Switch = "assigned_alert_active" or "1",
    /// `assigned_alert_staff`: whether the agent it is assigned to does.
    AssignedAlertAgent: Switch = "assigned_alert_staff" or "1",
    /// `assigned_alert_team_lead`: whether the lead of the team it is assigned to does.
    AssignedAlertLead: Switch = "assigned_alert_team_lead" or "0",
    /// `assigned_alert_team_members`: whether the members of that team do.
    AssignedAlertMembers: Switch = "assigned_alert_team_members" or "0",
    /// `transfer_alert_active`: whether agents hear of a transfer.
    TransferAlert: Switch = "transfer_alert_active" or "0",
    /// `transfer_alert_assigned`: whether whoever the ticket is assigned to does.
    TransferAlertAssigned: Switch = "transfer_alert_assigned" or "0",
    /// `transfer_alert_dept_manager`: whether the new department's manager does.
    TransferAlertManager: Switch = "transfer_alert_dept_manager" or "1",
    /// `transfer_alert_dept_members`: whether the new department's members do, while nobody is assigned.
    TransferAlertMembers: Switch = "transfer_alert_dept_members" or "0",
    /// `ticket_notice_active`: whether a user is told of a ticket that an agent opened for them.
    TicketNotice: Switch = "ticket_notice_active" or "1",
    /// `overdue_alert_active`: whether agents hear of an overdue ticket.
    OverdueAlert: Switch = "overdue_alert_active" or "1",
    /// `overdue_alert_assigned`: whether whoever the ticket is assigned to does.
    OverdueAlertAssigned: Switch = "overdue_alert_assigned" or "1",
    /// `overdue_alert_dept_manager`: whether the department's manager does.
    OverdueAlertManager: Switch = "overdue_alert_dept_manager" or "1",
    /// `overdue_alert_dept_members`: whether the department's members do, while nobody is assigned.
    OverdueAlertMembers: Switch = "overdue_alert_dept_members" or "0",
    /// `ticket_autoresponder`: whether a user is told that their ticket is there.
    TicketAnswer: Switch = "ticket_autoresponder" or "1",
    /// `message_autoresponder`: whether a user is told that their message came in.
    MessageAnswer: Switch = "message_autoresponder" or "0",
    /// `message_autoresponder_collabs`: whether collaborators hear of messages and replies.
    CollaboratorNews: Switch = "message_autoresponder_collabs" or "1",
    /// `add_email_collabs`: whether whoever else a mail went to takes part in its ticket.
    CollaboratorsByMail: Switch = "add_email_collabs" or "1",
    /// `collaborator_ticket_visibility`: whether collaborators find the ticket on the portal.
    CollaboratorsSee: Switch = "collaborator_ticket_visibility" or "1",
    /// `use_email_priority`: whether tickets take the priority that a mail gives itself.
    PriorityByMail: Switch = "use_email_priority" or "0",
    /// `strip_quoted_reply`: whether what a mail quotes of ours stays out of the thread.
    QuotesAreStripped: Switch = "strip_quoted_reply" or "1",
    /// `reply_separator`: the line above which our mails are answered.
    ReplySeparator: Separator = "reply_separator" or "-- reply above this line --",
    /// `require_topic_to_close`: whether a ticket must have a help topic to be closed.
    TopicToClose: Switch = "require_topic_to_close" or "0",
}

impl Key {
    /// The key with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Whether a value can be one of this setting.
    pub fn takes(self, value: &str) -> bool {
        self.kind().takes(value)
    }
}

/// What the values of a setting are.
#[derive(Clone, Copy)]
enum Kind {
    /// Yes or no.
    Switch,
    /// How many, or which by its number.
    Number,
    /// The name of a colour.
    Colour,
    Language,
    Zone,
    Priority,
    /// What ticket numbers look like.
    NumberFormat,
    /// Bytes of a file.
    Size,
    /// Endings of files' names.
    Endings,
    /// A mail address, or none.
    Address,
    /// A text of one line, or none.
    Line,
    /// Where something is in the web, or none.
    Website,
    /// A line that people do not write themselves.
    Separator,
}

impl Kind {
    fn takes(self, value: &str) -> bool {
        match self {
            Self::Switch => ["0", "1"].contains(&value),
            Self::Number => value.len() <= 9 && value.parse::<u32>().is_ok(),
            Self::Colour => value.len() <= 32 && value.chars().all(|c| c.is_ascii_lowercase()),
            Self::Language => ["en", "de", "ar"].contains(&value),
            Self::Zone => Zone::named(value).is_some(),
            Self::Priority => ["1", "2", "3", "4"].contains(&value),
            Self::NumberFormat => Format::parse(value).is_some(),
            Self::Size => value.parse().is_ok_and(|size: usize| size <= LARGEST_FILE),
            Self::Endings => value.is_empty() || value.split(',').all(is_ending),
            Self::Address => value.is_empty() || EmailAddress::parse(value).is_some(),
            Self::Line => is_line(value, LONGEST_TEXT),
            Self::Website => value.is_empty() || is_website(value),
            Self::Separator => {
                value.trim().len() >= SHORTEST_SEPARATOR && is_line(value, LONGEST_SEPARATOR)
            }
        }
    }
}

fn is_line(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.chars().any(char::is_control)
}

fn is_website(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"));
    let is_host = rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    is_host && is_line(text, LONGEST_TEXT) && !text.contains(char::is_whitespace)
}

/// Whether a text can be the ending of a file's name, without its dot.
fn is_ending(text: &str) -> bool {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=16).contains(&text.len()) && text.chars().all(is_good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_of_its_setting() {
        assert!(Key::Accent.takes("indigo") && !Key::Accent.takes("url(evil)"));
        assert!(Key::Locale.takes("de") && !Key::Locale.takes("tlh"));
        for zone in [
            "UTC",
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+5",
        ] {
            assert!(Key::TimeZone.takes(zone), "{zone}");
        }
        for zone in ["", "Europe/", "../etc/passwd", "Europe Berlin"] {
            assert!(!Key::TimeZone.takes(zone), "{zone}");
        }
        for website in ["", "https://acme.example", "http://acme.example/help?a=b"] {
            assert!(Key::CompanyWebsite.takes(website), "{website}");
        }
        for website in [
            "acme.example",
            "javascript:x",
            "https://",
            "https://a b",
            "https:///x",
        ] {
            assert!(!Key::CompanyWebsite.takes(website), "{website}");
        }
        assert!(Key::CompanyName.takes("Ärger & Söhne") && !Key::CompanyName.takes("a\nb"));
        assert!(Key::ALL.iter().all(|key| key.takes(key.default())));
    }
}
