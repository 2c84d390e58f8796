//! `/admin/realms/{realm}/settings`: every setting, where it comes from, and who may change it.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::alert;
use desk::deed::{self, Deed, Verb};
use desk::offer::{self, Kind, Offer};
use desk::setting::{self, Key, Origin, Refused, Settings, Value as Held};
use pages::admin::{
    Done, Named, Origin as ShownOrigin, Place, Problem, Setting, SettingRow, SettingsPage, Tab, Why,
};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::policy::{Found, Granted, RealmKey, act};
use tenancy::realm::{self, Listed, Realm};
use tenancy::{RealmId, Scope, Statement};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::{Answer, Desk, Failure, Visit};
use zone::Zone;

use web::administering::{
    Outcome, done, enter, granted, has, head, head_json, nav, realm_id, refusal, status, write,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    done: String,
    /// The field of the setting that was changed.
    at: String,
}

/// What the forms post. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    change: String,
    key: String,
    value: String,
}

/// What a page tells beyond the settings themselves.
#[derive(Default)]
struct Told<'a> {
    typed: Option<&'a Typed>,
    problem: Option<Problem>,
    done: Option<Done>,
    changed: &'a str,
}

pub(crate) async fn show(
    visit: Visit,
    Path(realm): Path<String>,
    Query(before): Query<Before>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, realm_id(&realm), &before).await)
}

async fn shown(visit: Visit, id: RealmId, before: &Before) -> Answer {
    let (desk, found) = enter(visit, |scope| looked_up(scope, id)).await?;
    let told = Told {
        done: Done::named(&before.done),
        changed: &before.at,
        ..Told::default()
    };
    page(&desk, found, told).await
}

type LookUp = (
    tenancy::Query<Found<Realm>>,
    tenancy::Query<Listed>,
    tenancy::Query<Offer>,
    tenancy::Query<Offer>,
);
type LookedUp = (Vec<Found<Realm>>, Vec<Listed>, Vec<Offer>, Vec<Offer>);

fn looked_up(scope: &Scope, id: RealmId) -> LookUp {
    (
        realm::find(scope, id),
        realm::above(scope, id),
        offer::offers(scope, id),
        offer::asked(scope, id),
    )
}

/// What settings can name, as far as the administrator sees it.
fn named<'o>(desk: &Desk, offers: &'o [Offer], asked: &'o [Offer]) -> Named<'o> {
    let of = |offers: &'o [Offer], kind: Kind| {
        let is_seen = |offer: &&Offer| {
            let path = offer.path.as_ref();
            offer.kind == kind && path.is_none_or(|path| desk.agent.holds_realm(path))
        };
        let seen = offers.iter().filter(is_seen);
        seen.map(|offer| (offer.id, offer.name.as_str())).collect()
    };
    Named {
        topics: of(asked, Kind::Topic),
        departments: of(offers, Kind::Department),
        plans: of(offers, Kind::Plan),
        sequences: of(offers, Kind::Sequence),
    }
}

async fn page(desk: &Desk, (found, above, offers, asked): LookedUp, told: Told<'_>) -> Answer {
    let realm: Granted<Realm, act::RealmView> = granted(desk, found)?;
    let head = head(desk, &above, Tab::Settings)?;
    let scope = Scope::at(&realm);
    let (held,) = scope.read((setting::inherited(&scope),)).await?;
    let settings = Settings::of(&held);
    let values = Key::ALL.map(|key| (key, settings.value(key)));
    let known: Vec<RealmId> = head.above.iter().map(|crumb| RealmId(crumb.id)).collect();
    let rows = values
        .iter()
        .filter_map(|(key, value)| row(*key, value, &known, told.typed));
    let rows: Vec<SettingRow<'_>> = rows.collect();
    let status = status(told.problem);
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["settings"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = SettingsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Realms),
        head,
        rows,
        offered: named(desk, &offers, &asked),
        zones: Zone::names(),
        may_edit: has(desk, RealmKey::SettingEdit),
        may_lock: has(desk, RealmKey::SettingLock),
        problem: told.problem,
        done: told.done,
        changed: told.changed,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn row<'a>(
    key: Key,
    value: &'a Held,
    known: &[RealmId],
    typed: Option<&'a Typed>,
) -> Option<SettingRow<'a>> {
    let typed = typed.filter(|typed| typed.key == key.name() && typed.change == "set");
    Some(SettingRow {
        setting: Setting::named(key.name())?,
        value: &value.text,
        typed: typed.map_or(&value.text, |typed| &typed.value),
        origin: shown_origin(&value.origin, known),
        is_locked: value.is_locked,
    })
}

/// A realm above is named to those who administer it, and only told of to others.
fn shown_origin<'a>(origin: &'a Origin, known: &[RealmId]) -> ShownOrigin<'a> {
    match origin {
        Origin::Own => ShownOrigin::Own,
        Origin::Above { realm, name } => {
            ShownOrigin::Above(Some(name.as_str()).filter(|_| known.contains(realm)))
        }
        Origin::Tenant => ShownOrigin::Tenant,
        Origin::Default => ShownOrigin::Default,
    }
}

/// The field of the setting that is stored under a name.
fn field(key: &str) -> &'static str {
    Setting::named(key).map_or("", |setting| setting.field)
}

fn row_json(row: &SettingRow<'_>) -> Value {
    let (origin, realm) = match row.origin {
        ShownOrigin::Own => ("own", None),
        ShownOrigin::Above(realm) => ("above", realm),
        ShownOrigin::Tenant => ("tenant", None),
        ShownOrigin::Default => ("platform", None),
    };
    json!({
        "key": row.setting.key,
        "value": row.value,
        "origin": origin,
        "realm": realm,
        "locked": row.is_locked,
    })
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
    let (mut desk, (found, _, offers, asked)) = enter(visit, |scope| looked_up(scope, id)).await?;
    form::check(&desk.visit, &desk.signer, &typed.csrf)?;
    let named = named(&desk, &offers, &asked);
    match apply(&desk, found, typed, &named).await? {
        Outcome::Done(what, given) => {
            let at = pages::url::changed_setting(&id.0, field(&typed.key));
            Ok(done(&desk, what, given, &at))
        }
        Outcome::Refused(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Outcome::Refused(problem) => {
            let found = desk.look(|_, scope| looked_up(scope, id)).await?;
            let told = Told {
                typed: Some(typed),
                problem: Some(problem),
                ..Told::default()
            };
            page(&desk, found, told).await
        }
    }
}

async fn apply(
    desk: &Desk,
    found: Vec<Found<Realm>>,
    typed: &Typed,
    named: &Named<'_>,
) -> Result<Outcome, Failure> {
    let key = Key::named(&typed.key).ok_or(Failure::BadRequest)?;
    let (scope, realm, statement) = match typed.change.as_str() {
        "set" => {
            let realm: Granted<Realm, act::SettingEdit> = granted(desk, found)?;
            let set = set(&realm, key, &typed.value, named);
            (Scope::at(&realm), realm.id, set)
        }
        "clear" => {
            let realm: Granted<Realm, act::SettingEdit> = granted(desk, found)?;
            let unset = setting::unset(&realm, key);
            (Scope::at(&realm), realm.id, Ok(unset))
        }
        "lock" => {
            let realm: Granted<Realm, act::SettingLock> = granted(desk, found)?;
            let locked = setting::lock(&realm, key);
            (Scope::at(&realm), realm.id, Ok(locked))
        }
        "unlock" => {
            let realm: Granted<Realm, act::SettingLock> = granted(desk, found)?;
            let unlocked = setting::unlock(&realm, key);
            (Scope::at(&realm), realm.id, Ok(unlocked))
        }
        _ => return Err(Failure::BadRequest),
    };
    let field = field(key.name());
    if statement.is_ok() && goes_unheard(&scope, key, typed).await? {
        return Ok(Outcome::refused(Why::NobodyTold, field));
    }
    let deed = deed(realm, key, typed);
    let outcome = match statement {
        Ok(statement) => write(desk, &scope, vec![statement], &deed)
            .await
            .map_err(setting::refused),
        Err(refused) => Err(refused),
    };
    match outcome {
        Ok(_) => Ok(Outcome::Done(Done::Saved, json!({ "key": key.name() }))),
        Err(Refused::Unfit) => Ok(Outcome::refused(Why::Unfit, field)),
        Err(Refused::Locked) => Ok(Outcome::refused(Why::Locked, field)),
        Err(Refused::Failed(error)) => Err(error.into()),
    }
}

/// Whether an alert would go to nobody by what counts in the realm from then on. What locks and
/// unlocks changes nothing there.
async fn goes_unheard(realm: &Scope, key: Key, typed: &Typed) -> Result<bool, Failure> {
    let own = match typed.change.as_str() {
        "set" => Some(typed.value.as_str()),
        "clear" => None,
        _ => return Ok(false),
    };
    if !alert::is_about_alerts(key) {
        return Ok(false);
    }
    let (held,) = realm.read((setting::inherited(realm),)).await?;
    let after = Settings::of(&held).after(key, own);
    let counts = after.value(key);
    let is_locked_above = counts.is_locked && counts.origin != Origin::Own;
    Ok(!is_locked_above && alert::is_unheard(key, &after))
}

/// What the log says of a change.
fn deed(realm: RealmId, key: Key, typed: &Typed) -> Deed<'static> {
    let value = Some(&typed.value).filter(|_| typed.change == "set");
    Deed::new(realm, Verb::Changed, deed::Kind::Setting)
        .of(key.name(), key.name())
        .changing(json!({ typed.change.as_str(): value }))
}

/// Sets a value, if pages know it: which colours there are, the desk does not. What it names is
/// something that the administrator sees.
fn set(
    realm: &Granted<Realm, act::SettingEdit>,
    key: Key,
    value: &str,
    named: &Named<'_>,
) -> Result<Statement, Refused> {
    let setting = Setting::named(key.name()).ok_or(Refused::Unfit)?;
    let is_seen = named.of(setting).is_none() || value == "0";
    let known = setting.values();
    if !is_seen && named.name(setting, value).is_none() {
        Err(Refused::Unfit)
    } else if known.is_empty() || known.contains(&value) {
        setting::set(realm, key, value)
    } else {
        Err(Refused::Unfit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_stands_on_the_page_and_takes_what_the_page_offers() {
        for key in Key::ALL {
            let shown = Setting::named(key.name());
            let shown = shown.unwrap_or_else(|| panic!("{} is on no page", key.name()));
            for value in shown.values() {
                assert!(key.takes(value), "{} refuses {value}", key.name());
            }
            let example = shown.example();
            assert!(
                example.is_empty() || key.takes(example),
                "{} refuses its own example",
                key.name()
            );
        }
    }
}
