//! `POST /api/v1/users` and `PATCH /api/v1/users/{id}`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::directory::{self, Company, Home, NewPerson, Person};
use desk::email::EmailAddress;
use desk::form::{Filled, profile};
use desk::intake::Problem as Flaw;
use tenancy::policy::{Act, CallKey, Found, Granted, act};
use tenancy::scope::And;
use tenancy::{Id, Query, RealmId, Scope, Table};

use crate::call::{Answer, Call};
use crate::document::{Changing, IdempotencyKey, IfMatch, Making};
use crate::entity::{Entity, Part};
use crate::fields::amended;
use crate::once::Entered;
use crate::problem::{FieldProblem, Problem};
use crate::program::Program;
use crate::shape::{Made, User};
use crate::wanted::{Key, NewUser, UserChange};
use crate::write::flawed;

/// Add a user
///
/// Takes `users:write`.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    operation_id = "addUser",
    tag = "Users",
    params(IdempotencyKey),
    request_body = NewUser,
    responses((status = 201, description = "They are added.", body = Made, headers(("location" = String, description = "Its address."))), Making),
)]
pub(crate) async fn add(call: Call) -> Response {
    call.answer(added(&call).await)
}

async fn added(call: &Call) -> Answer {
    let wanted = call.json::<NewUser>();
    let known = wanted.as_ref().ok();
    let find = |scope: &Scope| {
        let realm = known.and_then(|wanted| wanted.realm).map(Key::realm);
        let company = known.and_then(|wanted| wanted.organization.as_deref());
        And(
            (directory::find_home(scope, realm),),
            company_of(scope, company),
        )
    };
    let (caller, ((homes,), (companies,))) =
        match call.enter_once(CallKey::UsersWrite, find).await? {
            Entered::Before(answer) => return Ok(answer),
            Entered::Now(caller, found) => (caller, found),
        };
    let (wanted, program) = (wanted?, &caller.program);
    let home = home(program, homes)?;
    let asked = wanted.organization.as_ref();
    let company = asked.map(|_| company::<act::UserCreate>(program, companies, home.id));
    let company = company.transpose()?;
    let (email, name) = checked(&wanted)?;
    let id = program.fresh_id();
    let person = NewPerson {
        id: &id,
        email: &email,
        name: &name,
        now: call.runtime.clock.now(),
    };
    let made = Made {
        id: id.to_string(),
        href: format!("/api/v1/users/{id}"),
    };
    let batch = vec![directory::add(&home, &person, company.as_ref())];
    caller.made(batch, &made).await
}

/// The realm to add to. One out of sight is none, and an archived one takes nobody.
fn home(
    program: &Program,
    found: Vec<Found<Home>>,
) -> Result<Granted<Home, act::UserCreate>, Problem> {
    match program.grant::<Home, act::UserCreate>(Table::User, found) {
        Ok(home) if !home.is_archived => Ok(home),
        Ok(_) | Err(Problem::NotFound) => Err(Problem::field("/realm", "There is no such realm.")),
        Err(other) => Err(other),
    }
}

fn checked(wanted: &NewUser) -> Result<(EmailAddress, String), Problem> {
    let email = EmailAddress::parse(&wanted.email).ok_or(Flaw::NotAnAddress);
    match (email, directory::checked_name(&wanted.name)) {
        (Ok(email), Ok(name)) => Ok((email, name)),
        (email, name) => {
            let problem = |pointer, flaw| FieldProblem::new(pointer, flawed(flaw));
            let email = email.err().map(|flaw| problem("/email", flaw));
            let name = name.err().map(|flaw| problem("/name", flaw));
            Err(Problem::Invalid(email.into_iter().chain(name).collect()))
        }
    }
}

fn company_of(scope: &Scope, id: Option<&str>) -> Option<(Query<Found<Company>>,)> {
    let id = id.and_then(Id::parse)?;
    Some((directory::company(scope, &id),))
}

/// The organization that was asked for: one in sight, of the user's own realm.
fn company<A: Act>(
    program: &Program,
    found: Vec<Found<Company>>,
    realm: RealmId,
) -> Result<Granted<Company, A>, Problem> {
    let granted = program.grant::<Company, A>(Table::Organization, found);
    let none = || Problem::field("/organization", "The realm has no such organization.");
    match granted {
        Ok(company) if company.realm.id == realm => Ok(company),
        Ok(_) | Err(Problem::NotFound) => Err(none()),
        Err(other) => Err(other),
    }
}

/// Change a user
///
/// Takes `users:write`.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{id}",
    operation_id = "changeUser",
    tag = "Users",
    params(("id" = String, Path, description = "The user's id."), IfMatch),
    request_body = UserChange,
    responses((status = 200, description = "The user as they are now.", body = User, headers(("etag" = String, description = "Tells this reading from another."))), (status = 204, description = "They are changed, and the key may not read them."), Changing),
)]
pub(crate) async fn change(Part(id): Part<String>, call: Call) -> Response {
    call.answer(changed(&call, &id).await)
}

async fn changed(call: &Call, id: &str) -> Answer {
    let wanted = call.json::<UserChange>();
    let id = Id::parse(id).ok_or(Problem::NotFound);
    let find = |scope: &Scope| {
        let known = wanted.as_ref().ok();
        let company = known.and_then(|wanted| wanted.organization.value());
        let look = |id| (directory::person(scope, id), profile::of_user(scope, id));
        let person = id.as_ref().ok().map(look);
        And(person, company_of(scope, company.map(String::as_str)))
    };
    let (program, ((found, profile), (companies,))) = call.enter(CallKey::UsersWrite, find).await?;
    let person = program.grant::<Person, act::UserEdit>(Table::User, found)?;
    let wanted = wanted?;
    let name = wanted.name.as_deref().map(directory::checked_name);
    let name = name.transpose();
    let name = name.map_err(|flaw| Problem::field("/name", flawed(flaw)))?;
    let find = |_| company::<act::UserEdit>(&program, companies, person.realm.id);
    let organization = wanted.organization.try_map(find)?;
    let amended = amended(&wanted.fields, &profile, call.runtime.clock.now())?;
    Entity::of(&User::with(&person, &profile)).check_match(call)?;
    let mut batch = vec![directory::change(&person, name.as_deref(), &organization)];
    if !amended.changes.is_empty() {
        // The change before has moved the user on by one version.
        let version = person.version + 1;
        batch.extend(profile::refill_user(&person, &amended.changes, version));
    }
    let (scope, id) = (program.scope(), &person.id);
    let again = (directory::person(&scope, id), profile::of_user(&scope, id));
    let found = scope.write_and_read(batch, again).await?;
    Ok(told(&program, call, found))
}

/// The user as they are now; nothing of them to whoever may not read users.
fn told(
    program: &Program,
    call: &Call,
    (found, profile): (Vec<Found<Person>>, Vec<Filled>),
) -> Response {
    match program.grant::<Person, act::UserDirectory>(Table::User, found) {
        Ok(person) => Entity::of(&User::with(&person, &profile)).told(call),
        Err(_) => StatusCode::NO_CONTENT.into_response(),
    }
}
