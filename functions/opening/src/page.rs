//! The form as a page and as JSON.

use axum::http::StatusCode;
use axum::response::Response;
use desk::directory::Person;
use desk::offer::Kind;
use desk::setting::Key;
use desk::ticket::Priority;
use pages::fields::{Choice, FormField};
use pages::http::Html;
use pages::opening::{Candidate, NewTicketPage, Offered};
use serde_json::{Value, json};
use tenancy::duty::Duties;
use tenancy::policy::{Permission, RoleKey};
use web::failure::data;
use web::form::FormToken;
use web::questions::Answered;

use crate::counter::Counter;
use crate::order::Problems;
use crate::typed::{SOURCES, Typed};

/// The fields that are shown with what was typed into them.
const FIELDS: [&str; 10] = [
    "q", "user", "name", "email", "subject", "message", "due", "agent", "reply", "note",
];

pub(crate) fn answer(
    counter: &Counter,
    typed: &Typed,
    answered: &Answered,
    (status, problems): (StatusCode, &Problems),
) -> Response {
    let desk = &counter.desk;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let is_told = status != StatusCode::OK;
    let fields = answered.fields(&counter.form, is_told);
    let offered = offered(counter, typed);
    if desk.wants_json() {
        let body = if is_told {
            refused(problems, &fields)
        } else {
            body(counter, &offered, &fields, &csrf)
        };
        return desk.renewed(token.with(data(status, &body)));
    }
    let found = counter.found.as_ref();
    let page = NewTicketPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        offered,
        found: found.map(|found| found.iter().map(candidate).collect()),
        fields,
        asks_further: answered.asks_further(&counter.form),
        upload: answered.uploaded.field(),
        notice: notice(counter, typed),
        typed: FIELDS.map(|field| (field, typed.get(field))).into(),
        problems: problems.clone(),
        csrf: &csrf,
    };
    desk.renewed(token.with((status, Html(page))))
}

/// Whether the user is to be told, where they can be: they are, until the agent says no.
fn notice(counter: &Counter, typed: &Typed) -> Option<bool> {
    let is_first = typed.get("csrf").is_empty();
    let tells = counter.setup.settings.is_on(Key::TicketNotice);
    tells.then_some(is_first || typed.get("notice") == "1")
}

fn candidate(person: &Person) -> Candidate<'_> {
    Candidate {
        id: person.id.as_str(),
        name: &person.name,
        email: &person.email,
        realm: &person.realm.name,
    }
}

fn offered(counter: &Counter, typed: &Typed) -> Offered {
    let setup = &counter.setup;
    let topics = setup.topics.iter().map(|it| (it.id, it.name.as_str()));
    let plans = counter.offers.iter().filter(|it| it.kind == Kind::Plan);
    let priorities = Priority::ALL.iter().map(|it| (it.id(), it.name()));
    let has = |key| has_somewhere(counter, key);
    Offered {
        realms: realms(counter),
        sources: sources(typed),
        topics: choices(topics, typed.get("topic")),
        departments: choices(counter.departments(), typed.get("department")),
        plans: choices(plans.map(|it| (it.id, it.name.as_str())), typed.get("plan")),
        priorities: choices(priorities, typed.get("priority")),
        teams: teams(counter, typed.get("team")),
        assigns: has(RoleKey::TicketAssign),
        replies: has(RoleKey::TicketReply),
    }
}

fn choices<'a>(of: impl Iterator<Item = (i64, &'a str)>, chosen: &str) -> Vec<Choice> {
    of.map(|(id, name)| choice(id.to_string(), name.to_owned(), chosen))
        .collect()
}

fn choice(key: String, name: String, chosen: &str) -> Choice {
    let is_chosen = key == chosen;
    Choice {
        key,
        name,
        is_chosen,
    }
}

/// The realms in the order of the tree, and always the one that is worked in.
fn realms(counter: &Counter) -> Vec<Choice> {
    let chosen = counter.realm.id.to_string();
    let depth = |path: &tenancy::realm::Path| path.ancestors().len();
    let listed = counter.realms.iter();
    let top = listed.clone().map(|it| depth(&it.path)).min();
    let indented = |it: &tenancy::sight::Choice| {
        let below = depth(&it.path) - top.unwrap_or_default();
        format!("{}{}", "– ".repeat(below), it.name)
    };
    let mut realms: Vec<Choice> = listed
        .map(|it| choice(it.realm.to_string(), indented(it), &chosen))
        .collect();
    if realms.iter().all(|realm| !realm.is_chosen) {
        let name = counter.realm.name.clone();
        realms.insert(0, choice(chosen.clone(), name, &chosen));
    }
    realms
}

fn sources(typed: &Typed) -> Vec<Choice> {
    let chosen = typed.source().map_or("", |source| source.name());
    let source = |name: &str| choice(name.to_owned(), name.to_owned(), chosen);
    SOURCES.map(|it| source(it.name())).into()
}

fn teams(counter: &Counter, chosen: &str) -> Vec<Choice> {
    let team = |it: &tenancy::peer::Peer<i64>| {
        let name = format!("{} ({})", it.name, it.detail);
        choice(it.id.to_string(), name, chosen)
    };
    counter.teams.iter().map(team).collect()
}

/// Whether the agent has a key in some department at least.
fn has_somewhere(counter: &Counter, key: RoleKey) -> bool {
    let agent = &counter.desk.agent;
    let posts = agent.duties().map(Duties::posts).unwrap_or_default();
    agent.has(Permission::Role(key)) || posts.iter().any(|post| post.gives(key))
}

fn body(counter: &Counter, offered: &Offered, fields: &[FormField<'_>], csrf: &str) -> Value {
    let field = |it: &FormField<'_>| json!({ "field": it.id, "label": it.label, "required": it.is_required });
    let person = |it: &Person| json!({ "id": it.id, "name": it.name, "email": it.email });
    let found = counter.found.as_ref();
    json!({
        "realm": counter.realm.id,
        "realms": choices_json(&offered.realms),
        "sources": choices_json(&offered.sources),
        "topics": choices_json(&offered.topics),
        "departments": choices_json(&offered.departments),
        "plans": choices_json(&offered.plans),
        "priorities": choices_json(&offered.priorities),
        "teams": choices_json(&offered.teams),
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
        "users": found.map(|found| found.iter().map(person).collect::<Vec<_>>()),
        "csrf": csrf,
    })
}

fn choices_json(choices: &[Choice]) -> Vec<Value> {
    let choices = choices.iter();
    choices
        .map(|it| json!({ "id": it.key, "name": it.name }))
        .collect()
}

fn refused(problems: &Problems, fields: &[FormField<'_>]) -> Value {
    let own = problems
        .iter()
        .map(|(field, why)| json!({ "field": field, "error": why.token() }));
    let wrong = fields
        .iter()
        .filter(|field| field.problem.is_some() || field.is_refused_upload());
    let asked = wrong.map(|field| json!({ "field": field.id, "error": "invalid" }));
    json!({ "error": "invalid", "problems": own.chain(asked).collect::<Vec<_>>() })
}
