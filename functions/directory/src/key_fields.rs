//! What the forms about API keys say.

use desk::key::{Refused, Wanted, may_give};
use pages::admin::{KeyBox, Problem, Why};
use serde_json::{Value, json};
use tenancy::policy::{CallKey, Key, Keys, Permission, RoleKey};
use tenancy::principal::{Agent, Dialect};
use web::ground::Typed;

/// The box of whoever may choose department and plan.
const ROUTE: &str = "route";
/// The box of whoever may start the scheduled work.
const CRON: &str = "cron";
/// How many calls a new key may make a minute.
const CALLS: &str = "300";

/// The boxes of a key, those that the administrator can tick marked.
pub(crate) fn boxes(by: &Agent) -> Vec<KeyBox> {
    let call = |key: &CallKey| KeyBox {
        token: key.name(),
        is_given: may_give(by, Permission::Call(*key)),
    };
    let route = KeyBox {
        token: ROUTE,
        is_given: may_give(by, Permission::Role(RoleKey::TicketTransfer)),
    };
    let cron = KeyBox {
        token: CRON,
        is_given: true,
    };
    let calls = CallKey::ALL.iter().map(call);
    calls.chain([route, cron]).collect()
}

/// What the form of a new key begins with.
pub(crate) fn blank(by: &Agent) -> Typed {
    let creates = may_give(by, Permission::Call(CallKey::TicketsCreate));
    let creates = if creates { "1" } else { "" };
    let fields = [
        (CallKey::TicketsCreate.name(), creates),
        ("active", "1"),
        ("calls", CALLS),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Typed(fields.map(owned).into())
}

/// What the form would post if nothing were changed.
pub(crate) fn as_it_is(key: &Wanted, version: i64) -> Typed {
    let flag = |is_on: bool| if is_on { "1" } else { "" }.to_owned();
    let mut fields = vec![
        ("version", version.to_string()),
        ("name", key.name.clone()),
        ("sources", key.sources.join("\n")),
        (CallKey::TicketsCreate.name(), flag(key.can_create_tickets)),
        (ROUTE, flag(key.can_route)),
        (CRON, flag(key.can_run_cron)),
        ("calls", key.calls_a_minute.to_string()),
        ("old", flag(key.dialect == Dialect::Old)),
        ("active", flag(key.is_active)),
        ("notes", key.notes.clone()),
    ];
    let held = key.permissions.names().map(|name| (name, flag(true)));
    fields.extend(held.filter(|(name, _)| *name != CallKey::TicketsCreate.name()));
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    Typed(fields.into_iter().map(owned).collect())
}

/// What was typed.
pub(crate) fn read(typed: &Typed) -> Wanted {
    let called: Vec<CallKey> = CallKey::ALL
        .iter()
        .copied()
        .filter(|key| *key != CallKey::TicketsCreate && typed.is_on(key.name()))
        .collect();
    let sources = typed.get("sources").split([',', ' ', '\n', '\r', '\t']);
    let sources = sources.filter(|source| !source.is_empty());
    Wanted {
        name: typed.get("name").to_owned(),
        notes: typed.get("notes").to_owned(),
        sources: sources.map(str::to_owned).collect(),
        is_active: typed.is_on("active"),
        can_create_tickets: typed.is_on(CallKey::TicketsCreate.name()),
        can_run_cron: typed.is_on(CRON),
        can_route: typed.is_on(ROUTE),
        dialect: if typed.is_on("old") {
            Dialect::Old
        } else {
            Dialect::New
        },
        permissions: Keys::of(&called),
        calls_a_minute: typed.number("calls").unwrap_or_default(),
    }
}

/// The same for programs.
pub(crate) fn json(key: &Wanted) -> Value {
    let creates = CallKey::TicketsCreate.name();
    let creates = key.can_create_tickets.then_some(creates);
    let permissions: Vec<&str> = creates.into_iter().chain(key.permissions.names()).collect();
    json!({
        "name": key.name,
        "notes": key.notes,
        "sources": key.sources,
        "active": key.is_active,
        "cron": key.can_run_cron,
        "route": key.can_route,
        "dialect": key.dialect.name(),
        "permissions": permissions,
        "calls_a_minute": key.calls_a_minute,
    })
}

/// Why a key was not written, and the field it is about.
pub(crate) fn problem(refused: Refused) -> Problem {
    let (why, field) = match refused {
        Refused::Name => (Why::Name, "name"),
        Refused::Notes => (Why::TooLong, "notes"),
        Refused::Sources => (Why::Sources, "sources"),
        Refused::Calls => (Why::Calls, "calls"),
        Refused::Given => (Why::Given, "boxes"),
        Refused::HoldsMore => (Why::KeyHoldsMore, "active"),
    };
    Problem { why, field }
}
