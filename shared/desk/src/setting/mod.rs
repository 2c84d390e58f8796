//! Settings: values set on a realm and inherited by the realms below it.
//!
//! A value comes from the own realm, else the nearest realm above that sets one, else the
//! tenant, else the platform's default, and says from where. Whoever is above may lock a value;
//! then the topmost lock counts, whatever is set below it.

mod store;

pub(crate) use store::from_row;
pub use store::{inherited, lock, set, set_for_tenant, unlock, unset};

use tenancy::RealmId;
use tenancy::port::DbError;
use zone::Zone;

use crate::email::EmailAddress;
use crate::file::LARGEST_FILE;
use crate::ticket::number::Format;

/// A setting: a closed list, so that a key nobody reads cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// `branding.accent`: the name of the accent colour.
    Accent,
    /// `locale`: the language of pages and mails.
    Locale,
    /// `time_zone`: the zone that times are shown in.
    TimeZone,
    /// `intake.default_topic`: the help topic of tickets that name none; 0 is none.
    DefaultTopic,
    /// `intake.default_department`: where tickets go that nothing routes; 0 is the nearest one.
    DefaultDepartment,
    /// `intake.default_sla`: the SLA plan of tickets that nothing gives one; 0 is the first.
    DefaultPlan,
    /// `intake.default_priority`: the priority of tickets that nothing gives one.
    DefaultPriority,
    /// `intake.number_format`: what ticket numbers look like.
    NumberFormat,
    /// `intake.number_sequence`: the sequence they come from; 0 draws at random.
    NumberSequence,
    /// `intake.max_open_tickets`: how many a user may have open; 0 is any.
    MaxOpenTickets,
    /// `intake.overlimit_notice`: whether a user is told of having reached that.
    OverlimitNotice,
    /// `intake.accept_unregistered`: whether mail of people opens tickets who have none yet.
    AcceptUnregistered,
    /// `file.largest`: how many bytes a file may have; 0 takes none.
    LargestFile,
    /// `file.types`: the endings of files that are taken, separated by commas; none means any.
    FileTypes,
    /// `portal.online`: whether the portal and programs take tickets.
    Online,
    /// `portal.offline_text`: what the portal says while it does not.
    OfflineText,
    /// `portal.open_limit`: how many tickets a source may send in ten minutes; 0 is any.
    OpenLimit,
    /// `portal.message_limit`: how many messages.
    MessageLimit,
    /// `portal.status_limit`: how many questions for the link to a ticket.
    StatusLimit,
    /// `admin_email`: the address that alerts to the administrator go to; none tells nobody.
    AdminEmail,
    /// `ticket_alert_active`: whether anybody hears of a new ticket.
    TicketAlert,
    /// `ticket_alert_admin`: whether the administrator does.
    TicketAlertAdmin,
    /// `ticket_alert_dept_manager`: whether the department's manager does.
    TicketAlertManager,
    /// `ticket_alert_dept_members`: whether the department's members do, while nobody is assigned.
    TicketAlertMembers,
    /// `ticket_alert_acct_manager`: whether the account manager of the user's organization does.
    TicketAlertAccount,
    /// `message_alert_active`: whether agents hear of a new message.
    MessageAlert,
    /// `message_alert_laststaff`: whether the agent who replied last does.
    MessageAlertLast,
    /// `message_alert_assigned`: whether whoever the ticket is assigned to does.
    MessageAlertAssigned,
    /// `message_alert_dept_manager`: whether the department's manager does, even where others do.
    MessageAlertManager,
    /// `message_alert_acct_manager`: whether the account manager of the user's organization does.
    MessageAlertAccount,
    /// `note_alert_active`: whether agents hear of a note.
    NoteAlert,
    /// `note_alert_laststaff`: whether the agent who replied last does.
    NoteAlertLast,
    /// `note_alert_assigned`: whether whoever the ticket is assigned to does.
    NoteAlertAssigned,
    /// `note_alert_dept_manager`: whether the department's manager does.
    NoteAlertManager,
    /// `assigned_alert_active`: whether agents hear of an assignment.
    AssignedAlert,
    /// `assigned_alert_staff`: whether the agent it is assigned to does.
    AssignedAlertAgent,
    /// `assigned_alert_team_lead`: whether the lead of the team it is assigned to does.
    AssignedAlertLead,
    /// `assigned_alert_team_members`: whether the members of that team do.
    AssignedAlertMembers,
    /// `transfer_alert_active`: whether agents hear of a transfer.
    TransferAlert,
    /// `transfer_alert_assigned`: whether whoever the ticket is assigned to does.
    TransferAlertAssigned,
    /// `transfer_alert_dept_manager`: whether the new department's manager does.
    TransferAlertManager,
    /// `transfer_alert_dept_members`: whether the new department's members do, while nobody is assigned.
    TransferAlertMembers,
    /// `ticket_notice_active`: whether a user is told of a ticket that an agent opened for them.
    TicketNotice,
    /// `overdue_alert_active`: whether agents hear of an overdue ticket.
    OverdueAlert,
    /// `overdue_alert_assigned`: whether whoever the ticket is assigned to does.
    OverdueAlertAssigned,
    /// `overdue_alert_dept_manager`: whether the department's manager does.
    OverdueAlertManager,
    /// `overdue_alert_dept_members`: whether the department's members do, while nobody is assigned.
    OverdueAlertMembers,
    /// `ticket_autoresponder`: whether a user is told that their ticket is there.
    TicketAnswer,
    /// `message_autoresponder`: whether a user is told that their message came in.
    MessageAnswer,
    /// `message_autoresponder_collabs`: whether collaborators hear of messages and replies.
    CollaboratorNews,
    /// `add_email_collabs`: whether whoever else a mail went to takes part in its ticket.
    CollaboratorsByMail,
    /// `collaborator_ticket_visibility`: whether collaborators find the ticket on the portal.
    CollaboratorsSee,
    /// `use_email_priority`: whether tickets take the priority that a mail gives itself.
    PriorityByMail,
    /// `strip_quoted_reply`: whether what a mail quotes of ours stays out of the thread.
    QuotesAreStripped,
    /// `require_topic_to_close`: whether a ticket must have a help topic to be closed.
    TopicToClose,
    /// `reply_separator`: the line above which our mails are answered.
    ReplySeparator,
}

/// Longest text that stands on the page of a portal that is closed, in characters.
const LONGEST_TEXT: usize = 500;
/// Fewest bytes of a line that people do not write themselves.
const SHORTEST_SEPARATOR: usize = 8;

impl Key {
    /// Every key.
    pub const ALL: [Self; 56] = [
        Self::Accent,
        Self::Locale,
        Self::TimeZone,
        Self::DefaultTopic,
        Self::DefaultDepartment,
        Self::DefaultPlan,
        Self::DefaultPriority,
        Self::NumberFormat,
        Self::NumberSequence,
        Self::MaxOpenTickets,
        Self::OverlimitNotice,
        Self::AcceptUnregistered,
        Self::LargestFile,
        Self::FileTypes,
        Self::Online,
        Self::OfflineText,
        Self::OpenLimit,
        Self::MessageLimit,
        Self::StatusLimit,
        Self::AdminEmail,
        Self::TicketAlert,
        Self::TicketAlertAdmin,
        Self::TicketAlertManager,
        Self::TicketAlertMembers,
        Self::TicketAlertAccount,
        Self::MessageAlert,
        Self::MessageAlertLast,
        Self::MessageAlertAssigned,
        Self::MessageAlertManager,
        Self::MessageAlertAccount,
        Self::NoteAlert,
        Self::NoteAlertLast,
        Self::NoteAlertAssigned,
        Self::NoteAlertManager,
        Self::AssignedAlert,
        Self::AssignedAlertAgent,
        Self::AssignedAlertLead,
        Self::AssignedAlertMembers,
        Self::TransferAlert,
        Self::TransferAlertAssigned,
        Self::TransferAlertManager,
        Self::TransferAlertMembers,
        Self::TicketNotice,
        Self::OverdueAlert,
        Self::OverdueAlertAssigned,
        Self::OverdueAlertManager,
        Self::OverdueAlertMembers,
        Self::TicketAnswer,
        Self::MessageAnswer,
        Self::CollaboratorNews,
        Self::CollaboratorsByMail,
        Self::CollaboratorsSee,
        Self::PriorityByMail,
        Self::QuotesAreStripped,
        Self::ReplySeparator,
        Self::TopicToClose,
    ];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accent => "branding.accent",
            Self::Locale => "locale",
            Self::TimeZone => "time_zone",
            Self::DefaultTopic => "intake.default_topic",
            Self::DefaultDepartment => "intake.default_department",
            Self::DefaultPlan => "intake.default_sla",
            Self::DefaultPriority => "intake.default_priority",
            Self::NumberFormat => "intake.number_format",
            Self::NumberSequence => "intake.number_sequence",
            Self::MaxOpenTickets => "intake.max_open_tickets",
            Self::OverlimitNotice => "intake.overlimit_notice",
            Self::AcceptUnregistered => "intake.accept_unregistered",
            Self::LargestFile => "file.largest",
            Self::FileTypes => "file.types",
            Self::Online => "portal.online",
            Self::OfflineText => "portal.offline_text",
            Self::OpenLimit => "portal.open_limit",
            Self::MessageLimit => "portal.message_limit",
            Self::StatusLimit => "portal.status_limit",
            Self::AdminEmail => "admin_email",
            Self::TicketAlert => "ticket_alert_active",
            Self::TicketAlertAdmin => "ticket_alert_admin",
            Self::TicketAlertManager => "ticket_alert_dept_manager",
            Self::TicketAlertMembers => "ticket_alert_dept_members",
            Self::TicketAlertAccount => "ticket_alert_acct_manager",
            Self::MessageAlert => "message_alert_active",
            Self::MessageAlertLast => "message_alert_laststaff",
            Self::MessageAlertAssigned => "message_alert_assigned",
            Self::MessageAlertManager => "message_alert_dept_manager",
            Self::MessageAlertAccount => "message_alert_acct_manager",
            Self::NoteAlert => "note_alert_active",
            Self::NoteAlertLast => "note_alert_laststaff",
            Self::NoteAlertAssigned => "note_alert_assigned",
            Self::NoteAlertManager => "note_alert_dept_manager",
            Self::AssignedAlert => "assigned_alert_active",
            Self::AssignedAlertAgent => "assigned_alert_staff",
            Self::AssignedAlertLead => "assigned_alert_team_lead",
            Self::AssignedAlertMembers => "assigned_alert_team_members",
            Self::TransferAlert => "transfer_alert_active",
            Self::TransferAlertAssigned => "transfer_alert_assigned",
            Self::TransferAlertManager => "transfer_alert_dept_manager",
            Self::TransferAlertMembers => "transfer_alert_dept_members",
            Self::TicketNotice => "ticket_notice_active",
            Self::OverdueAlert => "overdue_alert_active",
            Self::OverdueAlertAssigned => "overdue_alert_assigned",
            Self::OverdueAlertManager => "overdue_alert_dept_manager",
            Self::OverdueAlertMembers => "overdue_alert_dept_members",
            Self::TicketAnswer => "ticket_autoresponder",
            Self::MessageAnswer => "message_autoresponder",
            Self::CollaboratorNews => "message_autoresponder_collabs",
            Self::CollaboratorsByMail => "add_email_collabs",
            Self::CollaboratorsSee => "collaborator_ticket_visibility",
            Self::PriorityByMail => "use_email_priority",
            Self::QuotesAreStripped => "strip_quoted_reply",
            Self::ReplySeparator => "reply_separator",
            Self::TopicToClose => "require_topic_to_close",
        }
    }

    /// The key with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// What counts where nobody has set anything.
    pub fn default(self) -> &'static str {
        match self {
            Self::Accent | Self::FileTypes | Self::OfflineText | Self::AdminEmail => "",
            Self::Locale => "en",
            Self::TimeZone => "UTC",
            Self::DefaultTopic
            | Self::DefaultDepartment
            | Self::DefaultPlan
            | Self::NumberSequence
            | Self::MaxOpenTickets
            | Self::OverlimitNotice
            | Self::MessageAlertManager
            | Self::NoteAlert
            | Self::NoteAlertManager
            | Self::TransferAlert
            | Self::TransferAlertAssigned
            | Self::TicketAlertMembers
            | Self::TicketAlertAccount
            | Self::MessageAlertAccount
            | Self::AssignedAlertLead
            | Self::AssignedAlertMembers
            | Self::OverdueAlertMembers
            | Self::TransferAlertMembers
            | Self::MessageAnswer
            | Self::PriorityByMail
            | Self::TopicToClose => "0",
            Self::DefaultPriority => "2",
            Self::NumberFormat => "######",
            Self::CollaboratorNews
            | Self::CollaboratorsByMail
            | Self::CollaboratorsSee
            | Self::AcceptUnregistered
            | Self::Online
            | Self::MessageAlert
            | Self::MessageAlertLast
            | Self::MessageAlertAssigned
            | Self::NoteAlertLast
            | Self::NoteAlertAssigned
            | Self::AssignedAlert
            | Self::AssignedAlertAgent
            | Self::TicketAlert
            | Self::TicketAlertAdmin
            | Self::TicketAlertManager
            | Self::OverdueAlert
            | Self::OverdueAlertAssigned
            | Self::OverdueAlertManager
            | Self::TicketAnswer
            | Self::TransferAlertManager
            | Self::TicketNotice
            | Self::QuotesAreStripped => "1",
            Self::ReplySeparator => "-- reply above this line --",
            Self::OpenLimit | Self::MessageLimit => "100",
            Self::StatusLimit => "30",
            Self::LargestFile => "8388608",
        }
    }

    /// Whether a value can be one of this setting.
    pub fn takes(self, value: &str) -> bool {
        match self {
            Self::Accent => value.len() <= 32 && value.chars().all(|c| c.is_ascii_lowercase()),
            Self::Locale => ["en", "de", "ar"].contains(&value),
            Self::TimeZone => Zone::named(value).is_some(),
            Self::DefaultTopic
            | Self::DefaultDepartment
            | Self::DefaultPlan
            | Self::NumberSequence
            | Self::MaxOpenTickets
            | Self::OpenLimit
            | Self::MessageLimit
            | Self::StatusLimit => value.len() <= 9 && value.parse::<u32>().is_ok(),
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
            | Self::TopicToClose => ["0", "1"].contains(&value),
            Self::OfflineText => is_line(value, LONGEST_TEXT),
            Self::ReplySeparator => value.trim().len() >= SHORTEST_SEPARATOR && is_line(value, 100),
            Self::AdminEmail => value.is_empty() || EmailAddress::parse(value).is_some(),
            Self::DefaultPriority => ["1", "2", "3", "4"].contains(&value),
            Self::NumberFormat => Format::parse(value).is_some(),
            Self::LargestFile => value
                .parse()
                .is_ok_and(|bytes: usize| bytes <= LARGEST_FILE),
            Self::FileTypes => value.is_empty() || value.split(',').all(is_ending),
        }
    }
}

fn is_line(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Whether a text can be the ending of a file's name, without its dot.
fn is_ending(text: &str) -> bool {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=16).contains(&text.len()) && text.chars().all(is_good)
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The realm sets it itself.
    Own,
    /// A realm above sets it.
    Above {
        /// Which.
        realm: RealmId,
        /// Its name.
        name: String,
    },
    /// The tenant sets it, for all of its trees.
    Tenant,
    /// Nobody sets it; it is the platform's default.
    Default,
}

/// A value, and how it came to count here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is locked there, so that nobody below can set another.
    pub is_locked: bool,
}

/// A value that is set somewhere on the way up from a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    key: Key,
    value: Value,
    /// How many realms it is above; the tenant is above all.
    above: i64,
}

impl Held {
    /// Makes one from a row; none of a key that this code does not know (yet, or any more).
    fn new(key: &str, value: Value, above: i64) -> Option<Self> {
        Key::named(key).map(|key| Self { key, value, above })
    }

    /// What a realm sets itself, for tests of what goes by settings.
    #[cfg(test)]
    pub(crate) fn own(key: Key, text: &str) -> Option<Self> {
        let value = Value {
            text: text.to_owned(),
            origin: Origin::Own,
            is_locked: false,
        };
        Self::new(key.name(), value, 0)
    }
}

/// All settings as they count in one realm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    held: Vec<Held>,
}

impl Settings {
    /// Takes what [`inherited`] found.
    pub fn of(found: &[Option<Held>]) -> Self {
        Self {
            held: found.iter().flatten().cloned().collect(),
        }
    }

    /// The value that counts.
    pub fn value(&self, key: Key) -> Value {
        self.counting(key).cloned().unwrap_or_else(|| Value {
            text: key.default().to_owned(),
            origin: Origin::Default,
            is_locked: false,
        })
    }

    fn counting(&self, key: Key) -> Option<&Value> {
        let held = self.held.iter().filter(|held| held.key == key);
        let nearest = held.clone().min_by_key(|held| held.above);
        let locked = held.filter(|held| held.value.is_locked);
        let locked = locked.max_by_key(|held| held.above);
        locked.or(nearest).map(|held| &held.value)
    }

    /// The text of the value that counts, as it stands here.
    pub fn get(&self, key: Key) -> &str {
        let counting = self.counting(key);
        counting.map_or(key.default(), |value| &value.text)
    }

    /// The line above which mails are answered; empty where nothing is left out of answers.
    pub fn answer_line(&self) -> &str {
        if self.is_on(Key::QuotesAreStripped) {
            self.get(Key::ReplySeparator)
        } else {
            ""
        }
    }

    /// The number that the value is; 0, where it says nothing.
    pub fn number(&self, key: Key) -> i64 {
        self.text(key).parse().unwrap_or_default()
    }

    /// Whether a switch is on.
    pub fn is_on(&self, key: Key) -> bool {
        self.number(key) != 0
    }

    /// The same, once the realm itself sets a value, or none any more; what is locked here stays.
    #[must_use]
    pub fn after(&self, key: Key, own: Option<&str>) -> Self {
        let is_own = |held: &&Held| held.key == key && held.above == 0;
        let former = self.held.iter().find(is_own);
        let is_locked = former.is_some_and(|held| held.value.is_locked);
        let others = self.held.iter().filter(|held| !is_own(held)).cloned();
        let own = own.map(|text| Held {
            key,
            value: Value {
                text: text.to_owned(),
                origin: Origin::Own,
                is_locked,
            },
            above: 0,
        });
        let stays = former.filter(|_| is_locked).cloned();
        Self {
            held: others.chain(own.or(stays)).collect(),
        }
    }

    /// The text of the value that counts.
    pub fn text(&self, key: Key) -> String {
        self.get(key).to_owned()
    }
}

/// Why a value was not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It can be no value of this setting.
    Unfit,
    /// A realm above, or the tenant, has locked another value.
    Locked,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that sets a value was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Missing(column) if column == "setting.value" => Refused::Locked,
        error @ (DbError::Stale
        | DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Dangling
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(above: i64, text: &str, is_locked: bool) -> Option<Held> {
        let origin = match above {
            0 => Origin::Own,
            9 => Origin::Tenant,
            above => Origin::Above {
                realm: RealmId(above),
                name: format!("{above} above"),
            },
        };
        let text = text.to_owned();
        let value = Value {
            text,
            origin,
            is_locked,
        };
        Held::new("locale", value, above)
    }

    fn counts(found: &[Option<Held>]) -> (String, bool) {
        let value = Settings::of(found).value(Key::Locale);
        (value.text, value.is_locked)
    }

    #[test]
    fn the_nearest_value_counts_and_the_topmost_lock_before_it() {
        assert_eq!(counts(&[]), ("en".to_owned(), false));
        let free = [held(9, "ar", false), held(0, "de", false)];
        assert_eq!(counts(&free), ("de".to_owned(), false));
        let locked = [
            held(0, "en", false),
            held(2, "ar", true),
            held(1, "de", true),
        ];
        assert_eq!(counts(&locked), ("ar".to_owned(), true));
        let by_tenant = [held(1, "de", true), held(9, "en", true)];
        assert_eq!(counts(&by_tenant), ("en".to_owned(), true));
    }

    #[test]
    fn what_counts_after_a_change_can_be_told_before_it() {
        let after = |found: &[Option<Held>], own| {
            let value = Settings::of(found)
                .after(Key::Locale, own)
                .value(Key::Locale);
            value.text
        };
        let free = [held(0, "de", false), held(1, "ar", false)];
        assert_eq!(after(&free, Some("en")), "en");
        assert_eq!(after(&free, None), "ar");
        assert_eq!(after(&[held(0, "de", false)], None), "en");
        let locked = [held(0, "de", true), held(1, "ar", false)];
        assert_eq!(after(&locked, None), "de");
        assert_eq!(after(&locked, Some("en")), "en");
        let above = [held(2, "ar", true)];
        assert_eq!(after(&above, Some("de")), "ar");
    }

    #[test]
    fn a_key_that_nobody_knows_is_passed_over() {
        let value = Settings::default().value(Key::TimeZone);
        assert_eq!(
            (value.text.as_str(), &value.origin),
            ("UTC", &Origin::Default)
        );
        assert!(Held::new("no.such.key", value, 0).is_none());
    }

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
        assert!(Key::ALL.iter().all(|key| key.takes(key.default())));
    }
}
