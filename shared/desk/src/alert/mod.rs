//! Alerts: which agents hear of what happens to a ticket (osTicket 1.15), and which collaborators.
//! Pure.
//!
//! Settings say who of those that have to do with it; nobody is told twice, nor of what they did
//! themselves, nor when they do not work any more.

mod store;

use tenancy::Id;

use crate::outbox::Correspondent;
use crate::setting::{Key, Settings};

pub use store::{Asked, Party, parties};

/// What somebody has to do with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It is assigned to them.
    Assignee,
    /// It is assigned to a team of theirs.
    Team,
    /// They replied to it last.
    Last,
    /// They manage its department.
    Manager,
    /// They work in its department, and it is assigned to nobody.
    Member,
    /// They are a user who takes part in it.
    Collaborator,
}

/// Something that agents hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// A message came in.
    Message,
    /// A note was written.
    Note,
    /// It was handed to another department.
    Transfer,
}

impl Alert {
    /// The switch for all of it, and those for each part.
    fn keys(self) -> (Key, &'static [(Key, &'static [Part])]) {
        const ASSIGNED: &[Part] = &[Part::Assignee, Part::Team];
        match self {
            Self::Message => (
                Key::MessageAlert,
                &[
                    (Key::MessageAlertLast, &[Part::Last]),
                    (Key::MessageAlertAssigned, ASSIGNED),
                    (Key::MessageAlertManager, &[Part::Manager]),
                ],
            ),
            Self::Note => (
                Key::NoteAlert,
                &[
                    (Key::NoteAlertLast, &[Part::Last]),
                    (Key::NoteAlertAssigned, ASSIGNED),
                    (Key::NoteAlertManager, &[Part::Manager]),
                ],
            ),
            Self::Transfer => (
                Key::TransferAlert,
                &[
                    (Key::TransferAlertAssigned, ASSIGNED),
                    (Key::TransferAlertManager, &[Part::Manager]),
                    (Key::TransferAlertMembers, &[Part::Member]),
                ],
            ),
        }
    }
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
        let (active, keys) = alert.keys();
        if !settings.is_on(active) {
            return Vec::new();
        }
        let on = keys.iter().filter(|(key, _)| settings.is_on(*key));
        let parts = on.flat_map(|(_, parts)| parts.iter());
        let told = each_once(parts.flat_map(|part| self.with(*part)), doer);
        if told.is_empty() && alert == Alert::Message {
            return each_once(self.with(Part::Manager), doer);
        }
        told
    }

    /// The collaborators who hear of what whoever has this address wrote, each with whether they
    /// are known to own theirs. Whoever is not hears of the desk's own words alone.
    pub fn collaborators(
        self,
        settings: &Settings,
        doer: &str,
        is_ours: bool,
    ) -> Vec<(Correspondent, bool)> {
        if !settings.is_on(Key::CollaboratorNews) {
            return Vec::new();
        }
        let others = self
            .with(Part::Collaborator)
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
    fn no_message_goes_unheard() {
        let manager = [party(Part::Manager, "max"), party(Part::Member, "mia")];
        assert_eq!(told(&manager, Alert::Message, &[], ""), "max");
        assert_eq!(told(&manager, Alert::Message, &[], "max@acme.example"), "");
    }
}
