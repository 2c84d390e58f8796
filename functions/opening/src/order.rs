//! What is to become of what was typed, checked as far as it can be before anything is decided.

use desk::filter::Channel;
use desk::form;
use desk::intake::{Arrival, LONGEST_MESSAGE, Problem, Submission, Wishes, checked_message};
use desk::offer::Kind;
use desk::ticket::{Priority, Source};
use pages::opening::Why;
use tenancy::policy::{AgentKey, Permission};
use tenancy::{RealmId, Timestamp};
use web::questions::Answered;

use crate::counter::Counter;
use crate::typed::Typed;

/// What is wrong, by field.
pub(crate) type Problems = Vec<(&'static str, Why)>;

/// A ticket that can be opened, as far as its fields go.
pub(crate) struct Order {
    pub(crate) arrival: Arrival,
    /// The realm whose user it is for.
    pub(crate) user_realm: RealmId,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) reply: String,
    pub(crate) note: String,
}

/// Fields as they are checked, one after the other, so that all problems are told at once.
struct Checking<'a> {
    counter: &'a Counter,
    typed: &'a Typed,
    problems: Problems,
}

impl Order {
    /// Checks every field.
    pub(crate) fn of(
        counter: &Counter,
        typed: &Typed,
        answered: &Answered,
    ) -> Result<Self, Problems> {
        let mut checking = Checking {
            counter,
            typed,
            problems: Problems::new(),
        };
        let said = checking.wishes();
        let (reply, note) = (checking.words("reply"), checking.words("note"));
        let due_at = checking.due();
        let source = checking.source();
        let user_realm = user_realm(counter, typed);
        let request = submission(typed, source).check();
        match (request, answered.answers()) {
            (Ok(request), Some(answers)) => {
                let known = counter.setup.requester(&request.email, user_realm);
                let makes = Permission::Agent(AgentKey::UserCreate);
                if !known.is_some_and(|it| it.is_known) && !counter.desk.agent.has(makes) {
                    checking.tell("email", Why::Stranger);
                }
                let arrival = Arrival {
                    said,
                    answers,
                    is_by_agent: true,
                    ..Arrival::new(request, Channel::Web, user_realm)
                };
                checking.done(Self {
                    arrival,
                    user_realm,
                    due_at,
                    reply,
                    note,
                })
            }
            (request, _) => {
                let wrong = request.err().unwrap_or_default();
                checking.told("name", wrong.name);
                checking.told("email", wrong.email);
                checking.told("subject", wrong.subject);
                checking.told("message", wrong.message);
                Err(checking.problems)
            }
        }
    }
}

impl Checking<'_> {
    fn done(self, order: Order) -> Result<Order, Problems> {
        if self.problems.is_empty() {
            Ok(order)
        } else {
            Err(self.problems)
        }
    }

    fn tell(&mut self, field: &'static str, why: Why) {
        self.problems.push((field, why));
    }

    fn told(&mut self, field: &'static str, problem: Option<Problem>) {
        let why = problem.map(|problem| match problem {
            Problem::Missing => Why::Missing,
            Problem::NotAnAddress => Why::NotAnAddress,
            Problem::TooLong(most) => Why::TooLong(most),
            Problem::NotOffered => Why::NotOffered,
        });
        self.problems.extend(why.map(|why| (field, why)));
    }

    /// What was picked in a field, if it is offered.
    fn picked(&mut self, field: &'static str, is_offered: impl Fn(i64) -> bool) -> Option<i64> {
        if self.typed.get(field).is_empty() {
            return None;
        }
        let picked = self.typed.number(field).filter(|id| is_offered(*id));
        if picked.is_none() {
            self.tell(field, Why::NotOffered);
        }
        picked
    }

    /// What the ticket is to be like; whoever gets it is another matter.
    fn wishes(&mut self) -> Wishes {
        let counter = self.counter;
        let is_plan = |id| {
            let mut offers = counter.offers.iter();
            offers.any(|offer| offer.kind == Kind::Plan && offer.id == id)
        };
        let priority = self.picked("priority", |id| Priority::of_id(id).is_some());
        Wishes {
            topic: self.picked("topic", |id| counter.setup.topic(id).is_some()),
            department: self.picked("department", |id| {
                counter.departments().any(|(known, _)| known == id)
            }),
            plan: self.picked("plan", is_plan),
            priority: priority.and_then(Priority::of_id),
            ..Wishes::default()
        }
    }

    fn words(&mut self, field: &'static str) -> String {
        match checked_message(self.typed.get(field)) {
            Ok(words) => words,
            Err(Problem::TooLong(_)) => {
                self.tell(field, Why::TooLong(LONGEST_MESSAGE));
                String::new()
            }
            Err(Problem::Missing | Problem::NotAnAddress | Problem::NotOffered) => String::new(),
        }
    }

    /// When it is due, as the clocks of the portal's realm show it.
    fn due(&mut self) -> Option<Timestamp> {
        let (typed, desk) = (self.typed.get("due").trim(), &self.counter.desk);
        if typed.is_empty() {
            return None;
        }
        let zone = desk.frame.shell().locale.zone;
        let due = form::moment_in(&zone, typed).map(Timestamp);
        match due {
            None => self.tell("due", Why::NotADate),
            Some(due) if due <= desk.visit.now() => self.tell("due", Why::TooEarly),
            Some(_) => {}
        }
        due
    }

    fn source(&mut self) -> Source {
        self.typed.source().unwrap_or_else(|| {
            self.tell("source", Why::NotOffered);
            Source::Phone
        })
    }
}

fn submission(typed: &Typed, source: Source) -> Submission {
    let text = |field: &str| typed.get(field).to_owned();
    Submission {
        name: text("name"),
        email: text("email"),
        subject: text("subject"),
        message: text("message"),
        source,
        // Where the agent sits says nothing of the user.
        ip: None,
    }
}

/// The realm whose user it is: that of whoever was picked, as long as the address is theirs and
/// their realm raises tickets here; else the ticket's own.
fn user_realm(counter: &Counter, typed: &Typed) -> RealmId {
    let email = typed.email();
    let person = counter.person.as_ref();
    let picked = person.filter(|it| it.email == email && it.path.covers(&counter.realm.path));
    picked.map_or(counter.realm.id, |person| person.realm.id)
}
