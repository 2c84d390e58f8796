//! `/admin/realms/{realm}/access`: who sees a realm, as far as the administrator sees them.

mod entitle;

use axum::extract::{Path, Query};
use axum::response::Response;
use pages::admin::{AccessPage, Decision, Done, Entitled, Offer, Place, Problem, Tab};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::policy::{Granted, RealmKey, act};
use tenancy::principal::Agent;
use tenancy::realm::{self, Listed, Realm};
use tenancy::scope::And;
use tenancy::sight::{Requirement, Role, Standing, requirements};
use tenancy::{Id, RealmId, Scope, Sight, Table};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use self::entitle::Typed;
use crate::administering::{
    Outcome, done, enter, granted, has, head, head_json, nav, realm_id, refusal, row, status,
};

/// So many realms and teams are offered in a list.
const OFFERED: i64 = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    done: String,
}

/// What a page tells beyond who sees the realm.
#[derive(Default)]
struct Told<'a> {
    agent: &'a str,
    problem: Option<Problem>,
    done: Option<Done>,
}

/// What is asked about who sees a realm.
type Queries = (
    tenancy::Query<Peer<Id>>,
    tenancy::Query<Peer<i64>>,
    tenancy::Query<Peer<RealmId>>,
    tenancy::Query<Peer<i64>>,
    tenancy::Query<Listed>,
    tenancy::Query<Role>,
    tenancy::Query<Requirement>,
);

/// What was found of it.
type Found = (
    Vec<Peer<Id>>,
    Vec<Peer<i64>>,
    Vec<Peer<RealmId>>,
    Vec<Peer<i64>>,
    Vec<Listed>,
    Vec<Role>,
    Vec<Requirement>,
);

/// Whom a realm is shown to, and what can be chosen.
struct Access {
    agents: Vec<Peer<Id>>,
    teams: Vec<Peer<i64>>,
    viewers: Vec<Peer<RealmId>>,
    unseen: usize,
    teams_offered: Vec<Peer<i64>>,
    realms_offered: Vec<Listed>,
    roles: Vec<Role>,
    required: Vec<Requirement>,
}

pub(crate) async fn show(
    visit: Visit,
    Path(realm): Path<String>,
    Query(before): Query<Before>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (mut desk, ()) = enter(visit, |_| ()).await?;
        let told = Told {
            done: Done::named(&before.done),
            ..Told::default()
        };
        page(&mut desk, realm_id(&realm), told).await
    };
    negotiated(wants_json, answer.await)
}

impl Access {
    /// Looks up what is said at a realm that the agent holds.
    fn queries(agent: &Agent, scope: &Scope, id: RealmId) -> Queries {
        (
            peer::agents_shown(scope, id),
            peer::teams_shown(scope, id),
            peer::realms_shown(scope, id),
            peer::teams(scope, &agent.sight(Table::Team), OFFERED),
            realm::list(scope, agent.holdings().as_sight(), OFFERED),
            peer::roles(scope),
            requirements(scope),
        )
    }

    fn of(agent: &Agent, found: Found) -> Self {
        let (agents, teams, viewers, teams_offered, realms_offered, roles, required) = found;
        let all = agents.len() + teams.len() + viewers.len();
        let agents = seen(agents, &agent.sight(Table::Agent));
        let teams = seen(teams, &agent.sight(Table::Team));
        let viewers = seen(viewers, agent.holdings().as_sight());
        Self {
            unseen: all - agents.len() - teams.len() - viewers.len(),
            agents,
            teams,
            viewers,
            teams_offered,
            realms_offered,
            roles,
            required,
        }
    }
}

fn seen<I>(peers: Vec<Peer<I>>, sight: &Sight) -> Vec<Peer<I>> {
    let is_seen = |peer: &Peer<I>| sight.sees(&peer.path);
    peers.into_iter().filter(is_seen).collect()
}

async fn page(desk: &mut Desk, id: RealmId, told: Told<'_>) -> Answer {
    let look_up = |agent: &Agent, scope: &Scope| {
        let realm = (realm::find(scope, id), realm::above(scope, id));
        And(realm, Access::queries(agent, scope, id))
    };
    let ((found, above), access) = desk.look(look_up).await?;
    let desk: &Desk = desk;
    let realm: Granted<Realm, act::RealmView> = granted(desk, found)?;
    let head = head(desk, &above, Tab::Access)?;
    let standing = desk.agent.standing().ok_or(Failure::NotFound)?;
    let access = Access::of(&desk.agent, access);
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = AccessPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Realms),
        head,
        may_change: has(desk, RealmKey::RealmGrant),
        closing: closing(standing, &realm),
        asking: asking(&access, &realm),
        roles: access.roles.iter().map(role).collect(),
        own_role: own_role(standing, &access.roles),
        agents: access.agents.iter().map(entitled).collect(),
        teams: access.teams.iter().map(entitled).collect(),
        viewers: access.viewers.iter().map(entitled).collect(),
        unseen: access.unseen,
        teams_offered: access.teams_offered.iter().map(team).collect(),
        realms_offered: access
            .realms_offered
            .iter()
            .map(|place| row(place, desk.agent.path()))
            .collect(),
        agent: told.agent,
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    let status = status(told.problem);
    if desk.wants_json() {
        let body = data(status, &json(&page));
        return Ok(desk.renewed(token.with(body)));
    }
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// Who sees the realm at all: what is said at it, or what a realm above it asks for.
fn closing<'s>(standing: &'s Standing, realm: &Realm) -> Decision<'s> {
    let Some(restriction) = standing.restriction(&realm.path) else {
        return Decision::Above(None);
    };
    let role = restriction.role.as_ref().map(|role| role.name.as_str());
    match role {
        role if restriction.node.realm != realm.id => Decision::Above(role),
        Some(role) => Decision::Role(role),
        None => Decision::Everybody,
    }
}

fn asking<'a>(access: &'a Access, realm: &Realm) -> Decision<'a> {
    let own = access.required.iter().find(|it| it.node.realm == realm.id);
    let name = |id| access.roles.iter().find(|role| role.id == id);
    match own.map(|own| own.role.and_then(name)) {
        None => Decision::Above(None),
        Some(Some(role)) => Decision::Role(&role.name),
        Some(None) => Decision::Everybody,
    }
}

fn own_role<'a>(standing: &Standing, roles: &'a [Role]) -> &'a str {
    let own = roles.iter().find(|role| standing.meets(Some(role.id)));
    own.map_or("", |role| &role.name)
}

fn role(role: &Role) -> Offer<'_> {
    Offer {
        id: role.id,
        name: &role.name,
        detail: "",
    }
}

fn team(team: &Peer<i64>) -> Offer<'_> {
    Offer {
        id: team.id,
        name: &team.name,
        detail: &team.detail,
    }
}

fn entitled<I: ToString>(peer: &Peer<I>) -> Entitled<'_> {
    Entitled {
        id: peer.id.to_string(),
        name: &peer.name,
        detail: &peer.detail,
    }
}

fn json(page: &AccessPage<'_>) -> Value {
    let listed = |peers: &[Entitled<'_>]| -> Vec<Value> {
        let peer = |peer: &Entitled<'_>| json!({ "id": peer.id, "name": peer.name, "detail": peer.detail });
        peers.iter().map(peer).collect()
    };
    let roles = page.roles.iter();
    let roles = roles.map(|role| json!({ "id": role.id, "name": role.name }));
    let mut body = head_json(&page.head);
    body["closing"] = decision_json(page.closing);
    body["asking"] = decision_json(page.asking);
    body["agents"] = listed(&page.agents).into();
    body["teams"] = listed(&page.teams).into();
    body["viewers"] = listed(&page.viewers).into();
    body["unseen"] = page.unseen.into();
    body["roles"] = roles.collect::<Vec<_>>().into();
    body["csrf"] = page.csrf.into();
    body
}

fn decision_json(decision: Decision<'_>) -> Value {
    match decision {
        Decision::Above(role) => json!({ "at": "above", "role": role }),
        Decision::Role(role) => json!({ "at": "here", "role": role }),
        Decision::Everybody => json!({ "at": "here", "role": null }),
    }
}

pub(crate) async fn change(
    visit: Visit,
    Path(realm): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, realm_id(&realm), &typed).await)
}

async fn changed(visit: Visit, id: RealmId, typed: &Typed) -> Answer {
    let (mut desk, found) = enter(visit, |scope| entitle::look_up(scope, id, typed)).await?;
    form::check(&desk.visit, &desk.signer, &typed.csrf)?;
    match entitle::apply(&desk, found, typed).await? {
        Outcome::Done(what, given) => {
            // Whoever has closed a realm to themselves finds it no more.
            let is_left = given["left"] == true;
            let own = pages::url::realm_access(&id.0);
            let path = if is_left { pages::url::REALMS } else { &own };
            Ok(done(&desk, what, given, path))
        }
        Outcome::Refused(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Outcome::Refused(problem) => {
            let told = Told {
                agent: &typed.agent,
                problem: Some(problem),
                done: None,
            };
            page(&mut desk, id, told).await
        }
    }
}
