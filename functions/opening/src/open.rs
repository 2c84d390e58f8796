//! The form, and what becomes of it.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::file::Limits;
use desk::form::Asker;
use desk::intake::{Admission, Draft, Prospect, Refusal, Wishes, say};
use desk::setting::Key;
use desk::ticket::{Actor, EntryKind};
use pages::http::wants_json;
use pages::opening::Why;
use serde_json::json;
use tenancy::policy::{Found, Granted, act};
use tenancy::realm::Realm;
use tenancy::{Scope, Site, Statement, Table};
use web::failure::{data, negotiated, see_other};
use web::form::{self, Submitted};
use web::letters::{Opened, of_opened_ticket};
use web::questions::Answered;
use web::{Answer, Failure, Visit};

use crate::counter::{Assignee, Counter, asking};
use crate::order::{Order, Problems};
use crate::page;
use crate::typed::{Then, Typed};

/// A ticket that was admitted, and that the agent may open.
struct Admitted {
    admission: Admission,
    prospect: Granted<Prospect, act::TicketCreate>,
}

pub(crate) async fn show(visit: Visit, Query(fields): Query<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let mut typed = Typed::of_link(fields);
        // A link opens nothing, whatever it says.
        typed.set("csrf", "");
        let counter = Counter::enter(visit, &mut typed).await?;
        let answered = answered(&counter, &mut typed);
        let ok = (StatusCode::OK, &Problems::new());
        Ok(page::answer(&counter, &typed, &answered, ok))
    };
    negotiated(wants_json, answer.await)
}

pub(crate) async fn submit(visit: Visit, posted: Submitted) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, submitted(visit, Typed(posted)).await)
}

async fn submitted(visit: Visit, mut typed: Typed) -> Answer {
    let mut counter = Counter::enter(visit, &mut typed).await?;
    let desk = &counter.desk;
    form::check(&desk.visit, &desk.signer, typed.get("csrf"))?;
    let answered = answered(&counter, &mut typed);
    if typed.then() == Then::Ask {
        let ok = (StatusCode::OK, &Problems::new());
        return Ok(page::answer(&counter, &typed, &answered, ok));
    }
    match opened(&mut counter, &typed, &answered).await? {
        Ok(number) => Ok(sent_on(&counter, &number)),
        Err(problems) => {
            let refused = (StatusCode::UNPROCESSABLE_ENTITY, &problems);
            Ok(page::answer(&counter, &typed, &answered, refused))
        }
    }
}

/// What was filled into the topic's form; the other fields stay at hand.
fn answered(counter: &Counter, typed: &mut Typed) -> Answered {
    let posted = Submitted {
        fields: typed.0.fields.clone(),
        files: std::mem::take(&mut typed.0.files),
    };
    let limits = Limits::of(&counter.setup.settings);
    let desk = &counter.desk;
    let clocks = desk.visit.clocks(&desk.frame.shell());
    Answered::of(posted, &counter.form, limits, Asker::Agent, clocks)
}

fn sent_on(counter: &Counter, number: &str) -> Response {
    let path = pages::url::work(number);
    let desk = &counter.desk;
    if desk.wants_json() {
        let body = json!({ "number": number, "href": path });
        return desk.renewed(data(StatusCode::CREATED, &body));
    }
    desk.renewed(see_other(&path))
}

/// Opens the ticket, or says what is wrong.
async fn opened(
    counter: &mut Counter,
    typed: &Typed,
    answered: &Answered,
) -> Result<Result<String, Problems>, Failure> {
    let order = match Order::of(counter, typed, answered) {
        Ok(order) => order,
        Err(problems) => return Ok(Err(problems)),
    };
    match admitted(counter, typed, &order)? {
        Ok(admitted) => write(counter, typed, answered, &order, admitted)
            .await
            .map(Ok),
        Err(problem) => Ok(Err(vec![problem])),
    }
}

/// Has it filtered and routed, and asks whether the agent may do all that in its department.
fn admitted(
    counter: &mut Counter,
    typed: &Typed,
    order: &Order,
) -> Result<Result<Admitted, (&'static str, Why)>, Failure> {
    let mut arrival = order.arrival.clone();
    let found = Assignee {
        agents: std::mem::take(&mut counter.assignee.agents),
        teams: std::mem::take(&mut counter.assignee.teams),
    };
    let department = match counter.setup.admit(arrival.clone()) {
        Ok(admission) => admission.routing.department.id,
        Err(refused) => return refusal(&refused).map(Err),
    };
    let Ok(prospect) = counter.prospect::<act::TicketCreate>(department) else {
        return Ok(Err(("department", Why::Forbidden)));
    };
    if !order.reply.is_empty() && counter.prospect::<act::TicketReply>(department).is_err() {
        return Ok(Err(("reply", Why::Forbidden)));
    }
    if let Err(problem) = assign(counter, typed, department, found, &mut arrival.said) {
        return Ok(Err(problem));
    }
    match counter.setup.admit(arrival) {
        Ok(admission) => Ok(Ok(Admitted {
            admission,
            prospect,
        })),
        Err(refused) => refusal(&refused).map(Err),
    }
}

/// Says who gets it. Whom the agent does not see is nobody (T-32).
fn assign(
    counter: &Counter,
    typed: &Typed,
    department: i64,
    found: Assignee,
    said: &mut Wishes,
) -> Result<(), (&'static str, Why)> {
    let is_typed = |field: &str| !typed.get(field).trim().is_empty();
    let desk = &counter.desk;
    if is_typed("agent") {
        let may = may_assign(counter, department, "agent")?;
        let sight = desk.agent.sight(Table::Agent);
        let agent = asking(desk, &sight).grant_for(&may, found.agents);
        said.agent = Some(agent.map_err(|_| ("agent", Why::Unknown))?.id.clone());
    }
    if is_typed("team") {
        let may = may_assign(counter, department, "team")?;
        let sight = desk.agent.sight(Table::Team);
        let team = asking(desk, &sight).grant_for(&may, found.teams);
        said.team = Some(team.map_err(|_| ("team", Why::Unknown))?.id);
    }
    Ok(())
}

fn may_assign(
    counter: &Counter,
    department: i64,
    field: &'static str,
) -> Result<Granted<Prospect, act::TicketAssign>, (&'static str, Why)> {
    let may = counter.prospect(department);
    may.map_err(|_| (field, Why::Forbidden))
}

fn refusal(refused: &Refusal) -> Result<(&'static str, Why), Failure> {
    match refused {
        Refusal::Denied(_) | Refusal::OverLimit => Ok(("message", Why::Rejected)),
        Refusal::NoDepartment | Refusal::NotAsked => {
            Err(Failure::Trouble("no department".to_owned()))
        }
    }
}

/// The portal of the ticket's realm.
fn site(counter: &Counter, prospect: &Granted<Prospect, act::TicketCreate>) -> Option<Site> {
    let desk = &counter.desk;
    let sight = desk.agent.sight(Table::Ticket);
    let realm = Found::new(Realm::clone(&counter.realm));
    let realm = asking(desk, &sight).grant_for(prospect, vec![realm]).ok()?;
    Some(desk.site.of_opened(&realm, &counter.host))
}

async fn write(
    counter: &Counter,
    typed: &Typed,
    answered: &Answered,
    order: &Order,
    admitted: Admitted,
) -> Result<String, Failure> {
    let desk = &counter.desk;
    let (runtime, agent) = (&desk.visit.runtime, &desk.agent);
    let site = site(counter, &admitted.prospect).ok_or(Failure::NotFound)?;
    let actor = Actor::Agent(agent.id.clone());
    let draft = Draft::new(runtime, &site, admitted.admission, actor)
        .raised_from(order.user_realm)
        .carrying(answered.files())
        .due(order.due_at);
    let tells = counter.setup.settings.is_on(Key::TicketNotice);
    let opened = Opened {
        agent,
        reply: &order.reply,
        is_told: tells && typed.get("notice") == "1",
    };
    let (setup, signer) = (&counter.setup, &desk.signer);
    let letters = of_opened_ticket(runtime, &site, setup, &draft, signer, opened).await?;
    let words = |scope: &Scope| first_words(counter, scope, &draft, order);
    Ok(draft.write(&letters, words).await?)
}

/// What the agent answers and notes at once.
fn first_words(
    counter: &Counter,
    scope: &Scope,
    draft: &Draft<'_>,
    order: &Order,
) -> Vec<Statement> {
    let desk = &counter.desk;
    let about = (draft.id(), draft.request().source);
    let at = (draft.now(), &*desk.visit.runtime.random);
    let words = [
        (EntryKind::Reply, &order.reply),
        (EntryKind::Note, &order.note),
    ];
    let words = words.into_iter().filter(|(_, text)| !text.is_empty());
    words
        .flat_map(|(kind, text)| say(scope, about, kind, &desk.agent, text, at))
        .collect()
}
