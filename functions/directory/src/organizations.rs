//! `/admin/organizations`: the organizations of a realm and of those below it, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{Kind, Verb};
use desk::directory::{self, Behind as From, Company, Refused};
use pages::admin::{Done, OrganizationRow, OrganizationsPage, Place, Problem, Tab, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::policy::{Act, AgentKey, Permission, act};
use tenancy::{Id, Query as Asked, Scope, Sight};
use web::administering::{done, head, head_json, nav, refusal, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed};
use web::{Answer, Failure, Visit};

use crate::part::{Behind, Listed, Wanted, anew, listed};

type Making = Ground<act::OrganizationCreate>;

fn list(scope: &Scope, sight: &Sight, behind: Behind<'_>, most: i64) -> Asked<Company> {
    directory::companies(scope, sight, &From::at(behind), most)
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let (ground, found) = listed::<act::UserDirectory, _>(visit, &wanted, list).await?;
        let done = Done::named(&wanted.done);
        page(&ground, &found, &Typed::default(), None, done)
    };
    negotiated(wants_json, answer.await)
}

fn page<A: Act>(
    ground: &Ground<A>,
    found: &Listed<Company>,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, realm } = ground;
    let head = head(desk, above, Tab::Organizations)?;
    let next = found.next(pages::url::ORGANIZATIONS, realm.id, "", |last| {
        (last.realm.id, last.name.as_str())
    });
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["organizations"] = found.rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["next"] = next.into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let making = Permission::Agent(AgentKey::OrganizationCreate);
    let page = OrganizationsPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Organizations),
        head,
        rows: found.rows.iter().map(row).collect(),
        next,
        is_continued: found.is_continued,
        may_make: desk.agent.has(making),
        typed: typed.filled(),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn row(company: &Company) -> OrganizationRow<'_> {
    OrganizationRow {
        id: company.id.as_str(),
        name: &company.name,
        realm: &company.realm.name,
    }
}

fn row_json(company: &Company) -> Value {
    json!({
        "id": company.id,
        "name": company.name,
        "realm": { "id": company.realm.id, "name": company.realm.name },
    })
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (mut ground, ()) = Making::posted(visit, typed, |_, _| ()).await?;
    match add(&ground, typed).await? {
        Ok(id) => {
            let path = pages::url::organization(id.as_str());
            Ok(done(&ground.desk, Done::Added, json!({ "id": id }), &path))
        }
        Err(problem) if ground.desk.wants_json() => Ok(refusal(&ground.desk, problem)),
        Err(problem) => {
            let found = anew(&mut ground, list).await?;
            page(&ground, &found, typed, Some(problem), None)
        }
    }
}

async fn add(ground: &Making, typed: &Typed) -> Result<Result<Id, Problem>, Failure> {
    let Ground { desk, realm, .. } = ground;
    let id = Id::new(desk.visit.now(), &*desk.visit.runtime.random);
    let name = typed.get("name").trim();
    let deed = ground.deed(Verb::Made, Kind::Organization).of(&id, name);
    let refused = match directory::make_organization(realm, &id, name) {
        Ok(made) => match ground.write(vec![made], &deed).await {
            Ok(_) => return Ok(Ok(id)),
            Err(error) => directory::refused(error),
        },
        Err(refused) => refused,
    };
    problem(refused).map(Err)
}

/// Why an organization was not written, and the field it is about.
pub(crate) fn problem(refused: Refused) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Name => (Why::Name, "name"),
        Refused::Taken => (Why::Taken, "name"),
        Refused::Domains => (Why::Domains, "domains"),
        Refused::FreeMail => (Why::FreeMail, "domains"),
        Refused::DomainTaken => (Why::DomainTaken, "domains"),
        Refused::Stale => (Why::Stale, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}
