//! Which agents hear that a ticket was handed on, and what they are told.

use desk::alert::{self, Alert, Asked, Parties, Party};
use desk::outbox::{Correspondent, Envoy, Letter, envoy};
use desk::setting::{self, Held, Key as Setting, Settings};
use desk::template::Code;
use desk::ticket::{self, FilledIn, News, WorkTicket};
use tenancy::scope::And;
use tenancy::{Id, Query, Scope};
use web::letters;

use crate::problem::Problem;
use crate::program::Program;
use crate::wanted::{Key, TicketChange};

/// What a change hands on.
#[derive(Default)]
pub(crate) struct Handed {
    /// The agent who is to work the ticket from now on.
    pub(crate) agent: Option<Correspondent>,
    /// The name of the team that is to work it from now on.
    pub(crate) team: Option<String>,
    /// The name of the department it goes to.
    pub(crate) department: Option<String>,
}

type Assignment = And<Option<(Query<Envoy>,)>, Option<(Query<Party>,)>>;
type Transfer = Option<(Query<Envoy>, Query<Party>)>;
type Wanted = Option<(Query<Option<Held>>, Query<(Id, FilledIn)>)>;

/// The answers to the look-ups.
type Looked = (
    ((Vec<Envoy>,), (Vec<Party>,)),
    (
        (Vec<Envoy>, Vec<Party>),
        (Vec<Option<Held>>, Vec<(Id, FilledIn)>),
    ),
);

/// Looks up who is told, and in whose name and words, as far as the call hands anything on.
pub(crate) fn look_up(
    scope: &Scope,
    numbers: &[String; 1],
    wanted: Option<&TicketChange>,
) -> And<Assignment, And<Transfer, Wanted>> {
    let [number] = numbers;
    let department = wanted.and_then(|wanted| wanted.department.as_ref());
    let agent = wanted.and_then(|wanted| wanted.assignee.value());
    let team = wanted.and_then(|wanted| wanted.team.value());
    let is_assigned = agent.is_some() || team.is_some();
    let is_handed = department.is_some() || is_assigned;
    let goes_to = department.map(|department| department.0);
    And(
        And(
            is_assigned.then(|| (envoy(scope, number, Code::AssignedAlert),)),
            team.map(|Key(team)| (alert::of_team(scope, number, *team, goes_to),)),
        ),
        And(
            department.map(|department| {
                let asked = Asked {
                    department: Some(department.0),
                    ..Asked::numbered(numbers)
                };
                let envoy = envoy(scope, number, Code::TransferAlert);
                (envoy, alert::parties(scope, asked))
            }),
            is_handed.then(|| {
                let told = ticket::tellable(scope, Asked::numbered(numbers), &[]);
                (setting::of_ticket(scope, number), told)
            }),
        ),
    )
}

impl Handed {
    /// The letters that tell of it.
    pub(crate) async fn letters(
        &self,
        program: &Program,
        ticket: &WorkTicket,
        (((assignment,), (members,)), ((transfer, around), (settings, told))): Looked,
    ) -> Result<Vec<Letter>, Problem> {
        let news = News {
            department: self
                .department
                .clone()
                .unwrap_or(ticket.department.name.clone()),
            ..ticket.news(&told)
        };
        let settings = Settings::of(&settings);
        let by = &program.key.name;
        let parties = |all| Parties::of(&ticket.id, all);
        let assigned = match (&self.agent, &self.team) {
            (Some(agent), _) if is_told(&settings) => Some((&agent.name, vec![agent.clone()])),
            (None, Some(team)) => {
                Some((team, parties(&members).told(Alert::Assigned, &settings, "")))
            }
            (Some(_), _) | (None, None) => None,
        };
        let mut letters = Vec::new();
        if let (Some((assignee, told)), Some(envoy)) = (assigned, assignment.first()) {
            let envoy = envoy.clone().going_by(&settings);
            let alert = letters::Alert {
                code: Code::AssignedAlert,
                news: &news,
                told: &told,
                facts: letters::facts_of_assignment(assignee, by),
            };
            letters.extend(letters::of_alert(&program.runtime, &envoy, &alert).await?);
        }
        if let (Some(_), Some(envoy)) = (&self.department, transfer.first()) {
            let envoy = envoy.clone().going_by(&settings);
            let alert = letters::Alert {
                code: Code::TransferAlert,
                news: &news,
                told: &parties(&around).told(Alert::Transfer, &settings, ""),
                facts: letters::facts_of_transfer(by),
            };
            letters.extend(letters::of_alert(&program.runtime, &envoy, &alert).await?);
        }
        Ok(letters)
    }
}

/// Whether whoever is assigned hears of it.
fn is_told(settings: &Settings) -> bool {
    settings.is_on(Setting::AssignedAlert) && settings.is_on(Setting::AssignedAlertAgent)
}
