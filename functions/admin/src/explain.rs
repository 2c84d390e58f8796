//! `/admin/explain`: why an agent sees a ticket, or does not.
//!
//! With what they may do to it, by which role. Only of tickets and agents that the asker sees: all others answer like none, and realms that
//! the asker does not know are not named.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::email::EmailAddress;
use desk::ticket::{Placed, find_place};
use pages::admin::{Ability, Effect as ShownEffect, ExplainPage, Explained, Place};
use pages::http::{Html, wants_json};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::Table;
use tenancy::peer::{self, Peer};
use tenancy::policy::{Action, Asking, Found, Granted, RealmKey, Verdict, act};
use tenancy::principal::{Absent, Credentials, Principal};
use tenancy::realm::Path;
use tenancy::sight::{Effect, Explanation, Standing};
use tenancy::{Id, Scope};
use web::failure::{data, negotiated};
use web::form::{self, FormToken};
use web::{Answer, Desk, Failure, Visit};

use web::administering::{enter, has, nav};

/// Which ticket and which agent are asked about.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    ticket: String,
    agent: String,
}

impl Asked {
    fn is_empty(&self) -> bool {
        self.ticket.trim().is_empty() && self.agent.trim().is_empty()
    }

    /// The number, which may be typed as it is shown.
    fn number(&self) -> &str {
        form::searched(&self.ticket).trim_start_matches('#')
    }
}

/// A ticket and an agent that the asker sees, and where the agent stands.
struct Case {
    ticket: Granted<Placed, act::TicketView>,
    agent: Peer<Id>,
    /// Where they stand, in words that the asker may read.
    standing: Standing,
    /// Each action and whether they may do it.
    verdicts: Vec<(Action, Verdict)>,
}

/// What somebody who works tickets can be asked to do to one.
const ACTIONS: [Action; 17] = [
    Action::TicketView,
    Action::TicketNote,
    Action::TicketReply,
    Action::TicketEdit,
    Action::TicketAssign,
    Action::TicketRelease,
    Action::TicketTransfer,
    Action::TicketRefer,
    Action::TicketMove,
    Action::TicketMerge,
    Action::TicketLink,
    Action::TicketMarkAnswered,
    Action::TicketFlagOverdue,
    Action::TicketClose,
    Action::TicketDelete,
    Action::ThreadEdit,
    Action::TaskCreate,
];

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &asked).await)
}

async fn shown(visit: Visit, asked: &Asked) -> Answer {
    let email = EmailAddress::parse(&asked.agent);
    let (mut desk, (tickets, agents, accounts)) = enter(visit, |scope: &Scope| {
        let email = email.as_ref().map_or("", |email| email.as_str());
        (
            find_place(scope, asked.number()),
            peer::agent(scope, email),
            Credentials::of_email(scope, email),
        )
    })
    .await?;
    if !has(&desk, RealmKey::RealmGrant) {
        return Err(Failure::Forbidden);
    }
    let agents = agents.into_iter().zip(accounts).collect();
    match case(&mut desk, tickets, agents).await? {
        Some(case) => Ok(answer(&desk, asked, Some(&case))),
        None if desk.wants_json() => Err(Failure::NotFound),
        None => Ok(answer(&desk, asked, None)),
    }
}

async fn case(
    desk: &mut Desk,
    tickets: Vec<Found<Placed>>,
    agents: Vec<(Peer<Id>, Credentials)>,
) -> Result<Option<Case>, Failure> {
    let sight = desk.agent.sight(Table::Ticket);
    let asking = Asking::new(&desk.visit.runtime, Principal::Agent(&desk.agent), &sight);
    let ticket = asking.grant(tickets).ok();
    let (seen, agent) = (desk.agent.sight(Table::Agent), agents.into_iter().next());
    let agent = agent.filter(|(agent, _)| seen.sees(&agent.path));
    let Some((ticket, (agent, account))) = ticket.zip(agent) else {
        return Ok(None);
    };
    let standing = desk
        .look(|_, scope| Standing::of_agent(scope, &agent.id))
        .await?;
    let holdings = desk.agent.holdings();
    let knows = |path: &Path| sight.sees(path) || holdings.as_sight().sees(path);
    Ok(standing.map(|standing| Case {
        verdicts: verdicts(&account.absent(standing.clone()), &standing, &ticket),
        ticket,
        agent,
        standing: standing.told_to(knows),
    }))
}

fn verdicts(agent: &Absent, standing: &Standing, ticket: &Placed) -> Vec<(Action, Verdict)> {
    let sight = standing.sight(Table::Ticket);
    let verdict = |action| (action, agent.verdict(action, &sight, ticket));
    ACTIONS.into_iter().map(verdict).collect()
}

fn answer(desk: &Desk, asked: &Asked, case: Option<&Case>) -> Response {
    let explained = case.map(|case| {
        let ticket = &case.ticket;
        let explanation = case.standing.explain_ticket(&ticket.node, &ticket.work);
        (case, explanation)
    });
    if let (true, Some((case, explanation))) = (desk.wants_json(), &explained) {
        return desk.renewed(data(StatusCode::OK, &json(case, explanation)));
    }
    let is_unknown = case.is_none() && !asked.is_empty();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = ExplainPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Explain),
        ticket: &asked.ticket,
        agent: &asked.agent,
        answer: explained
            .as_ref()
            .map(|(case, explanation)| shown_answer(case, explanation)),
        is_unknown,
    };
    let status = if is_unknown {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    desk.renewed(token.with((status, Html(page))))
}

fn shown_answer<'a>(case: &'a Case, explanation: &Explanation<'_>) -> Explained<'a> {
    let reasons = explanation.reasons.iter();
    Explained {
        is_visible: explanation.is_visible,
        number: &case.ticket.number,
        subject: &case.ticket.subject,
        realm: &case.ticket.node.name,
        agent: &case.agent.name,
        reasons: reasons
            .map(|reason| (shown_effect(reason.effect()), reason.to_string()))
            .collect(),
        footing: case.footing(),
        abilities: case.verdicts.iter().copied().map(ability).collect(),
    }
}

impl Case {
    /// By which role they work the ticket, and why.
    fn footing(&self) -> String {
        let duties = self.standing.duties();
        duties.footing(&self.ticket.work).to_string()
    }
}

fn ability((action, verdict): (Action, Verdict)) -> Ability<'static> {
    let (is_given, why) = match verdict {
        Verdict::Granted(why) => (true, why),
        Verdict::Denied(why) => (false, why),
    };
    Ability {
        action: action.words(),
        is_given,
        why: why.to_string(),
    }
}

fn shown_effect(effect: Effect) -> ShownEffect {
    match effect {
        Effect::Shows => ShownEffect::Shows,
        Effect::Hides => ShownEffect::Hides,
        Effect::Allows => ShownEffect::Allows,
    }
}

fn json(case: &Case, explanation: &Explanation<'_>) -> Value {
    let reasons = explanation.reasons.iter().map(|reason| {
        let effect = match reason.effect() {
            Effect::Shows => "shows",
            Effect::Hides => "hides",
            Effect::Allows => "allows",
        };
        json!({ "kind": reason.kind(), "effect": effect, "words": reason.to_string() })
    });
    let abilities = case.verdicts.iter().copied().map(ability).map(
        |ability| json!({ "action": ability.action, "may": ability.is_given, "why": ability.why }),
    );
    let footing = case.standing.duties().footing(&case.ticket.work);
    json!({
        "ticket": case.ticket.number,
        "realm": case.ticket.node.name,
        "agent": case.agent.detail,
        "visible": explanation.is_visible,
        "reasons": reasons.collect::<Vec<_>>(),
        "text": explanation.to_string(),
        "role": { "department_role": footing.role(), "words": footing.to_string() },
        "abilities": abilities.collect::<Vec<_>>(),
    })
}
