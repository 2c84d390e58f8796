//! The pages of end users who have an account: signing in by a mailed link, the status of one ticket, and the list of
//! their tickets.

use askama::Template;

use crate::form::FieldProblem;
use crate::layout::Shell;
use crate::portal::TopicOption;
use crate::time::Moment;

/// `GET /account/sign-in`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "account/sign_in.html")]
pub struct UserSignInPage<'a> {
    pub shell: Shell<'a>,
    /// What was typed, or nothing yet.
    pub email: &'a str,
    pub problem: Option<FieldProblem>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// `GET /account/link`: the mailed link was opened.
///
/// It signs nobody in by itself: programs that look at mail before people do would use it up.
#[derive(Template)]
#[template(path = "account/link.html")]
pub struct SignInLinkPage<'a> {
    pub shell: Shell<'a>,
    /// Who will be signed in; none when the link no longer works, and then there is no form.
    pub email: Option<&'a str>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    /// The hidden field `token`: the link itself.
    pub token: &'a str,
}

/// The answer to whoever asked for a link. It is the same whether one was sent or not.
#[derive(Template)]
#[template(path = "account/sent.html")]
pub struct SentPage<'a> {
    pub shell: Shell<'a>,
    pub sent: Sent,
}

/// Which link was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    SignIn,
    Ticket,
}

/// `GET /status`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "account/status.html")]
pub struct StatusPage<'a> {
    pub shell: Shell<'a>,
    /// What was typed, or nothing yet.
    pub number: &'a str,
    pub email: &'a str,
    pub problems: StatusProblems,
    /// Whether too much has come from the visitor to take this as well.
    pub is_too_much: bool,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// What was wrong, per field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatusProblems {
    pub number: Option<FieldProblem>,
    pub email: Option<FieldProblem>,
}

impl StatusProblems {
    pub const fn any(&self) -> bool {
        self.number.is_some() || self.email.is_some()
    }
}

/// `GET /tickets`: one page of a user's tickets.
#[derive(Template)]
#[template(path = "account/tickets.html")]
pub struct TicketsPage<'a> {
    pub shell: Shell<'a>,
    /// Whether these are the colleagues' and not the user's own.
    pub shared: bool,
    /// The organization that shares with the user; none, where nothing is shared.
    pub organization: Option<&'a str>,
    pub state: ListState,
    pub counts: ListCounts,
    /// The help topics to choose from; with none, the page does not ask.
    pub topics: Vec<TopicOption<'a>>,
    /// The `id` of the topic they are about; empty for any.
    pub topic: &'a str,
    /// What was looked for; empty for nothing.
    pub search: &'a str,
    /// Newest first.
    pub tickets: Vec<ListRow<'a>>,
    /// Where the page of newer tickets is; `None` on the first one.
    pub newer: Option<&'a str>,
    /// Where the page of older tickets is; `None` on the last one.
    pub older: Option<&'a str>,
    pub now: Moment,
}

impl TicketsPage<'_> {
    /// Whose tickets these are, as URLs say it.
    pub const fn whose(&self) -> &'static str {
        if self.shared { "shared" } else { "mine" }
    }

    /// Returns whether only some of the tickets are wanted.
    pub fn is_filtered(&self) -> bool {
        !(self.topic.is_empty() && self.search.is_empty())
    }

    /// Returns the same list of tickets in another state.
    pub fn in_state(&self, state: ListState) -> String {
        crate::url::tickets_about(self.whose(), state.slug(), self.topic, self.search)
    }
}

/// The state of the tickets on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListState {
    Open,
    Closed,
    All,
}

impl ListState {
    pub const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::All];

    /// Returns the state's name in URLs.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }
}

/// How many tickets are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListCounts {
    pub open: u64,
    pub closed: u64,
}

impl ListCounts {
    pub const fn of(&self, state: ListState) -> u64 {
        match state {
            ListState::Open => self.open,
            ListState::Closed => self.closed,
            ListState::All => self.open + self.closed,
        }
    }
}

/// One ticket of the list.
#[derive(Debug, Clone, Copy)]
pub struct ListRow<'a> {
    pub number: &'a str,
    pub subject: &'a str,
    pub requester: &'a str,
    /// Whether it is somebody else's, and the user takes part in it.
    pub takes_part: bool,
    /// The realm it was raised for; left out where that is the user's own.
    pub raised_for: Option<&'a str>,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub closed_at: Option<Moment>,
}

#[cfg(test)]
mod samples {
    use super::*;

    impl UserSignInPage<'static> {
        pub(crate) fn sample() -> Self {
            UserSignInPage {
                shell: Shell::sample(),
                email: "",
                problem: None,
                csrf: "token-of-the-form",
            }
        }

        pub(crate) fn sample_refused() -> Self {
            UserSignInPage {
                email: "grace@\"navy\"",
                problem: Some(FieldProblem::NotAnAddress),
                ..Self::sample()
            }
        }
    }

    impl SignInLinkPage<'static> {
        pub(crate) fn sample() -> Self {
            SignInLinkPage {
                shell: Shell::sample(),
                email: Some("grace@navy.example"),
                csrf: "token-of-the-form",
                token: "token-of-the-link",
            }
        }

        pub(crate) fn sample_gone() -> Self {
            SignInLinkPage {
                email: None,
                ..Self::sample()
            }
        }
    }

    impl SentPage<'static> {
        pub(crate) fn sample(sent: Sent) -> Self {
            SentPage {
                shell: Shell::sample(),
                sent,
            }
        }
    }

    impl StatusPage<'static> {
        pub(crate) fn sample() -> Self {
            StatusPage {
                shell: Shell::sample(),
                number: "",
                email: "",
                problems: StatusProblems::default(),
                is_too_much: false,
                csrf: "token-of-the-form",
            }
        }

        pub(crate) fn sample_of_too_much() -> Self {
            StatusPage {
                number: "#482913",
                email: "grace@navy.example",
                is_too_much: true,
                ..Self::sample()
            }
        }

        pub(crate) fn sample_refused() -> Self {
            StatusPage {
                number: "#482913",
                problems: StatusProblems {
                    email: Some(FieldProblem::Missing),
                    ..StatusProblems::default()
                },
                ..Self::sample()
            }
        }
    }

    impl TicketsPage<'static> {
        pub(crate) fn sample() -> Self {
            let own = ListRow {
                number: "482913",
                subject: "My drill <smokes> & smells when I start it",
                requester: "Grace Hopper",
                takes_part: false,
                raised_for: None,
                created_at: Moment::minutes_from_noon(-1500),
                updated_at: Moment::minutes_from_noon(-4),
                closed_at: None,
            };
            let for_another = ListRow {
                number: "482907",
                subject: "Invoice was charged twice",
                raised_for: Some("Northern Depot"),
                ..own
            };
            let joined = ListRow {
                number: "482899",
                subject: "The <crane> is stuck",
                requester: "Linus",
                takes_part: true,
                ..own
            };
            TicketsPage {
                shell: Shell::sample_of_a_user(),
                shared: false,
                organization: None,
                state: ListState::Open,
                counts: ListCounts {
                    open: 27,
                    closed: 3,
                },
                topics: Vec::new(),
                topic: "",
                search: "",
                tickets: vec![own, for_another, joined],
                newer: None,
                older: Some("/tickets?whose=mine&state=open&older=482907"),
                now: Moment::NOON,
            }
        }

        pub(crate) fn sample_shared() -> Self {
            let mut page = Self::sample();
            page.tickets.truncate(1);
            page.tickets[0].requester = "Linus";
            page.tickets[0].closed_at = Some(Moment::minutes_from_noon(-30));
            TicketsPage {
                shared: true,
                organization: Some("Navy <Yard>"),
                state: ListState::Closed,
                older: None,
                newer: Some("/tickets?whose=shared&state=closed"),
                ..page
            }
        }

        pub(crate) fn sample_filtered() -> Self {
            let topics = [("7", "Billing"), ("8", "Broken <tool>")];
            TicketsPage {
                state: ListState::All,
                topics: topics.map(|(id, name)| TopicOption { id, name }).to_vec(),
                topic: "8",
                search: "drill & \"smoke\"",
                tickets: Vec::new(),
                older: None,
                ..Self::sample()
            }
        }

        pub(crate) fn sample_empty(shared: bool, state: ListState) -> Self {
            TicketsPage {
                shared,
                organization: shared.then_some("Navy Yard"),
                state,
                counts: ListCounts::default(),
                tickets: Vec::new(),
                older: None,
                ..Self::sample()
            }
        }
    }
}
