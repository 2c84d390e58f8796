//! Changing a ticket: everything that is changed at once is one statement, guarded by what was
//! read, and is told of by an event for each kind of change.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::Random;
use tenancy::{Id, Runtime, Scope, Statement, Timestamp, sql};

use super::target::Target;
use super::{Actor, Priority, WorkTicket, due_at};
use crate::form::{self, Amendment};
use crate::outbox::{self, Letter};
use crate::status::{State, Status};
use crate::topic::Topic;
use crate::wish::Wish;

/// What is changed about one ticket. Each part takes the evidence that it may be; evidence about
/// another ticket changes nothing.
#[must_use]
pub struct Change<'a> {
    ticket: &'a WorkTicket,
    scope: &'a Scope,
    now: Timestamp,
    state: Option<&'static str>,
    /// The status, where it is given one; none for the one that every tenant has.
    status: Wish<i64>,
    shelf: Option<&'static str>,
    priority: Option<Priority>,
    topic: Wish<i64>,
    due_at: Wish<Timestamp>,
    assignee: Wish<Id>,
    team: Wish<i64>,
    department: Option<i64>,
    filled: Vec<Amendment>,
    events: Vec<&'static str>,
}

impl<'a> Change<'a> {
    /// Nothing is changed yet.
    pub fn of<A>(ticket: &'a Granted<WorkTicket, A>, now: Timestamp) -> Self {
        Self {
            ticket,
            scope: ticket.scope(),
            now,
            state: None,
            status: Wish::Keep,
            shelf: None,
            priority: None,
            topic: Wish::Keep,
            due_at: Wish::Keep,
            assignee: Wish::Keep,
            team: Wish::Keep,
            department: None,
            filled: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Whether it closes an open ticket, and does not delete it.
    pub fn closes(&self) -> bool {
        self.events.contains(&"closed")
    }

    /// Gives it a status, and so opens, closes or archives it; opened again, it has a new due
    /// time, as after a message. One that means to delete it is not given this way.
    pub fn give_status(self, may: &Granted<WorkTicket, act::TicketClose>, status: &Status) -> Self {
        match status.state {
            State::Deleted => self,
            State::Open | State::Closed | State::Archived => self.take_status(may, status),
        }
    }

    /// Gives it a status that means to delete it.
    pub fn delete(self, may: &Granted<WorkTicket, act::TicketDelete>, status: &Status) -> Self {
        match status.state {
            State::Deleted => self.take_status(may, status),
            State::Open | State::Closed | State::Archived => self,
        }
    }

    fn take_status<A>(self, may: &Granted<WorkTicket, A>, status: &Status) -> Self {
        if may.status.id == status.id {
            return self;
        }
        let is_open = status.state == State::Open;
        let event = match (status.state, may.is_closed) {
            (State::Deleted, _) => "deleted",
            (State::Open, true) => "reopened",
            (State::Closed | State::Archived, false) => "closed",
            (State::Open | State::Closed | State::Archived, _) => "edited",
        };
        let due_at = may.grace_hours.map(|hours| due_at(self.now, hours));
        self.told(may, event, |change| {
            if is_open == may.is_closed {
                change.state = Some(if is_open { "open" } else { "closed" });
            }
            if is_open && may.is_closed {
                change.due_at = Wish::of(due_at);
            }
            let is_own = status.id == status.state.own_status();
            change.status = Wish::of((!is_own).then_some(status.id));
            change.shelf = status.state.shelf();
        })
    }

    /// Sets how urgent it is.
    pub fn prioritize(
        self,
        may: &Granted<WorkTicket, act::TicketEdit>,
        priority: Priority,
    ) -> Self {
        self.told(may, "edited", |change| change.priority = Some(priority))
    }

    /// Gives it another help topic, one of those that are offered; it stays where it is.
    pub fn retopic(
        self,
        may: &Granted<WorkTicket, act::TicketEdit>,
        topic: Option<&Topic>,
    ) -> Self {
        let topic = topic.map(|topic| topic.id);
        self.told(may, "edited", |change| change.topic = Wish::of(topic))
    }

    /// Sets when it is due; it is overdue no longer.
    pub fn set_due(
        self,
        may: &Granted<WorkTicket, act::TicketEdit>,
        due_at: Option<Timestamp>,
    ) -> Self {
        self.told(may, "edited", |change| change.due_at = Wish::of(due_at))
    }

    /// Fills in some of its fields anew.
    pub fn refill(
        self,
        may: &Granted<WorkTicket, act::TicketEdit>,
        amended: Vec<Amendment>,
    ) -> Self {
        if amended.is_empty() {
            return self;
        }
        self.told(may, "edited", |change| change.filled = amended)
    }

    /// Has an agent work it.
    pub fn assign(
        self,
        may: &Granted<WorkTicket, act::TicketAssign>,
        agent: &Granted<Target<Id>, act::TicketAssign>,
    ) -> Self {
        let agent = agent.id.clone();
        self.told(may, "assigned", |change| {
            change.assignee = Wish::Set(agent);
        })
    }

    /// Has no agent work it.
    pub fn release(self, may: &Granted<WorkTicket, act::TicketRelease>) -> Self {
        self.told(may, "released", |change| change.assignee = Wish::Clear)
    }

    /// Has a team work it, beside its agent if it has one.
    pub fn assign_team(
        self,
        may: &Granted<WorkTicket, act::TicketAssign>,
        team: &Granted<Target<i64>, act::TicketAssign>,
    ) -> Self {
        let team = team.id;
        self.told(may, "assigned", |change| change.team = Wish::Set(team))
    }

    /// Has no team work it.
    pub fn release_team(self, may: &Granted<WorkTicket, act::TicketRelease>) -> Self {
        self.told(may, "released", |change| change.team = Wish::Clear)
    }

    /// Hands it to another department (T-31). Where tickets take their realm from their
    /// department (T-17), it takes that anew (T-18), and all that hangs on it follows (T-19).
    pub fn transfer(
        self,
        may: &Granted<WorkTicket, act::TicketTransfer>,
        department: &Granted<Target<i64>, act::TicketTransfer>,
    ) -> Self {
        let department = department.id;
        self.told(may, "transferred", |change| {
            change.department = Some(department);
        })
    }

    fn told<A>(
        mut self,
        may: &Granted<WorkTicket, A>,
        event: &'static str,
        change: impl FnOnce(&mut Self),
    ) -> Self {
        if may.id == self.ticket.id {
            change(&mut self);
            if !self.events.contains(&event) {
                self.events.push(event);
            }
        }
        self
    }

    /// When it is changed.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether nothing is changed at all.
    pub fn is_nothing(&self) -> bool {
        self.events.is_empty()
    }

    /// The statements that change it. A ticket that somebody else changed first refuses the whole
    /// batch as stale.
    pub fn statements(&self, by: &Actor, random: &dyn Random) -> Vec<Statement> {
        let id = || Id::new(self.now, random);
        let mut details = form::told(&self.filled).into_iter();
        let told = self.events.iter().map(|kind| {
            let detail = (*kind == "edited").then(|| details.next()).flatten();
            json!([id(), kind, detail])
        });
        let mut batch = vec![self.update(), self.events(by, &told.collect::<Vec<_>>())];
        batch.extend(self.hand_to_team());
        batch.extend(details.map(|detail| self.events(by, &[json!([id(), "edited", detail])])));
        batch.extend(form::refill(self.scope, &self.ticket.id, &self.filled));
        batch
    }

    /// Tells what happened: of each event its id, its kind, and what is to be said of it.
    fn events(&self, by: &Actor, told: &[serde_json::Value]) -> Statement {
        self.scope
            .statement(sql!(
                "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, detail, actor,
                                    actor_id, created_at)
                 SELECT t.tenant_id, t.ticket_id, told.value ->> 0, t.realm_id,
                        told.value ->> 1, told.value ->> 2, ?4, ?5, ?6
                   FROM ticket AS t
                  CROSS JOIN json_each(?3) AS told
                  WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
            ))
            .bind(&self.ticket.id)
            .bind(json!(told).to_string())
            .bind(by.name())
            .bind(by.id())
            .bind(self.now)
    }

    /// The statements that queue letters about it.
    pub fn tell(&self, runtime: &Runtime, letters: &[Letter]) -> Vec<Statement> {
        let (realm, ticket) = (self.ticket.realm.id, &self.ticket.id);
        outbox::queue_all(runtime, self.scope, realm, ticket, letters)
    }

    /// The team, in a statement of its own: its triggers are planned only where it changes.
    fn hand_to_team(&self) -> Option<Statement> {
        let statement = self
            .scope
            .statement(sql!(
                "UPDATE ticket SET team_id = ?3 WHERE tenant_id = ?1 AND ticket_id = ?2"
            ))
            .bind(&self.ticket.id)
            .bind(self.team.value().copied());
        self.team.is_wished().then_some(statement)
    }

    fn update(&self) -> Statement {
        self.scope
            .statement(sql!(
                "UPDATE ticket
                    SET state = coalesce(?4, state),
                        closed_at = CASE ?4 WHEN 'closed' THEN ?3 WHEN 'open' THEN NULL
                                            ELSE closed_at END,
                        overdue_at = iif(?4 = 'closed' OR ?5 = 1, NULL, overdue_at),
                        answered_at = iif(?4 = 'open', NULL, answered_at),
                        due_at = iif(?5 = 1, ?6, due_at),
                        priority = coalesce(?7, priority),
                        topic_id = iif(?8 = 1, ?9, topic_id),
                        agent_id = iif(?10 = 1, ?11, agent_id),
                        department_id = coalesce(?12, department_id),
                        realm_id = CASE
                          (SELECT s.realm_from FROM separation AS s
                            WHERE s.tenant_id = ?1 AND s.table_name = 'ticket'
                              AND ?12 IS NOT NULL)
                          WHEN 'department'
                          THEN (SELECT d.realm_id FROM department AS d
                                 WHERE d.tenant_id = ?1 AND d.department_id = ?12)
                          ELSE realm_id END,
                        status_id = iif(?14 = 1, ?15, status_id),
                        shelf = iif(?14 = 1, ?16, shelf),
                        updated_at = ?3,
                        version = CASE WHEN version = ?13 THEN version + 1 END
                  WHERE tenant_id = ?1 AND ticket_id = ?2"
            ))
            .bind(&self.ticket.id)
            .bind(self.now)
            .bind(self.state)
            .bind(self.due_at.is_wished())
            .bind(self.due_at.value().copied())
            .bind(self.priority.map(Priority::id))
            .bind(self.topic.is_wished())
            .bind(self.topic.value().copied())
            .bind(self.assignee.is_wished())
            .bind(self.assignee.value())
            .bind(self.department)
            .bind(self.ticket.version())
            .bind(self.status.is_wished())
            .bind(self.status.value().copied())
            .bind(self.shelf)
    }
}
