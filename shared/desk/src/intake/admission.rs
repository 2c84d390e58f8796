//! Whether a request becomes a ticket, and what that is to be like: the ban list, who may write,
//! filters, routing and limits, in one pure step.

use tenancy::RealmId;

use super::routing::{Routing, Wishes};
use super::setup::{Requester, Setup};
use super::submission::Request;
use crate::email::EmailAddress;
use crate::filter::{self, Channel, Effects, Facts, Given, Mailing, Match, What};
use crate::form::{self, Answer, Kind};
use crate::setting::Key;
use crate::ticket::Priority;

/// A checked request, with all that is known about how it came in.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Who asks, and what.
    pub request: Request,
    /// What the door says it is to be like.
    pub said: Wishes,
    /// What was filled into its fields.
    pub answers: Vec<Answer>,
    /// The channel it came through.
    pub channel: Channel,
    /// The realm whose user the requester is, or becomes.
    pub realm: RealmId,
    /// Whether an agent asks in the requester's name, whom neither the ban list nor the limit of
    /// open tickets turns away.
    pub is_by_agent: bool,
    /// The status that it is to have from the start, where no filter says so; else its topic does.
    pub given: Option<Given>,
    /// What the requester is answered, with variables, where no filter says so.
    pub answer: Option<String>,
    /// What only mail has.
    pub mail: MailFacts,
}

/// What is known about a mail beside what it asks.
#[derive(Clone, Debug, Default)]
pub struct MailFacts {
    /// The address it came to, lower case.
    pub mailbox: Option<String>,
    /// What that address says tickets are to be like.
    pub defaults: Wishes,
    /// Whether that address answers nobody by itself.
    pub is_silent: bool,
    /// The priority that it gives itself.
    pub priority: Option<Priority>,
    /// Whom answers are asked to go to, with the name.
    pub reply_to: Option<(EmailAddress, String)>,
    /// The addresses it went to.
    pub addressees: Vec<String>,
}

impl Arrival {
    /// A request that came through a channel, of which nothing more is said.
    pub fn new(request: Request, channel: Channel, realm: RealmId) -> Self {
        Self {
            request,
            said: Wishes::default(),
            answers: Vec::new(),
            channel,
            realm,
            is_by_agent: false,
            given: None,
            answer: None,
            mail: MailFacts::default(),
        }
    }
}

/// A request that becomes a ticket.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Admission {
    /// Who asks, and what.
    pub request: Request,
    /// Where it goes.
    pub routing: Routing,
    /// What was filled into its fields.
    pub answers: Vec<Answer>,
    /// The filters it met, in their order.
    pub matches: Vec<Match>,
    /// What filters send to others.
    pub mails: Vec<Mailing>,
    /// The status it has from the start.
    pub given: Given,
    /// What the requester is answered, with variables.
    pub answer: Option<String>,
    /// Whether the requester may be answered by itself.
    pub is_answered: bool,
    /// Whether others of the requester's organization take part in it.
    pub has_company: bool,
    /// Whether it is the last that the requester may have open, and is to be told so.
    pub reaches_limit: bool,
}

/// Why a request does not become a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The sender is banned or not known, or a filter rejects it; as this address.
    Denied(EmailAddress),
    /// The sender has as many tickets open as they may have.
    OverLimit,
    /// Nobody could take it: the realm has no department.
    NoDepartment,
    /// The setup was read where nobody asked for a ticket: a mistake of ours.
    NotAsked,
}

impl Setup {
    /// Decides about a request.
    ///
    /// Filters see it as it came in, and may change who counts as the sender; then the sender
    /// must be one who may write, and may have another ticket open.
    ///
    /// # Errors
    /// Why there will be no ticket; nothing is to be written then.
    pub fn admit(&self, arrival: Arrival) -> Result<Admission, Refusal> {
        let filters = self.filters.as_ref().ok_or(Refusal::NotAsked)?;
        let facts = self.facts(&arrival);
        let denied = |_| Refusal::Denied(arrival.request.email.clone());
        let effects = filter::run(filters, &facts).map_err(denied)?;
        let mut request = arrival.request;
        if let (true, Some((email, name))) = (effects.uses_reply_to, &arrival.mail.reply_to) {
            request.email = email.clone();
            request.name.clone_from(name);
        }
        let known = self.requester(&request.email, arrival.realm);
        let is_stranger = arrival.channel == Channel::Email && !known.is_some_and(|it| it.is_known);
        if is_stranger && !self.settings.is_on(Key::AcceptUnregistered) {
            return Err(Refusal::Denied(request.email));
        }
        let open = known.map_or(0, |known| known.open_tickets);
        let most = self.settings.number(Key::MaxOpenTickets);
        let most = if arrival.is_by_agent { 0 } else { most };
        if most > 0 && open >= most {
            return Err(Refusal::OverLimit);
        }
        let of_mail = arrival.mail.priority;
        let of_mail = of_mail.filter(|_| self.settings.is_on(Key::PriorityByMail));
        let priority = arrival.said.priority.or(form::priority(&arrival.answers));
        let said = Wishes {
            priority: priority.or(of_mail),
            ..arrival.said
        };
        let said = asked_for(&effects).or(said);
        let manager = known.and_then(|known| known.manager.as_ref());
        let routing = self.route(said, arrival.mail.defaults, manager);
        let routing = routing.ok_or(Refusal::NoDepartment)?;
        let of_topic = routing.given;
        let is_silent = effects.is_silent || arrival.mail.is_silent || routing.is_silent;
        let is_answered = routing.department.answers_tickets && !is_silent;
        let is_told = is_answered && self.settings.is_on(Key::OverlimitNotice);
        Ok(Admission {
            request,
            routing,
            answers: arrival.answers,
            matches: effects.matches,
            mails: effects.mails,
            given: effects
                .given
                .or(arrival.given)
                .or(of_topic)
                .unwrap_or_default(),
            answer: effects.answer.or(arrival.answer),
            is_answered,
            has_company: known.is_some_and(|known| known.has_company),
            reaches_limit: most > 0 && open + 1 == most && is_told,
        })
    }

    /// What is known of whoever asks in a realm.
    pub fn requester(&self, email: &EmailAddress, realm: RealmId) -> Option<&Requester> {
        let is = |known: &&Requester| known.realm == realm && known.email == email.as_str();
        self.requesters.iter().find(is)
    }

    fn facts(&self, arrival: &Arrival) -> Facts {
        let request = &arrival.request;
        let mailbox = arrival.mail.mailbox.clone();
        let banned = if arrival.is_by_agent {
            Vec::new()
        } else {
            self.banned.clone()
        };
        let mut facts = Facts::at(arrival.channel, mailbox, banned)
            .with(What::Name, &request.name)
            .with(What::Email, request.email.as_str())
            .with(What::Subject, &request.subject)
            .with(What::Message, &request.message);
        let topic = arrival.said.topic.or(arrival.mail.defaults.topic);
        if let Some(topic) = topic.and_then(|id| self.topic(id)) {
            facts = facts.with(What::Topic, &topic.id.to_string());
            facts = facts.with(What::Topic, &topic.name);
        }
        if let Some((address, name)) = &arrival.mail.reply_to {
            facts = facts.with(What::ReplyTo, address.as_str());
            facts = facts.with(What::ReplyToName, name);
        }
        for address in &arrival.mail.addressees {
            facts = facts.with(What::Addressee, address);
        }
        for (field, value) in self.profile_of(arrival) {
            facts = facts.with(What::Field(*field), value);
        }
        arrival.answers.iter().fold(facts, with_answer)
    }

    /// What was known of the requester before, but for what they have said anew.
    fn profile_of<'s>(&'s self, arrival: &'s Arrival) -> impl Iterator<Item = &'s (i64, String)> {
        let known = self.requester(&arrival.request.email, arrival.realm);
        let is_said = |field| arrival.answers.iter().any(|it| it.field == field);
        let profile = known.into_iter().flat_map(|it| &it.profile);
        profile.filter(move |(field, _)| !is_said(*field))
    }
}

/// What was picked from a list, or as a priority, is known by its id and by its name, as a topic is.
fn with_answer(mut facts: Facts, answer: &Answer) -> Facts {
    let what = What::Field(answer.field);
    for value in &answer.values {
        facts = facts.with(what, &value.text);
        if let (Kind::List | Kind::Priority, Some(id)) = (answer.kind, value.number) {
            facts = facts.with(what, &id.to_string());
        }
    }
    facts
}

fn asked_for(effects: &Effects) -> Wishes {
    Wishes {
        topic: effects.topic,
        department: effects.department,
        plan: effects.plan,
        priority: effects.priority,
        agent: effects.agent.clone(),
        team: effects.team,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{Action, Filter, Operator, Rule, Target};
    use crate::intake::{Department, Submission};
    use crate::setting::{Held, Settings};
    use crate::ticket::Source;
    use crate::topic::Topic;

    fn arrival(channel: Channel) -> Arrival {
        let submission = Submission {
            name: "Ana Lima".to_owned(),
            email: "ana@example.com".to_owned(),
            subject: "Printer on fire".to_owned(),
            message: "It burns.".to_owned(),
            source: Source::Web,
            ip: None,
        };
        Arrival::new(submission.check().unwrap(), channel, RealmId(1))
    }

    fn setup(settings: &[(Key, &str)]) -> Setup {
        let held: Vec<_> = settings
            .iter()
            .map(|(key, text)| Held::own(*key, text))
            .collect();
        Setup {
            departments: vec![Department {
                id: 1,
                name: "Support".to_owned(),
                plan: None,
                answers_tickets: true,
            }],
            settings: Settings::of(&held),
            filters: Some(Vec::new()),
            ..Setup::default()
        }
    }

    fn known(email: &str, open_tickets: i64) -> Requester {
        let email = email.to_owned();
        Requester {
            email,
            realm: RealmId(1),
            is_known: true,
            open_tickets,
            manager: None,
            has_company: false,
            profile: Vec::new(),
        }
    }

    fn on_fire(actions: Vec<Action>) -> Filter {
        let value = "fire".to_owned();
        Filter {
            name: "Fires".to_owned(),
            target: Target::Any,
            is_match_all: true,
            is_last: false,
            rules: vec![Rule {
                what: What::Subject,
                operator: Operator::Contains,
                value,
            }],
            actions,
        }
    }

    fn denied<T>() -> Result<T, Refusal> {
        Err(Refusal::Denied(
            EmailAddress::parse("ana@example.com").unwrap(),
        ))
    }

    #[test]
    fn in_16_mail_of_strangers_is_refused_where_only_the_known_may_write() {
        let closed = setup(&[(Key::AcceptUnregistered, "0")]);
        assert_eq!(closed.admit(arrival(Channel::Email)).map(|_| ()), denied());
        assert!(
            closed.admit(arrival(Channel::Web)).is_ok(),
            "the portal is another matter"
        );
        let known = Setup {
            requesters: vec![known("ana@example.com", 0)],
            ..closed
        };
        assert!(known.admit(arrival(Channel::Email)).is_ok());
        let mut elsewhere = arrival(Channel::Email);
        elsewhere.realm = RealmId(2);
        assert_eq!(
            known.admit(elsewhere).map(|_| ()),
            denied(),
            "known in another realm"
        );
        assert!(setup(&[]).admit(arrival(Channel::Email)).is_ok());
    }

    #[test]
    fn in_17_a_user_has_so_many_tickets_open_and_is_told_once() {
        let limit = [(Key::MaxOpenTickets, "2"), (Key::OverlimitNotice, "1")];
        let with = |open| {
            let setup = Setup {
                requesters: vec![known("ana@example.com", open)],
                ..setup(&limit)
            };
            let admitted = setup.admit(arrival(Channel::Web));
            admitted.map(|admission| admission.reaches_limit)
        };
        assert_eq!(with(0), Ok(false));
        assert_eq!(with(1), Ok(true));
        assert_eq!(with(2), Err(Refusal::OverLimit));
        let quiet = setup(&[(Key::MaxOpenTickets, "1")]);
        assert!(!quiet.admit(arrival(Channel::Web)).unwrap().reaches_limit);
    }

    #[test]
    fn in_21_a_filter_wins_over_what_the_door_says() {
        let setup = Setup {
            filters: Some(vec![on_fire(vec![
                Action::Priority(Priority::Low),
                Action::Status(Given {
                    is_closed: true,
                    status: None,
                }),
            ])]),
            ..setup(&[])
        };
        let mut arrival = arrival(Channel::Api);
        arrival.said.priority = Some(Priority::High);
        let admission = setup.admit(arrival).unwrap();
        assert_eq!(admission.routing.priority, Priority::Low);
        assert!(admission.given.is_closed && admission.is_answered);
        assert_eq!(admission.matches[0].filter, "Fires");
    }

    #[test]
    fn ht_1_a_topics_status_counts_where_nobody_else_gives_one() {
        let given = |is_closed| Given {
            is_closed,
            status: None,
        };
        let topic = Topic {
            id: 1,
            given: Some(given(true)),
            ..Topic::default()
        };
        let by_topic = Setup {
            topics: vec![topic],
            ..setup(&[])
        };
        let admitted = |setup: &Setup, door| {
            let mut arrival = arrival(Channel::Api);
            arrival.said.topic = Some(1);
            arrival.given = door;
            setup.admit(arrival).unwrap().given.is_closed
        };
        assert!(admitted(&by_topic, None));
        assert!(!admitted(&by_topic, Some(given(false))), "the door does");
        let filtered = Setup {
            filters: Some(vec![on_fire(vec![Action::Status(given(false))])]),
            ..by_topic
        };
        assert!(!admitted(&filtered, Some(given(true))), "a filter does");
    }

    #[test]
    fn nothing_is_admitted_where_filters_were_not_read() {
        let unread = Setup {
            filters: None,
            ..setup(&[])
        };
        let refusal = unread.admit(arrival(Channel::Web)).map(|_| ());
        assert_eq!(refusal, Err(Refusal::NotAsked));
    }

    #[test]
    fn fi_6_a_rejecting_filter_and_the_ban_list_refuse_alike() {
        let rejecting = Setup {
            filters: Some(vec![on_fire(vec![Action::Reject])]),
            ..setup(&[])
        };
        assert_eq!(rejecting.admit(arrival(Channel::Web)).map(|_| ()), denied());
        let banning = Setup {
            banned: vec!["ana@example.com".to_owned()],
            ..setup(&[])
        };
        assert_eq!(banning.admit(arrival(Channel::Web)).map(|_| ()), denied());
    }

    #[test]
    fn in_17_agents_open_tickets_for_whoever_is_banned_or_has_too_many() {
        let setup = Setup {
            banned: vec!["ana@example.com".to_owned()],
            requesters: vec![known("ana@example.com", 9)],
            ..setup(&[(Key::MaxOpenTickets, "1"), (Key::OverlimitNotice, "1")])
        };
        let mut opened = arrival(Channel::Web);
        assert_eq!(setup.admit(opened.clone()).map(|_| ()), denied());
        opened.is_by_agent = true;
        assert!(!setup.admit(opened.clone()).unwrap().reaches_limit);
        let rejecting = Setup {
            filters: Some(vec![on_fire(vec![Action::Reject])]),
            ..setup
        };
        assert_eq!(rejecting.admit(opened).map(|_| ()), denied());
    }

    #[test]
    fn fi_4_the_one_to_answer_becomes_the_requester_with_their_own_limit() {
        let bo = EmailAddress::parse("bo@example.com").unwrap();
        let mut mailed = arrival(Channel::Email);
        mailed.mail.reply_to = Some((bo.clone(), "Bo".to_owned()));
        let setup = Setup {
            filters: Some(vec![on_fire(vec![Action::UseReplyTo, Action::Silence])]),
            requesters: vec![known("ana@example.com", 9), known("bo@example.com", 0)],
            ..setup(&[(Key::MaxOpenTickets, "1")])
        };
        let admission = setup.admit(mailed).unwrap();
        assert_eq!(admission.request.email, bo);
        assert_eq!(admission.request.name, "Bo");
        assert!(!admission.is_answered);
    }
}
