//! Policy: who may do what to which thing, and why.
//!
//! [`judge`] is pure and answers with its reason, so that a refusal, the page that explains it
//! and the printed table are the same code. What sight has left out it never brings back (T-6).
//! A handler does not call it but asks for [`Granted`] things, which mutators take.

mod action;
mod evidence;
mod key;
mod reason;
mod rule;

pub use action::{Act, Action, act};
pub(crate) use evidence::subject;
pub use evidence::{Asking, Found, Granted, Refusal, Thing};
pub use key::{AgentKey, CallKey, Key, Keys, Permission, RealmKey, Rights, RoleKey};
pub use reason::{Reason, Verdict};

use crate::TenantId;
use crate::duty::Work;
use crate::principal::{Agent, ApiKey, Principal};
use crate::realm::Path;

use self::rule::{Need, Other, rule};

/// What an action is asked for, as far as policy looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The tenant it belongs to; none, when it is the platform itself.
    pub tenant: Option<TenantId>,
    /// The address of the realm it belongs to; none, when it belongs to no realm.
    pub path: Option<&'a Path>,
    /// Whether the principal's sight of its table takes in that realm.
    pub is_seen: bool,
    /// What the principal is to it.
    pub bond: Bond,
    /// Whose work it is, where it is a ticket.
    pub work: Option<&'a Work>,
}

/// What a principal is to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// The user who asked for it.
    Requester,
    /// A user whose organization shares it with them.
    Colleague,
    /// The manager of its department.
    Manager,
    /// Nobody in particular.
    Other,
}

/// Judges whether a principal may do this to that, and says why.
pub fn judge(principal: &Principal<'_>, action: Action, subject: &Subject<'_>) -> Verdict {
    if let Some(tenant) = principal.tenant() {
        if subject.tenant.is_some_and(|other| other != tenant) {
            return Verdict::Denied(Reason::OtherTenant);
        }
        if !subject.is_seen {
            return Verdict::Denied(Reason::OutOfSight);
        }
    }
    let (need, others) = rule(action);
    match principal {
        Principal::Agent(agent) => judge_agent(agent, need, subject),
        Principal::User(_) if subject.bond == Bond::Requester => {
            judge_other(others, &[Other::Requester, Other::User])
        }
        Principal::User(_) if subject.bond == Bond::Colleague => {
            judge_other(others, &[Other::Colleague, Other::User])
        }
        Principal::User(_) => judge_other(others, &[Other::User]),
        Principal::ApiKey(key) => judge_program(key, others),
        Principal::Mailbox(_) => judge_other(others, &[Other::Mailbox]),
        Principal::Scheduler(_) => judge_other(others, &[Other::Scheduler]),
        Principal::Operator(_) => judge_other(others, &[Other::Operator]),
    }
}

/// Whether an agent may do all that this permission lets programs do: who may not, gives it to no
/// key (T-65).
pub fn covers(agent: &Agent, key: CallKey) -> bool {
    let is_let = |other: &Other| match other {
        Other::Program(asked) => *asked == key,
        Other::CreatingKey => key == CallKey::TicketsCreate,
        Other::User
        | Other::Requester
        | Other::Colleague
        | Other::CronKey
        | Other::Mailbox
        | Other::Scheduler
        | Other::Operator => false,
    };
    let may = |need: Need| match need {
        Need::Sight => true,
        Need::Key(key) | Need::KeyOrManager(key) | Need::Hold(key) => agent.has(key),
        Need::Manager | Need::Never => false,
    };
    let rules = Action::ALL.iter().map(|action| rule(*action));
    rules
        .filter(|(_, others)| others.iter().any(is_let))
        .all(|(need, _)| may(need))
}

fn judge_agent(agent: &Agent, need: Need, subject: &Subject<'_>) -> Verdict {
    let is_manager = subject.bond == Bond::Manager;
    if subject.work.is_some_and(|work| !agent.reaches(work)) {
        return Verdict::Denied(Reason::OutOfReach);
    }
    match need {
        Need::Sight => Verdict::Granted(Reason::Seen),
        Need::KeyOrManager(_) | Need::Manager if is_manager => Verdict::Granted(Reason::Manager),
        Need::Manager => Verdict::Denied(Reason::NotManager),
        Need::Hold(_) if !subject.path.is_some_and(|path| agent.holds_realm(path)) => {
            Verdict::Denied(Reason::RealmNotHeld)
        }
        Need::Key(key) | Need::KeyOrManager(key) | Need::Hold(key) => {
            judge_key(agent, key, subject)
        }
        Need::Never => Verdict::Denied(Reason::NotTheirs),
    }
}

fn judge_program(key: &ApiKey, others: &[Other]) -> Verdict {
    let asked = others.iter().find_map(|other| other.permission());
    match asked {
        Some(asked) if key.may(asked) => Verdict::Granted(Reason::Has(Permission::Call(asked))),
        Some(asked) => Verdict::Denied(Reason::Lacks(Permission::Call(asked))),
        None => {
            let creates = key.can_create_tickets.then_some(Other::CreatingKey);
            let runs = key.can_run_cron.then_some(Other::CronKey);
            let is: Vec<_> = creates.into_iter().chain(runs).collect();
            judge_other(others, &is)
        }
    }
}

fn judge_key(agent: &Agent, key: Permission, subject: &Subject<'_>) -> Verdict {
    if agent.has_on(key, subject.work) {
        Verdict::Granted(Reason::Has(key))
    } else {
        Verdict::Denied(Reason::Lacks(key))
    }
}

fn judge_other(may: &[Other], is: &[Other]) -> Verdict {
    match is.iter().find(|other| may.contains(other)) {
        Some(Other::Requester) => Verdict::Granted(Reason::Requester),
        Some(Other::Colleague) => Verdict::Granted(Reason::Colleague),
        Some(Other::User | Other::CreatingKey | Other::Mailbox) => Verdict::Granted(Reason::Intake),
        Some(Other::Scheduler | Other::CronKey) => Verdict::Granted(Reason::Schedule),
        Some(Other::Operator) => Verdict::Granted(Reason::Operator),
        Some(Other::Program(key)) => Verdict::Granted(Reason::Has(Permission::Call(*key))),
        None => Verdict::Denied(Reason::NotTheirs),
    }
}
