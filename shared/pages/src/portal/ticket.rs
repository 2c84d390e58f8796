//! A ticket as its requester reads it.

use askama::Template;

use super::Upload;
use crate::form::FieldProblem;
use crate::layout::{Shell, initials};
use crate::time::Moment;

/// `GET /tickets/{number}` for whoever may see it, and the answer to a message that was refused.
#[derive(Template)]
#[template(path = "portal/ticket.html")]
pub struct TicketPage<'a> {
    pub shell: Shell<'a>,
    pub number: &'a str,
    pub subject: &'a str,
    pub is_closed: bool,
    /// What its status is called.
    pub status: &'a str,
    /// Whether a message opens it again once it is closed.
    pub can_reopen: bool,
    pub created_at: Moment,
    pub department: Option<&'a str>,
    /// What was filled in with it, as far as the requester may see it.
    pub facts: Vec<Fact<'a>>,
    /// Oldest first; what the requester may see and nothing else.
    pub thread: Vec<Entry<'a>>,
    /// Whoever raised it, where that is a colleague of the user.
    pub colleague: Option<&'a str>,
    /// The realm it was raised for, where that is not the portal's.
    pub raised_for: Option<&'a str>,
    /// The message that was typed and refused, or nothing.
    pub typed: &'a str,
    pub problem: Option<FieldProblem>,
    pub upload: Upload<'a>,
    /// Whether too much has come from the reader to take this as well.
    pub is_too_much: bool,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    /// The address that takes answers to this ticket by mail, if the tenant has one.
    pub reply_address: Option<&'a str>,
    pub now: Moment,
}

impl TicketPage<'_> {
    /// Whether something was wrong with what was sent.
    pub fn is_refused(&self) -> bool {
        self.problem.is_some() || !self.upload.problems.is_empty() || self.is_too_much
    }
}

/// Something that was filled in; of several choices each is a value.
#[derive(Debug, Clone)]
pub struct Fact<'a> {
    pub label: &'a str,
    /// What was filled in, as people read it.
    pub values: Vec<String>,
    /// What was attached, to a field for files.
    pub files: Vec<EntryFile<'a>>,
}

/// One entry of the thread.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    pub author: &'a str,
    pub kind: EntryKind,
    pub at: Moment,
    /// Plain text, as it was written; paragraphs and line breaks are kept.
    pub text: &'a str,
    /// What was sent along with it.
    pub files: Vec<EntryFile<'a>>,
}

/// A file on an entry.
#[derive(Debug, Clone)]
pub struct EntryFile<'a> {
    pub name: &'a str,
    /// How many bytes it has.
    pub bytes: i64,
    /// Where it is fetched from.
    pub url: String,
}

impl EntryFile<'_> {
    /// Returns the size as people say it.
    pub fn size(&self) -> String {
        size(self.bytes)
    }
}

/// A size as people say it.
pub(super) fn size(bytes: i64) -> String {
    match bytes {
        bytes @ ..1_000 => format!("{bytes} bytes"),
        bytes @ 1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        bytes => {
            let tenths = (bytes + 50_000) / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

impl<'a> Entry<'a> {
    /// Returns the text in paragraphs, which blank lines separate; single line breaks stay within them.
    pub fn paragraphs(&self) -> Vec<&'a str> {
        let mut paragraphs = Vec::new();
        let (mut start, mut end) = (0, 0);
        for line in self.text.split_inclusive('\n') {
            let next = end + line.len();
            if line.trim().is_empty() {
                paragraphs.push(self.text[start..end].trim_end());
                start = next;
            }
            end = next;
        }
        paragraphs.push(self.text[start..].trim_end());
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs
    }

    /// Returns the characters shown for the author.
    pub fn initials(&self) -> String {
        initials(self.author)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    User,
    Agent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_as_people_say_it() {
        let said = |bytes| {
            let (name, url) = ("", String::new());
            EntryFile { name, bytes, url }.size()
        };
        let sizes = [0, 999, 1_000, 48_213, 999_499, 3_449_999, 8_388_608].map(said);
        let expected = [
            "0 bytes",
            "999 bytes",
            "1 kB",
            "48 kB",
            "999 kB",
            "3.4 MB",
            "8.4 MB",
        ];
        assert_eq!(sizes, expected);
    }

    #[test]
    fn paragraphs_end_at_blank_lines_and_keep_their_line_breaks() {
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            (" \n\n ", &[]),
            ("one\ntwo", &["one\ntwo"]),
            ("one\n\ntwo\n", &["one", "two"]),
            ("\r\none\r\n \t\r\n\r\n  two\r\n", &["one", "  two"]),
            ("ünï\n\n\n\n🛠", &["ünï", "🛠"]),
        ];
        for (text, expected) in cases {
            let entry = Entry {
                author: "",
                kind: EntryKind::User,
                at: Moment(0),
                text,
                files: Vec::new(),
            };
            assert_eq!(entry.paragraphs(), expected, "{text:?}");
        }
    }
}
