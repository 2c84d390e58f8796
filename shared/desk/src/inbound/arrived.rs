//! What a mail says, as far as a help desk needs to know (RFC 5322, RFC 2045).

mod automatic;
mod body;
mod people;
#[cfg(test)]
mod tests;
mod thread;
mod tnef;
mod urgency;

use mail_parser::{Header, HeaderName, Message, MessageParser, PartType};

use self::body::Content;
use super::foreign;
use crate::email::EmailAddress;
use crate::file::Sent;
use crate::intake::{LONGEST_SUBJECT, one_line};
use crate::ticket::Priority;

/// What a mail without a subject is filed under (osTicket's words).
const NO_SUBJECT: &str = "[No Subject]";
const UNKNOWN_SENDER: &str = "Unknown sender";
const UNREADABLE: &str = "This mail could not be read. Its source is kept.";

/// A mail that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Its Message-ID, or one made from its bytes when it has none.
    pub message_id: String,
    /// The Message-IDs it answers, nearest first.
    pub references: Vec<String>,
    /// The addresses it is to, in the order it names them.
    pub recipients: Vec<String>,
    /// Those it names as its readers, with their names; `Delivered-To` names nobody.
    pub people: Vec<(EmailAddress, String)>,
    /// The address it is from; `None` when it names none that could be answered.
    pub sender: Option<EmailAddress>,
    /// The name it is from, or else the address.
    pub name: String,
    /// Whom answers are asked to go to, with the name.
    pub reply_to: Option<(EmailAddress, String)>,
    /// Its subject on one line.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its attachments and inline parts.
    pub files: Vec<Sent>,
    /// How urgent it says it is.
    pub priority: Option<Priority>,
    /// Ticket numbers that its subject names with a `#`.
    pub numbers: Vec<String>,
    /// Whether a program sent it, so that answering it could start a loop.
    pub is_automatic: bool,
    /// Whether it tells that a mail of ours could not be delivered.
    pub is_bounce: bool,
}

impl Arrived {
    /// Reads a mail. Whatever it is, something comes back: a mail that cannot be parsed still
    /// becomes a ticket, with its source kept beside it.
    pub fn read(raw: &[u8]) -> Self {
        Self::parse(raw).unwrap_or_else(|| Self::unreadable(raw))
    }

    /// Reads a mail for whoever can be told that it is none: `None` without a single header
    /// that mails have.
    pub fn try_read(raw: &[u8]) -> Option<Self> {
        let headers = parser().parse_headers(raw)?;
        let is_known = |header: &Header<'_>| !matches!(header.name, HeaderName::Other(_));
        let is_mail = headers.headers().iter().any(is_known);
        is_mail.then(|| Self::read(raw))
    }

    fn parse(raw: &[u8]) -> Option<Self> {
        let known = foreign::with_known_words(raw);
        let outer = parser().parse(&*known)?;
        let message = carried(&outer).unwrap_or(&outer);
        let is_bounce = automatic::is_bounce(message);
        let (sender, name) = people::sender(message);
        let contents = Content::of(message);
        let subject = one_line(message.subject().unwrap_or_default());
        Some(Self {
            message_id: thread::message_id(&outer).unwrap_or_else(|| thread::made_up_id(raw)),
            references: thread::references(message, is_bounce),
            recipients: people::recipients(&outer, message),
            people: people::people(message),
            sender,
            name,
            reply_to: people::reply_to(message),
            priority: urgency::priority(message),
            numbers: thread::numbers(&subject),
            subject: if subject.is_empty() {
                NO_SUBJECT.to_owned()
            } else {
                cut(&subject)
            },
            text: body::text(message, &contents),
            files: contents.into_iter().flat_map(Content::files).collect(),
            is_automatic: is_bounce || automatic::is_automatic(message),
            is_bounce,
        })
    }

    fn unreadable(raw: &[u8]) -> Self {
        Self {
            message_id: thread::made_up_id(raw),
            references: Vec::new(),
            recipients: Vec::new(),
            people: Vec::new(),
            sender: None,
            name: UNKNOWN_SENDER.to_owned(),
            reply_to: None,
            subject: NO_SUBJECT.to_owned(),
            text: UNREADABLE.to_owned(),
            files: Vec::new(),
            priority: None,
            numbers: Vec::new(),
            is_automatic: true,
            is_bounce: false,
        }
    }
}

/// The mail that another is nothing but a cover of.
fn carried<'m, 'x>(outer: &'m Message<'x>) -> Option<&'m Message<'x>> {
    match &outer.parts.first()?.body {
        PartType::Message(carried) => Some(carried),
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => None,
    }
}

/// Reads the headers that are asked for below; the rest stay as they are written.
fn parser() -> MessageParser {
    MessageParser::new()
        .with_minimal_headers()
        .with_message_ids()
}

fn cut(subject: &str) -> String {
    subject.chars().take(LONGEST_SUBJECT).collect()
}
