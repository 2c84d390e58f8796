//! Actions: everything somebody can ask to do, as a closed list.
//!
//! Each action is also a type in [`act`], so that evidence of having been allowed one thing
//! cannot be taken for evidence of another.

/// The type of an action.
pub trait Act {
    /// The action it stands for.
    const ACTION: Action;
}

macro_rules! actions {
    ($($action:ident = $words:literal,)+) => {
        /// Something that somebody asks to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(
                #[doc = $words]
                $action,
            )+
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$action),+];

            /// The action in words.
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$action => $words,)+
                }
            }
        }

        /// The actions as types.
        pub mod act {
            $(
                #[doc = $words]
                #[derive(Clone, Copy, Debug)]
                pub struct $action;

                impl super::Act for $action {
                    const ACTION: super::Action = super::Action::$action;
                }
            )+
        }
    };
}

actions! {
    TicketView = "view a ticket",
    TicketCreate = "create a ticket",
    TicketMessage = "write to a ticket as its requester",
    TicketNote = "write a note on a ticket",
    TicketEdit = "edit a ticket",
    TicketAssign = "assign a ticket",
    TicketRelease = "release a ticket",
    TicketTransfer = "transfer a ticket",
    TicketMove = "move a ticket to another realm",
    TicketRefer = "refer a ticket",
    TicketMerge = "merge tickets",
    TicketLink = "link tickets",
    TicketReply = "reply to a ticket",
    TicketMarkAnswered = "mark a ticket answered",
    TicketFlagOverdue = "flag a ticket overdue",
    TicketClose = "close a ticket",
    TicketDelete = "delete a ticket",
    ThreadEdit = "edit a thread",
    TaskView = "view a task",
    TaskCreate = "create a task",
    TaskEdit = "edit a task",
    TaskAssign = "assign a task",
    TaskTransfer = "transfer a task",
    TaskReply = "reply to a task",
    TaskClose = "close a task",
    TaskDelete = "delete a task",
    CannedManage = "manage canned responses",
    UserCreate = "create a user",
    UserEdit = "edit a user",
    UserDelete = "delete a user",
    UserManage = "manage a user's account",
    UserDirectory = "look through the users",
    OrganizationCreate = "create an organization",
    OrganizationEdit = "edit an organization",
    OrganizationDelete = "delete an organization",
    FaqManage = "manage FAQs",
    DepartmentsSee = "see other departments",
    AgentsSee = "see other departments' agents",
    BanlistManage = "manage the ban list",
    SearchAll = "search all tickets",
    StatsSee = "see other agents' figures",
    RealmView = "view a realm",
    RealmCreate = "create a realm",
    RealmRename = "rename a realm",
    RealmMove = "move a realm",
    RealmArchive = "archive a realm",
    RealmGrant = "grant a realm",
    RealmSeparate = "separate a table",
    SettingEdit = "change a setting",
    SettingLock = "lock a setting",
    AgentManage = "manage agents",
    RoleManage = "manage roles",
    DeskManage = "manage departments and topics",
    DoorManage = "manage portals, mailboxes and keys",
    Sweep = "sweep",
    TenantCreate = "create a tenant",
    TenantList = "list the tenants",
    TenantSuspend = "suspend a tenant",
    TenantResume = "resume a tenant",
    TenantRename = "rename a tenant",
    TenantSetting = "set a tenant's defaults",
    TenantBootstrap = "invite a tenant's first agent",
}
