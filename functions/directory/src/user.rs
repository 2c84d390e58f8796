//! `/admin/users/{user}`: a user's name and organization, and whether the address is banned.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{Deed, Kind, Verb};
use desk::directory::{self, Person};
use desk::email::EmailAddress;
use desk::filter::{self, Banned};
use desk::ticket::Named;
use desk::user::Counts;
use pages::admin::{Done, PersonPage, Place, Problem, Why};
use pages::http::{Html, wants_json};
use pages::time::Moment;
use serde_json::{Value, json};
use tenancy::policy::{Act, AgentKey, Asking, Found, Granted, Permission, act};
use tenancy::principal::{Agent, Principal};
use tenancy::realm::{self, Realm};
use tenancy::{DbError, Id, Scope, Statement};
use web::administering::{self, done, enter, failure, nav, refusal, status, write};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::ground::{Typed, Wanted as Before};
use web::{Answer, Desk, Failure, Visit};

use crate::users::{row, row_json};

/// What was looked up about a user.
struct Looked<A> {
    person: Granted<Person, A>,
    realm: Vec<Found<Realm>>,
    organizations: Vec<Named<Id>>,
    counts: Counts,
    banned: Vec<Banned>,
}

impl<A> Looked<A> {
    fn is_banned_here(&self) -> bool {
        let own = self.person.realm.id;
        self.banned.iter().any(|it| it.realm == own)
    }

    fn is_banned_above(&self) -> bool {
        let own = self.person.realm.id;
        self.banned.iter().any(|it| it.realm != own)
    }
}

async fn look<A: Act>(visit: Visit, id: &str) -> Result<(Desk, Looked<A>), Failure> {
    let id = Id::parse(id).ok_or(Failure::NotFound);
    let (mut desk, ()) = enter(visit, |_| ()).await?;
    let id = id?;
    let queries = |by: &Agent, scope: &Scope| {
        let holdings = by.holdings();
        (
            directory::person(scope, &id),
            realm::of_user(scope, &id),
            directory::organizations_of(scope, Some(&id)),
            directory::counts_of(scope, holdings.as_sight(), Some(&id)),
            filter::of_user(scope, Some(&id)),
        )
    };
    let (found, realm, organizations, counts, banned) = desk.look(queries).await?;
    let holdings = desk.agent.holdings();
    let principal = Principal::Agent(&desk.agent);
    let asking = Asking::new(&desk.visit.runtime, principal, holdings.as_sight());
    let person = asking.grant(found).map_err(failure)?;
    let counts = counts.into_iter().next().unwrap_or_default();
    let looked = Looked {
        person,
        realm,
        organizations,
        counts,
        banned,
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
        let (desk, looked) = look::<act::UserDirectory>(visit, &id).await?;
        let done = Done::named(&before.done);
        Ok(page(&desk, &looked, &as_it_is(&looked.person), None, done))
    };
    negotiated(wants_json, answer.await)
}

/// What the form would post if nothing were changed.
fn as_it_is(person: &Person) -> Typed {
    let organization = person.organization.as_ref();
    let fields = [
        ("version", person.version.to_string()),
        ("name", person.name.clone()),
        (
            "organization",
            organization.map_or_else(String::new, |it| it.id.to_string()),
        ),
    ];
    Typed(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

fn may_change(desk: &Desk) -> bool {
    desk.agent.has(Permission::Agent(AgentKey::UserEdit))
}

fn page<A>(
    desk: &Desk,
    looked: &Looked<A>,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Response {
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = json(looked);
        body["csrf"] = csrf.into();
        return desk.renewed(token.with(data(status, &body)));
    }
    let offered = looked.organizations.iter();
    let page = PersonPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Users),
        person: row(&looked.person),
        realm_id: looked.person.realm.id.0,
        created_at: Moment(looked.person.created_at.0),
        may_change: may_change(desk),
        typed: typed.filled(),
        organizations: offered
            .map(|it| (it.id.as_str(), it.name.as_str()))
            .collect(),
        open: looked.counts.open,
        closed: looked.counts.closed,
        is_banned: looked.is_banned_here(),
        is_banned_above: looked.is_banned_above(),
        problem,
        done,
        csrf: &csrf,
        now: Moment(desk.visit.now().0),
    };
    desk.renewed(token.with((status, Html(page))))
}

fn json<A>(looked: &Looked<A>) -> Value {
    let mut body = row_json(&looked.person);
    body["version"] = looked.person.version.into();
    body["tickets"] = json!({ "open": looked.counts.open, "closed": looked.counts.closed });
    body["banned"] = looked.is_banned_here().into();
    body["banned_above"] = looked.is_banned_above().into();
    body
}

pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    let typed = Typed(typed);
    let answer = match typed.get("change") {
        "ban" => banned(visit, &id, &typed, true).await,
        "unban" => banned(visit, &id, &typed, false).await,
        _ => saved(visit, &id, &typed).await,
    };
    negotiated(wants_json, answer)
}

async fn banned(visit: Visit, id: &str, typed: &Typed, is_ban: bool) -> Answer {
    let (desk, looked) = look::<act::UserDirectory>(visit, id).await?;
    form::check(&desk.visit, &desk.signer, typed.get("csrf"))?;
    let person = &looked.person;
    let realm: Granted<Realm, act::BanlistManage> = administering::granted(&desk, looked.realm)?;
    let address = EmailAddress::parse(&person.email).ok_or(Failure::NotFound)?;
    let (batch, verb, what): (Vec<Statement>, _, _) = if is_ban {
        let batch = filter::ban(&realm, &address).into();
        (batch, Verb::Made, Done::Banned)
    } else {
        let batch = vec![filter::unban(&realm, &address)];
        (batch, Verb::Removed, Done::Unbanned)
    };
    let deed = Deed::new(realm.id, verb, Kind::Ban).of(&address, address.as_str());
    write(&desk, realm.scope(), batch, &deed).await?;
    Ok(done(
        &desk,
        what,
        json!({}),
        &pages::url::user(person.id.as_str()),
    ))
}

async fn saved(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (desk, looked) = look::<act::UserEdit>(visit, id).await?;
    form::check(&desk.visit, &desk.signer, typed.get("csrf"))?;
    match save(&desk, &looked, typed).await? {
        Ok(()) => {
            let path = pages::url::user(looked.person.id.as_str());
            Ok(done(&desk, Done::Saved, json!({}), &path))
        }
        Err(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Err(problem) => Ok(page(&desk, &looked, typed, Some(problem), None)),
    }
}

async fn save(
    desk: &Desk,
    looked: &Looked<act::UserEdit>,
    typed: &Typed,
) -> Result<Result<(), Problem>, Failure> {
    let problem = |why, field| Ok(Err(Problem { why, field }));
    let Ok(name) = directory::checked_name(typed.get("name")) else {
        return problem(Why::Name, "name");
    };
    let Some(organization) = chosen(looked, typed.get("organization")) else {
        return problem(Why::Unknown, "organization");
    };
    let person = &looked.person;
    let version = typed.number("version").unwrap_or_default();
    let amended = directory::amend(person, &name, organization, version);
    let deed = Deed::new(person.realm.id, Verb::Changed, Kind::User).of(&person.id, &person.name);
    let deed = deed.changing(typed.since(&as_it_is(person)));
    match write(desk, person.scope(), vec![amended], &deed).await {
        Ok(_) => Ok(Ok(())),
        Err(DbError::Stale) => problem(Why::Stale, ""),
        Err(error) => Err(error.into()),
    }
}

/// The organization that was chosen of those of the user's realm; none is nothing, and what is
/// not offered is not chosen.
#[expect(clippy::option_option, reason = "a choice of nothing is a choice")]
fn chosen<'l>(looked: &'l Looked<act::UserEdit>, typed: &str) -> Option<Option<&'l Id>> {
    if typed.is_empty() {
        return Some(None);
    }
    let offered = looked.organizations.iter().map(|it| &it.id);
    let own = looked.person.organization.iter().map(|it| &it.id);
    let mut known = offered.chain(own);
    known.find(|id| id.as_str() == typed).map(Some)
}
