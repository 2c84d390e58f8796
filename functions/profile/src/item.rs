//! `/admin/profiles/lists/{list}/{item}`: the properties of an item of a list.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{Kind, Verb};
use desk::form::{self, Filled, profile};
use desk::list::{self, Described};
use pages::admin::{Done, Place};
use pages::http::wants_json;
use tenancy::principal::Agent;
use tenancy::{RealmId, Scope};
use web::failure::negotiated;
use web::form::Posted;
use web::ground::{Ground, Wanted};
use web::{Answer, Failure, Visit};

use crate::page::{Posting, Profile, known, posted, saved};

/// An item of a list of the realm that is looked after, and what it has.
struct Here {
    ground: Ground,
    /// The list's id, and the item's among its items.
    at: (i64, i64),
    item: Described,
    filled: Vec<Filled>,
}

impl Here {
    async fn enter(visit: Visit, (list, item): (&str, &str), realm: &str) -> Result<Self, Failure> {
        let number = |text: &str| text.parse().unwrap_or(0);
        let at = (number(list), number(item));
        let look_up = |scope: &Scope, realm: RealmId| (list::described(scope, realm, at),);
        let (mut ground, (found,)) = Ground::enter(visit, realm, look_up).await?;
        let item = found.into_iter().next().ok_or(Failure::NotFound)?;
        let queries = |by: &Agent, scope: &Scope| {
            let filled = profile::of_item(scope, at);
            (filled, form::closed_to(scope, &by.id))
        };
        let (filled, closed) = ground.desk.look(queries).await?;
        Ok(Self {
            ground,
            at,
            item,
            filled: known(filled, &closed),
        })
    }

    fn profile(&self) -> Profile<'_> {
        let ((list, item), realm) = (self.at, self.ground.realm.id.0);
        Profile {
            place: Place::Lists,
            name: &self.item.value,
            back: pages::url::list_item(&list, &realm, &item),
            action: pages::url::item_profile(&list, &item, &realm),
            version: self.item.version,
            may_change: true,
            filled: &self.filled,
        }
    }
}

pub(crate) async fn show(
    visit: Visit,
    Path((list, item)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let here = Here::enter(visit, (&list, &item), &wanted.r#in).await?;
        let done = Done::named(&wanted.done);
        Ok(here.profile().page(&here.ground.desk, None, done))
    };
    negotiated(wants_json, answer.await)
}

pub(crate) async fn change(
    visit: Visit,
    Path((list, item)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let here = Here::enter(visit, (&list, &item), &wanted.r#in).await;
    let answer = async { changed(&here?, typed).await };
    negotiated(wants_json, answer.await)
}

async fn changed(here: &Here, typed: Vec<(String, String)>) -> Answer {
    let Here {
        ground, at, item, ..
    } = here;
    let profile = here.profile();
    let Posting { version, changes } = match posted(&ground.desk, &profile, typed)? {
        Ok(posting) => posting,
        Err(answer) => return Ok(answer),
    };
    let batch = profile::refill_item(&ground.realm, *at, &changes, version);
    let name = format!("{}: {}", item.list, item.value);
    let deed = ground.deed(Verb::Changed, Kind::List).of(&at.0, &name);
    let scope = ground.realm.scope();
    saved(&ground.desk, &profile, scope, batch, (deed, &changes)).await
}
