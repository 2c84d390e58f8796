//! The pages of end users: the landing page, opening a ticket, and reading it.

use askama::Template;

use crate::fields::FormField;
use crate::form::FieldProblem;
use crate::layout::{Shell, initials};
use crate::time::Moment;

/// `GET /`: what one can do here.
#[derive(Template)]
#[template(path = "portal/landing.html")]
pub struct LandingPage<'a> {
    pub shell: Shell<'a>,
}

/// The answer to everything while the portal is closed.
#[derive(Template)]
#[template(path = "portal/offline.html")]
pub struct OfflinePage<'a> {
    pub shell: Shell<'a>,
    /// What whoever runs it says about that; empty for what is always said.
    pub text: &'a str,
}

/// `GET /open`, and the answer to a `POST /open` that was refused: the form, with what was typed.
#[derive(Template)]
#[template(path = "portal/open.html")]
pub struct OpenPage<'a> {
    /// With a signed-in user, whose name and address are not asked for.
    pub shell: Shell<'a>,
    /// The realms the user may raise for, their own first; with none, the form does not ask.
    pub realms: Vec<RealmOption<'a>>,
    /// The `id` of the realm the ticket will be for.
    pub chosen: &'a str,
    /// The help topics on offer; with none, the form does not ask for one.
    pub topics: Vec<TopicOption<'a>>,
    /// Whether what is asked depends on the topic.
    pub asks_by_topic: bool,
    /// What is asked beside a subject and a message.
    pub fields: Vec<FormField<'a>>,
    /// Whether more may be asked once these are filled in.
    pub asks_further: bool,
    pub upload: Upload<'a>,
    /// Why there will be no ticket, whatever is typed.
    pub denial: Option<Denial>,
    /// What was typed, or nothing yet.
    pub typed: OpenForm<'a>,
    /// What was wrong with it.
    pub problems: OpenProblems,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// Why somebody cannot open a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// They may not, and no reason is given.
    NotAuthorized,
    /// They have as many open as they may have.
    OverLimit,
    /// Too much has come from where they are.
    TooMany,
    /// They filled in a field that people do not see.
    Trapped,
}

impl OpenPage<'_> {
    /// Whether something was wrong.
    pub fn is_refused(&self) -> bool {
        let is_wrong = |field: &FormField<'_>| field.problem.is_some() || field.is_refused_upload();
        self.problems.any() || self.fields.iter().any(is_wrong) || !self.upload.problems.is_empty()
    }
}

/// Where files are chosen, to go along with what is typed.
#[derive(Debug, Clone, Default)]
pub struct Upload<'a> {
    /// The field that asks for them; none for those of the message.
    pub of: Option<UploadField<'a>>,
    /// The most bytes that a file may have; 0 where none is taken, and the form asks for none.
    pub largest: i64,
    /// How many are taken.
    pub most: usize,
    /// The endings of names that are taken; none for any.
    pub extensions: Vec<&'a str>,
    /// What is wrong with those that were sent.
    pub problems: Vec<FileProblem<'a>>,
    /// Whether files were sent that have to be chosen again, since nothing was kept.
    pub is_lost: bool,
}

/// A field of a form that files are attached to.
#[derive(Debug, Clone)]
pub struct UploadField<'a> {
    /// What the form sends them as; also its `id`.
    pub id: String,
    pub label: &'a str,
    pub hint: &'a str,
    pub is_required: bool,
    /// Whether none was sent and one must be.
    pub is_missing: bool,
}

impl Upload<'_> {
    /// Returns what the form sends the files as; also the field's `id`.
    pub fn id(&self) -> &str {
        self.of.as_ref().map_or("files", |field| &field.id)
    }

    /// Returns whether none was sent and one must be.
    pub fn is_missing(&self) -> bool {
        self.of.as_ref().is_some_and(|field| field.is_missing)
    }

    /// Returns the largest size as people say it.
    pub fn size(&self) -> String {
        size(self.largest)
    }

    /// Returns the endings as `<input accept>` wants them.
    pub fn accept(&self) -> String {
        let dotted: Vec<String> = self.extensions.iter().map(|it| format!(".{it}")).collect();
        dotted.join(",")
    }

    /// Returns the endings as people read them.
    pub fn endings(&self) -> String {
        self.extensions.join(", ")
    }

    /// Returns the ids of what describes the field.
    pub fn described_by(&self) -> String {
        let id = self.id();
        let parts = [
            ("hint", true),
            ("problem", !self.problems.is_empty() || self.is_missing()),
            ("lost", self.is_lost),
        ];
        let shown = parts.iter().filter(|(_, is_shown)| *is_shown);
        let ids: Vec<String> = shown.map(|(part, _)| format!("{id}-{part}")).collect();
        ids.join(" ")
    }
}

/// A file that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileProblem<'a> {
    pub name: &'a str,
    pub why: Unfit,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Its name or its content is of a type that is not taken.
    NotAllowed,
    TooLarge,
    /// There are too many beside it.
    TooMany,
}

/// A realm as a choice; `id` is what the form sends as `for`.
#[derive(Debug, Clone, Copy)]
pub struct RealmOption<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// How far below the user's own it lies.
    pub depth: usize,
}

impl RealmOption<'_> {
    /// Returns what stands before the name, so that the tree is seen.
    pub fn indent(&self) -> String {
        "– ".repeat(self.depth)
    }
}

/// A help topic as a choice; `id` is what the form sends as `topic`.
#[derive(Debug, Clone, Copy)]
pub struct TopicOption<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

/// The fields of the form, as typed. The names of the struct's fields are the names of the form's fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenForm<'a> {
    pub topic: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub subject: &'a str,
    pub message: &'a str,
}

/// What was wrong, per field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenProblems {
    pub realm: Option<FieldProblem>,
    pub topic: Option<FieldProblem>,
    pub name: Option<FieldProblem>,
    pub email: Option<FieldProblem>,
    pub subject: Option<FieldProblem>,
    pub message: Option<FieldProblem>,
}

impl OpenProblems {
    pub const fn any(&self) -> bool {
        self.realm.is_some()
            || self.topic.is_some()
            || self.name.is_some()
            || self.email.is_some()
            || self.subject.is_some()
            || self.message.is_some()
    }
}

/// The answer to a ticket that was opened: its number, and what happens next.
#[derive(Template)]
#[template(path = "portal/confirmation.html")]
pub struct ConfirmationPage<'a> {
    pub shell: Shell<'a>,
    pub number: &'a str,
    /// Where the confirmation with the access link was sent; `None` when none is sent.
    pub email: Option<&'a str>,
    /// What the topic says to whoever opened the ticket; empty for what is always said.
    pub thanks: &'a str,
}

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
    pub values: Vec<&'a str>,
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

fn size(bytes: i64) -> String {
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

/// `GET /tickets/{number}` for whoever may not see it: how to get in.
///
/// It holds nothing of the ticket, not even the number asked for, so that the answer is the same
/// for a number that exists and for one that never did.
#[derive(Template)]
#[template(path = "portal/link_needed.html")]
pub struct LinkNeededPage<'a> {
    pub shell: Shell<'a>,
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::layout::Notice;

    impl LandingPage<'static> {
        pub(crate) fn sample() -> Self {
            LandingPage {
                shell: Shell::sample(),
            }
        }
    }

    impl OpenPage<'static> {
        pub(crate) fn sample() -> Self {
            let topics = [
                ("7", "Billing"),
                ("8", "Broken tool"),
                ("9", "Something else"),
            ];
            OpenPage {
                shell: Shell::sample(),
                realms: Vec::new(),
                chosen: "",
                topics: topics.map(|(id, name)| TopicOption { id, name }).to_vec(),
                asks_by_topic: false,
                fields: Vec::new(),
                asks_further: false,
                upload: Upload::sample(),
                denial: None,
                typed: OpenForm::default(),
                problems: OpenProblems::default(),
                csrf: "token-of-the-form",
            }
        }

        pub(crate) fn sample_of_a_user() -> Self {
            let realm = |id, name, depth| RealmOption { id, name, depth };
            OpenPage {
                shell: Shell::sample_of_a_user(),
                realms: vec![realm("1", "Navy", 0), realm("12", "Yard <2>", 1)],
                chosen: "12",
                problems: OpenProblems {
                    realm: Some(FieldProblem::NotOffered),
                    ..OpenProblems::default()
                },
                ..Self::sample()
            }
        }

        pub(crate) fn sample_refused() -> Self {
            let typed = OpenForm {
                topic: "8",
                name: "Grace \"Amazing\" Hopper",
                email: "grace@",
                subject: "",
                message: "The drill <b>smokes</b> & smells.\n\nSince Monday.",
            };
            let problems = OpenProblems {
                email: Some(FieldProblem::NotAnAddress),
                subject: Some(FieldProblem::Missing),
                ..OpenProblems::default()
            };
            OpenPage {
                typed,
                problems,
                upload: Upload::sample_refused(),
                ..Self::sample()
            }
        }

        pub(crate) fn sample_with_fields() -> Self {
            OpenPage {
                asks_by_topic: true,
                asks_further: true,
                fields: FormField::samples(),
                ..Self::sample()
            }
        }

        pub(crate) fn sample_denied(denial: Denial) -> Self {
            OpenPage {
                denial: Some(denial),
                ..Self::sample()
            }
        }
    }

    impl OfflinePage<'static> {
        pub(crate) fn sample(text: &'static str) -> Self {
            let shell = Shell::sample();
            OfflinePage { shell, text }
        }
    }

    impl Upload<'static> {
        fn sample() -> Self {
            Upload {
                largest: 8_388_608,
                most: 32,
                ..Upload::default()
            }
        }

        pub(crate) fn sample_of_field() -> Self {
            Upload {
                of: Some(UploadField {
                    id: "field_9".to_owned(),
                    label: "Receipts",
                    hint: "Of what you <bought>",
                    is_required: true,
                    is_missing: true,
                }),
                most: 2,
                extensions: vec!["pdf"],
                ..Self::sample()
            }
        }

        fn sample_refused() -> Self {
            let problem = |name, why| FileProblem { name, why };
            Upload {
                extensions: vec!["pdf", "png"],
                problems: vec![
                    problem("film <1>.mov", Unfit::TooLarge),
                    problem("drill.exe", Unfit::NotAllowed),
                    problem("33.png", Unfit::TooMany),
                ],
                is_lost: true,
                ..Self::sample()
            }
        }
    }

    impl LandingPage<'static> {
        pub(crate) fn sample_of_a_user() -> Self {
            LandingPage {
                shell: Shell::sample_of_a_user(),
            }
        }
    }

    impl ConfirmationPage<'static> {
        pub(crate) fn sample() -> Self {
            ConfirmationPage {
                shell: Shell::sample(),
                number: "482913",
                email: Some("grace@navy.example"),
                thanks: "",
            }
        }
    }

    impl TicketPage<'static> {
        pub(crate) fn sample() -> Self {
            let thread = vec![
                Entry {
                    author: "Grace Hopper",
                    kind: EntryKind::User,
                    at: Moment::minutes_from_noon(-1500),
                    text: "Hello,\n\nsince Monday the drill smokes when I start it:\n - with the old battery\n - \
                        with the new one\n\nIs <this> still under warranty?\nGrace",
                    files: Vec::new(),
                },
                Entry {
                    author: "Ada Byron",
                    kind: EntryKind::Agent,
                    at: Moment::minutes_from_noon(-180),
                    text: "Hello Grace,\r\n\r\nplease stop using it. It is under warranty, and a new one is on its \
                        way to you. You can keep the batteries.\r\n\r\nAda",
                    files: Vec::new(),
                },
                Entry {
                    author: "Grace Hopper",
                    kind: EntryKind::User,
                    at: Moment::minutes_from_noon(-4),
                    text: "That was quick, thank you! Here is the receipt.",
                    files: vec![
                        EntryFile {
                            name: "receipt <final>.pdf",
                            bytes: 48_213,
                            url: crate::url::ticket_file("482913", "1"),
                        },
                        EntryFile {
                            name: "IMG_0417.jpg",
                            bytes: 3_412_000,
                            url: crate::url::ticket_file("482913", "2"),
                        },
                    ],
                },
            ];
            TicketPage {
                shell: Shell::sample(),
                number: "482913",
                subject: "My drill smokes when I start it",
                is_closed: false,
                status: "Open",
                can_reopen: true,
                created_at: Moment::minutes_from_noon(-1500),
                department: Some("Repairs"),
                facts: vec![
                    Fact {
                        label: "Serial <number>",
                        values: vec!["AB123"],
                        files: Vec::new(),
                    },
                    Fact {
                        label: "Tools",
                        values: vec!["Drill", "Saw"],
                        files: Vec::new(),
                    },
                    Fact {
                        label: "Receipts",
                        values: Vec::new(),
                        files: vec![EntryFile {
                            name: "receipt <1>.pdf",
                            bytes: 48_213,
                            url: crate::url::ticket_file("482913", "3"),
                        }],
                    },
                ],
                thread,
                colleague: None,
                raised_for: None,
                typed: "",
                problem: None,
                upload: Upload::sample(),
                is_too_much: false,
                csrf: "token-of-the-form",
                reply_address: Some("help@acme.example"),
                now: Moment::NOON,
            }
        }

        pub(crate) fn sample_of_too_much() -> Self {
            TicketPage {
                is_too_much: true,
                typed: "Another one.",
                ..Self::sample()
            }
        }

        pub(crate) fn sample_of_a_colleague() -> Self {
            TicketPage {
                shell: Shell {
                    notice: Some(Notice::Said("Your message is in the ticket.")),
                    ..Shell::sample_of_a_user()
                },
                is_closed: true,
                status: "Closed",
                can_reopen: false,
                colleague: Some("Linus"),
                raised_for: Some("Northern Depot"),
                typed: "\n </textarea>",
                problem: Some(FieldProblem::Missing),
                upload: Upload {
                    is_lost: true,
                    ..Upload::sample()
                },
                reply_address: None,
                ..Self::sample()
            }
        }
    }

    impl LinkNeededPage<'static> {
        pub(crate) fn sample() -> Self {
            LinkNeededPage {
                shell: Shell::sample(),
            }
        }
    }
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
