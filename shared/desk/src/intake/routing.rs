//! Where a new ticket goes (osTicket's precedence, IN-21).

use tenancy::{Id, Timestamp};

use super::setup::{Department, Setup};
use crate::filter::Given;
use crate::setting::Key;
use crate::ticket::number::Numbering;
use crate::ticket::{Priority, due_at};
use crate::topic::Topic;

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
    /// The status that its topic gives it from the start.
    pub given: Option<Given>,
    grace_hours: Option<i64>,
}

impl Routing {
    /// When a ticket created now becomes overdue; never, without a plan.
    pub fn due_at(&self, created: Timestamp) -> Option<Timestamp> {
        self.grace_hours.map(|hours| due_at(created, hours))
    }
}

impl Setup {
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
            given: topic.given,
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
mod tests;
