//! Ticket filters: rules about what came in, and what is done where they hold.
//!
//! [`run`] is pure: facts in, effects out. It knows nothing of tickets or of when it is asked, so
//! that the same rules can be asked about a change, or by the clock.

mod banned;
mod matching;
mod store;
mod upkeep;

use tenancy::Id;

use crate::status::{State, Status};
use crate::ticket::Priority;

pub use banned::{Banned, of_ticket, of_user, on_lists};
pub use matching::Operator;
pub(crate) use matching::pattern;
pub use store::{NewAction, NewFilter, NewRule, Refused, add, ban, refused, unban};
pub(crate) use store::{inherited, remember};
pub use upkeep::{Kept, change, kept};

/// Most filters of a tenant; all that hold for a realm are read with each new ticket.
pub const MOST_FILTERS: i64 = 200;
/// Most rules of a filter (osTicket's own cap), and most actions.
pub const MOST_RULES: usize = 25;
/// Longest text that a rule looks for, in characters.
pub const LONGEST_VALUE: usize = 1_000;
/// Longest text of a mail that a filter sends, in characters.
pub const LONGEST_MAIL: usize = 10_000;
/// What the ban list is called.
pub const BAN_LIST: &str = "SYSTEM BAN LIST";

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The requester's name.
    Name,
    /// The requester's address.
    Email,
    /// The address that answers are asked to go to.
    ReplyTo,
    /// The name beside it.
    ReplyToName,
    /// The addresses a mail went to.
    Addressee,
    /// The help topic, by its id or its whole name.
    Topic,
    /// The subject.
    Subject,
    /// The message.
    Message,
    /// What was filled into a field.
    Field(i64),
}

const NAMED: [(What, &str); 8] = [
    (What::Name, "name"),
    (What::Email, "email"),
    (What::ReplyTo, "reply-to"),
    (What::ReplyToName, "reply-to-name"),
    (What::Addressee, "addressee"),
    (What::Topic, "topic"),
    (What::Subject, "subject"),
    (What::Message, "message"),
];

impl What {
    /// The key osTicket knows it by: of a field `field.` and its id.
    pub fn key(self) -> String {
        match (self, NAMED.iter().find(|(known, _)| *known == self)) {
            (Self::Field(id), _) => format!("field.{id}"),
            (_, found) => found.map_or_else(String::new, |(_, name)| (*name).to_owned()),
        }
    }

    /// What has this key.
    pub fn of_key(key: &str) -> Option<Self> {
        if let Some(id) = key.strip_prefix("field.") {
            return id.parse().ok().map(Self::Field);
        }
        let found = NAMED.iter().find(|(_, name)| *name == key);
        found.map(|(what, _)| *what)
    }
}

/// The channels a filter tells apart; the telephone counts as the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The portal, and whatever agents type in.
    Web,
    /// Mail.
    Email,
    /// Programs.
    Api,
}

/// What a filter is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Everything.
    Any,
    /// What comes through one channel.
    Channel(Channel),
    /// Mail to one address.
    Mailbox(String),
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it looks at.
    pub what: What,
    /// How.
    pub operator: Operator,
    /// What for.
    pub value: String,
}

/// What a filter does (osTicket's actions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `reject`: there will be no ticket.
    Reject,
    /// `replyto`: whoever answers are asked to go to counts as the sender, and all filters are
    /// asked anew.
    UseReplyTo,
    /// `noresp`: the requester is not answered by itself.
    Silence,
    /// `dept`.
    Department(i64),
    /// `pri`.
    Priority(Priority),
    /// `sla`.
    Plan(i64),
    /// `team`.
    Team(i64),
    /// `agent`.
    Agent(Id),
    /// `topic`.
    Topic(i64),
    /// `status`: what status it has from the start, and whether that means it is closed.
    Status(Given),
    /// `email`: a mail to others, after the ticket was written.
    Mail(Mailing),
    /// `canned`: an answer.
    Answer(Canned),
}

impl Action {
    /// The key osTicket knows it by.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::UseReplyTo => "replyto",
            Self::Silence => "noresp",
            Self::Department(_) => "dept",
            Self::Priority(_) => "pri",
            Self::Plan(_) => "sla",
            Self::Team(_) => "team",
            Self::Agent(_) => "agent",
            Self::Topic(_) => "topic",
            Self::Status(_) => "status",
            Self::Mail(_) => "email",
            Self::Answer(_) => "canned",
        }
    }
}

/// A status that a ticket is given from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Whether it means that the ticket is closed.
    pub is_closed: bool,
    /// The status; none for the one that every tenant has.
    pub status: Option<i64>,
}

impl Given {
    /// A status that a ticket can have from the start; none of those that put it out of the lists.
    pub fn of(status: &Status) -> Option<Self> {
        let is_closed = match status.state {
            State::Open => false,
            State::Closed => true,
            State::Archived | State::Deleted => return None,
        };
        let is_own = status.id == status.state.own_status();
        Some(Self {
            is_closed,
            status: (!is_own).then_some(status.id),
        })
    }

    /// What it means for the ticket, as it is stored.
    pub fn state(self) -> &'static str {
        self.means().name()
    }

    /// The status's id.
    pub fn id(self) -> i64 {
        self.status.unwrap_or(self.means().own_status())
    }

    fn means(self) -> State {
        if self.is_closed {
            State::Closed
        } else {
            State::Open
        }
    }
}

/// A canned reply that a filter answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canned {
    /// Which; none once it is gone.
    pub id: Option<i64>,
    /// What it says, while it can be used.
    pub text: Option<String>,
}

/// A mail that a filter sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailing {
    /// Addresses, separated by commas; `%{user}` is the requester.
    pub recipients: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Its name.
    pub name: String,
    /// What it is asked about.
    pub target: Target,
    /// Whether all of its rules must hold, or any of them.
    pub is_match_all: bool,
    /// Whether no filter behind it is asked where it matches.
    pub is_last: bool,
    /// Its rules; without any it never matches.
    pub rules: Vec<Rule>,
    /// What it does.
    pub actions: Vec<Action>,
}

/// What is known about what came in. Something that is not there counts as an empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    known: Vec<(What, String)>,
    /// Where it came through; `None` is asked only filters for everything.
    pub channel: Option<Channel>,
    /// The address a mail came to.
    pub mailbox: Option<String>,
    /// Addresses on the ban list, of those that may turn out to be the requester's.
    pub banned: Vec<String>,
}

impl Facts {
    /// Knows where something came in, and nothing else yet.
    pub fn at(channel: Channel, mailbox: Option<String>, banned: Vec<String>) -> Self {
        Self {
            known: Vec::new(),
            channel: Some(channel),
            mailbox,
            banned,
        }
    }

    /// Adds something that is known.
    #[must_use]
    pub fn with(mut self, what: What, value: &str) -> Self {
        self.known.push((what, value.to_owned()));
        self
    }

    fn values(&self, what: What) -> Vec<&str> {
        let known = self.known.iter().filter(|(known, _)| *known == what);
        known.map(|(_, value)| value.as_str()).collect()
    }

    /// Whoever answers are asked to go to, in the place of the sender.
    fn answered_elsewhere(&self) -> Option<Self> {
        let mut facts = self.clone();
        if !facts.put_in_place(What::Email, What::ReplyTo) {
            return None;
        }
        facts.put_in_place(What::Name, What::ReplyToName);
        Some(facts)
    }

    /// Has what is known of one take the other's place; whether anything is.
    fn put_in_place(&mut self, of: What, it: What) -> bool {
        let values = self.values(it).into_iter();
        let values: Vec<_> = values.map(|value| (of, value.to_owned())).collect();
        let is_known = !values.is_empty();
        if is_known {
            self.known.retain(|(known, _)| *known != of);
            self.known.extend(values);
        }
        is_known
    }

    fn is_banned(&self) -> bool {
        let is = |address: &str| {
            let mut banned = self.banned.iter();
            banned.any(|it| it.eq_ignore_ascii_case(address))
        };
        self.values(What::Email).into_iter().any(is)
    }
}

/// A filter that matched, and the keys of what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The filter's name.
    pub filter: String,
    /// What it did.
    pub actions: Vec<&'static str>,
}

/// What filters ask for; of two that ask for the same, the later one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Whoever answers are asked to go to is the requester.
    pub uses_reply_to: bool,
    /// The requester is not answered by itself.
    pub is_silent: bool,
    /// A department.
    pub department: Option<i64>,
    /// A priority.
    pub priority: Option<Priority>,
    /// An SLA plan.
    pub plan: Option<i64>,
    /// A team.
    pub team: Option<i64>,
    /// An agent.
    pub agent: Option<Id>,
    /// A help topic.
    pub topic: Option<i64>,
    /// What status it has.
    pub given: Option<Given>,
    /// Mails to others.
    pub mails: Vec<Mailing>,
    /// What the requester is answered, with variables.
    pub answer: Option<String>,
    /// The filters that matched, in their order.
    pub matches: Vec<Match>,
}

/// Asks the filters in their order.
///
/// The ban list is asked first. Where a filter has whoever answers are asked to go to count as
/// the sender, all are asked once more, about that sender.
///
/// # Errors
/// The name of the filter that rejects.
pub fn run(filters: &[Filter], facts: &Facts) -> Result<Effects, String> {
    let effects = pass(filters, facts)?;
    match facts.answered_elsewhere() {
        Some(facts) if effects.uses_reply_to => Ok(Effects {
            uses_reply_to: true,
            ..pass(filters, &facts)?
        }),
        Some(_) | None => Ok(Effects {
            uses_reply_to: false,
            ..effects
        }),
    }
}

fn pass(filters: &[Filter], facts: &Facts) -> Result<Effects, String> {
    if facts.is_banned() {
        return Err(BAN_LIST.to_owned());
    }
    let mut effects = Effects::default();
    for filter in filters.iter().filter(|filter| filter.matches(facts)) {
        if filter.actions.contains(&Action::Reject) {
            return Err(filter.name.clone());
        }
        effects.matches.push(Match {
            filter: filter.name.clone(),
            actions: filter.actions.iter().map(Action::key).collect(),
        });
        for action in &filter.actions {
            effects.take(action);
        }
        if filter.is_last {
            break;
        }
    }
    Ok(effects)
}

impl Effects {
    fn take(&mut self, action: &Action) {
        match action {
            Action::Reject => {}
            Action::UseReplyTo => self.uses_reply_to = true,
            Action::Silence => self.is_silent = true,
            Action::Department(id) => self.department = Some(*id),
            Action::Priority(priority) => self.priority = Some(*priority),
            Action::Plan(id) => self.plan = Some(*id),
            Action::Team(id) => self.team = Some(*id),
            Action::Agent(id) => self.agent = Some(id.clone()),
            Action::Topic(id) => self.topic = Some(*id),
            Action::Status(given) => self.given = Some(*given),
            Action::Mail(mailing) => self.mails.push(mailing.clone()),
            Action::Answer(canned) => self.answer.clone_from(&canned.text),
        }
    }
}

impl Filter {
    /// Whether it answers with a canned reply that is switched off or gone (FI-5).
    pub fn is_dangling(&self) -> bool {
        let mut actions = self.actions.iter();
        actions.any(|action| matches!(action, Action::Answer(canned) if canned.text.is_none()))
    }

    /// Whether the filter is asked about these facts, and its rules hold.
    pub fn matches(&self, facts: &Facts) -> bool {
        let is_asked = match &self.target {
            Target::Any => true,
            Target::Channel(channel) => facts.channel == Some(*channel),
            Target::Mailbox(address) => facts.mailbox.as_ref() == Some(address),
        };
        let holds = |rule: &Rule| rule.operator.holds(&facts.values(rule.what), &rule.value);
        is_asked
            && !self.rules.is_empty()
            && if self.is_match_all {
                self.rules.iter().all(holds)
            } else {
                self.rules.iter().any(holds)
            }
    }
}

#[cfg(test)]
mod tests;
