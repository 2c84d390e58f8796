//! What intake goes by in a realm: help topics, departments, plans, settings and filters.

use tenancy::{Id, RealmId};

use crate::filter::Filter;
use crate::form::{self, Field};
use crate::outbox::Correspondent;
use crate::setting::{Key, Settings};
use crate::template::Templates;
use crate::ticket::Priority;
use crate::ticket::number::{Format, Numbering};
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
    /// Whether they are a user already, and become none by this ticket, or would join an
    /// organization as one.
    pub is_known: bool,
    /// How many tickets they have open.
    pub open_tickets: i64,
    /// The account manager who gets the tickets of their organization.
    pub manager: Option<Id>,
    /// Whether others of their organization take part in their tickets.
    pub has_company: bool,
    /// What their forms hold of them, and those of organizations of theirs: fields, and values.
    pub profile: Vec<(i64, String)>,
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

    /// The active plan with this id, or the default.
    pub fn plan(&self, id: Option<i64>) -> Option<Plan> {
        let find = |id: i64| self.plans.iter().find(|plan| plan.id == id);
        let default = || find(self.settings.number(Key::DefaultPlan));
        id.and_then(find)
            .or_else(default)
            .or(self.plans.first())
            .copied()
    }

    pub(super) fn default_priority(&self) -> Priority {
        Priority::of_id(self.settings.number(Key::DefaultPriority)).unwrap_or(Priority::Normal)
    }

    /// The topic's own numbers, or those of all tickets.
    pub(super) fn numbering(&self, topic: &Topic) -> Numbering {
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
