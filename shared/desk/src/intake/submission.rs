//! What somebody submits, and what is wrong with it.

use crate::email::EmailAddress;
use crate::ticket::Source;
use crate::ticket::number::without_placeholder;

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 128;
/// Longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 255;
/// Longest message, in bytes: a row of D1 holds 2 MB, and the batch has other text too.
pub const LONGEST_MESSAGE: usize = 1_000_000;

/// A request for help as it came in, nothing checked.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The requester's name.
    pub name: String,
    /// The requester's address.
    pub email: String,
    /// What it is about.
    pub subject: String,
    /// What they ask.
    pub message: String,
    /// The door it came through.
    pub source: Source,
    /// The address it came from.
    pub ip: Option<String>,
}

/// A request for help that may become a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The requester's name, on one line.
    pub name: String,
    /// The requester's address.
    pub email: EmailAddress,
    /// What it is about, on one line.
    pub subject: String,
    /// What they ask, as plain text.
    pub message: String,
    /// The door it came through.
    pub source: Source,
    /// The address it came from.
    pub ip: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was typed.
    Missing,
    /// It is no mail address.
    NotAnAddress,
    /// It has more than this many characters.
    TooLong(usize),
    /// It is none of the choices.
    NotOffered,
}

/// What is wrong, field by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// With the name.
    pub name: Option<Problem>,
    /// With the address.
    pub email: Option<Problem>,
    /// With the help topic.
    pub topic: Option<Problem>,
    /// With the subject.
    pub subject: Option<Problem>,
    /// With the message.
    pub message: Option<Problem>,
}

impl Problems {
    /// Whether anything is wrong.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

impl Submission {
    /// Checks every field, so that all problems are told at once.
    ///
    /// # Errors
    /// The problems; what was typed stays with the caller.
    pub fn check(&self) -> Result<Request, Problems> {
        let name = one_line(&self.name);
        let subject = one_line(&self.subject);
        let message = cleaned_message(&self.message);
        let email = EmailAddress::parse(&self.email);
        let problems = Problems {
            name: length_problem(&name, LONGEST_NAME),
            email: match &email {
                Some(_) => None,
                None if self.email.trim().is_empty() => Some(Problem::Missing),
                None => Some(Problem::NotAnAddress),
            },
            topic: None,
            subject: length_problem(&subject, LONGEST_SUBJECT),
            message: message_problem(&message),
        };
        match email {
            Some(email) if !problems.any() => {
                let (source, ip) = (self.source, self.ip.clone());
                Ok(Request {
                    name,
                    email,
                    subject,
                    message,
                    source,
                    ip,
                })
            }
            Some(_) | None => Err(problems),
        }
    }
}

/// Joins what was typed into one line without control characters, so that it can stand in a
/// mail header and a table cell.
pub(crate) fn one_line(typed: &str) -> String {
    let cleaned = without_placeholder(typed).replace(|c: char| c.is_control(), " ");
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A message as it may be stored.
///
/// # Errors
/// What is wrong with it.
pub fn checked_message(typed: &str) -> Result<String, Problem> {
    let message = cleaned_message(typed);
    message_problem(&message).map_or(Ok(message), Err)
}

fn cleaned_message(typed: &str) -> String {
    without_placeholder(typed.trim_end()).replace('\0', "")
}

fn length_problem(text: &str, longest: usize) -> Option<Problem> {
    match text.chars().count() {
        0 => Some(Problem::Missing),
        length if length > longest => Some(Problem::TooLong(longest)),
        _ => None,
    }
}

fn message_problem(message: &str) -> Option<Problem> {
    match message.trim().len() {
        0 => Some(Problem::Missing),
        _ if message.len() > LONGEST_MESSAGE => Some(Problem::TooLong(LONGEST_MESSAGE)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission() -> Submission {
        Submission {
            name: "Ana Lima".to_owned(),
            email: "ana@example.com".to_owned(),
            subject: "Printer on fire".to_owned(),
            message: "It burns.\n".to_owned(),
            source: Source::Web,
            ip: None,
        }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let empty = Submission {
            name: " \t".to_owned(),
            email: String::new(),
            subject: "\r\n".to_owned(),
            message: "   ".to_owned(),
            ..submission()
        };
        let missing = Some(Problem::Missing);
        let expected = Problems {
            name: missing,
            email: missing,
            topic: None,
            subject: missing,
            message: missing,
        };
        assert_eq!(empty.check(), Err(expected));
    }

    #[test]
    fn a_subject_cannot_smuggle_a_header_line() {
        let smuggled = Submission {
            subject: "Hi\r\nBcc: all@example.com".to_owned(),
            ..submission()
        };
        assert_eq!(smuggled.check().unwrap().subject, "Hi Bcc: all@example.com");
    }

    #[test]
    fn the_numbers_placeholder_cannot_be_typed() {
        let typed = Submission {
            message: "my \u{E000} number".to_owned(),
            ..submission()
        };
        assert_eq!(typed.check().unwrap().message, "my  number");
    }

    #[test]
    fn too_much_text_is_refused_and_not_cut() {
        let long = Submission {
            subject: "x".repeat(LONGEST_SUBJECT + 1),
            message: "x".repeat(LONGEST_MESSAGE + 1),
            ..submission()
        };
        let problems = long.check().unwrap_err();
        assert_eq!(problems.subject, Some(Problem::TooLong(LONGEST_SUBJECT)));
        assert_eq!(problems.message, Some(Problem::TooLong(LONGEST_MESSAGE)));
    }
}
