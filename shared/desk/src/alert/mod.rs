//! Alerts: which agents hear of what happens to a ticket (osTicket 1.15), and which collaborators.
//! Pure.
//!
//! Settings say who of those that have to do with it; nobody is told twice, nor of what they did
//! themselves, nor when they do not work any more.

mod circular;
mod store;

use tenancy::Id;

use crate::email::EmailAddress;
use crate::outbox::Correspondent;
use crate::setting::{Key, Settings};

pub use circular::{Circular, NAME};
pub use store::{Asked, Party, of_team, parties};

/// What somebody has to do with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It is assigned to them.
    Assignee,
    /// It is assigned to a team of theirs.
    Team,
    /// They lead the team it is assigned to.
    Lead,
    /// They replied to it last.
    Last,
    /// They manage its department.
    Manager,
    /// They work in its department, and it is assigned to nobody.
    Member,
    /// They look after the organization of the user who raised it.
    Account,
    /// They are the user whose it is.
    Owner,
    /// They are a user who takes part in it.
    Collaborator,
}

impl Part {
    const ALL: [Self; 9] = [
        Self::Assignee,
        Self::Team,
        Self::Lead,
        Self::Last,
        Self::Manager,
        Self::Member,
        Self::Account,
        Self::Owner,
        Self::Collaborator,
    ];

    /// What statements call it.
    fn name(self) -> &'static str {
        match self {
            Self::Assignee => "assignee",
            Self::Team => "team",
            Self::Lead => "lead",
            Self::Last => "last",
            Self::Manager => "manager",
            Self::Member => "member",
            Self::Account => "account",
            Self::Owner => "owner",
            Self::Collaborator => "collaborator",
        }
    }
}

/// Something that agents hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// A ticket was opened.
    Ticket,
    /// A message came in.
    Message,
    /// A note was written.
    Note,
    /// It was assigned.
    Assigned,
    /// It was handed to another department.
    Transfer,
    /// Its due time has passed.
    Overdue,
}

/// The parts that a switch is for.
type Switch = (Key, &'static [Part]);

impl Alert {
    /// All of them.
    const ALL: [Self; 6] = [
        Self::Ticket,
        Self::Message,
        Self::Note,
        Self::Assigned,
        Self::Transfer,
        Self::Overdue,
    ];

    /// Those that a setting decides about.
    fn of(key: Key) -> impl Iterator<Item = Self> {
        let is_about = move |alert: &Self| {
            let mut switches = alert.switches().iter();
            let is_admins = matches!(key, Key::TicketAlertAdmin | Key::AdminEmail);
            alert.switch() == key
                || switches.any(|(switch, _)| *switch == key)
                || (is_admins && *alert == Self::Ticket)
        };
        Self::ALL.into_iter().filter(is_about)
    }

    /// The switch for all of it.
    fn switch(self) -> Key {
        match self {
            Self::Ticket => Key::TicketAlert,
            Self::Message => Key::MessageAlert,
            Self::Note => Key::NoteAlert,
            Self::Assigned => Key::AssignedAlert,
            Self::Transfer => Key::TransferAlert,
            Self::Overdue => Key::OverdueAlert,
        }
    }

    /// The switches for each part.
    fn switches(self) -> &'static [Switch] {
        const ASSIGNED: &[Part] = &[Part::Assignee, Part::Team];
        match self {
            Self::Ticket => &[
                (Key::TicketAlertManager, &[Part::Manager]),
                (Key::TicketAlertMembers, &[Part::Member]),
                (Key::TicketAlertAccount, &[Part::Account]),
            ],
            Self::Message => &[
                (Key::MessageAlertLast, &[Part::Last]),
                (Key::MessageAlertAssigned, ASSIGNED),
                (Key::MessageAlertManager, &[Part::Manager]),
                (Key::MessageAlertAccount, &[Part::Account]),
            ],
            Self::Note => &[
                (Key::NoteAlertLast, &[Part::Last]),
                (Key::NoteAlertAssigned, ASSIGNED),
                (Key::NoteAlertManager, &[Part::Manager]),
            ],
            Self::Assigned => &[
                (Key::AssignedAlertAgent, &[Part::Assignee]),
                (Key::AssignedAlertLead, &[Part::Lead]),
                (Key::AssignedAlertMembers, &[Part::Team]),
            ],
            Self::Transfer => &[
                (Key::TransferAlertAssigned, ASSIGNED),
                (Key::TransferAlertManager, &[Part::Manager]),
                (Key::TransferAlertMembers, &[Part::Member]),
            ],
            Self::Overdue => &[
                (Key::OverdueAlertAssigned, ASSIGNED),
                (Key::OverdueAlertManager, &[Part::Manager]),
                (Key::OverdueAlertMembers, &[Part::Member]),
            ],
        }
    }

    /// Whom it goes to; none where it goes to nobody.
    pub fn recipients(self, settings: &Settings) -> Option<Recipients> {
        let parts = self.parts(settings);
        let administrator = self.administrator(settings);
        let is_told = !parts.is_empty() || administrator.is_some();
        is_told.then_some(Recipients {
            parts,
            administrator,
        })
    }

    fn parts(self, settings: &Settings) -> Vec<Part> {
        if !settings.is_on(self.switch()) {
            return Vec::new();
        }
        let on = self.switches().iter();
        let on = on.filter(|(key, _)| settings.is_on(*key));
        on.flat_map(|(_, parts)| parts.iter().copied()).collect()
    }

    fn administrator(self, settings: &Settings) -> Option<EmailAddress> {
        let is_told = self == Self::Ticket
            && settings.is_on(self.switch())
            && settings.is_on(Key::TicketAlertAdmin);
        let address = is_told.then(|| settings.text(Key::AdminEmail));
        EmailAddress::parse(&address?)
    }
}

/// Whether an alert that a setting decides about is on and goes to nobody.
pub fn is_unheard(key: Key, settings: &Settings) -> bool {
    let is_unheard =
        |alert: Alert| settings.is_on(alert.switch()) && alert.recipients(settings).is_none();
    Alert::of(key).any(is_unheard)
}

/// Whether a setting decides about an alert.
pub fn is_about_alerts(key: Key) -> bool {
    Alert::of(key).next().is_some()
}

/// Whom an alert goes to, as a realm's settings have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// Those with these parts.
    parts: Vec<Part>,
    /// The administrator, where they hear of it as well.
    administrator: Option<EmailAddress>,
}

impl Recipients {
    /// Those of them that a ticket and its department name, where these are all.
    fn by_name(&self) -> Option<Named> {
        let is_named = |part: &Part| matches!(part, Part::Assignee | Part::Manager);
        let are_all = self.administrator.is_none() && self.parts.iter().all(is_named);
        are_all.then(|| Named {
            assignee: self.parts.contains(&Part::Assignee),
            manager: self.parts.contains(&Part::Manager),
        })
    }
}

/// Who, of those whom a ticket and its department name, hears of something.
#[derive(Clone, Copy, Debug)]
struct Named {
    assignee: bool,
    manager: bool,
}

/// Those who have to do with one ticket, each with every part of theirs.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'p> {
    ticket: &'p Id,
    all: &'p [Party],
}

impl<'p> Parties<'p> {
    /// Those of one ticket.
    pub fn of(ticket: &'p Id, all: &'p [Party]) -> Self {
        Self { ticket, all }
    }

    fn with(self, part: Part) -> impl Iterator<Item = &'p Party> {
        let own = self.all.iter().filter(|party| party.ticket == *self.ticket);
        own.filter(move |party| party.part == part)
    }

    /// Who hears of something that whoever has this address did.
    ///
    /// A message is never unheard: where nobody else is there to hear of it, the department's
    /// manager is.
    pub fn told(self, alert: Alert, settings: &Settings, doer: &str) -> Vec<Correspondent> {
        let parts = alert.parts(settings);
        let told = each_once(parts.iter().flat_map(|part| self.with(*part)), doer);
        if told.is_empty() && alert == Alert::Message && settings.is_on(alert.switch()) {
            return each_once(self.with(Part::Manager), doer);
        }
        told
    }

    /// The users who hear of what whoever has this address wrote, each with whether they are known
    /// to own theirs. Whoever is not hears of the desk's own words alone; those go to the ticket's
    /// owner as a reply.
    pub fn collaborators(
        self,
        settings: &Settings,
        doer: &str,
        is_ours: bool,
    ) -> Vec<(Correspondent, bool)> {
        if !settings.is_on(Key::CollaboratorNews) {
            return Vec::new();
        }
        let owner = self.with(Part::Owner).filter(|_| !is_ours);
        let others = owner
            .chain(self.with(Part::Collaborator))
            .filter(|party| party.who.address != doer && (party.is_known || is_ours));
        others
            .map(|party| (party.who.clone(), party.is_known))
            .collect()
    }
}

fn each_once<'p>(parties: impl Iterator<Item = &'p Party>, doer: &str) -> Vec<Correspondent> {
    let mut told: Vec<Correspondent> = Vec::new();
    for party in parties {
        let address = &party.who.address;
        if address != doer && told.iter().all(|known| known.address != *address) {
            told.push(party.who.clone());
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::Held;

    fn id(last: u8) -> Id {
        Id::parse(&format!("018bcfe5-6800-7707-8707-0707070707{last:02}")).unwrap()
    }

    fn party(part: Part, name: &str) -> Party {
        Party {
            ticket: id(7),
            part,
            who: Correspondent {
                name: name.to_owned(),
                address: format!("{name}@acme.example"),
            },
            is_known: true,
        }
    }

    fn told(parties: &[Party], alert: Alert, on: &[(Key, &str)], doer: &str) -> String {
        let held: Vec<_> = on.iter().map(|(key, text)| Held::own(*key, text)).collect();
        let settings = Settings::of(&held);
        let told = Parties::of(&id(7), parties).told(alert, &settings, doer);
        let names: Vec<_> = told.iter().map(|to| to.name.as_str()).collect();
        names.join(" ")
    }

    fn everybody() -> Vec<Party> {
        vec![
            party(Part::Assignee, "ada"),
            party(Part::Team, "tom"),
            party(Part::Last, "lea"),
            party(Part::Manager, "max"),
            party(Part::Member, "mia"),
            party(Part::Lead, "lou"),
            party(Part::Account, "ann"),
            Party {
                ticket: id(8),
                ..party(Part::Assignee, "other")
            },
        ]
    }

    #[test]
    fn al_1_15_the_defaults_are_osticket_s() {
        let all = everybody();
        assert_eq!(told(&all, Alert::Message, &[], ""), "lea ada tom");
        assert_eq!(told(&all, Alert::Note, &[], ""), "");
        assert_eq!(told(&all, Alert::Transfer, &[], ""), "");
        let on = [(Key::NoteAlert, "1"), (Key::TransferAlert, "1")];
        assert_eq!(told(&all, Alert::Note, &on, ""), "lea ada tom");
        assert_eq!(told(&all, Alert::Transfer, &on, ""), "max");
    }

    #[test]
    fn each_part_has_a_switch_of_its_own() {
        let all = everybody();
        let on = [
            (Key::TransferAlert, "1"),
            (Key::TransferAlertAssigned, "1"),
            (Key::TransferAlertManager, "0"),
            (Key::TransferAlertMembers, "1"),
        ];
        assert_eq!(told(&all, Alert::Transfer, &on, ""), "ada tom mia");
        let account = [
            (Key::MessageAlertAccount, "1"),
            (Key::MessageAlertLast, "0"),
        ];
        assert_eq!(told(&all, Alert::Message, &account, ""), "ada tom ann");
        let team = [
            (Key::AssignedAlertLead, "1"),
            (Key::AssignedAlertMembers, "1"),
        ];
        assert_eq!(told(&all, Alert::Assigned, &team, ""), "ada lou tom");
        let off = [(Key::MessageAlert, "0"), (Key::MessageAlertManager, "1")];
        assert_eq!(told(&all, Alert::Message, &off, ""), "");
    }

    #[test]
    fn nobody_is_told_twice_or_of_what_they_did() {
        let twice = [
            party(Part::Assignee, "ada"),
            party(Part::Last, "ada"),
            party(Part::Manager, "max"),
        ];
        assert_eq!(told(&twice, Alert::Message, &[], ""), "ada");
        assert_eq!(told(&twice, Alert::Message, &[], "max@acme.example"), "ada");
        assert_eq!(told(&twice, Alert::Message, &[], "ada@acme.example"), "max");
    }

    #[test]
    fn an_alert_that_is_on_goes_to_somebody() {
        let is_unheard = |on: &[(Key, &str)], key| {
            let held: Vec<_> = on.iter().map(|(key, text)| Held::own(*key, text)).collect();
            is_unheard(key, &Settings::of(&held))
        };
        for key in Key::ALL {
            assert!(!is_unheard(&[], key), "the defaults: {key:?}");
        }
        let nobody = [(Key::TicketAlertManager, "0")];
        assert!(
            is_unheard(&nobody, Key::TicketAlertManager),
            "the administrator has no address"
        );
        assert!(is_unheard(&nobody, Key::AdminEmail));
        assert!(
            !is_unheard(&nobody, Key::OverdueAlert),
            "it is about another"
        );
        let admin = [nobody[0], (Key::AdminEmail, "root@acme.example")];
        assert!(!is_unheard(&admin, Key::TicketAlertManager));
        let off = [nobody[0], (Key::TicketAlert, "0")];
        assert!(!is_unheard(&off, Key::TicketAlertManager));
        assert!(is_unheard(
            &[(Key::AssignedAlertAgent, "0")],
            Key::AssignedAlert
        ));
    }

    #[test]
    fn no_message_goes_unheard() {
        let manager = [party(Part::Manager, "max"), party(Part::Member, "mia")];
        assert_eq!(told(&manager, Alert::Message, &[], ""), "max");
        assert_eq!(told(&manager, Alert::Message, &[], "max@acme.example"), "");
    }
}
