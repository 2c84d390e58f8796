//! Where a new ticket goes (osTicket's precedence, IN-21).

use tenancy::Timestamp;

use crate::outbox::Correspondent;
use crate::template::Templates;
use crate::ticket::{Priority, due_at};

/// A help topic a user may pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its id, as osTicket's API knows it.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether the portal offers it.
    pub is_public: bool,
    /// The department it routes to.
    pub department: Option<i64>,
    /// The SLA plan it sets.
    pub plan: Option<i64>,
    /// The priority it sets.
    pub priority: Option<Priority>,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The SLA plan of its tickets.
    pub plan: Option<i64>,
    /// Its manager, who hears of new and of overdue tickets.
    pub manager: Option<Correspondent>,
}

/// An SLA plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: i64,
    /// After how many hours a ticket is overdue.
    pub grace_hours: i64,
}

/// What routing goes by, as it holds for the site's realm, nearest realm first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Active help topics, in the order they are offered.
    pub topics: Vec<Topic>,
    /// Departments; the first is the default.
    pub departments: Vec<Department>,
    /// Active SLA plans; the first is the default.
    pub plans: Vec<Plan>,
    /// Who the realm's mail comes from.
    pub sender: Option<Correspondent>,
    /// What its mails say.
    pub templates: Templates,
}

/// What a caller asks for; each wins over what the setup says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// A help topic.
    pub topic: Option<i64>,
    /// A department, as the mailbox names one.
    pub department: Option<i64>,
    /// An SLA plan.
    pub plan: Option<i64>,
    /// A priority.
    pub priority: Option<Priority>,
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
    grace_hours: Option<i64>,
}

impl Routing {
    /// When a ticket created now becomes overdue; never, without a plan.
    pub fn due_at(&self, created: Timestamp) -> Option<Timestamp> {
        self.grace_hours.map(|hours| due_at(created, hours))
    }
}

impl Setup {
    /// The active topic with this id.
    pub fn topic(&self, id: i64) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// Routes a ticket. An unknown or inactive topic counts as none.
    ///
    /// Department: the mailbox's, then the topic's, then the default.
    /// SLA plan: the caller's, then the topic's, then the department's, then the default.
    /// Priority: the caller's, then the topic's, then normal.
    ///
    /// `None` when the realm has no department at all.
    pub fn route(&self, wishes: Wishes) -> Option<Routing> {
        let topic = wishes.topic.and_then(|id| self.topic(id));
        let wanted = wishes
            .department
            .or(topic.and_then(|topic| topic.department));
        let named = wanted.and_then(|id| self.departments.iter().find(|known| known.id == id));
        let department = named.or(self.departments.first())?.clone();
        let named = wishes
            .plan
            .filter(|id| self.plans.iter().any(|plan| plan.id == *id));
        let plan = named.or(topic.and_then(|topic| topic.plan));
        let plan = self.plan(plan.or(department.plan));
        let priority = wishes.priority.or(topic.and_then(|topic| topic.priority));
        Some(Routing {
            topic: topic.map(|topic| topic.id),
            department,
            plan: plan.map(|plan| plan.id),
            priority: priority.unwrap_or(Priority::Normal),
            grace_hours: plan.map(|plan| plan.grace_hours),
        })
    }

    /// The active plan with this id, or the default.
    pub fn plan(&self, id: Option<i64>) -> Option<Plan> {
        let named = id.and_then(|id| self.plans.iter().find(|plan| plan.id == id));
        named.or(self.plans.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn department(id: i64, plan: Option<i64>) -> Department {
        Department {
            id,
            name: format!("Department {id}"),
            plan,
            manager: None,
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
            sender: None,
            templates: Templates::default(),
        }
    }

    fn routed(wishes: Wishes) -> (Option<i64>, i64, Option<i64>, Priority) {
        let routing = setup().route(wishes).unwrap();
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
    fn a_topic_sets_department_plan_and_priority() {
        assert_eq!(routed(topic(2)), (Some(2), 20, Some(200), Priority::High));
    }

    #[test]
    fn a_departments_plan_comes_after_the_topics() {
        assert_eq!(routed(topic(3)), (Some(3), 20, Some(300), Priority::Normal));
    }

    #[test]
    fn a_mailboxs_department_wins_over_the_topics() {
        let wishes = Wishes {
            department: Some(10),
            ..topic(2)
        };
        assert_eq!(routed(wishes), (Some(2), 10, Some(200), Priority::High));
    }

    #[test]
    fn a_callers_plan_wins_over_the_topics_if_there_is_one() {
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
        let routing = setup().route(topic(2)).unwrap();
        assert_eq!(
            routing.due_at(Timestamp(1_000)),
            Some(Timestamp(1_000 + 4 * 3_600_000))
        );
    }

    #[test]
    fn a_realm_without_a_department_cannot_take_tickets() {
        assert_eq!(Setup::default().route(Wishes::default()), None);
    }
}
