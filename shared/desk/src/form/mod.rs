//! Forms: what is asked of people beside a subject and a message.
//!
//! A field says who may see it and who must fill it in, users and agents apart. [`check`] is
//! pure: fields and what was typed in, answers or problems out.

mod amend;
mod candidate;
mod check;
mod date;
mod filled;
mod making;
mod options;
pub mod profile;
mod shown;
mod store;
mod upkeep;

pub use amend::{Amended, Amendment, amend};
pub use candidate::Candidate;
pub use check::{Asker, Outcome, Problem, Trouble, Typed, check, is_formula};
pub use date::{Clocks, day_and_time, moment, moment_in};
pub use filled::{Filled, filled};
pub(crate) use filled::{refill, told};
pub use making::{
    NewField, NewForm, Refused, add, add_field, add_properties, limit_to_role, refused,
};
pub use options::{Options, Validator};
pub use shown::{Shown, ShownFile, closed_to, shown_to_agent, shown_to_user};
pub(crate) use store::fill_in;
use store::rows;
pub use store::{Asked, asked, names};
pub use upkeep::{Kept, KeptField, Usage, change, change_field, kept, kept_fields, order};

/// Most fields that one ticket can be asked for.
pub const MOST_FIELDS: i64 = 100;
/// Longest text of a line, in characters.
pub const LONGEST_LINE: usize = 255;
/// Longest text of a box, in characters.
pub const LONGEST_BOX: usize = 20_000;

/// Who may do what with a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// They do not know of it.
    Hidden,
    /// They see it.
    Shown,
    /// They may fill it in.
    #[default]
    Optional,
    /// They must.
    Required,
}

impl Access {
    /// Every access.
    pub const ALL: [Self; 4] = [Self::Hidden, Self::Shown, Self::Optional, Self::Required];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Shown => "shown",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    /// The access with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether they can fill it in.
    pub fn is_asked(self) -> bool {
        self >= Self::Optional
    }
}

/// What a form is filled in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Every ticket.
    Ticket,
    /// Tickets of the topics it is attached to.
    Topic,
    /// Everybody who asks for help (osTicket's contact information).
    User,
    /// Every organization.
    Organization,
    /// Every item of one list (osTicket's item properties).
    List,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [
        Self::Ticket,
        Self::Topic,
        Self::User,
        Self::Organization,
        Self::List,
    ];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Topic => "topic",
            Self::User => "user",
            Self::Organization => "organization",
            Self::List => "list",
        }
    }

    /// The purpose with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text, which a validator may look at.
    Text,
    /// A box of text.
    Memo,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Yes or no.
    Checkbox,
    /// One or some of the field's own choices.
    Choice,
    /// One or some of a list's items.
    List,
    /// A day, with a time of day if it says so.
    Date,
    /// How urgent the ticket is.
    Priority,
    /// Files that are attached.
    Files,
    /// A heading; it takes nothing.
    Section,
    /// A text to read; it takes nothing.
    Information,
    /// A time zone, by its name in the tz database.
    Zone,
    /// A department.
    Department,
    /// An agent.
    Agent,
    /// Open or closed (osTicket's ticket state).
    State,
    /// Answered or overdue (osTicket's ticket flag).
    Flag,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::Text,
        Self::Memo,
        Self::Email,
        Self::Phone,
        Self::Checkbox,
        Self::Choice,
        Self::List,
        Self::Date,
        Self::Priority,
        Self::Files,
        Self::Section,
        Self::Information,
        Self::Zone,
        Self::Department,
        Self::Agent,
        Self::State,
        Self::Flag,
    ];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Memo => "memo",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Checkbox => "checkbox",
            Self::Choice => "choice",
            Self::List => "list",
            Self::Date => "date",
            Self::Priority => "priority",
            Self::Files => "files",
            Self::Section => "section",
            Self::Information => "information",
            Self::Zone => "timezone",
            Self::Department => "department",
            Self::Agent => "agent",
            Self::State => "state",
            Self::Flag => "flag",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether there is something to fill in.
    pub fn takes_answers(self) -> bool {
        !matches!(self, Self::Section | Self::Information)
    }
}

/// A field is asked for only where an earlier one has one of these values; without any, where
/// that one has any value at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The earlier field.
    pub field: i64,
    /// Its values: of a choice the key, of a checkbox `1`.
    pub values: Vec<String>,
}

/// One thing that a form asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its id.
    pub id: i64,
    /// The form it is of.
    pub form: i64,
    /// What its form is filled in with.
    pub purpose: Purpose,
    /// What programs call it.
    pub name: String,
    /// What people read.
    pub label: String,
    /// What helps them to fill it in.
    pub hint: String,
    /// What it takes.
    pub kind: Kind,
    /// What its kind leaves open.
    pub options: Options,
    /// What users may do with it.
    pub user: Access,
    /// What agents may do with it.
    pub agent: Access,
    /// When it is asked for at all.
    pub condition: Option<Condition>,
    /// Whether only agents of some roles see it (T-47).
    pub is_limited: bool,
    /// Whom or what a field for a department or an agent can name, whoever fills it in; see
    /// [`Field::reveal`].
    pub candidates: Vec<Candidate>,
}

impl Field {
    /// Whether all agents, and so programs, know of it.
    pub fn is_seen_by_all(&self) -> bool {
        !self.is_limited && self.agent != Access::Hidden
    }

    /// What was filled into it.
    fn answer(&self, values: Vec<Value>) -> Answer {
        let chosen = |value: &Value| {
            let mut choices = self.options.choices.iter();
            let choice = choices.find(|(key, _)| self.kind == Kind::Choice && *key == value.text);
            choice.map_or_else(|| value.text.clone(), |(_, label)| label.clone())
        };
        let words: Vec<_> = values.iter().map(chosen).collect();
        Answer {
            field: self.id,
            name: self.name.clone(),
            kind: self.kind,
            purpose: self.purpose,
            words: words.join(", "),
            is_for_users: self.user != Access::Hidden,
            is_for_agents: self.is_seen_by_all(),
            values,
        }
    }

    /// Whether an item of its list is typed.
    pub fn is_typed(&self) -> bool {
        self.kind == Kind::List && self.options.has_typeahead && !self.options.is_multiple
    }

    /// The choice that a text means, of those that the field has: by its key or by what people
    /// read; where it is typed, first by what they read.
    pub fn choice<'c>(
        &self,
        choices: &'c [(String, String)],
        text: &str,
    ) -> Option<&'c (String, String)> {
        let by_key = || choices.iter().find(|(key, _)| key == text);
        let is_read = |choice: &&(String, String)| choice.1.eq_ignore_ascii_case(text);
        let by_label = || choices.iter().find(is_read);
        if self.is_typed() {
            by_label().or_else(by_key)
        } else {
            by_key().or_else(by_label)
        }
    }

    /// What a form holds that shows this value: of a list's item the key, or, where it is typed,
    /// what people read by now.
    pub fn typed(&self, value: &Value) -> String {
        let key = match (self.kind, value.number) {
            (Kind::List, Some(item)) => item.to_string(),
            (_, _) => return value.text.clone(),
        };
        let named = |(known, _): &&(String, String)| *known == key && self.is_typed();
        let item = self.options.choices.iter().find(named);
        item.map_or_else(|| key.clone(), |(_, name)| name.clone())
    }

    /// What can be chosen: keys, and what people read. Of all zones none: they are too many.
    pub fn choices(&self) -> Vec<(String, String)> {
        match self.kind {
            Kind::Priority => crate::ticket::Priority::ALL
                .iter()
                .map(|it| (it.id().to_string(), it.name().to_owned()))
                .collect(),
            Kind::Choice | Kind::List | Kind::Department | Kind::Agent => {
                self.options.choices.clone()
            }
            Kind::State => fixed([("open", "Open"), ("closed", "Closed")]),
            Kind::Flag => fixed([("answered", "Answered"), ("overdue", "Overdue")]),
            Kind::Text
            | Kind::Memo
            | Kind::Email
            | Kind::Phone
            | Kind::Checkbox
            | Kind::Date
            | Kind::Files
            | Kind::Section
            | Kind::Information
            | Kind::Zone => Vec::new(),
        }
    }
}

/// The names of all zones that a field for one takes, in order.
pub fn zones() -> Vec<&'static str> {
    zone::Zone::names()
}

fn fixed(choices: [(&str, &str); 2]) -> Vec<(String, String)> {
    let owned = choices.map(|(key, words)| (key.to_owned(), words.to_owned()));
    owned.into()
}

/// What a ticket is asked for that cannot have the topic it names: what all are asked for, so that
/// a made-up topic gets nobody round it.
pub fn of_all(mut form: Vec<Field>) -> Vec<Field> {
    form.retain(|field| field.purpose != Purpose::Topic);
    form
}

/// What a ticket is asked for whose user is known: nothing about themselves.
pub fn of_known(mut form: Vec<Field>) -> Vec<Field> {
    form.retain(|field| field.purpose != Purpose::User);
    form
}

/// One value of an answer, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What it is: of a choice the key, of a list's item, a department and an agent the name, of
    /// a date ISO 8601, of a file its name.
    pub text: String,
    /// What it counts as, where it is more than text.
    pub number: Option<i64>,
}

/// What was filled into one field; a field that was left empty has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The field.
    pub field: i64,
    /// What programs call the field.
    pub name: String,
    /// What the field takes.
    pub kind: Kind,
    /// What its form is filled in with.
    pub purpose: Purpose,
    /// One value, or of some choices each.
    pub values: Vec<Value>,
    /// All of them as people read them; what depends on a language or a zone as it is stored.
    pub words: String,
    /// Whether users see the field.
    pub is_for_users: bool,
    /// Whether all agents do.
    pub is_for_agents: bool,
}

/// The priority that was picked in a field, if there is one for it.
pub fn priority(answers: &[Answer]) -> Option<crate::ticket::Priority> {
    let answer = answers.iter().find(|it| it.kind == Kind::Priority)?;
    let id = answer.values.first()?.number?;
    crate::ticket::Priority::of_id(id)
}
