//! Making an agent, who is invited to choose a password; inviting them again, and taking that back.

use axum::response::Response;
use desk::agent::{self, Employed, Giving, NewAgent, Refused};
use desk::deed::{Deed, Kind, Verb};
use desk::email::EmailAddress;
use desk::intake::senders;
use desk::outbox::{self, Correspondent};
use pages::admin::{Done, Invited as Shown, InvitedPage, Place, Problem, Why};
use pages::http::{Html, wants_json};
use pages::time::Moment;
use serde_json::{Value, json};
use tenancy::policy::{Granted, act};
use tenancy::principal::Agent;
use tenancy::realm::{self, Realm};
use tenancy::token::{BOOTSTRAP_SECONDS, SessionClaims};
use tenancy::{DbError, Id, Scope, Statement, Timestamp};
use web::administering::{enter, granted, nav, realm_id, refusal, write};
use web::failure::{data, negotiated};
use web::form::{self, FormToken, Posted};
use web::ground::Typed;
use web::letters::{Invited, Sender, of_invitation};
use web::{Answer, Desk, Failure, Visit};

use crate::agents::{listed, page, places};

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (mut desk, (found, from)) = enter(visit, |scope| {
        (
            realm::find(scope, realm_id(typed.get("in"))),
            senders(scope),
        )
    })
    .await?;
    form::check(&desk.visit, &desk.signer, typed.get("csrf"))?;
    let realm: Granted<Realm, act::AgentManage> = granted(&desk, found)?;
    match add(&mut desk, &realm, from.first(), typed).await? {
        Ok((id, invited)) => Ok(shown_once(&desk, typed, &id, &invited)),
        Err(problem) if desk.wants_json() => Ok(refusal(&desk, problem)),
        Err(problem) => {
            let listed = listed(&mut desk, None).await?;
            page(&desk, &listed, None, typed, Some(problem))
        }
    }
}

type Made = Result<Result<(Id, Invited), Problem>, Failure>;

async fn add(
    desk: &mut Desk,
    realm: &Granted<Realm, act::AgentManage>,
    from: Option<&Correspondent>,
    typed: &Typed,
) -> Made {
    let problem = |why, field| Ok(Err(Problem { why, field }));
    let Some(email) = EmailAddress::parse(typed.get("email")) else {
        return problem(Why::Address, "email");
    };
    let queries = |by: &Agent, scope: &Scope| {
        let holdings = by.holdings();
        let departments = agent::departments(scope, holdings.as_sight(), None);
        (agent::roles(scope), departments)
    };
    let (roles, departments) = desk.look(queries).await?;
    let offered = places(desk, &roles, departments)?;
    let (now, random) = (desk.visit.now(), &*desk.visit.runtime.random);
    let id = Id::new(now, random);
    let is_chosen = |id: &i64| typed.is_on(&format!("department-{id}"));
    let new = NewAgent {
        id: &id,
        name: typed.get("name"),
        email: &email,
        role: typed.number("role").unwrap_or_default(),
        is_limited: typed.is_on("limited"),
        departments: offered.iter().map(|at| at.id).filter(is_chosen).collect(),
        now,
    };
    let standing = desk.agent.standing().ok_or(Failure::NotFound)?;
    let giving = Giving::of(&desk.agent, standing, &roles);
    let mut batch = match giving.make(realm, &new, &offered) {
        Ok(batch) => batch,
        Err(refused) => return Ok(Err(unmade(&refused))),
    };
    let claims = new.claims(desk.agent.tenant);
    let invited = written(desk, from, &claims, email.as_str()).await?;
    batch.push(queued(desk, realm.scope(), realm.id, &invited));
    let deed = Deed::new(realm.id, Verb::Invited, Kind::Agent).of(&id, email.as_str());
    let deed = deed.changing(typed.since(&Typed::default()));
    match write(desk, realm.scope(), batch, &deed).await {
        Ok(_) => Ok(Ok((id, invited))),
        Err(error) if agent::is_known_already(&error) => problem(Why::AgentKnown, "email"),
        Err(error) => Err(error.into()),
    }
}

/// The letter, from the address of the site's realm.
async fn written(
    desk: &Desk,
    from: Option<&Correspondent>,
    claims: &SessionClaims,
    address: &str,
) -> Result<Invited, Failure> {
    let sender = Sender {
        runtime: &desk.visit.runtime,
        site: &desk.site,
        head: desk.frame.letterhead(),
        address: from,
    };
    of_invitation(sender, &desk.signer, claims, address).await
}

fn queued(desk: &Desk, scope: &Scope, realm: tenancy::RealmId, invited: &Invited) -> Statement {
    let (now, random) = (desk.visit.now(), &*desk.visit.runtime.random);
    outbox::post(scope, realm, &invited.letter, now, random)
}

/// The one answer that holds the link.
fn shown_once(desk: &Desk, typed: &Typed, id: &Id, invited: &Invited) -> Response {
    if desk.wants_json() {
        let invitation = json!({ "url": invited.link, "expires_at": invited.until.0 });
        let body = json!({ "done": "invited", "id": id, "invitation": invitation });
        return desk.renewed(data(axum::http::StatusCode::OK, &body));
    }
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = InvitedPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Agents),
        id: id.as_str(),
        name: typed.get("name"),
        email: typed.get("email"),
        link: &invited.link,
        until: invited.until,
    };
    desk.renewed(token.with(Html(page)))
}

/// Why an agent was not made or changed, and the field it is about.
pub(crate) fn unmade(refused: &Refused) -> Problem {
    let (why, field) = match refused {
        Refused::Name => (Why::Name, "name"),
        Refused::Archived => (Why::Archived, "in"),
        Refused::Role => (Why::Role, "role"),
        Refused::DepartmentRole => (Why::Role, "departments"),
        Refused::Limit => (Why::Limit, "limited"),
        Refused::Active => (Why::HoldsMore, "active"),
        Refused::OwnAccount => (Why::OwnAccount, "active"),
    };
    Problem { why, field }
}

/// How it stands with the invitation of an agent; nothing, where they need none.
pub(crate) fn state(agent: &Employed, now: Timestamp) -> Option<Shown> {
    if agent.has_password {
        return None;
    }
    let lasts = i64::try_from(BOOTSTRAP_SECONDS * 1000).unwrap_or(i64::MAX);
    Some(match agent.invited_at {
        None => Shown::None,
        Some(sent) if now < sent + lasts => Shown::Open(Moment(sent.0), Moment((sent + lasts).0)),
        Some(sent) => Shown::Over(Moment(sent.0)),
    })
}

/// Mails a new invitation, which nobody but the agent is shown: whoever looks after an agent may
/// hold less than others have given them.
pub(crate) async fn again(
    desk: &Desk,
    agent: &Granted<Employed, act::AgentManage>,
    from: Option<&Correspondent>,
) -> Result<Result<Done, Problem>, Failure> {
    let invited = written(desk, from, &agent.next_claims(), &agent.email).await?;
    let batch = vec![
        agent::invite_again(agent, Some(desk.visit.now())),
        queued(desk, agent.scope(), agent.realm.id, &invited),
    ];
    decided(desk, agent, batch, (Verb::Invited, Done::Invited)).await
}

/// Takes an invitation back.
pub(crate) async fn withdraw(
    desk: &Desk,
    agent: &Granted<Employed, act::AgentManage>,
) -> Result<Result<Done, Problem>, Failure> {
    let batch = vec![agent::invite_again(agent, None)];
    decided(desk, agent, batch, (Verb::Withdrawn, Done::Withdrawn)).await
}

async fn decided(
    desk: &Desk,
    agent: &Granted<Employed, act::AgentManage>,
    batch: Vec<Statement>,
    (verb, done): (Verb, Done),
) -> Result<Result<Done, Problem>, Failure> {
    let deed = Deed::new(agent.realm.id, verb, Kind::Agent).of(&agent.id, &agent.email);
    match write(desk, agent.scope(), batch, &deed.changing(Value::Null)).await {
        Ok(_) => Ok(Ok(done)),
        Err(DbError::Stale) => Ok(Err(Problem {
            why: Why::Stale,
            field: "",
        })),
        Err(error) => Err(error.into()),
    }
}
