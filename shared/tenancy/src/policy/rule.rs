//! Which right each action asks for: the policy's one table.

use super::Action;
use super::key::{AgentKey, Permission, RealmKey, RoleKey};

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
    /// A mailbox.
    Mailbox,
    /// The scheduler.
    Scheduler,
    /// The platform operator.
    Operator,
}

/// What an agent needs for the action, and who else may do it.
pub(super) fn rule(action: Action) -> (Need, &'static [Other]) {
    match action {
        Action::TicketView => (Need::Sight, &[Other::Requester, Other::Colleague]),
        Action::TicketCreate => (
            role(RoleKey::TicketCreate),
            &[Other::User, Other::CreatingKey, Other::Mailbox],
        ),
        Action::TicketMessage => (
            Need::Never,
            &[Other::Requester, Other::Colleague, Other::Mailbox],
        ),
        Action::TicketRelease => (managed(RoleKey::TicketRelease), &[]),
        Action::TicketMarkAnswered => (managed(RoleKey::TicketMarkAnswered), &[]),
        Action::TicketFlagOverdue => (Need::Manager, &[Other::Scheduler]),
        Action::TicketEdit => (role(RoleKey::TicketEdit), &[]),
        Action::TicketAssign => (role(RoleKey::TicketAssign), &[]),
        Action::TicketTransfer => (role(RoleKey::TicketTransfer), &[]),
        Action::TicketMove => (Need::Hold(Permission::Role(RoleKey::TicketTransfer)), &[]),
        Action::TicketRefer => (role(RoleKey::TicketRefer), &[]),
        Action::TicketMerge => (role(RoleKey::TicketMerge), &[]),
        Action::TicketLink => (role(RoleKey::TicketLink), &[]),
        Action::TicketReply => (role(RoleKey::TicketReply), &[]),
        Action::TicketClose => (role(RoleKey::TicketClose), &[]),
        Action::TicketDelete => (role(RoleKey::TicketDelete), &[]),
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
        Action::UserCreate => (agent(AgentKey::UserCreate), &[]),
        Action::UserEdit => (agent(AgentKey::UserEdit), &[]),
        Action::UserDelete => (agent(AgentKey::UserDelete), &[]),
        Action::UserManage => (agent(AgentKey::UserManage), &[]),
        Action::UserDirectory => (agent(AgentKey::UserDirectory), &[]),
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
