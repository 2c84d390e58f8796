//! Inbound mail: whose thread it belongs to, and what becomes of it.
//!
//! A mail is stored with its source in the batch that files it, before it is acknowledged.
//! Everything that decides is looked up in one read ([`Lookup`]) and decided in [`decide`].

mod arrived;
mod store;

use tenancy::port::{DbError, Random};
use tenancy::{Id, Runtime, Scope, Site, Statement};

use crate::file::Files;
use crate::intake::{Setup, Submission};
use crate::ticket::{self, Actor, EntryKind, OpeningEntry, Source};

pub use arrived::Arrived;
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
}

/// What becomes of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It was taken in before: nothing changes.
    Duplicate(Option<String>),
    /// It is our own mail coming back, and answering it would loop.
    Drop,
    /// It goes on with this ticket.
    Continue(Candidate, Voice),
    /// It opens a ticket.
    Open,
}

/// As whom a mail speaks in a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The ticket's owner.
    Owner,
    /// An agent: an internal note, never a public reply (osTicket, Q-16).
    Agent(AgentSender),
    /// Somebody else who has had our mail.
    Guest,
    /// A program that tells of a failed delivery: an internal note.
    Bounce,
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
        Voice::Owner | Voice::Agent(_) => true,
        Voice::Guest | Voice::Bounce => found.is_ours,
    });
    let numbered = known.numbered.iter().map(|found| (found, voice(found)));
    let numbered = numbered.into_iter().find(|(_, voice)| match voice {
        Voice::Owner | Voice::Agent(_) => true,
        Voice::Guest | Voice::Bounce => false,
    });
    match referred.or(numbered) {
        Some((found, voice)) => Decision::Continue(found.clone(), voice),
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
        .is_some_and(|sender| sender.as_str() == candidate.owner);
    match agent {
        _ if is_owner => Voice::Owner,
        Some(agent) => Voice::Agent(agent.clone()),
        None => Voice::Guest,
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

/// Everything about a mail that is being filed.
pub struct Filing<'a> {
    /// The runtime.
    pub runtime: &'a Runtime,
    /// Whose mail it is.
    pub site: &'a Site,
    /// The mail.
    pub mail: &'a Arrived,
    /// Its source, byte for byte.
    pub raw: &'a [u8],
    /// The address it was posted to.
    pub address: &'a str,
    /// Its files, as far as they are taken.
    pub files: Files,
}

impl Filing<'_> {
    /// The statements that keep the mail's source and mark it as taken in, beside what opens
    /// its ticket.
    pub fn kept(&self, scope: &Scope, ticket: &Id) -> Vec<Statement> {
        let mut batch = store::keep_source(scope, self.raw, self.runtime.clock.now());
        batch.push(self.taken_in(scope, "created", Some(ticket)));
        batch.push(ticket::insert_reference(
            scope,
            ticket,
            &self.mail.message_id,
            false,
        ));
        batch
    }

    /// Keeps the source of a mail whose Message-ID is known. The same bytes are stored already
    /// and change nothing; others are a different mail under a reused id, and are not lost.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_copy(&self) -> Result<(), DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let batch = store::keep_source(&scope, self.raw, self.runtime.clock.now());
        scope.write(batch).await.map(|_| ())
    }

    /// Keeps a mail that goes no further.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_it(&self) -> Result<(), DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let mut batch = store::keep_source(&scope, self.raw, self.runtime.clock.now());
        batch.push(self.taken_in(&scope, "dropped", None));
        scope.write(batch).await.map(|_| ())
    }

    /// Adds the mail to a thread; a message reopens a closed ticket, unless a program sent it.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub async fn go_on(
        &self,
        found: &Candidate,
        voice: &Voice,
        setup: &Setup,
    ) -> Result<(), DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let (now, random) = (self.runtime.clock.now(), &*self.runtime.random);
        let mut batch = store::keep_source(&scope, self.raw, now);
        batch.push(self.taken_in(&scope, "continued", Some(&found.ticket)));
        batch.push(ticket::insert_reference(
            &scope,
            &found.ticket,
            &self.mail.message_id,
            false,
        ));
        batch.extend(self.entry(&scope, found, voice, random));
        if matches!(voice, Voice::Owner | Voice::Guest) && !self.mail.is_automatic {
            let due_at = setup
                .plan(found.plan)
                .map(|plan| ticket::due_at(now, plan.grace_hours));
            let event = Id::new(now, random);
            batch.extend(ticket::reopen(&scope, &found.ticket, &event, due_at, now));
        }
        scope.write(batch).await.map(|_| ())
    }

    fn entry(
        &self,
        scope: &Scope,
        found: &Candidate,
        voice: &Voice,
        random: &dyn Random,
    ) -> Vec<Statement> {
        let now = self.runtime.clock.now();
        let (kind, actor) = match voice {
            Voice::Owner | Voice::Guest => (EntryKind::Message, Actor::Mail),
            Voice::Bounce => (EntryKind::Note, Actor::Mail),
            Voice::Agent(agent) => (EntryKind::Note, Actor::Agent(agent.id.clone())),
        };
        let author = match voice {
            Voice::Agent(agent) => agent.name.clone(),
            Voice::Owner | Voice::Bounce => self.mail.name.clone(),
            Voice::Guest => self.guest_name(),
        };
        let entry = OpeningEntry {
            ticket: &found.ticket,
            entry: &Id::new(now, random),
            event: &Id::new(now, random),
            kind,
            event_kind: kind.name(),
            actor: &actor,
            author: &author,
            is_owner: matches!(voice, Voice::Owner),
            body: &self.mail.text,
            source: Source::Email,
            now,
        };
        self.files.append(scope, &entry, random)
    }

    /// A guest is shown with the address, so that nobody takes them for the owner.
    fn guest_name(&self) -> String {
        match &self.mail.sender {
            Some(sender) if sender.as_str() != self.mail.name => {
                format!("{} <{sender}>", self.mail.name)
            }
            Some(_) | None => self.mail.name.clone(),
        }
    }

    fn taken_in(&self, scope: &Scope, result: &'static str, ticket: Option<&Id>) -> Statement {
        let receipt = store::Receipt {
            realm: self.site.realm,
            message_id: &self.mail.message_id,
            address: self.address,
            raw: self.raw,
            result,
            ticket,
            now: self.runtime.clock.now(),
        };
        store::take_in(scope, &receipt)
    }
}

/// Whether a batch failed because the mail was taken in by somebody else meanwhile.
pub fn was_taken_in_meanwhile(error: &DbError) -> bool {
    matches!(error, DbError::Duplicate(columns) if columns.contains("inbound_mail.message_id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(from: &str) -> Arrived {
        let text =
            format!("From: {from}\r\nSubject: x\r\nMessage-ID: <m@example.com>\r\n\r\nx\r\n");
        Arrived::read(text.as_bytes())
    }

    fn ticket(owner: &str, is_ours: bool) -> Candidate {
        Candidate {
            ticket: Id::parse("018bcfe5-6800-7707-8707-070707070707").unwrap(),
            number: "123456".to_owned(),
            owner: owner.to_owned(),
            plan: None,
            is_ours,
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
            referred: vec![ticket("a@example.com", false)],
            ..Known::default()
        };
        assert_eq!(voice_of("A@Example.com", foreign), Some(Voice::Owner));
    }

    #[test]
    fn u_17_a_stranger_who_quotes_a_customers_id_opens_a_ticket_of_their_own() {
        let foreign = Known {
            referred: vec![ticket("a@example.com", false)],
            ..Known::default()
        };
        assert_eq!(voice_of("b@example.com", foreign), None);
    }

    #[test]
    fn a_guest_who_was_sent_our_mail_may_answer_it() {
        let ours = Known {
            referred: vec![ticket("a@example.com", true)],
            ..Known::default()
        };
        assert_eq!(voice_of("b@example.com", ours), Some(Voice::Guest));
    }

    #[test]
    fn th_5_a_number_in_the_subject_counts_only_for_who_takes_part() {
        let numbered = Known {
            numbered: vec![ticket("a@example.com", false)],
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
            referred: vec![ticket("a@example.com", true)],
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
