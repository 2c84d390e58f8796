//! `/admin/organizations/{organization}`: what an organization is, and who is in it.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{Deed, Kind, Verb};
use desk::directory::{self, Member, Organization, Person, Wanted};
use desk::email::{EmailAddress, looked_up};
use desk::wish::Wish;
use pages::admin::{
    Done, MemberRow, OrganizationPage, OrganizationRow, Place, Problem, SHARINGS, Why,
};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::policy::{Act, Asking, Found, Granted, act};
use tenancy::principal::{Principal, Sharing};
use tenancy::{Id, Scope};
use web::administering::{done, enter, failure, held, nav, refusal, status, write};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::ground::Typed;
use web::{Answer, Desk, Failure, Visit};

use crate::member;
use crate::organizations::problem;

/// So many users stand on one page.
const PAGE: usize = 100;

/// Which page of the users, and what was done before.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    after: String,
    done: String,
    undo: String,
}

/// What was looked up about an organization.
pub(crate) struct Looked<A> {
    pub(crate) organization: Granted<Organization, A>,
    pub(crate) members: Vec<Member>,
    pub(crate) candidate: Vec<Found<Person>>,
    manager: Vec<Peer<Id>>,
}

pub(crate) type Changing = Looked<act::OrganizationEdit>;

/// What a page tells beyond the organization.
#[derive(Default)]
struct Told<'a> {
    address: &'a str,
    undo: Option<EmailAddress>,
    problem: Option<Problem>,
    done: Option<Done>,
}

/// Asks in the name of an administrator, about what lies in the realms they hold.
fn granted<A: Act>(
    desk: &Desk,
    found: Vec<Found<Organization>>,
) -> Result<Granted<Organization, A>, Failure> {
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    asking.grant(found).map_err(failure)
}

async fn look<A: Act>(
    visit: Visit,
    id: &str,
    after: &str,
    typed: &Typed,
) -> Result<(Desk, Looked<A>), Failure> {
    let (id, after) = (Id::parse(id), Id::parse(after));
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let (address, manager) = ["address", "manager"]
        .map(|it| looked_up(typed.get(it)))
        .into();
    let queries = |scope: &Scope| {
        (
            directory::organization(scope, id.as_ref()),
            directory::members(scope, id.as_ref(), after.as_ref(), most),
            directory::candidate(scope, id.as_ref(), &address),
            peer::agent(scope, &manager),
        )
    };
    let (desk, (found, members, candidate, manager)) = enter(visit, queries).await?;
    let organization = granted(&desk, found)?;
    let looked = Looked {
        organization,
        members,
        candidate,
        manager,
    };
    Ok((desk, looked))
}

pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(before): Query<Before>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let nothing = Typed::default();
        let (desk, looked) =
            look::<act::UserDirectory>(visit, &id, &before.after, &nothing).await?;
        let done = Done::named(&before.done);
        let told = Told {
            undo: EmailAddress::parse(&before.undo).filter(|_| done == Some(Done::Removed)),
            done,
            ..Told::default()
        };
        Ok(page(&desk, &looked, &as_it_is(&desk, &looked), &told))
    };
    negotiated(wants_json, answer.await)
}

/// The address of the account manager, where the administrator sees them.
fn seen_manager<'l, A>(desk: &Desk, looked: &'l Looked<A>) -> Option<&'l str> {
    let (address, path) = looked.organization.manager.as_ref()?;
    desk.agent.holds_realm(path).then_some(address)
}

fn has_unseen_manager<A>(desk: &Desk, looked: &Looked<A>) -> bool {
    looked.organization.manager.is_some() && seen_manager(desk, looked).is_none()
}

/// What the form would post if nothing were changed.
fn as_it_is<A>(desk: &Desk, looked: &Looked<A>) -> Typed {
    let organization = &looked.organization;
    let manager = seen_manager(desk, looked).unwrap_or_default();
    let unseen = has_unseen_manager(desk, looked);
    let assigns = organization.assigns_manager;
    let fields = [
        ("version", organization.version.to_string()),
        ("name", organization.name.clone()),
        ("domains", organization.domains.join(", ")),
        ("sharing", organization.sharing.name().to_owned()),
        ("taking_part", organization.taking_part.name().to_owned()),
        ("assigns_manager", if assigns { "1" } else { "" }.to_owned()),
        ("manager", manager.to_owned()),
        ("keep_manager", if unseen { "1" } else { "" }.to_owned()),
    ];
    Typed(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

fn page<A>(desk: &Desk, looked: &Looked<A>, typed: &Typed, told: &Told<'_>) -> Response {
    let organization = &looked.organization;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(told.problem);
    let here = pages::url::organization(organization.id.as_str());
    let members = looked.members.iter().take(PAGE);
    let has_more = looked.members.len() > PAGE;
    let last = members.clone().next_back().filter(|_| has_more);
    let next = last.map(|last| format!("{here}?after={}", last.id));
    if desk.wants_json() {
        let mut body = json(organization, seen_manager(desk, looked));
        body["users"] = members.map(member_json).collect::<Vec<_>>().into();
        body["next"] = next.into();
        body["csrf"] = csrf.into();
        return desk.renewed(token.with(data(status, &body)));
    }
    let page = OrganizationPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Organizations),
        organization: OrganizationRow {
            id: organization.id.as_str(),
            name: &organization.name,
            realm: &organization.realm.name,
        },
        realm_id: organization.realm.id.0,
        may_change: member::may_change(desk),
        typed: typed.filled(),
        has_unseen_manager: has_unseen_manager(desk, looked),
        members: members.map(member_row).collect(),
        next,
        address: told.address,
        undo: told.undo.as_ref().map(EmailAddress::as_str),
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    desk.renewed(token.with((status, Html(page))))
}

fn json(organization: &Organization, manager: Option<&str>) -> Value {
    let realm = &organization.realm;
    json!({
        "id": organization.id,
        "name": organization.name,
        "realm": { "id": realm.id, "name": realm.name },
        "domains": organization.domains,
        "sharing": organization.sharing.name(),
        "taking_part": organization.taking_part.name(),
        "assigns_manager": organization.assigns_manager,
        "manager": manager,
        "version": organization.version,
    })
}

fn member_row(member: &Member) -> MemberRow<'_> {
    MemberRow {
        id: member.id.as_str(),
        name: &member.name,
        email: &member.email,
        is_primary: member.is_primary,
    }
}

fn member_json(member: &Member) -> Value {
    json!({
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "primary": member.is_primary,
    })
}

pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &id, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (desk, mut looked) = look::<act::OrganizationEdit>(visit, id, "", typed).await?;
    form::check(&desk.visit, &desk.signer, typed.get("csrf"))?;
    let path = pages::url::organization(looked.organization.id.as_str());
    let outcome = match typed.get("change") {
        "save" => save(&desk, &looked, typed).await?,
        what => {
            let candidate = std::mem::take(&mut looked.candidate);
            member::change(&desk, &looked, what, candidate, typed).await?
        }
    };
    let problem = match outcome {
        Ok((Done::Removed, undo)) => {
            let undo = pages::url::encoded(&undo);
            let path = format!("{path}?undo={undo}");
            return Ok(done(&desk, Done::Removed, json!({}), &path));
        }
        Ok((what, _)) => return Ok(done(&desk, what, json!({}), &path)),
        Err(problem) => problem,
    };
    if desk.wants_json() {
        return Ok(refusal(&desk, problem));
    }
    let told = Told {
        address: typed.get("address"),
        problem: Some(problem),
        ..Told::default()
    };
    let is_saving = typed.get("change") == "save";
    let now = as_it_is(&desk, &looked);
    Ok(page(
        &desk,
        &looked,
        if is_saving { typed } else { &now },
        &told,
    ))
}

async fn save(desk: &Desk, looked: &Changing, typed: &Typed) -> member::Outcome {
    let manager = match manager(desk, looked, typed) {
        Ok(manager) => manager,
        Err(problem) => return Ok(Err(problem)),
    };
    let now = &looked.organization;
    let wanted = Wanted {
        version: typed.number("version").unwrap_or_default(),
        name: typed.get("name"),
        domains: typed.get("domains"),
        sharing: sharing(typed, "sharing", now.sharing)?,
        taking_part: sharing(typed, "taking_part", now.taking_part)?,
        assigns_manager: typed.is_on("assigns_manager"),
        manager,
    };
    let before = as_it_is(desk, looked);
    let changes = typed.since(&before);
    let organization = &looked.organization;
    let refused = match directory::change_organization(organization, &wanted) {
        Ok(batch) => {
            let deed = deed(organization, changes);
            match write(desk, organization.scope(), batch, &deed).await {
                Ok(_) => return Ok(Ok((Done::Saved, String::new()))),
                Err(error) => directory::refused(error),
            }
        }
        Err(refused) => refused,
    };
    problem(refused).map(Err)
}

/// Which members a choice is about; what was not asked stays as it is.
fn sharing(typed: &Typed, of: &str, now: Sharing) -> Result<Sharing, Failure> {
    match typed.all(of).next() {
        None => Ok(now),
        Some(picked) if SHARINGS.contains(&picked) => {
            Sharing::named(picked).ok_or(Failure::BadRequest)
        }
        Some(_) => Err(Failure::BadRequest),
    }
}

pub(crate) fn deed(organization: &Organization, changed: Value) -> Deed<'_> {
    Deed::new(organization.realm.id, Verb::Changed, Kind::Organization)
        .of(&organization.id, &organization.name)
        .changing(changed)
}

/// Who becomes the account manager.
fn manager(desk: &Desk, looked: &Changing, typed: &Typed) -> Result<Wish<Id>, Problem> {
    let address = looked_up(typed.get("manager"));
    let unknown = Problem {
        why: Why::Unknown,
        field: "manager",
    };
    if address.is_empty() {
        let stays = typed.is_on("keep_manager") && has_unseen_manager(desk, looked);
        return Ok(if stays { Wish::Keep } else { Wish::Clear });
    }
    let found = held(desk, looked.manager.clone());
    found.map(|agent| Wish::Set(agent.id)).ok_or(unknown)
}
