//! Inbound mail: whose thread it belongs to, and what becomes of it.
//!
//! A mail is stored with its source in the batch that files it, before it is acknowledged.
//! Everything that decides is looked up in one read ([`Lookup`]) and decided in [`decide`].

mod arrived;
mod filing;
mod foreign;
mod quoted;
mod reach;
mod store;

use tenancy::port::DbError;
use tenancy::principal::Mailbox;
use tenancy::{Id, RealmId, Site};

use crate::alert::Party;
use crate::email::EmailAddress;
use crate::filter::Channel;
use crate::intake::{Arrival, MailFacts, Problems, Setup, Submission, Wishes};
use crate::ticket::{Priority, Source};

pub use arrived::Arrived;
pub use filing::Filing;
pub use quoted::without_quote;
pub use reach::within_reach;
pub use store::{Addressed, AgentSender, Candidate, Lookup, addressed, look_up};

/// What is known about a mail once the database was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The number of the ticket this mail is in already (empty when it was dropped).
    pub duplicate_of: Option<Option<String>>,
    /// Whether it comes from an address of ours.
    pub is_from_us: bool,
    /// The agent who sent it.
    pub agent: Option<AgentSender>,
    /// Tickets its references name, nearest first.
    pub referred: Vec<Candidate>,
    /// Tickets its subject names.
    pub numbered: Vec<Candidate>,
    /// The agents who have to do with any of these tickets.
    pub parties: Vec<Party>,
}

/// What becomes of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It was taken in before: nothing changes.
    Duplicate(Option<String>),
    /// It is our own mail coming back, and answering it would loop.
    Drop,
    /// It goes on with this ticket.
    Continue(Box<Candidate>, Voice),
    /// It opens a ticket.
    Open,
}

/// As whom a mail speaks in a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The ticket's owner.
    Owner,
    /// Somebody who takes part in it: this user.
    Collaborator(Id),
    /// An agent: an internal note, never a public reply (osTicket, Q-16).
    Agent(AgentSender),
    /// Somebody else who has had our mail.
    Guest,
    /// A program that tells of a failed delivery: an internal note.
    Bounce,
}

impl Voice {
    /// Whether it adds a message to the thread, and not a note.
    pub fn is_message(&self) -> bool {
        match self {
            Self::Owner | Self::Collaborator(_) | Self::Guest => true,
            Self::Agent(_) | Self::Bounce => false,
        }
    }
}

/// Decides what becomes of a mail (osTicket's order, TH-1 to TH-9).
///
/// A reference counts when the sender takes part in the ticket, or when it is one of our own
/// random Message-IDs, which only who has had our mail can quote. A `#number` in the subject
/// counts only with the sender checked (U-17).
pub fn decide(mail: &Arrived, known: Known) -> Decision {
    if let Some(number) = known.duplicate_of {
        return Decision::Duplicate(number);
    }
    if known.is_from_us {
        return Decision::Drop;
    }
    let voice = |candidate: &Candidate| voice(mail, known.agent.as_ref(), candidate);
    let referred = known.referred.iter().map(|found| (found, voice(found)));
    let referred = referred.into_iter().find(|(found, voice)| match voice {
        Voice::Owner | Voice::Collaborator(_) | Voice::Agent(_) => true,
        Voice::Guest | Voice::Bounce => found.is_ours,
    });
    let numbered = known.numbered.iter().map(|found| (found, voice(found)));
    let numbered = numbered.into_iter().find(|(_, voice)| match voice {
        Voice::Owner | Voice::Collaborator(_) | Voice::Agent(_) => true,
        Voice::Guest | Voice::Bounce => false,
    });
    match referred.or(numbered) {
        Some((found, voice)) => Decision::Continue(Box::new(found.clone()), voice),
        None => Decision::Open,
    }
}

fn voice(mail: &Arrived, agent: Option<&AgentSender>, candidate: &Candidate) -> Voice {
    if mail.is_bounce {
        return Voice::Bounce;
    }
    let is_owner = mail
        .sender
        .as_ref()
        .is_some_and(|sender| sender.as_str() == candidate.owner());
    match (agent, &candidate.collaborator) {
        _ if is_owner => Voice::Owner,
        (Some(agent), _) => Voice::Agent(agent.clone()),
        (None, Some(user)) => Voice::Collaborator(user.clone()),
        (None, None) => Voice::Guest,
    }
}

impl Addressed {
    /// What a mail goes by that names no address of ours: it is filed as if it had come to the
    /// one that the realm writes from.
    pub fn nobody(site: &Site, setup: &Setup) -> Self {
        let sender = setup.sender.as_ref().map(|sender| sender.address.clone());
        Self {
            address: sender.unwrap_or_else(|| format!("noreply@{}", site.host)),
            department: None,
            topic: None,
            priority: None,
            is_silent: false,
        }
    }
}

impl From<Mailbox> for Addressed {
    fn from(mailbox: Mailbox) -> Self {
        Self {
            address: mailbox.address,
            department: mailbox.department,
            topic: mailbox.topic,
            priority: mailbox.priority.and_then(Priority::of_id),
            is_silent: mailbox.is_silent,
        }
    }
}

/// The submission that a mail makes when it opens a ticket. A mail without an address that can
/// be answered is filed under the mailbox's own, so that it is not lost.
pub fn submission(mail: &Arrived, mailbox: &str) -> Submission {
    let sender = mail
        .sender
        .as_ref()
        .map_or(mailbox, |sender| sender.as_str());
    Submission {
        name: mail.name.clone(),
        email: sender.to_owned(),
        subject: mail.subject.clone(),
        message: mail.text.clone(),
        source: Source::Email,
        ip: None,
    }
}

/// A mail as intake takes it in: its submission, with all that filters look at and what its
/// mailbox says.
///
/// # Errors
/// When it makes no submission, which it always does.
pub fn arrival(mail: &Arrived, mailbox: &Addressed, realm: RealmId) -> Result<Arrival, Problems> {
    let request = submission(mail, &mailbox.address).check()?;
    let defaults = Wishes {
        topic: mailbox.topic,
        department: mailbox.department,
        priority: mailbox.priority,
        ..Wishes::default()
    };
    Ok(Arrival {
        mail: MailFacts {
            mailbox: Some(mailbox.address.clone()),
            defaults,
            is_silent: mailbox.is_silent,
            priority: mail.priority,
            reply_to: mail.reply_to.clone(),
            addressees: mail.recipients.clone(),
        },
        ..Arrival::new(request, Channel::Email, realm)
    })
}

/// The addresses that may turn out to be the requester's.
pub fn requesters(mail: &Arrived) -> Vec<&str> {
    let reply_to = mail.reply_to.iter().map(|(address, _)| address);
    let all = mail.sender.iter().chain(reply_to);
    all.map(EmailAddress::as_str).collect()
}

/// Whether a batch failed because the mail was taken in by somebody else meanwhile.
pub fn was_taken_in_meanwhile(error: &DbError) -> bool {
    matches!(error, DbError::Duplicate(columns) if columns.contains("inbound_mail.message_id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Correspondent;
    use crate::ticket::News;

    fn mail(from: &str) -> Arrived {
        let text =
            format!("From: {from}\r\nSubject: x\r\nMessage-ID: <m@example.com>\r\n\r\nx\r\n");
        Arrived::read(text.as_bytes())
    }

    fn found(owner: &str, is_ours: bool) -> Candidate {
        Candidate {
            ticket: Id::parse("018bcfe5-6800-7707-8707-070707070707").unwrap(),
            news: News {
                number: "123456".to_owned(),
                subject: "x".to_owned(),
                department: "Support".to_owned(),
                requester: Correspondent {
                    name: "x".to_owned(),
                    address: owner.to_owned(),
                },
                filled: Vec::new(),
                is_answered: true,
            },
            plan: None,
            is_ours,
            collaborator: None,
        }
    }

    fn agent() -> AgentSender {
        let id = Id::parse("018bcfe5-6800-7707-8707-070707070708").unwrap();
        AgentSender {
            id,
            name: "Bo".to_owned(),
        }
    }

    fn voice_of(from: &str, known: Known) -> Option<Voice> {
        match decide(&mail(from), known) {
            Decision::Continue(_, voice) => Some(voice),
            Decision::Duplicate(_) | Decision::Drop | Decision::Open => None,
        }
    }

    #[test]
    fn th_1_a_mail_taken_in_before_changes_nothing() {
        let known = Known {
            duplicate_of: Some(Some("1".to_owned())),
            ..Known::default()
        };
        assert_eq!(
            decide(&mail("a@example.com"), known),
            Decision::Duplicate(Some("1".to_owned()))
        );
    }

    #[test]
    fn the_owners_reply_goes_on_with_the_ticket() {
        let foreign = Known {
            referred: vec![found("a@example.com", false)],
            ..Known::default()
        };
        assert_eq!(voice_of("A@Example.com", foreign), Some(Voice::Owner));
    }

    #[test]
    fn u_17_a_stranger_who_quotes_a_customers_id_opens_a_ticket_of_their_own() {
        let foreign = Known {
            referred: vec![found("a@example.com", false)],
            ..Known::default()
        };
        assert_eq!(voice_of("b@example.com", foreign), None);
    }

    #[test]
    fn a_guest_who_was_sent_our_mail_may_answer_it() {
        let ours = Known {
            referred: vec![found("a@example.com", true)],
            ..Known::default()
        };
        assert_eq!(voice_of("b@example.com", ours), Some(Voice::Guest));
    }

    #[test]
    fn th_5_a_number_in_the_subject_counts_only_for_who_takes_part() {
        let numbered = Known {
            numbered: vec![found("a@example.com", false)],
            ..Known::default()
        };
        assert_eq!(
            voice_of("a@example.com", numbered.clone()),
            Some(Voice::Owner)
        );
        assert_eq!(voice_of("b@example.com", numbered), None);
    }

    #[test]
    fn q_16_an_agents_mail_is_a_note() {
        let known = Known {
            agent: Some(agent()),
            referred: vec![found("a@example.com", true)],
            ..Known::default()
        };
        assert_eq!(
            voice_of("bo@acme.example", known),
            Some(Voice::Agent(agent()))
        );
    }

    #[test]
    fn our_own_mail_coming_back_is_dropped() {
        let known = Known {
            is_from_us: true,
            ..Known::default()
        };
        assert_eq!(decide(&mail("help@acme.example"), known), Decision::Drop);
    }
}
