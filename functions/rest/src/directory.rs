//! `/api/v1/users`, `/api/v1/organizations` and `/api/v1/topics`.

use axum::response::Response;
use desk::directory::{self, Behind, Company, Person};
use desk::topic;
use serde::Deserialize;
use tenancy::policy::{CallKey, Found, Thing, act};
use tenancy::{Id, RealmId, Scope, Table};

use crate::call::{Answer, Call};
use crate::entity::{Entity, Part, page, page_length};
use crate::problem::Problem;
use crate::program::Program;
use crate::shape::{Organization, Topic, User};
use crate::tickets::cursor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UsersQuery {
    email: Option<String>,
    realm: Option<i64>,
    after: Option<String>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganizationsQuery {
    realm: Option<i64>,
    after: Option<String>,
    limit: Option<i64>,
}

/// The address of the page behind something.
fn next(path: &str, realm: Option<i64>, limit: i64, last: &Id) -> String {
    let realm = realm
        .map(|realm| format!("realm={realm}&"))
        .unwrap_or_default();
    format!("{path}?{realm}limit={limit}&after={last}")
}

/// What a cursor stands for, if it was asked for: its place, as far as the program sees it.
fn place<T: Thing>(
    program: &Program,
    table: Table,
    after: Option<&Id>,
    found: Vec<Found<T>>,
) -> Result<Option<T>, Problem>
where
    T: Clone,
{
    if after.is_none() {
        return Ok(None);
    }
    let granted = program.grant::<T, act::UserDirectory>(table, found);
    let gone = |_| Problem::field("?after", "Follow the address in next.");
    granted.map(|place| Some((*place).clone())).map_err(gone)
}

pub(crate) async fn users(call: Call) -> Response {
    call.answer(listed_users(&call).await)
}

async fn listed_users(call: &Call) -> Answer {
    let query: UsersQuery = call.query()?;
    let (after, limit) = (cursor(query.after.as_ref())?, page_length(query.limit)?);
    let find = |scope: &Scope| after.as_ref().map(|id| (directory::person(scope, id),));
    let realm = query.realm.map(RealmId);
    let (mut program, (found,)) = call.enter_at(realm, CallKey::UsersRead, find).await?;
    let behind = place(&program, Table::User, after.as_ref(), found)?;
    let email = query
        .email
        .as_ref()
        .map(|email| email.trim().to_lowercase());
    let look = program.look(|program, scope| {
        let sight = program.sight(Table::User);
        let behind = behind.as_ref().map(Behind::person).unwrap_or_default();
        (match &email {
            Some(email) => directory::people_of_email(scope, &sight, email, limit),
            None => directory::people(scope, &sight, &behind, limit + 1),
        },)
    });
    let (found,) = look.await?;
    let next = |last: &Person| next("/api/v1/users", query.realm, limit, &last.id);
    page(found, limit, next, |person| User::from(&person))
}

pub(crate) async fn user(Part(id): Part<String>, call: Call) -> Response {
    call.answer(shown_user(&call, &id).await)
}

async fn shown_user(call: &Call, id: &str) -> Answer {
    let id = Id::parse(id);
    let find = |scope: &Scope| id.as_ref().map(|id| (directory::person(scope, id),));
    let (program, (found,)) = call.enter(CallKey::UsersRead, find).await?;
    let person = program.grant::<_, act::UserDirectory>(Table::User, found)?;
    Ok(Entity::of(&User::from(&*person)).told(call))
}

pub(crate) async fn organizations(call: Call) -> Response {
    call.answer(listed_organizations(&call).await)
}

async fn listed_organizations(call: &Call) -> Answer {
    let query: OrganizationsQuery = call.query()?;
    let (after, limit) = (cursor(query.after.as_ref())?, page_length(query.limit)?);
    let find = |scope: &Scope| after.as_ref().map(|id| (directory::company(scope, id),));
    let realm = query.realm.map(RealmId);
    let (mut program, (found,)) = call.enter_at(realm, CallKey::UsersRead, find).await?;
    let behind = place(&program, Table::Organization, after.as_ref(), found)?;
    let look = program.look(|program, scope| {
        let sight = program.sight(Table::Organization);
        let behind = behind.as_ref().map(Behind::company).unwrap_or_default();
        (directory::companies(scope, &sight, &behind, limit + 1),)
    });
    let (found,) = look.await?;
    let next = |last: &Company| next("/api/v1/organizations", query.realm, limit, &last.id);
    page(found, limit, next, |company| Organization::from(&company))
}

pub(crate) async fn organization(Part(id): Part<String>, call: Call) -> Response {
    call.answer(shown_organization(&call, &id).await)
}

async fn shown_organization(call: &Call, id: &str) -> Answer {
    let id = Id::parse(id);
    let find = |scope: &Scope| id.as_ref().map(|id| (directory::company(scope, id),));
    let (program, (found,)) = call.enter(CallKey::UsersRead, find).await?;
    let company = program.grant::<_, act::UserDirectory>(Table::Organization, found)?;
    Ok(Entity::of(&Organization::from(&*company)).told(call))
}

pub(crate) async fn topics(call: Call) -> Response {
    call.answer(listed_topics(&call).await)
}

/// All of them: those of the key's realm and of the realms above it, which a new ticket can have.
async fn listed_topics(call: &Call) -> Answer {
    let find = |scope: &Scope| (topic::inherited(scope),);
    let (_, (topics,)) = call.enter(CallKey::TopicsRead, find).await?;
    let topics = topic::standing(&topics);
    page(
        topics,
        i64::MAX,
        |_| String::new(),
        |topic| Topic::from(&topic),
    )
}
