//! `/admin/separation`: how far each table looks along the tree, for the whole tenant.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use pages::admin::{
    Direction as ShownDirection, Done, Place, Separated, SeparationPage, Source as ShownSource,
};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::policy::{Asking, Found, Granted, act};
use tenancy::principal::Principal;
use tenancy::realm::{self, Realm};
use tenancy::separation::{Direction, Directions, RealmSource, separate, take_realm_from};
use tenancy::{Scope, Statement, Table};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};

use web::administering::{done, enter, nav, status, write};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    done: String,
}

/// The field that says where tickets take their realm from.
const REALM_FROM: &str = "realm_from";

/// What the form posts: a direction under each table's name, and where tickets take their realm
/// from. What is left out stays.
type Typed = BTreeMap<String, String>;

/// All trees of the tenant, by whoever holds all of them; others may not even look.
fn trees(
    desk: &Desk,
    found: Vec<Found<Realm>>,
) -> Result<Vec<Granted<Realm, act::RealmSeparate>>, Failure> {
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    asking.grant_all(found).map_err(|_| Failure::Forbidden)
}

pub(crate) async fn show(visit: Visit, Query(before): Query<Before>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &before).await)
}

async fn shown(visit: Visit, before: &Before) -> Answer {
    let asked = |scope: &Scope| (realm::roots(scope), RealmSource::query(scope));
    let (desk, (found, sources)) = enter(visit, asked).await?;
    trees(&desk, found)?;
    let source = sources.into_iter().next().unwrap_or_default();
    let directions = desk.agent.standing().ok_or(Failure::NotFound)?.directions();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    if desk.wants_json() {
        let body = json!({
            "tables": json(directions), (REALM_FROM): source.name(), "csrf": csrf,
        });
        return Ok(desk.renewed(token.with(data(status(None), &body))));
    }
    let separated = |table: Table| Separated {
        field: table.name(),
        plural: table.plural(),
        direction: shown_direction(directions.of(table)),
    };
    let page = SeparationPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(&desk, Place::Separation),
        tables: Table::ALL.map(separated).into(),
        source: shown_source(source),
        done: Done::named(&before.done),
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with(Html(page))))
}

fn json(directions: &Directions) -> Value {
    let direction = |table: Table| {
        (
            table.name().to_owned(),
            Value::from(directions.of(table).name()),
        )
    };
    Table::ALL.into_iter().map(direction).collect()
}

fn shown_direction(direction: Direction) -> ShownDirection {
    match direction {
        Direction::Down => ShownDirection::Down,
        Direction::Up => ShownDirection::Up,
        Direction::Both => ShownDirection::Both,
        Direction::Off => ShownDirection::Off,
    }
}

fn shown_source(source: RealmSource) -> ShownSource {
    match source {
        RealmSource::Door => ShownSource::Door,
        RealmSource::Department => ShownSource::Department,
        RealmSource::Organization => ShownSource::Organization,
    }
}

pub(crate) async fn change(visit: Visit, Posted(typed): Posted<Typed>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &typed).await)
}

async fn changed(visit: Visit, typed: &Typed) -> Answer {
    let (desk, (found,)) = enter(visit, |scope| (realm::roots(scope),)).await?;
    let csrf = typed.get("csrf").map_or("", String::as_str);
    form::check(&desk.visit, &desk.signer, csrf)?;
    let trees = trees(&desk, found)?;
    let chosen = Table::ALL.into_iter().filter_map(|table| {
        let direction = Direction::named(typed.get(table.name())?);
        Some(direction.map(|direction| (table, direction)))
    });
    let chosen: Option<Vec<_>> = chosen.collect();
    let chosen = chosen.ok_or(Failure::BadRequest)?;
    let source = typed.get(REALM_FROM).map(|name| RealmSource::named(name));
    let source = match source {
        Some(None) => return Err(Failure::BadRequest),
        Some(named) => named,
        None => None,
    };
    let directions = chosen.into_iter();
    let directions = directions.filter_map(|(table, direction)| separate(&trees, table, direction));
    let source = source.and_then(|source| take_realm_from(&trees, source));
    let batch: Vec<Statement> = directions.chain(source).collect();
    if !batch.is_empty() {
        let own = desk.agent.standing().ok_or(Failure::NotFound)?.primary();
        let changed = typed.iter().map(|(name, value)| (&**name, &**value));
        let deed = Deed::new(own.realm, Verb::Changed, deed::Kind::Separation)
            .named(&own.name)
            .changing(deed::changes([], changed));
        write(&desk, &desk.scope(), batch, &deed).await?;
    }
    Ok(done(&desk, Done::Saved, json!({}), pages::url::SEPARATION))
}
