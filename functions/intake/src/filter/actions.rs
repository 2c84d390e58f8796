//! What a filter does, as it is typed and as programs are told.

use desk::filter::{Action, Canned};
use desk::offer::Kind;
use desk::ticket::Priority;
use pages::admin::Problem;
use serde_json::{Value, json};
use tenancy::Id;

use super::Here;
use super::typed::mails;
use crate::given;
use web::ground::{Typed, priorities};

/// What the form would post for an action. An agent has fields of their own.
pub(super) fn typed(action: &Action) -> Vec<(&'static str, String)> {
    let value = match action {
        Action::Reject | Action::UseReplyTo | Action::Silence => "1".to_owned(),
        Action::Department(id) | Action::Plan(id) | Action::Team(id) | Action::Topic(id) => {
            id.to_string()
        }
        Action::Priority(priority) => priority.id().to_string(),
        Action::Status(given) => given.id().to_string(),
        Action::Agent(_) => return Vec::new(),
        Action::Answer(canned) => canned.id.map_or_else(String::new, |id| id.to_string()),
        Action::Mail(mail) => {
            return vec![
                ("recipients", mail.recipients.clone()),
                ("subject", mail.subject.clone()),
                ("text", mail.text.clone()),
            ];
        }
    };
    vec![(action.key(), value)]
}

/// The actions that were typed.
pub(super) fn read(here: &Here<'_>, typed: &Typed) -> Result<Vec<Action>, Problem> {
    let ticked = [
        ("reject", Action::Reject),
        ("replyto", Action::UseReplyTo),
        ("noresp", Action::Silence),
    ];
    let ticked = ticked.into_iter().filter(|(key, _)| typed.is_on(key));
    let mut actions: Vec<Action> = ticked.map(|(_, action)| action).collect();
    actions.extend(pick(here, typed, "dept", Kind::Department)?.map(Action::Department));
    let priority = typed.chosen("pri", &priorities(), None)?;
    actions.extend(priority.and_then(Priority::of_id).map(Action::Priority));
    actions.extend(pick(here, typed, "sla", Kind::Plan)?.map(Action::Plan));
    actions.extend(pick(here, typed, "topic", Kind::Topic)?.map(Action::Topic));
    let canned = pick(here, typed, "canned", Kind::Canned)?;
    actions.extend(canned.map(|id| {
        let (id, text) = (Some(id), None);
        Action::Answer(Canned { id, text })
    }));
    actions.extend(pick(here, typed, "team", Kind::Team)?.map(Action::Team));
    let agent = here
        .agent()
        .read(typed, here.found.3.first(), agent_now(here))?;
    actions.extend(agent.map(Action::Agent));
    actions.extend(given::status(typed, &here.found.4)?.map(Action::Status));
    actions.extend(mails(typed));
    Ok(actions)
}

/// What was chosen, if it is offered or named now.
fn pick(
    here: &Here<'_>,
    typed: &Typed,
    key: &'static str,
    kind: Kind,
) -> Result<Option<i64>, Problem> {
    let named = here.kept.filter.actions.iter().filter(|it| it.key() == key);
    let mut now = named.filter_map(|action| match action {
        Action::Department(id) | Action::Plan(id) | Action::Team(id) | Action::Topic(id) => {
            Some(*id)
        }
        Action::Answer(canned) => canned.id,
        _ => None,
    });
    typed.chosen(key, &here.offered(kind), now.next_back())
}

fn agent_now(here: &Here<'_>) -> Option<Id> {
    let mut actions = here.kept.filter.actions.iter().rev();
    actions.find_map(|action| match action {
        Action::Agent(id) => Some(id.clone()),
        _ => None,
    })
}

/// The actions for programs, in their order.
pub(super) fn json(here: &Here<'_>) -> Vec<Value> {
    let seen = |id: &i64, kind| {
        let offered = here.offered(kind);
        offered.iter().any(|(known, _)| known == id).then_some(*id)
    };
    let value = |action: &Action| match action {
        Action::Reject | Action::UseReplyTo | Action::Silence => Value::Bool(true),
        Action::Department(id) => json!(seen(id, Kind::Department)),
        Action::Plan(id) => json!(seen(id, Kind::Plan)),
        Action::Team(id) => json!(seen(id, Kind::Team)),
        Action::Topic(id) => json!(seen(id, Kind::Topic)),
        Action::Answer(canned) => json!(canned.id.and_then(|id| seen(&id, Kind::Canned))),
        Action::Priority(priority) => json!(priority.id()),
        Action::Agent(_) => json!(here.agent().seen()),
        Action::Status(given) => match (given.status, given.is_closed) {
            (Some(id), _) => json!(id),
            (None, true) => json!("closed"),
            (None, false) => json!("open"),
        },
        Action::Mail(mail) => json!({
            "recipients": mail.recipients, "subject": mail.subject, "text": mail.text,
        }),
    };
    let actions = here.kept.filter.actions.iter();
    actions
        .map(|action| json!({ "do": action.key(), "value": value(action) }))
        .collect()
}
