//! `/admin/realms/{realm}/access`: who sees a realm, as far as the administrator sees them.

mod entitle;
mod found;

use axum::extract::{Path, Query};
use axum::response::Response;
use pages::admin::{AccessPage, Decision, Done, Entitled, Offer, Place, Problem, Tab};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::peer::Peer;
use tenancy::policy::{Granted, RealmKey, act};
use tenancy::principal::Agent;
use tenancy::realm::{self, Realm};
use tenancy::scope::And;
use tenancy::sight::Role;
use tenancy::{RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use self::entitle::Typed;
use self::found::Access;
use web::administering::{
    Outcome, done, enter, granted, has, head, head_json, nav, realm_id, refusal, row, status,
};

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
        closing: found::closing(standing, &realm),
        asking: access.asking(&realm),
        roles: access.roles.iter().map(role).collect(),
        own_role: access.own_role(standing),
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
