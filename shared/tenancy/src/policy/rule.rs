//! Which right each action asks for: the policy's one table.

use super::Action;
use super::key::{AgentKey, CallKey, Permission, RealmKey, RoleKey};

/// What an agent must have for an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Sight of the thing is enough.
    Sight,
    /// The key.
    Key(Permission),
    /// The key, or to be the manager of the thing's department (osTicket 1.7).
    KeyOrManager(Permission),
    /// To be the manager of the thing's department.
    Manager,
    /// The key, and to hold the realm: to have it at or below the primary realm (T-65).
    Hold(Permission),
    /// It is nothing that agents do.
    Never,
}

/// Those who are no agents, as far as policy tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// A user, of any ticket.
    User,
    /// The user whose ticket it is.
    Requester,
    /// A user whose organization shares the ticket with them.
    Colleague,
    /// An API key that may create tickets.
    CreatingKey,
    /// An API key that may start scheduled work.
    CronKey,
    /// A program whose API key has the permission.
    Program(CallKey),
    /// A mailbox.
    Mailbox,
    /// The scheduler.
    Scheduler,
    /// The platform operator.
    Operator,
}

const TICKETS_WRITE: &[Other] = &[Other::Program(CallKey::TicketsWrite)];
const USERS_WRITE: &[Other] = &[Other::Program(CallKey::UsersWrite)];

impl Other {
    /// The permission that a program needs to be this one.
    pub(super) fn permission(self) -> Option<CallKey> {
        if let Self::Program(key) = self {
            Some(key)
        } else {
            None
        }
    }
}

/// What an agent needs for the action, and who else may do it.
pub(super) fn rule(action: Action) -> (Need, &'static [Other]) {
    match action {
        Action::TicketView => (
            Need::Sight,
            &[
                Other::Requester,
                Other::Colleague,
                Other::Program(CallKey::TicketsRead),
            ],
        ),
        Action::TicketCreate => (
            role(RoleKey::TicketCreate),
            &[Other::User, Other::CreatingKey, Other::Mailbox],
        ),
        Action::TicketMessage => (
            Need::Never,
            &[Other::Requester, Other::Colleague, Other::Mailbox],
        ),
        Action::TicketNote => (Need::Sight, TICKETS_WRITE),
        Action::TicketRelease => (managed(RoleKey::TicketRelease), TICKETS_WRITE),
        Action::TicketMarkAnswered => (managed(RoleKey::TicketMarkAnswered), &[]),
        Action::TicketFlagOverdue => (Need::Manager, &[Other::Scheduler]),
        Action::TicketEdit => (role(RoleKey::TicketEdit), TICKETS_WRITE),
        Action::TicketAssign => (role(RoleKey::TicketAssign), TICKETS_WRITE),
        Action::TicketTransfer => (role(RoleKey::TicketTransfer), TICKETS_WRITE),
        Action::TicketMove => (Need::Hold(Permission::Role(RoleKey::TicketTransfer)), &[]),
        Action::TicketRefer => (role(RoleKey::TicketRefer), &[]),
        Action::TicketMerge => (role(RoleKey::TicketMerge), &[]),
        Action::TicketLink => (role(RoleKey::TicketLink), &[]),
        Action::TicketReply => (role(RoleKey::TicketReply), TICKETS_WRITE),
        Action::TicketClose => (role(RoleKey::TicketClose), TICKETS_WRITE),
        Action::TicketDelete => (
            role(RoleKey::TicketDelete),
            &[Other::Program(CallKey::TicketsDelete)],
        ),
        Action::ThreadEdit => (role(RoleKey::ThreadEdit), &[]),
        Action::TaskView | Action::RealmView => (Need::Sight, &[]),
        Action::TaskCreate => (role(RoleKey::TaskCreate), &[]),
        Action::TaskEdit => (role(RoleKey::TaskEdit), &[]),
        Action::TaskAssign => (role(RoleKey::TaskAssign), &[]),
        Action::TaskTransfer => (role(RoleKey::TaskTransfer), &[]),
        Action::TaskReply => (role(RoleKey::TaskReply), &[]),
        Action::TaskClose => (role(RoleKey::TaskClose), &[]),
        Action::TaskDelete => (role(RoleKey::TaskDelete), &[]),
        Action::CannedManage => (role(RoleKey::CannedManage), &[]),
        Action::UserCreate => (agent(AgentKey::UserCreate), USERS_WRITE),
        Action::UserEdit => (agent(AgentKey::UserEdit), USERS_WRITE),
        Action::UserDelete => (agent(AgentKey::UserDelete), &[]),
        Action::UserManage => (agent(AgentKey::UserManage), &[]),
        Action::UserDirectory => (
            agent(AgentKey::UserDirectory),
            &[Other::Program(CallKey::UsersRead)],
        ),
        Action::OrganizationCreate => (agent(AgentKey::OrganizationCreate), &[]),
        Action::OrganizationEdit => (agent(AgentKey::OrganizationEdit), &[]),
        Action::OrganizationDelete => (agent(AgentKey::OrganizationDelete), &[]),
        Action::FaqManage => (agent(AgentKey::FaqManage), &[]),
        Action::DepartmentsSee => (agent(AgentKey::VisibilityDepartments), &[]),
        Action::AgentsSee => (agent(AgentKey::VisibilityAgents), &[]),
        Action::BanlistManage => (agent(AgentKey::BanlistManage), &[]),
        Action::SearchAll => (agent(AgentKey::SearchAll), &[]),
        Action::StatsSee => (agent(AgentKey::StatsAgents), &[]),
        Action::RealmCreate => (hold(RealmKey::RealmCreate), &[]),
        Action::RealmRename => (hold(RealmKey::RealmRename), &[]),
        Action::RealmMove => (hold(RealmKey::RealmMove), &[]),
        Action::RealmArchive => (hold(RealmKey::RealmArchive), &[]),
        Action::RealmGrant => (hold(RealmKey::RealmGrant), &[]),
        Action::RealmSeparate => (hold(RealmKey::RealmSeparate), &[]),
        Action::SettingEdit => (hold(RealmKey::SettingEdit), &[]),
        Action::SettingLock => (hold(RealmKey::SettingLock), &[]),
        Action::AgentManage => (hold(RealmKey::AgentManage), &[]),
        Action::RoleManage => (hold(RealmKey::RoleManage), &[]),
        Action::DeskManage => (hold(RealmKey::DeskManage), &[]),
        Action::DoorManage => (hold(RealmKey::DoorManage), &[]),
        Action::Sweep => (Need::Never, &[Other::Scheduler, Other::CronKey]),
        Action::TenantCreate
        | Action::TenantList
        | Action::TenantSuspend
        | Action::TenantResume
        | Action::TenantRename
        | Action::TenantSetting
        | Action::TenantBootstrap => (Need::Never, &[Other::Operator]),
    }
}

fn role(key: RoleKey) -> Need {
    Need::Key(Permission::Role(key))
}

fn hold(key: RealmKey) -> Need {
    Need::Hold(Permission::Realm(key))
}

fn managed(key: RoleKey) -> Need {
    Need::KeyOrManager(Permission::Role(key))
}

fn agent(key: AgentKey) -> Need {
    Need::Key(Permission::Agent(key))
}
