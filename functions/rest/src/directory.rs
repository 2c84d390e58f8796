//! `/api/v1/users`, `/api/v1/organizations` and `/api/v1/topics`.

use axum::response::Response;
use desk::directory::{self, Behind, Company, Person};
use desk::email::looked_up;
use desk::form::profile;
use desk::topic;
use serde::Deserialize;
use tenancy::policy::{CallKey, Found, Thing, act};
use tenancy::{Id, Scope, Table};

use crate::call::{Answer, Call};
use crate::document::{IfNoneMatch, Reading};
use crate::entity::{Entity, Part, page, page_length};
use crate::problem::Problem;
use crate::program::Program;
use crate::shape::{List, Organization, Topic, User};
use crate::tickets::cursor;
use crate::wanted::Key;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UsersQuery {
    /// Only with this address.
    email: Option<String>,
    /// Only of this realm and those below it.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    realm: Option<Key>,
    /// The page that comes after this; follow `next` instead of making one up.
    #[param(format = "uuid")]
    after: Option<String>,
    /// How long the page is; 25, unless this says otherwise.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrganizationsQuery {
    /// Only of this realm and those below it.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991i64)]
    realm: Option<Key>,
    /// The page that comes after this; follow `next` instead of making one up.
    #[param(format = "uuid")]
    after: Option<String>,
    /// How long the page is; 25, unless this says otherwise.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// The address of the page behind something.
fn next(path: &str, realm: Option<Key>, limit: i64, last: &Id) -> String {
    let realm = realm
        .map(|Key(realm)| format!("realm={realm}&"))
        .unwrap_or_default();
    format!("{path}?{realm}limit={limit}&after={last}")
}

/// What a cursor stands for, if it was asked for: its place, as far as the program sees it.
fn place<T: Thing + Clone>(
    program: &Program,
    table: Table,
    after: Option<&Id>,
    found: Vec<Found<T>>,
) -> Result<Option<T>, Problem> {
    if after.is_none() {
        return Ok(None);
    }
    let granted = program.grant::<T, act::UserDirectory>(table, found);
    let gone = |_| Problem::field("?after", "Follow the address in next.");
    granted.map(|place| Some((*place).clone())).map_err(gone)
}

/// List users
///
/// Realm by realm, and by address. Takes `users:read`.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    operation_id = "listUsers",
    tag = "Users",
    params(UsersQuery),
    responses((status = 200, description = "A page of users.", body = List<User>, headers(("link" = String, description = "Where the next page is, if there is one."))), Reading),
)]
pub(crate) async fn users(call: Call) -> Response {
    call.answer(listed_users(&call).await)
}

async fn listed_users(call: &Call) -> Answer {
    let query: UsersQuery = call.query()?;
    let (after, limit) = (cursor(query.after.as_ref())?, page_length(query.limit)?);
    let find = |scope: &Scope| after.as_ref().map(|id| (directory::person(scope, id),));
    let realm = query.realm.map(Key::realm);
    let (mut program, (found,)) = call.enter_at(realm, CallKey::UsersRead, find).await?;
    let behind = place(&program, Table::User, after.as_ref(), found)?;
    let email = query.email.as_deref().map(looked_up);
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
    Ok(page(found, limit, next, |person| User::from(&person)))
}

/// Read a user
///
/// Takes `users:read`.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}",
    operation_id = "readUser",
    tag = "Users",
    params(("id" = String, Path, description = "The user's id."), IfNoneMatch),
    responses((status = 200, description = "The user.", body = User, headers(("etag" = String, description = "Tells this reading from another."))), (status = 304, description = "They are as they were read."), Reading),
)]
pub(crate) async fn user(Part(id): Part<String>, call: Call) -> Response {
    call.answer(shown_user(&call, &id).await)
}

async fn shown_user(call: &Call, id: &str) -> Answer {
    let id = Id::parse(id);
    let find = |scope: &Scope| {
        let look = |id| (directory::person(scope, id), profile::of_user(scope, id));
        id.as_ref().map(look)
    };
    let (program, (found, profile)) = call.enter(CallKey::UsersRead, find).await?;
    let person = program.grant::<_, act::UserDirectory>(Table::User, found)?;
    Ok(Entity::of(&User::with(&person, &profile)).told(call))
}

/// List organizations
///
/// Realm by realm, and by name. Takes `users:read`.
#[utoipa::path(
    get,
    path = "/api/v1/organizations",
    operation_id = "listOrganizations",
    tag = "Organizations",
    params(OrganizationsQuery),
    responses((status = 200, description = "A page of organizations.", body = List<Organization>, headers(("link" = String, description = "Where the next page is, if there is one."))), Reading),
)]
pub(crate) async fn organizations(call: Call) -> Response {
    call.answer(listed_organizations(&call).await)
}

async fn listed_organizations(call: &Call) -> Answer {
    let query: OrganizationsQuery = call.query()?;
    let (after, limit) = (cursor(query.after.as_ref())?, page_length(query.limit)?);
    let find = |scope: &Scope| after.as_ref().map(|id| (directory::company(scope, id),));
    let realm = query.realm.map(Key::realm);
    let (mut program, (found,)) = call.enter_at(realm, CallKey::UsersRead, find).await?;
    let behind = place(&program, Table::Organization, after.as_ref(), found)?;
    let look = program.look(|program, scope| {
        let sight = program.sight(Table::Organization);
        let behind = behind.as_ref().map(Behind::company).unwrap_or_default();
        (directory::companies(scope, &sight, &behind, limit + 1),)
    });
    let (found,) = look.await?;
    let next = |last: &Company| next("/api/v1/organizations", query.realm, limit, &last.id);
    Ok(page(found, limit, next, |company| {
        Organization::from(&company)
    }))
}

/// Read an organization
///
/// Takes `users:read`.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{id}",
    operation_id = "readOrganization",
    tag = "Organizations",
    params(("id" = String, Path, description = "The organization's id."), IfNoneMatch),
    responses((status = 200, description = "The organization.", body = Organization, headers(("etag" = String, description = "Tells this reading from another."))), (status = 304, description = "It is as it was read."), Reading),
)]
pub(crate) async fn organization(Part(id): Part<String>, call: Call) -> Response {
    call.answer(shown_organization(&call, &id).await)
}

async fn shown_organization(call: &Call, id: &str) -> Answer {
    let id = Id::parse(id);
    let find = |scope: &Scope| {
        let look = |id| {
            (
                directory::company(scope, id),
                profile::of_organization(scope, id),
            )
        };
        id.as_ref().map(look)
    };
    let (program, (found, profile)) = call.enter(CallKey::UsersRead, find).await?;
    let company = program.grant::<_, act::UserDirectory>(Table::Organization, found)?;
    Ok(Entity::of(&Organization::with(&company, &profile)).told(call))
}

/// List help topics
///
/// All that a ticket of the key's realm can have. Takes `topics:read`.
#[utoipa::path(
    get,
    path = "/api/v1/topics",
    operation_id = "listTopics",
    tag = "Help topics",
    responses((status = 200, description = "The topics.", body = List<Topic>), Reading),
)]
pub(crate) async fn topics(call: Call) -> Response {
    call.answer(listed_topics(&call).await)
}

/// All of them: those of the key's realm and of the realms above it, which a new ticket can have.
async fn listed_topics(call: &Call) -> Answer {
    let find = |scope: &Scope| (topic::inherited(scope),);
    let (_, (topics,)) = call.enter(CallKey::TopicsRead, find).await?;
    let topics = topic::standing(&topics);
    Ok(page(
        topics,
        i64::MAX,
        |_| String::new(),
        |topic| Topic::from(&topic),
    ))
}
