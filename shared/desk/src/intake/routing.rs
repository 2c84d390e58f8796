//! Where a new ticket goes (osTicket's precedence, IN-21).

use tenancy::{Id, RealmId, Timestamp};

use crate::filter::Filter;
use crate::form::{self, Field};
use crate::outbox::Correspondent;
use crate::setting::{Key, Settings};
use crate::template::Templates;
use crate::ticket::number::{Format, Numbering};
use crate::ticket::{Priority, due_at};
use crate::topic::Topic;

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The SLA plan of its tickets.
    pub plan: Option<i64>,
    /// Whether its new tickets are answered by themselves.
    pub answers_tickets: bool,
}

/// An SLA plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: i64,
    /// After how many hours a ticket is overdue.
    pub grace_hours: i64,
}

/// Who may turn out to be the requester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// The address, lower case.
    pub email: String,
    /// The realm they belong to: the same address in two realms is two users (T-68).
    pub realm: RealmId,
    /// Whether they are a user already, and become none by this ticket.
    pub is_known: bool,
    /// How many tickets they have open.
    pub open_tickets: i64,
    /// The account manager who gets the tickets of their organization.
    pub manager: Option<Id>,
    /// Whether others of their organization take part in their tickets.
    pub has_company: bool,
}

/// What intake goes by, as it holds for the site's realm, nearest realm first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Help topics that tickets may have, in the order they are offered.
    pub topics: Vec<Topic>,
    /// Departments; the first is the default.
    pub departments: Vec<Department>,
    /// Active SLA plans; the first is the default.
    pub plans: Vec<Plan>,
    /// Who the realm's mail comes from.
    pub sender: Option<Correspondent>,
    /// The settings.
    pub settings: Settings,
    /// Filters, in their order; where they were not read, nothing is admitted.
    pub filters: Option<Vec<Filter>>,
    /// Those of the addresses asked for that are on a ban list.
    pub banned: Vec<String>,
    /// Whoever has the addresses asked for, or would, in each realm.
    pub requesters: Vec<Requester>,
    /// What its mails say.
    pub templates: Templates,
}

/// What a ticket is to be like, as far as somebody says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// A help topic.
    pub topic: Option<i64>,
    /// A department.
    pub department: Option<i64>,
    /// An SLA plan.
    pub plan: Option<i64>,
    /// A priority.
    pub priority: Option<Priority>,
    /// An agent.
    pub agent: Option<Id>,
    /// A team.
    pub team: Option<i64>,
}

impl Wishes {
    /// These wishes, and where they are silent, the others.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            topic: self.topic.or(others.topic),
            department: self.department.or(others.department),
            plan: self.plan.or(others.plan),
            priority: self.priority.or(others.priority),
            agent: self.agent.or(others.agent),
            team: self.team.or(others.team),
        }
    }
}

/// Where a ticket goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routing {
    /// Its help topic.
    pub topic: Option<i64>,
    /// Its department.
    pub department: Department,
    /// Its SLA plan.
    pub plan: Option<i64>,
    /// Its priority.
    pub priority: Priority,
    /// The agent who gets it.
    pub agent: Option<Id>,
    /// The team that gets it.
    pub team: Option<i64>,
    /// How it gets its number.
    pub numbering: Numbering,
    /// What its confirmation says; empty where it says what it always says.
    pub thanks: String,
    /// Whether it is not answered by itself.
    pub is_silent: bool,
    grace_hours: Option<i64>,
}

impl Routing {
    /// When a ticket created now becomes overdue; never, without a plan.
    pub fn due_at(&self, created: Timestamp) -> Option<Timestamp> {
        self.grace_hours.map(|hours| due_at(created, hours))
    }
}

impl Setup {
    /// The topic with this id, if tickets may have it.
    pub fn topic(&self, id: i64) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// What is asked of a ticket that names this topic, or none and so has the default: all that
    /// was looked up for it, or, where tickets may not have that topic, what all are asked for.
    pub fn asks(&self, topic: Option<i64>, form: Vec<Field>) -> Vec<Field> {
        let topic = topic.unwrap_or_else(|| self.settings.number(Key::DefaultTopic));
        if self.topic(topic).is_some() {
            form
        } else {
            form::of_all(form)
        }
    }

    /// Routes a ticket: what is said of it, then what its mailbox says, then its topic, then the
    /// defaults (IN-21). What is said of it by filters stands in `said` before what its form says.
    ///
    /// Only for the SLA plan the department comes between topic and default, and assignees come
    /// from what is said, the topic, and `manager`, who looks after the requester's organization;
    /// who assigns an agent assigns no team beside.
    /// An unknown or inactive topic counts as none, and so does a department that is not the
    /// realm's.
    ///
    /// `None` when the realm has no department at all.
    pub fn route(&self, said: Wishes, mailbox: Wishes, manager: Option<&Id>) -> Option<Routing> {
        let (said, mailbox) = (self.known(said), self.known(mailbox));
        let default = Some(self.settings.number(Key::DefaultTopic));
        let wanted = said.topic.or(mailbox.topic).or(default);
        let none = Topic::default();
        let found = wanted.and_then(|id| self.topic(id));
        let topic = found.unwrap_or(&none);
        let by_topic = Wishes {
            department: topic.department,
            plan: topic.plan,
            priority: topic.priority,
            ..Wishes::default()
        };
        let (agent, team) = assignee(&said, topic, manager);
        let wishes = said.or(mailbox).or(by_topic);
        let department = self.department(wishes.department)?.clone();
        let plan = self.plan(wishes.plan.or(department.plan));
        let priority = wishes.priority.unwrap_or_else(|| self.default_priority());
        Some(Routing {
            topic: found.map(|topic| topic.id),
            department,
            plan: plan.map(|plan| plan.id),
            priority,
            agent,
            team,
            numbering: self.numbering(topic),
            thanks: topic.thanks.clone(),
            is_silent: topic.is_silent,
            grace_hours: plan.map(|plan| plan.grace_hours),
        })
    }

    /// Wishes without departments and plans that are not to be had here.
    fn known(&self, wishes: Wishes) -> Wishes {
        let is_department = |id: &i64| self.departments.iter().any(|known| known.id == *id);
        let is_plan = |id: &i64| self.plans.iter().any(|known| known.id == *id);
        Wishes {
            department: wishes.department.filter(is_department),
            plan: wishes.plan.filter(is_plan),
            ..wishes
        }
    }

    fn department(&self, id: Option<i64>) -> Option<&Department> {
        let find = |id: i64| self.departments.iter().find(|known| known.id == id);
        let default = || find(self.settings.number(Key::DefaultDepartment));
        id.and_then(find)
            .or_else(default)
            .or(self.departments.first())
    }

    /// The active plan with this id, or the default.
    pub fn plan(&self, id: Option<i64>) -> Option<Plan> {
        let find = |id: i64| self.plans.iter().find(|plan| plan.id == id);
        let default = || find(self.settings.number(Key::DefaultPlan));
        id.and_then(find)
            .or_else(default)
            .or(self.plans.first())
            .copied()
    }

    fn default_priority(&self) -> Priority {
        Priority::of_id(self.settings.number(Key::DefaultPriority)).unwrap_or(Priority::Normal)
    }

    /// The topic's own numbers, or those of all tickets.
    fn numbering(&self, topic: &Topic) -> Numbering {
        let format = Format::parse(&self.settings.text(Key::NumberFormat));
        let general = self.settings.number(Key::NumberSequence);
        let (format, sequence) = match &topic.format {
            Some(own) => (Some(own.clone()), topic.sequence.unwrap_or_default()),
            None => (format, general),
        };
        Numbering {
            format: format.unwrap_or_default(),
            sequence: Some(sequence).filter(|id| *id > 0),
        }
    }
}

fn assignee(said: &Wishes, topic: &Topic, manager: Option<&Id>) -> (Option<Id>, Option<i64>) {
    if said.agent.is_some() || said.team.is_some() {
        (said.agent.clone(), said.team)
    } else if topic.agent.is_some() || topic.team.is_some() {
        (topic.agent.clone(), topic.team)
    } else {
        (manager.cloned(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::Held;

    fn department(id: i64, plan: Option<i64>) -> Department {
        Department {
            id,
            name: format!("Department {id}"),
            plan,
            answers_tickets: true,
        }
    }

    fn setup() -> Setup {
        let topic = |id, department, plan, priority| Topic {
            id,
            name: format!("Topic {id}"),
            is_public: true,
            department,
            plan,
            priority,
            ..Topic::default()
        };
        Setup {
            topics: vec![
                topic(1, None, None, None),
                topic(2, Some(20), Some(200), Some(Priority::High)),
                topic(3, Some(20), None, None),
            ],
            departments: vec![department(10, None), department(20, Some(300))],
            plans: vec![
                Plan {
                    id: 100,
                    grace_hours: 18,
                },
                Plan {
                    id: 200,
                    grace_hours: 4,
                },
                Plan {
                    id: 300,
                    grace_hours: 2,
                },
            ],
            ..Setup::default()
        }
    }

    fn routed(wishes: Wishes) -> (Option<i64>, i64, Option<i64>, Priority) {
        routed_with(wishes, Wishes::default())
    }

    fn routed_with(said: Wishes, mailbox: Wishes) -> (Option<i64>, i64, Option<i64>, Priority) {
        let routing = setup().route(said, mailbox, None).unwrap();
        (
            routing.topic,
            routing.department.id,
            routing.plan,
            routing.priority,
        )
    }

    fn topic(id: i64) -> Wishes {
        Wishes {
            topic: Some(id),
            ..Wishes::default()
        }
    }

    #[test]
    fn without_wishes_the_defaults_hold() {
        assert_eq!(
            routed(Wishes::default()),
            (None, 10, Some(100), Priority::Normal)
        );
    }

    #[test]
    fn in_21_a_topic_sets_department_plan_and_priority() {
        assert_eq!(routed(topic(2)), (Some(2), 20, Some(200), Priority::High));
    }

    #[test]
    fn in_21_a_departments_plan_comes_after_the_topics() {
        assert_eq!(routed(topic(3)), (Some(3), 20, Some(300), Priority::Normal));
    }

    #[test]
    fn in_21_a_mailboxs_department_wins_over_the_topics() {
        let mailbox = Wishes {
            department: Some(10),
            priority: Some(Priority::Low),
            ..topic(3)
        };
        let routed = |said| routed_with(said, mailbox.clone());
        assert_eq!(routed(topic(2)), (Some(2), 10, Some(200), Priority::Low));
        let said = Wishes {
            department: Some(20),
            priority: Some(Priority::Emergency),
            ..Wishes::default()
        };
        assert_eq!(routed(said), (Some(3), 20, Some(300), Priority::Emergency));
    }

    #[test]
    fn in_21_a_callers_plan_wins_over_the_topics_if_there_is_one() {
        let wishes = |plan| Wishes {
            plan: Some(plan),
            ..topic(2)
        };
        let high = Priority::High;
        assert_eq!(routed(wishes(300)), (Some(2), 20, Some(300), high));
        assert_eq!(routed(wishes(999)), (Some(2), 20, Some(200), high));
    }

    #[test]
    fn an_unknown_topic_counts_as_none() {
        assert_eq!(routed(topic(99)), (None, 10, Some(100), Priority::Normal));
    }

    #[test]
    fn the_due_time_is_plain_hours_after_creation() {
        let routing = setup().route(topic(2), Wishes::default(), None).unwrap();
        assert_eq!(
            routing.due_at(Timestamp(1_000)),
            Some(Timestamp(1_000 + 4 * 3_600_000))
        );
    }

    #[test]
    fn a_realm_without_a_department_cannot_take_tickets() {
        let nothing = Wishes::default();
        assert_eq!(Setup::default().route(nothing.clone(), nothing, None), None);
    }

    #[test]
    fn in_21_the_defaults_are_settings() {
        let set = |key: Key, text: &str| Held::own(key, text);
        let setup = Setup {
            settings: Settings::of(&[
                set(Key::DefaultDepartment, "20"),
                set(Key::DefaultPriority, "4"),
                set(Key::DefaultPlan, "200"),
                set(Key::DefaultTopic, "1"),
            ]),
            ..setup()
        };
        let route = |said| setup.route(said, Wishes::default(), None).unwrap();
        let routing = route(Wishes::default());
        assert_eq!((routing.topic, routing.department.id), (Some(1), 20));
        assert_eq!(
            (routing.plan, routing.priority),
            (Some(300), Priority::Emergency)
        );
        let elsewhere = Wishes {
            department: Some(99),
            plan: Some(99),
            ..Wishes::default()
        };
        let routing = route(elsewhere);
        let left_out = (20, Some(300));
        assert_eq!(
            (routing.department.id, routing.plan),
            left_out,
            "as if not said"
        );
        assert_eq!(setup.plan(Some(99)).unwrap().id, 200);
    }

    #[test]
    fn in_21_an_assignee_comes_from_what_is_said_and_then_from_the_topic() {
        let agent = Id::parse("018bcfe5-6800-7707-8707-070707070708").unwrap();
        let mut setup = setup();
        setup.topics[1].agent = Some(agent.clone());
        let assigned = |said| {
            let routing = setup.route(said, Wishes::default(), None).unwrap();
            (routing.agent, routing.team)
        };
        assert_eq!(assigned(topic(1)), (None, None));
        assert_eq!(assigned(topic(2)), (Some(agent), None));
        let team = Wishes {
            team: Some(5),
            ..topic(2)
        };
        assert_eq!(
            assigned(team),
            (None, Some(5)),
            "and not the topic's agent beside it"
        );
        let manager = Id::parse("018bcfe5-6800-7707-8707-070707070709").unwrap();
        let managed = |said| {
            let routing = setup.route(said, Wishes::default(), Some(&manager));
            let routing = routing.unwrap();
            (routing.agent, routing.team)
        };
        assert_eq!(managed(topic(1)), (Some(manager.clone()), None));
        assert_eq!(managed(topic(2)).0, setup.topics[1].agent);
    }

    #[test]
    fn in_22_a_topic_may_number_its_tickets_in_its_own_way() {
        let mut setup = setup();
        setup.settings = Settings::of(&[
            Held::own(Key::NumberFormat, "T-####"),
            Held::own(Key::NumberSequence, "1"),
        ]);
        setup.topics[0].format = Format::parse("Q########");
        setup.topics[2].format = Format::parse("R#");
        setup.topics[2].sequence = Some(7);
        let numbered = |id| {
            let numbering = setup
                .route(topic(id), Wishes::default(), None)
                .unwrap()
                .numbering;
            (numbering.format, numbering.sequence)
        };
        let format = |text| Format::parse(text).unwrap();
        assert_eq!(numbered(2), (format("T-####"), Some(1)));
        assert_eq!(numbered(1), (format("Q########"), None));
        assert_eq!(numbered(3), (format("R#"), Some(7)));
    }
}
