//! Putting users into an organization, taking them out, and making them primary contacts.

use desk::directory::{self, Member, Person};
use pages::admin::{Done, Problem, Why};
use serde_json::json;
use tenancy::policy::{AgentKey, Asking, Found, Granted, Permission, act};
use tenancy::principal::Principal;
use tenancy::{Id, Statement};
use web::administering::write;
use web::ground::Typed;
use web::{Desk, Failure};

use crate::organization::{Changing, deed};

/// What was done and to which address, or why nothing was.
pub(crate) type Outcome = Result<Result<(Done, String), Problem>, Failure>;

/// Whether an administrator may change organizations.
pub(crate) fn may_change(desk: &Desk) -> bool {
    let key = Permission::Agent(AgentKey::OrganizationEdit);
    desk.agent.has(key)
}

pub(crate) async fn change(
    desk: &Desk,
    looked: &Changing,
    what: &str,
    candidate: Vec<Found<Person>>,
    typed: &Typed,
) -> Outcome {
    if what == "add" {
        return add(desk, looked, candidate).await;
    }
    let id = Id::parse(typed.get("user")).ok_or(Failure::NotFound)?;
    let member = looked.members.iter().find(|member| member.id == id);
    let email = member.map_or_else(String::new, |member| member.email.clone());
    let organization = &looked.organization;
    let (statement, done) = match what {
        "remove" => (directory::leave(organization, &id), Done::Removed),
        "primary" => (directory::appoint(organization, &id, true), Done::Saved),
        "plain" => (directory::appoint(organization, &id, false), Done::Saved),
        _ => return Err(Failure::BadRequest),
    };
    written(desk, looked, statement, (what, &name(member, &id))).await?;
    Ok(Ok((done, email)))
}

/// What the log calls a member.
fn name(member: Option<&Member>, id: &Id) -> String {
    member.map_or_else(|| id.to_string(), |member| member.email.clone())
}

async fn add(desk: &Desk, looked: &Changing, candidate: Vec<Found<Person>>) -> Outcome {
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    let found: Result<Granted<Person, act::UserDirectory>, _> = asking.grant(candidate);
    let problem = |why| Problem {
        why,
        field: "address",
    };
    let Ok(person) = found else {
        return Ok(Err(problem(Why::Elsewhere)));
    };
    let own = &looked.organization.id;
    match &person.organization {
        Some(other) if other.id != *own => return Ok(Err(problem(Why::Elsewhere))),
        Some(_) | None => {}
    }
    let joined = directory::join(&looked.organization, &person.id);
    written(desk, looked, joined, ("add", &person.email)).await?;
    Ok(Ok((Done::Added, person.email.clone())))
}

async fn written(
    desk: &Desk,
    looked: &Changing,
    statement: Statement,
    (what, who): (&str, &str),
) -> Result<(), Failure> {
    let organization = &looked.organization;
    let deed = deed(organization, json!({ what: who }));
    write(desk, organization.scope(), vec![statement], &deed).await?;
    Ok(())
}
