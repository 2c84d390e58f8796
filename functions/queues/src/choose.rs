//! `/queues/realm`: which realm an agent works in (T-21 to T-23).
//!
//! Choosing the own realm goes back to everything the agent sees. What is not offered answers
//! like what does not exist.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use pages::http::{Html, wants_json};
use pages::queues::{RealmChoice, RealmChoicePage, Selector};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::principal::Agent;
use tenancy::scope::returned;
use tenancy::sight::{self, Choice, Node, Requirement, Standing, requirements};
use tenancy::{DbError, RealmId, Scope, Sight, realm};
use web::failure::{data, negotiated, see_other};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

/// So many realms stand in the selector of a queue's page; the rest is on a page of its own.
pub(crate) const AT_HAND: i64 = 50;
/// So many stand on that page; searching finds the others.
const LISTED: i64 = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    q: String,
}

/// What the form posts. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    csrf: String,
    realm: String,
    back: String,
}

/// The realms that an agent can select.
pub(crate) fn offered(agent: &Agent, required: &[Requirement]) -> Sight {
    let standing = agent.standing();
    standing.map_or_else(Sight::default, |standing| standing.choices(required))
}

/// The selector as pages show it, with the first of what was listed.
pub(crate) fn selector<'a>(
    standing: &'a Standing,
    listed: &'a [Choice],
    most: i64,
    csrf: &'a str,
    back: &'a str,
) -> Selector<'a> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let (own, current) = (standing.primary(), standing.current());
    let depth = |node: &Node| node.path.ancestors().len();
    let top = listed.iter().map(depth).min().unwrap_or_default();
    let choice = |node: &'a Node| RealmChoice {
        id: node.realm.0,
        name: &node.name,
        depth: depth(node) - top,
        is_current: node.realm == current.realm,
    };
    Selector {
        own: &own.name,
        current: (current.realm != own.realm).then_some(current.name.as_str()),
        choices: listed.iter().take(most).map(choice).collect(),
        has_more: listed.len() > most,
        csrf,
        back,
    }
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, form::searched(&wanted.q)).await)
}

async fn shown(visit: Visit, beginning: &str) -> Answer {
    let (mut desk, (required,)) = Desk::enter(visit, |scope| (requirements(scope),)).await?;
    let listed = look_up(&mut desk, &required, beginning).await?;
    let standing = desk.agent.standing().ok_or(Failure::NotFound)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let selector = selector(standing, &listed, LISTED, &csrf, pages::url::QUEUES);
    let response = if desk.wants_json() {
        token.with(data(StatusCode::OK, &json(standing, &selector)))
    } else {
        let shell = desk.shell(Some(&standing.current().name), &csrf);
        let searched = beginning;
        token.with(Html(RealmChoicePage {
            shell,
            selector,
            searched,
        }))
    };
    Ok(desk.renewed(response))
}

async fn look_up(
    desk: &mut Desk,
    required: &[Requirement],
    beginning: &str,
) -> Result<Vec<Node>, DbError> {
    let most = LISTED + 1;
    if beginning.is_empty() {
        let list = |agent: &Agent, scope: &Scope| {
            (sight::choices(scope, &offered(agent, required), most),)
        };
        return Ok(desk.look(list).await?.0);
    }
    let search = |agent: &Agent, scope: &Scope| {
        let offered = offered(agent, required);
        (realm::search(scope, &offered, beginning, most),)
    };
    let (found,) = desk.look(search).await?;
    let open = found.into_iter().filter(|realm| !realm.is_archived);
    let node = |realm: realm::Listed| Node {
        realm: realm.id,
        path: realm.path,
        name: realm.name,
    };
    Ok(open.map(node).collect())
}

fn json(standing: &Standing, selector: &Selector<'_>) -> Value {
    let offered = selector.choices.iter();
    let offered = offered.map(|choice| json!({ "id": choice.id, "name": choice.name }));
    json!({
        "own": node_json(standing.primary()),
        "current": node_json(standing.current()),
        "offered": offered.collect::<Vec<_>>(),
        "has_more": selector.has_more,
        "csrf": selector.csrf,
    })
}

fn node_json(node: &Node) -> Value {
    json!({ "id": node.realm.0, "name": node.name })
}

pub(crate) async fn choose(visit: Visit, Posted(chosen): Posted<Chosen>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, chosen_by(visit, &chosen).await)
}

async fn chosen_by(visit: Visit, chosen: &Chosen) -> Answer {
    let (desk, (required,)) = Desk::enter(visit, |scope| (requirements(scope),)).await?;
    form::check(&desk.visit, &desk.signer, &chosen.csrf)?;
    let own = desk
        .agent
        .standing()
        .map(|standing| standing.primary().realm);
    let wanted = RealmId(chosen.realm.parse::<u32>().map_or(0, i64::from));
    let scope = desk.scope();
    if chosen.realm.is_empty() || Some(wanted) == own {
        scope
            .write(vec![sight::deselect(&scope, &desk.agent)])
            .await?;
    } else {
        let offered = offered(&desk.agent, &required);
        let select = sight::select(&scope, &offered, &desk.agent, wanted);
        let rows = scope.write(vec![select]).await?;
        returned::<RealmId>(&rows, 0, "realm_id").map_err(|_| Failure::NotFound)?;
    }
    let response = if desk.wants_json() {
        data(StatusCode::OK, &json!({ "done": "chosen" }))
    } else {
        see_other(own_path(&chosen.back))
    };
    Ok(desk.renewed(response))
}

/// Where to go after choosing: a queue, in an order, and never another host.
fn own_path(back: &str) -> &str {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    let is_slug = |slug: &str| slug.bytes().all(is_part);
    let (path, sort) = back.split_once("?sort=").unwrap_or((back, ""));
    let is_queue = path.strip_prefix("/queues/").is_some_and(is_slug);
    if is_queue && is_slug(sort) {
        back
    } else {
        pages::url::QUEUES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choosing_leads_back_to_a_queue_and_nowhere_else() {
        for own in [
            "/queues/overdue",
            "/queues/closed-this-week",
            "/queues/open?sort=oldest",
        ] {
            assert_eq!(own_path(own), own);
        }
        for foreign in [
            "",
            "//evil.example",
            "/queues/../x",
            "/queues//evil.example",
            "/queues/open?sort=//evil.example",
            "/queues/open?done=x",
        ] {
            assert_eq!(own_path(foreign), "/queues", "{foreign}");
        }
    }
}
