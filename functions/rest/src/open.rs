//! `POST /api/v1/tickets`: a program opens a ticket, for whoever it names.

use axum::response::Response;
use desk::email::looked_up;
use desk::file::Limits;
use desk::filter::Channel;
use desk::form::{self, Asker, Clocks, Field};
use desk::intake::{self, Admission, Arrival, Draft, Problems, Refusal, Setup, Submission, Wishes};
use desk::setting::Key;
use desk::ticket::number::PLACEHOLDER;
use desk::ticket::{self, Source, Target};
use tenancy::policy::{CallKey, Granted, act};
use tenancy::scope::And;
use tenancy::{Scope, Table};
use web::letters::{self, Audience};

use crate::call::{Answer, Call};
use crate::change::chosen;
use crate::document::{IdempotencyKey, Making};
use crate::entity::created;
use crate::fields::{Filled, troubled, unknown};
use crate::once::{Caller, Entered, json};
use crate::problem::{FieldProblem, Problem};
use crate::shape::Opened;
use crate::wanted::NewTicket;
use crate::write::{checked_files, flawed};

/// A team that a ticket may be assigned to.
type Team = Granted<Target<i64>, act::TicketAssign>;

/// Open a ticket
///
/// For whoever is named. It is filtered, routed and told of like any other. Takes `tickets:create`, which every key had before there were permissions.
#[utoipa::path(
    post,
    path = "/api/v1/tickets",
    operation_id = "openTicket",
    tag = "Tickets",
    params(IdempotencyKey),
    request_body = NewTicket,
    responses((status = 201, description = "It is open.", body = Opened, headers(("location" = String, description = "Its address."))), Making),
)]
pub(crate) async fn open(call: Call) -> Response {
    call.answer(opened(&call).await)
}

async fn opened(call: &Call) -> Answer {
    let wanted = call.json::<NewTicket>();
    let known = wanted.as_ref().ok();
    let email = known.map_or_else(String::new, |it| looked_up(&it.requester.email));
    let find = |scope: &Scope| {
        And(
            intake::setup(scope, Some(&[&email])),
            And(
                form::asked(scope, known.and_then(NewTicket::topic)),
                known
                    .and_then(NewTicket::team)
                    .map(|id| (ticket::find_team(scope, id),)),
            ),
        )
    };
    let (caller, (setup, (form, (teams,)))) =
        match call.enter_once(CallKey::TicketsCreate, find).await? {
            Entered::Before(answer) => return Ok(answer),
            Entered::Now(caller, found) => (caller, found),
        };
    if !setup.settings.is_on(Key::Online) {
        return Err(Problem::Suspended);
    }
    let wanted = wanted?;
    let mut form = setup.asks(wanted.topic(), form);
    for field in &mut form {
        caller.program.reveal(field);
    }
    let limits = Limits::of(&setup.settings);
    let filled = Filled::of(&wanted, &form, &limits);
    let team = wanted.team();
    let team = team.map(|_| chosen(caller.program.grant(Table::Team, teams), "/team"));
    let team = team.transpose()?;
    let typed = (&wanted, &filled, team.as_ref());
    let admission = admitted(call, &caller, typed, &setup, &form)?;
    let files = checked_files(&wanted.files, &limits)?;
    let files = filled.files(files, &admission.answers);
    let (program, runtime) = (&caller.program, &call.runtime);
    let draft = Draft::new(runtime, &program.site, admission, program.actor()).carrying(files);
    let audience = Audience {
        requester: wanted.notify.unwrap_or(true),
        agents: true,
    };
    let signer = web::visit::signer(runtime).await?;
    let site = &program.site;
    let letters = letters::of_new_ticket(runtime, site, &setup, &draft, &signer, audience).await?;
    let told = Opened {
        id: draft.id().to_string(),
        number: PLACEHOLDER.to_owned(),
        href: format!("/api/v1/tickets/{PLACEHOLDER}"),
    };
    let (href, body) = (&told.href, json(&told));
    let kept = |scope: &Scope| caller.kept(scope, (href, &body), Some(draft.id()));
    let number = draft.write(&letters, kept).await?;
    let numbered = |text: &str| text.replace(PLACEHOLDER, &number);
    Ok(created(&numbered(href), numbered(&body)))
}

/// Checks everything, so that all that is wrong is told at once, and has it admitted.
fn admitted(
    call: &Call,
    caller: &Caller,
    (wanted, typed, team): (&NewTicket, &Filled<'_>, Option<&Team>),
    setup: &Setup,
    form: &[Field],
) -> Result<Admission, Problem> {
    let clocks = Clocks {
        now: call.runtime.clock.now(),
        zone: setup.settings.zone(),
    };
    let filled = form::check(form, typed, Asker::Program, clocks);
    let topic = wanted.topic().filter(|id| setup.topic(*id).is_none());
    let named = wanted.fields.keys();
    let mut errors: Vec<FieldProblem> = unknown(named, form).collect();
    errors.extend(topic.map(|_| FieldProblem::new("/topic", "There is no such choice.")));
    let asked = form.iter().filter(|it| filled.asked.contains(&it.id));
    let misfits: Vec<FieldProblem> = asked.filter_map(|field| typed.misfit(field)).collect();
    let troubles = filled.troubles.iter().filter_map(|it| troubled(form, it));
    let is_new = |it: &FieldProblem| misfits.iter().all(|other| other.pointer != it.pointer);
    errors.extend(troubles.filter(is_new));
    errors.extend(misfits);
    match submission(call, wanted).check() {
        Ok(request) if errors.is_empty() => {
            let realm = caller.program.site.realm;
            let arrival = Arrival {
                said: Wishes {
                    team: team.map(|team| team.id),
                    ..wishes(wanted)
                },
                answers: filled.answers,
                ..Arrival::new(request, Channel::Api, realm)
            };
            Ok(setup.admit(arrival)?)
        }
        request => {
            errors.extend(request.err().iter().flat_map(invalid));
            Err(Problem::Invalid(errors))
        }
    }
}

fn submission(call: &Call, wanted: &NewTicket) -> Submission {
    Submission {
        name: wanted.requester.name.clone(),
        email: wanted.requester.email.clone(),
        subject: wanted.subject.clone(),
        message: wanted.message.clone(),
        source: Source::Api,
        ip: call.client.0.map(|address| address.to_string()),
    }
}

fn wishes(wanted: &NewTicket) -> Wishes {
    Wishes {
        topic: wanted.topic(),
        priority: wanted.priority.map(Into::into),
        ..Wishes::default()
    }
}

fn invalid(problems: &Problems) -> Vec<FieldProblem> {
    let told = [
        ("/requester/name", problems.name),
        ("/requester/email", problems.email),
        ("/topic", problems.topic),
        ("/subject", problems.subject),
        ("/message", problems.message),
    ];
    let told = told.into_iter();
    told.filter_map(|(pointer, flaw)| Some(FieldProblem::new(pointer, flawed(flaw?))))
        .collect()
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let words = match refusal {
            Refusal::Denied(_) => "Tickets of this address are not taken.",
            Refusal::OverLimit => "They have as many tickets open as they may have.",
            Refusal::NoDepartment => return Self::Trouble("no department".to_owned()),
            Refusal::NotAsked => return Self::Trouble("setup without filters".to_owned()),
        };
        Self::field("/requester/email", words)
    }
}
