//! `/admin/profiles/organizations/{organization}`: what the forms of organizations hold of one.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{Deed, Kind, Verb};
use desk::directory::{self, Organization};
use desk::form::{self, Filled, profile};
use pages::admin::{Done, Place};
use pages::http::wants_json;
use tenancy::policy::{Act, AgentKey, Asking, Granted, Permission, act};
use tenancy::principal::{Agent, Principal};
use tenancy::{Id, Scope};
use web::administering::{enter, failure};
use web::failure::negotiated;
use web::form::Posted;
use web::ground::Wanted;
use web::{Answer, Desk, Failure, Visit};

use crate::page::{Posting, Profile, known, posted, saved};

async fn look<A: Act>(
    visit: Visit,
    id: &str,
) -> Result<(Desk, Granted<Organization, A>, Vec<Filled>), Failure> {
    let id = Id::parse(id).ok_or(Failure::NotFound);
    let (mut desk, ()) = enter(visit, |_| ()).await?;
    let id = id?;
    let queries = |by: &Agent, scope: &Scope| {
        (
            directory::organization(scope, Some(&id)),
            profile::of_organization(scope, &id),
            form::closed_to(scope, &by.id),
        )
    };
    let (found, filled, closed) = desk.look(queries).await?;
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    let organization = asking.grant(found).map_err(failure)?;
    Ok((desk, organization, known(filled, &closed)))
}

fn profile<'p>(desk: &Desk, organization: &'p Organization, filled: &'p [Filled]) -> Profile<'p> {
    let id = organization.id.as_str();
    Profile {
        place: Place::Organizations,
        name: &organization.name,
        back: pages::url::organization(id),
        action: pages::url::organization_profile(id),
        version: organization.version,
        may_change: desk
            .agent
            .has(Permission::Agent(AgentKey::OrganizationEdit)),
        filled,
    }
}

pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(before): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (desk, organization, filled) = look::<act::UserDirectory>(visit, &id).await?;
        let done = Done::named(&before.done);
        Ok(profile(&desk, &organization, &filled).page(&desk, None, done))
    };
    negotiated(wants_json, answer.await)
}

pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &id, typed).await)
}

async fn changed(visit: Visit, id: &str, typed: Vec<(String, String)>) -> Answer {
    let (desk, organization, filled) = look::<act::OrganizationEdit>(visit, id).await?;
    let profile = profile(&desk, &organization, &filled);
    let Posting { version, changes } = match posted(&desk, &profile, typed)? {
        Ok(posting) => posting,
        Err(answer) => return Ok(answer),
    };
    let batch = profile::refill_organization(&organization, &changes, version);
    let deed = Deed::new(organization.realm.id, Verb::Changed, Kind::Organization)
        .of(&organization.id, &organization.name);
    saved(
        &desk,
        &profile,
        organization.scope(),
        batch,
        (deed, &changes),
    )
    .await
}
