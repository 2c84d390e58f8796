//! Mail templates: what a realm's mails say.
//!
//! There are osTicket's nineteen. Each has a subject and a text; what a realm writes counts for
//! the realms below it as well, until one of them writes its own. Where nobody has written one,
//! the platform's mail of that kind goes out, so a new tenant has all of them.

mod fill;
mod sample;
mod store;
mod texts;

use tenancy::RealmId;

pub use fill::{Fact, Facts, Reader, fill};
pub use store::{Refused, Written, kept, refused, reset, was_there, write, written};

/// Who gets a kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Users: requesters and collaborators.
    User,
    /// Agents, about tickets.
    Agent,
    /// Agents, about tasks.
    Task,
}

macro_rules! codes {
    ($($code:ident = $name:literal, $audience:ident, [$($root:literal),+];)+) => {
        /// A kind of mail, under osTicket's code name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $name] $code,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: [Self; 19] = [$(Self::$code),+];

            /// The code name, as stored.
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)+ }
            }

            /// Who gets it.
            pub fn audience(self) -> Audience {
                match self { $(Self::$code => Audience::$audience,)+ }
            }

            /// What its variables begin with, besides `url` and `company`.
            pub fn roots(self) -> &'static [&'static str] {
                match self { $(Self::$code => &[$($root),+],)+ }
            }

            /// The platform's own text of it.
            pub fn default(self) -> Template {
                Template::parse(match self { $(Self::$code => texts::$code,)+ })
            }
        }
    };
}

codes! {
    TicketAutoresp = "ticket.autoresp", User, ["ticket", "signature", "message", "recipient"];
    TicketAutoreply = "ticket.autoreply", User, ["ticket", "signature", "response", "recipient"];
    MessageAutoresp = "message.autoresp", User, ["ticket", "signature", "recipient"];
    TicketNotice = "ticket.notice", User, ["ticket", "signature", "recipient", "staff", "message"];
    TicketOverlimit = "ticket.overlimit", User, ["ticket", "signature"];
    TicketReply = "ticket.reply", User,
        ["ticket", "signature", "response", "staff", "poster", "recipient"];
    TicketActivityNotice = "ticket.activity.notice", User,
        ["ticket", "signature", "message", "poster", "recipient"];
    TicketAlert = "ticket.alert", Agent, ["ticket", "recipient", "message"];
    MessageAlert = "message.alert", Agent, ["ticket", "recipient", "message", "poster"];
    NoteAlert = "note.alert", Agent, ["ticket", "recipient", "note", "comments", "activity"];
    AssignedAlert = "assigned.alert", Agent,
        ["ticket", "recipient", "comments", "assignee", "assigner"];
    TransferAlert = "transfer.alert", Agent, ["ticket", "recipient", "comments", "staff"];
    TicketOverdue = "ticket.overdue", Agent, ["ticket", "recipient", "comments"];
    TaskAlert = "task.alert", Task, ["task", "recipient", "message"];
    TaskActivityNotice = "task.activity.notice", Task,
        ["task", "signature", "message", "poster", "recipient"];
    TaskActivityAlert = "task.activity.alert", Task,
        ["task", "recipient", "note", "comments", "activity"];
    TaskAssignmentAlert = "task.assignment.alert", Task,
        ["task", "recipient", "comments", "assignee", "assigner"];
    TaskTransferAlert = "task.transfer.alert", Task, ["task", "recipient", "comments", "staff"];
    TaskOverdueAlert = "task.overdue.alert", Task, ["task", "recipient", "comments"];
}

impl Code {
    /// The code with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

/// Longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 255;
/// Longest text, in bytes.
pub const LONGEST_TEXT: usize = 32 * 1024;

/// A subject and a text with variables. The text is plain; blank lines part paragraphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// What counts in a realm, where somebody has written it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates(Vec<(Code, Template)>);

impl Templates {
    /// The template that counts instead of the platform's own mail, if there is one.
    pub fn get(&self, code: Code) -> Option<&Template> {
        let mut written = self.0.iter();
        written
            .find(|(of, _)| *of == code)
            .map(|(_, template)| template)
    }
}

/// A template as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whose it is.
    pub code: Code,
    /// The realm that has written it.
    pub realm: RealmId,
    /// What it has written.
    pub template: Template,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The subject is not one line of 1 to [`LONGEST_SUBJECT`] characters.
    Subject,
    /// The text is missing, or longer than [`LONGEST_TEXT`].
    Text,
    /// Variables that this kind of mail does not know, each once.
    Unknown(Vec<String>),
}

impl Template {
    /// Checks what somebody wrote.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checked(subject: &str, text: &str) -> Result<Self, Problem> {
        let (subject, text) = (subject.trim(), text.trim());
        let length = subject.chars().count();
        let is_line = (1..=LONGEST_SUBJECT).contains(&length);
        if !is_line || subject.chars().any(char::is_control) {
            return Err(Problem::Subject);
        }
        if text.is_empty() || text.len() > LONGEST_TEXT {
            return Err(Problem::Text);
        }
        Ok(Self {
            subject: subject.to_owned(),
            text: text.replace("\r\n", "\n"),
        })
    }

    /// Whether it names a variable.
    pub fn names(&self, variable: &str) -> bool {
        let mut named = fill::variables(&self.subject).chain(fill::variables(&self.text));
        named.any(|name| name == variable)
    }

    /// The same, if it names only variables that its mails know.
    ///
    /// # Errors
    /// Those that they do not.
    pub fn known_to(self, facts: &Facts) -> Result<Self, Problem> {
        let named = fill::variables(&self.subject).chain(fill::variables(&self.text));
        let mut unknown: Vec<String> = Vec::new();
        for name in named.filter(|name| !facts.knows(name)) {
            if unknown.iter().all(|known| known != name) {
                unknown.push(name.to_owned());
            }
        }
        if unknown.is_empty() {
            Ok(self)
        } else {
            Err(Problem::Unknown(unknown))
        }
    }

    /// Subject and text as one text, which no other template has.
    pub fn whole(&self) -> String {
        format!("{}\n{}", self.subject, self.text)
    }

    /// The platform's own text around what a filter answers: that of [`Code::TicketAutoreply`].
    pub fn answer() -> Self {
        Self::parse(texts::TicketAutoreply)
    }

    /// The platform's own text of [`Code::TicketAlert`], for functions that need few.
    pub fn of_ticket() -> Self {
        Self::parse(texts::TicketAlert)
    }

    /// The platform's own text of [`Code::AssignedAlert`], for functions that need few.
    pub fn of_assignment() -> Self {
        Self::parse(texts::AssignedAlert)
    }

    /// The first line is the subject.
    fn parse(whole: &str) -> Self {
        let (subject, text) = whole.split_once('\n').unwrap_or((whole, ""));
        Self {
            subject: subject.to_owned(),
            text: text.trim().to_owned(),
        }
    }

    /// Fills subject and text. Whatever line breaks the values had, the subject has none.
    #[must_use]
    pub fn filled(&self, facts: &Facts, reader: Reader) -> Self {
        let subject = fill(&self.subject, facts, reader);
        let words = subject.split(|c: char| c.is_whitespace() || c.is_control());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        Self {
            subject: words.join(" "),
            text: fill(&self.text, facts, reader),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_text_that_names_only_its_own_variables() {
        for code in Code::ALL {
            let Template { subject, text } = code.default();
            let checked = Template::checked(&subject, &text).unwrap();
            assert_eq!(
                checked.known_to(&code.sample()),
                Ok(code.default()),
                "{}",
                code.name()
            );
            assert_eq!(Code::named(code.name()), Some(code));
            let facts = code.sample();
            for name in facts.names() {
                let root = name.split('.').next().unwrap();
                let is_known = code.roots().contains(&root) || ["url", "company"].contains(&root);
                assert!(is_known, "{}: {name}", code.name());
            }
            for root in code.roots() {
                let names = facts.names();
                let mut has = names.iter().map(|name| name.split('.').next().unwrap());
                assert!(has.any(|it| it == *root), "{}: {root}", code.name());
            }
        }
    }

    #[test]
    fn variables_that_nobody_knows_are_named_once() {
        let template = Template::checked("%{a} %{ticket.name.first}", "%{b.c}%{a}%{ticket.x}");
        assert_eq!(
            template.unwrap().known_to(&Code::TicketAlert.sample()),
            Err(Problem::Unknown(
                ["a", "b.c", "ticket.x"].map(str::to_owned).into()
            ))
        );
    }

    #[test]
    fn a_subject_is_one_line_whatever_was_typed() {
        let facts = Facts::default().typed("ticket.subject", "a\r\nBcc: b@example.com");
        let template = Template::checked("Re: %{ticket.subject}", "x").unwrap();
        let filled = template.filled(&facts, Reader::Known);
        assert_eq!(filled.subject, "Re: a Bcc: b@example.com");
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (subject, text, problem) in [
            ("", "x", Problem::Subject),
            ("x", " \n", Problem::Text),
            ("a\nb", "x", Problem::Subject),
            (&"x".repeat(256), "x", Problem::Subject),
            ("x", &"x".repeat(LONGEST_TEXT + 1), Problem::Text),
        ] {
            assert_eq!(Template::checked(subject, text), Err(problem));
        }
    }
}
