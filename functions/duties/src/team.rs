//! `/admin/teams/{team}`: one team, and who is in it.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::agent::member::{self, Member};
use desk::deed::{self, Deed, Verb};
use desk::team::{self, Kept};
use pages::admin::{Done, Place, Problem, Tab, TeamPage};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::scope::And;
use tenancy::{RealmId, Scope, Statement};
use web::administering::{done, head, nav, refusal, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed, Wanted};
use web::{Answer, Failure, Visit};

use crate::staff::{self, is_current, number, reading};
use crate::teams::{Found, as_it_is, form, leader, look_up, problem, read};

type Looked = (Found, (Vec<Member>,));

/// A team, and who is in it.
struct Here<'a> {
    ground: &'a Ground,
    found: &'a Found,
    members: &'a [Member],
    kept: &'a Kept,
}

impl<'a> Here<'a> {
    /// The team, if it belongs to the realm that was asked about.
    fn of(ground: &'a Ground, (found, (members,)): &'a Looked, id: &str) -> Result<Self, Failure> {
        let is = |kept: &&Kept| kept.realm == ground.realm.id && kept.id.to_string() == id;
        let kept = found.0.iter().find(is).ok_or(Failure::NotFound)?;
        Ok(Self {
            ground,
            found,
            members,
            kept,
        })
    }
}

pub(crate) async fn show(
    visit: Visit,
    Path(team): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &team, &wanted).await)
}

async fn shown(visit: Visit, id: &str, wanted: &Wanted) -> Answer {
    let look = |scope: &Scope, realm: RealmId| {
        let members = member::of_team(scope, number(id));
        And(look_up(scope, realm, ""), (members,))
    };
    let (ground, looked) = Ground::enter(visit, &wanted.r#in, look).await?;
    let here = Here::of(&ground, &looked, id)?;
    let now = as_it_is(&ground, here.kept);
    page(&here, &now, None, Done::named(&wanted.done))
}

fn page(here: &Here<'_>, typed: &Typed, problem: Option<Problem>, done: Option<Done>) -> Answer {
    let Here { ground, kept, .. } = here;
    let desk = &ground.desk;
    let head = head(desk, &ground.above, Tab::Behind)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    let reading = reading(&as_it_is(ground, kept));
    let members = staff::rows(ground, here.members);
    if desk.wants_json() {
        let mut body = json(here);
        body["members"] = staff::json(&members);
        body["reading"] = reading.into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let is_unseen = leader(ground, Some(kept)).is_unseen();
    let page = TeamPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Teams),
        head,
        id: kept.id,
        name: &kept.name,
        reading: &reading,
        form: form(typed, is_unseen),
        members,
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn json(here: &Here<'_>) -> Value {
    let kept = here.kept;
    let lead = leader(here.ground, Some(kept)).seen();
    json!({
        "id": kept.id,
        "realm": kept.realm.0,
        "name": kept.name,
        "lead": Some(lead).filter(|lead| !lead.is_empty()),
    })
}

pub(crate) async fn change(
    visit: Visit,
    Path(team): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &team, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let look = |scope: &Scope, realm: RealmId| {
        let members = member::of_team(scope, number(id));
        And(look_up(scope, realm, typed.get("lead")), (members,))
    };
    let (ground, looked) = Ground::posted(visit, typed, look).await?;
    let here = Here::of(&ground, &looked, id)?;
    let now = as_it_is(&ground, here.kept);
    let (batch, what, path) = match typed.get("change") {
        "save" => (
            save(&here, typed)?,
            Done::Saved,
            pages::url::team(&here.kept.id, &ground.realm.id.0),
        ),
        "remove" => (
            Ok(team::remove(&ground.realm, here.kept)),
            Done::Removed,
            pages::url::teams_in(&ground.realm.id.0),
        ),
        _ => return Err(Failure::BadRequest),
    };
    let batch = batch.and_then(|batch| is_current(typed, &now).map(|()| batch));
    let refused = match batch {
        Err(problem) => problem,
        Ok(batch) => match ground.write(batch, &deed(&here, typed, &now)).await {
            Ok(_) => return Ok(done(&ground.desk, what, json!({}), &path)),
            Err(error) => problem(team::refused(error))?,
        },
    };
    if ground.desk.wants_json() {
        return Ok(refusal(&ground.desk, refused));
    }
    page(&here, typed, Some(refused), None)
}

/// What the log says of a change.
fn deed<'h>(here: &Here<'h>, typed: &Typed, now: &Typed) -> Deed<'h> {
    let (verb, changed) = match typed.get("change") {
        "remove" => (Verb::Removed, Value::Null),
        _ => (Verb::Changed, typed.since(now)),
    };
    let deed = here.ground.deed(verb, deed::Kind::Team);
    deed.of(&here.kept.id, &here.kept.name).changing(changed)
}

type Batch = Result<Vec<Statement>, Problem>;

fn save(here: &Here<'_>, typed: &Typed) -> Result<Batch, Failure> {
    let to = match read(here.ground, here.found, typed, Some(here.kept)) {
        Ok(to) => to,
        Err(problem) => return Ok(Err(problem)),
    };
    match team::change(&here.ground.realm, here.kept, &to) {
        Ok(batch) => Ok(Ok(batch)),
        Err(refused) => problem(refused).map(Err),
    }
}
