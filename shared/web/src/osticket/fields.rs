//! The fields of a call, whichever way they were written.

use desk::email::looked_up;
use desk::file::Sent;
use desk::filter::Channel;
use desk::form::{self, Asker, Clocks, Field};
use desk::intake::{Arrival, MailFacts, Picked, Picks, Problem, Problems, Submission, Wishes};
use desk::ticket::{Priority, Source};
use serde_json::{Map, Value};
use tenancy::policy::CallKey;
use tenancy::port::ClientAddress;
use tenancy::principal::ApiKey;
use tenancy::{RealmId, Timestamp};

use super::form_fields::{texts, troubles};
use super::{Problem as Told, Why};
use crate::letters::Audience;

/// The fields of a ticket.
pub struct Fields {
    /// Those that are plain values.
    pub plain: Map<String, Value>,
    /// The message, as text.
    pub message: String,
    /// What is sent along.
    pub files: Vec<Sent>,
}

/// osTicket's seeded id of the field "Issue Summary".
const SUBJECT: &str = "20";
/// osTicket's seeded id of the field "Issue Details".
const MESSAGE: &str = "21";
/// What osTicket says of a text that a spreadsheet would take for a formula.
const FORMULA: &str = "Content cannot start with the following characters: = - + @";
/// What it says of the fields of the person, all of them.
pub(super) const CLIENT: (&str, &str) = ("user", "Incomplete client information");

/// What is wrong, under osTicket's keys: its own field ids, and `user` for the contact form.
fn invalid(problems: &Problems) -> Vec<Told> {
    let mut told = Vec::new();
    let mut tell = |key: &'static str, words: &'static str| told.push((key.into(), words.into()));
    if problems.name.is_some() || problems.email.is_some() {
        tell(CLIENT.0, CLIENT.1);
    }
    if let Some(problem) = problems.subject {
        tell(SUBJECT, said(problem, "Issue Summary is a required field"));
    }
    if let Some(problem) = problems.message {
        tell(MESSAGE, said(problem, "Issue Details is a required field"));
    }
    told
}

fn said(problem: Problem, missing: &'static str) -> &'static str {
    match problem {
        Problem::Missing => missing,
        Problem::TooLong(_) | Problem::NotAnAddress | Problem::NotOffered => {
            "Missing or invalid data — Correct any errors below and try again"
        }
    }
}

impl Fields {
    /// The requester's address as users are found by it, whatever else it is.
    pub(super) fn email(&self) -> String {
        looked_up(&self.text("email"))
    }

    /// The help topic that is named; 0 names none.
    pub(super) fn topic(&self) -> Option<i64> {
        self.number("topicId").filter(|topic| *topic != 0)
    }

    /// When the ticket is due, where the call says so and its key may: a moment to come, without
    /// an offset as the clocks of the realm show it.
    pub(super) fn due(&self, key: &ApiKey, clocks: Clocks) -> Result<Option<Timestamp>, Why> {
        let typed = self.text("duedate");
        if typed.is_empty() || !key.may(CallKey::TicketsWrite) {
            return Ok(None);
        }
        match form::moment_in(&clocks.zone, &typed).map(Timestamp) {
            None => Err(Why::invalid("duedate", "Invalid due date")),
            Some(due) if due <= clocks.now => {
                let words = "Due date must be in the future";
                Err(Why::invalid("duedate", words))
            }
            due => Ok(due),
        }
    }

    /// Checks everything, so that all that is wrong is told at once. A topic that tickets cannot
    /// have counts as none, and its form is not asked for.
    pub(super) fn arrival(
        &self,
        client: ClientAddress,
        (wishes, picked): (Wishes, &Picked),
        realm: RealmId,
        form: &[Field],
        clocks: Clocks,
    ) -> Result<Arrival, Why> {
        let filled = form::check(form, self, Asker::Program, clocks);
        let mut told = troubles(form, &filled.troubles);
        match self.submission(client)?.check() {
            Ok(request) if told.is_empty() => Ok(Arrival {
                said: wishes,
                answers: filled.answers,
                given: picked.given,
                answer: picked.answer.clone(),
                mail: MailFacts {
                    defaults: picked.mailbox.clone(),
                    ..MailFacts::default()
                },
                ..Arrival::new(request, Channel::Api, realm)
            }),
            request => {
                let mut all = request.err().as_ref().map(invalid).unwrap_or_default();
                told.retain(|it| !all.contains(it));
                all.append(&mut told);
                Err(Why::Invalid(all))
            }
        }
    }

    fn submission(&self, client: ClientAddress) -> Result<Submission, Why> {
        let subject = self.text("subject");
        if form::is_formula(&subject) {
            return Err(Why::invalid(SUBJECT, FORMULA));
        }
        Ok(Submission {
            name: self.text("name"),
            email: self.text("email"),
            subject,
            message: self.message.clone(),
            source: self.source()?,
            ip: self
                .ip()
                .or_else(|| client.0.map(|address| address.to_string())),
        })
    }

    /// What is picked by ids, beyond department and plan. An `assignId` names an agent
    /// behind an `s`, or a team behind a `t`.
    pub(super) fn picks(&self) -> Picks {
        let text = |field: &str| Some(self.text(field)).filter(|text| !text.is_empty());
        let assigned = self.text("assignId");
        let (agent, team) = (assigned.strip_prefix('s'), assigned.strip_prefix('t'));
        let users = self.plain.get("ccs").map(texts).unwrap_or_default();
        Picks {
            agent: text("staffId").or(agent.map(str::to_owned)),
            team: self
                .number("teamId")
                .or(team.and_then(|id| id.parse().ok())),
            status: self.number("statusId"),
            mailbox: text("emailId").map(|address| looked_up(&address)),
            requester: text("uid"),
            canned: self.number("cannedResponseId"),
            collaborators: users,
        }
    }

    /// Names a user as the one who asks, whatever else is said of them.
    pub(super) fn ask_as(&mut self, (email, name): (String, String)) {
        self.plain.insert("email".to_owned(), Value::String(email));
        self.plain.insert("name".to_owned(), Value::String(name));
    }

    /// What the caller wants of the ticket. Department and SLA plan only count for keys that may
    /// choose them.
    pub(super) fn wishes(&self, key: &ApiKey, picked: &Picked) -> Wishes {
        let chosen = |field: &str| self.number(field).filter(|_| key.can_route);
        let priority = self
            .number("priorityId")
            .or_else(|| self.number("priority"));
        Wishes {
            topic: self.topic(),
            department: chosen("deptId"),
            plan: chosen("slaId"),
            priority: priority.and_then(Priority::of_id),
            agent: picked.agent.clone(),
            team: picked.team,
        }
    }

    pub(super) fn audience(&self) -> Audience {
        Audience {
            requester: self.flag("autorespond"),
            agents: self.flag("alert"),
        }
    }

    /// What else is said of the person, for the agents, where no form asks for it.
    pub(super) fn note(&self, form: &[Field]) -> Option<String> {
        let said = [
            (
                "phone",
                "Phone",
                self.text("phone").trim().to_ascii_uppercase(),
            ),
            ("notes", "Notes", self.text("notes")),
        ];
        let is_asked = |name: &str| form.iter().any(|field| field.name == name);
        let said = said.iter().filter(|(name, _, _)| !is_asked(name));
        let said = said.filter(|(_, _, text)| !text.trim().is_empty());
        let lines: Vec<String> = said
            .map(|(_, label, text)| format!("{label}: {}", text.replace('\0', "")))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// All five sources are taken, and none of them changes what else is asked for.
    /// `Staff`, with which osTicket's clients say when a ticket is due, is none of them.
    fn source(&self) -> Result<Source, Why> {
        match self.text("source") {
            source if source.is_empty() => Ok(Source::Api),
            source if source.eq_ignore_ascii_case("staff") => Ok(Source::Other),
            source => Source::named(&source)
                .ok_or_else(|| Why::invalid("source", "Invalid ticket origin given")),
        }
    }

    fn ip(&self) -> Option<String> {
        let address: std::net::IpAddr = self.text("ip").parse().ok()?;
        Some(address.to_string())
    }

    /// Numbers count as text, as they do in PHP; anything else is as good as left out.
    fn text(&self, field: &str) -> String {
        match self.plain.get(field) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
                String::new()
            }
        }
    }

    fn number(&self, field: &str) -> Option<i64> {
        self.text(field).trim().parse().ok()
    }

    /// True unless the call says otherwise, in one of the ways PHP takes for false.
    fn flag(&self, field: &str) -> bool {
        match self.plain.get(field) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::String(text)) => {
                !["", "0", "false", "no", "off"].contains(&text.to_lowercase().as_str())
            }
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_true_unless_said_otherwise() {
        let said = serde_json::json!({
            "a": false, "b": 0, "c": "false", "d": "0", "e": true, "f": "yes", "g": 1, "h": null
        });
        let said = Fields {
            plain: said.as_object().unwrap().clone(),
            message: String::new(),
            files: Vec::new(),
        };
        let flags = |names: [&str; 4]| names.map(|name| said.flag(name));
        assert_eq!(flags(["a", "b", "c", "d"]), [false; 4]);
        assert_eq!(flags(["e", "f", "g", "h"]), [true; 4]);
        assert!(said.flag("not there"));
    }
}
