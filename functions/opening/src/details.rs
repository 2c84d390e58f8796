//! `/queues/edit/{number}`: an agent fills in anew what a ticket was asked for (FO-9).
//!
//! What was typed counts where it differs from what the ticket holds, and only as long as nobody
//! else changed the ticket since the form was shown.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use desk::file::Limits;
use desk::form::{self, Amended, Asker, Clocks, Field, Filled, Kind, Trouble};
use desk::intake::{Problem, checked_message, say};
use desk::setting::Settings;
use desk::ticket::{self, Actor, Change, EntryKind, Source, WorkTicket};
use desk::wish::Wish;
use pages::Locale;
use pages::http::wants_json;
use pages::work::Done;
use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::{DbError, Id, Scope, Statement, Table};
use web::facts::told;
use web::failure::{data, negotiated, see_other};
use web::form::{Submitted, check};
use web::questions::Answered;
use web::{Answer, Desk, Failure, Visit};

use crate::counter::{asking, failure};
use crate::details_page::{self, Told};

/// A ticket whose fields an agent may fill in, and what they hold.
pub(crate) struct Details {
    pub(crate) desk: Desk,
    pub(crate) ticket: Granted<WorkTicket, act::TicketEdit>,
    pub(crate) filled: Vec<Filled>,
    /// The fields, without those for files, which come with what is written.
    pub(crate) form: Vec<Field>,
}

/// What was posted, as fields read it.
struct Typed<'a>(&'a Submitted);

/// The name a field is posted under.
fn name(field: &Field) -> String {
    format!("field_{}", field.id)
}

impl form::Typed for Typed<'_> {
    fn of(&self, field: &Field) -> Vec<String> {
        let name = name(field);
        let own = self.0.fields.iter().filter(|(posted, _)| *posted == name);
        let texts = own.map(|(_, text)| text.trim().replace("\r\n", "\n"));
        texts.filter(|text| !text.is_empty()).collect()
    }
}

pub(crate) async fn show(visit: Visit, Path(number): Path<String>) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let details = Details::enter(visit, &number).await?;
        let answered = details.answered(Submitted::default(), true);
        Ok(details_page::answer(&details, &answered, &Told::default()))
    };
    negotiated(wants_json, answer.await)
}

pub(crate) async fn save(visit: Visit, Path(number): Path<String>, posted: Submitted) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, saved(visit, &number, posted).await)
}

async fn saved(visit: Visit, number: &str, posted: Submitted) -> Answer {
    let details = Details::enter(visit, number).await?;
    let desk = &details.desk;
    check(&desk.visit, &desk.signer, posted.text("csrf"))?;
    let is_asking = !posted.text("then").is_empty();
    let is_stale = posted.text("version") != details.ticket.version().to_string();
    let mut answered = details.answered(posted, false);
    let amended = details.amended(&answered);
    if is_asking {
        return Ok(details_page::answer(&details, &answered, &Told::default()));
    }
    let comment = comment(answered.posted.text("comment"));
    let told = Told {
        is_stale,
        is_refused: true,
        comment: comment.as_ref().err().copied(),
    };
    answered.outcome.troubles.clone_from(&amended.troubles);
    if is_stale || comment.is_err() || !amended.troubles.is_empty() {
        return Ok(details_page::answer(&details, &answered, &told));
    }
    let batch = details.batch(amended, &comment.unwrap_or_default());
    match details.ticket.scope().write(batch).await {
        Ok(_) => Ok(sent_on(&details)),
        Err(DbError::Stale) => {
            let told = Told {
                is_stale: true,
                ..told
            };
            Ok(details_page::answer(&details, &answered, &told))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is noted beside the change, if anything is.
fn comment(typed: &str) -> Result<String, Problem> {
    match checked_message(typed) {
        Err(Problem::Missing) => Ok(String::new()),
        checked => checked,
    }
}

fn sent_on(details: &Details) -> Response {
    let desk = &details.desk;
    let done = Done::Edited.token();
    if desk.wants_json() {
        return desk.renewed(data(StatusCode::OK, &json!({ "done": done })));
    }
    let path = pages::url::work(&details.ticket.number);
    desk.renewed(see_other(&format!("{path}?done={done}")))
}

impl Details {
    /// Lets the agent in and looks up the ticket and its fields, in one round trip. A field that
    /// is limited to roles is there for agents of these (T-47).
    async fn enter(visit: Visit, number: &str) -> Result<Self, Failure> {
        let look_up = |scope: &Scope, agent: &Id| {
            (
                ticket::find_for_work(scope, number),
                form::filled(scope, number, &Wish::Keep),
                form::closed_to(scope, agent),
            )
        };
        let (desk, (found, mut filled, closed)) = Desk::enter_as(visit, look_up).await?;
        let sight = desk.agent.sight(Table::Ticket);
        let ticket = asking(&desk, &sight).grant(found).map_err(failure)?;
        filled.retain(|it| it.field.kind != Kind::Files && !closed.contains(&it.field.id));
        for held in &mut filled {
            held.field.is_limited = false;
        }
        let form = filled.iter().map(|it| it.field.clone()).collect();
        Ok(Self {
            desk,
            ticket,
            filled,
            form,
        })
    }

    /// What the form shows of a field that nobody typed into: what it holds, as far as that can be
    /// typed. Of a choice that is not offered any more nothing is shown.
    fn shown(&self, held: &Filled) -> Vec<String> {
        let field = &held.field;
        let texts: Vec<String> = match field.kind {
            Kind::Priority => vec![self.ticket.priority.id().to_string()],
            Kind::List => held.values.iter().map(|it| field.typed(it)).collect(),
            _ => held.values.iter().map(|it| it.text.clone()).collect(),
        };
        let is_picked = matches!(field.kind, Kind::Choice | Kind::List | Kind::Priority);
        let offered = field.choices();
        let is_offered = |text: &String| {
            let is =
                |(key, name): &(String, String)| key == text || field.is_typed() && name == text;
            offered.iter().any(is)
        };
        let texts = texts.into_iter().map(|text| text.trim().to_owned());
        texts
            .filter(|text| !is_picked || is_offered(text))
            .collect()
    }

    /// Looks at what was typed, or at what the ticket holds before anything is. A field that was
    /// left empty is posted as such, so that none begins with what new tickets begin with.
    fn answered(&self, mut posted: Submitted, is_first: bool) -> Answered {
        for held in &self.filled {
            let name = name(&held.field);
            let texts = self.shown(held);
            if is_first {
                posted
                    .fields
                    .extend(texts.into_iter().map(|text| (name.clone(), text)));
            }
            if posted.first(&name).is_none() {
                posted.fields.push((name, String::new()));
            }
        }
        let limits = Limits::of(&Settings::default());
        Answered::of(posted, &self.form, limits, Asker::Agent, self.clocks())
    }

    fn clocks(&self) -> Clocks {
        self.desk.visit.clocks(&self.desk.frame.shell())
    }

    /// What becomes of the fields: those that were asked for and differ are filled in anew.
    fn amended(&self, answered: &Answered) -> Amended {
        let typed = Typed(&answered.posted);
        let is_typed = |field: &Field| {
            let held = self.filled.iter().find(|it| it.field.id == field.id);
            let is_asked = answered.outcome.asked.contains(&field.id) && field.agent.is_asked();
            is_asked && held.is_some_and(|it| form::Typed::of(&typed, field) != self.shown(it))
        };
        form::amend(&self.filled, is_typed, &typed, self.clocks())
    }

    /// The fields with something wrong, for programs.
    pub(crate) fn wrong<'t>(&'t self, troubles: &'t [Trouble]) -> impl Iterator<Item = String> {
        let form = self.form.iter();
        let is_wrong = |field: &&Field| troubles.iter().any(|it| it.field == field.id);
        form.filter(is_wrong).map(name)
    }

    /// By label what fields hold that were typed otherwise, for whoever typed too late.
    pub(crate) fn differing(&self, answered: &Answered, locale: Locale) -> Vec<(&str, String)> {
        let typed = Typed(&answered.posted);
        let differs = |it: &&Filled| form::Typed::of(&typed, &it.field) != self.shown(it);
        let words = |held: &Filled| {
            let number = held.values.first().and_then(|it| it.number);
            let told = |words: &str| told(locale, held.field.kind, words, number);
            let choices = held.field.choices();
            let word = |text: String| {
                let choice = choices.iter().find(|(key, _)| *key == text);
                choice.map_or(text.clone(), |(_, name)| name.clone())
            };
            let words: Vec<String> = self.shown(held).into_iter().map(word).collect();
            told(&words.join(", "))
        };
        let differing = self.filled.iter().filter(differs);
        differing
            .map(|it| (it.field.label.as_str(), words(it)))
            .collect()
    }

    /// The statements that change the ticket and note the comment; none where there is nothing.
    fn batch(&self, amended: Amended, comment: &str) -> Vec<Statement> {
        let (desk, ticket) = (&self.desk, &self.ticket);
        let (now, random) = (desk.visit.now(), &*desk.visit.runtime.random);
        let mut change = Change::of(ticket, now);
        if let Some(priority) = amended.priority.filter(|it| *it != ticket.priority) {
            change = change.prioritize(ticket, priority);
        }
        change = change.refill(ticket, amended.changes);
        let mut batch = Vec::new();
        if !change.is_nothing() {
            batch = change.statements(&Actor::Agent(desk.agent.id.clone()), random);
        }
        if !comment.is_empty() {
            let (scope, about) = (ticket.scope(), (&ticket.id, Source::Web));
            let (agent, at) = (&desk.agent, (now, random));
            batch.extend(say(scope, about, EntryKind::Note, agent, comment, at));
        }
        batch
    }
}
