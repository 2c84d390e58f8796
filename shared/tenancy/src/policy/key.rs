//! Permission keys: what may be given to people, as closed lists.
//!
//! The names are osTicket's where osTicket has one, so that its exports can be read. They are
//! stored as JSON lists of names; a name that nobody knows (any more, or yet) permits nothing.

use std::fmt::Debug;

use crate::port::{DbError, FromValue, Value, texts};

/// A closed list of permission keys.
pub trait Key: Copy + Debug + Ord + 'static {
    /// Every key, in the order pages show them.
    const ALL: &'static [Self];

    /// The name it is stored under.
    fn name(self) -> &'static str;
}

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident { $($key:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $key,
            )+
        }

        impl Key for $name {
            const ALL: &'static [Self] = &[$(Self::$key),+];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$key => $text,)+
                }
            }
        }
    };
}

keys! {
    /// osTicket's 21 role keys, held through a role.
    RoleKey {
        TicketCreate = "ticket.create",
        TicketEdit = "ticket.edit",
        TicketAssign = "ticket.assign",
        TicketRelease = "ticket.release",
        TicketTransfer = "ticket.transfer",
        TicketRefer = "ticket.refer",
        TicketMerge = "ticket.merge",
        TicketLink = "ticket.link",
        TicketReply = "ticket.reply",
        TicketMarkAnswered = "ticket.markanswered",
        TicketClose = "ticket.close",
        TicketDelete = "ticket.delete",
        ThreadEdit = "thread.edit",
        TaskCreate = "task.create",
        TaskEdit = "task.edit",
        TaskAssign = "task.assign",
        TaskTransfer = "task.transfer",
        TaskReply = "task.reply",
        TaskClose = "task.close",
        TaskDelete = "task.delete",
        CannedManage = "canned.manage",
    }
}

keys! {
    /// osTicket's 14 agent keys, held by the agent whatever the role.
    AgentKey {
        UserCreate = "user.create",
        UserEdit = "user.edit",
        UserDelete = "user.delete",
        UserManage = "user.manage",
        UserDirectory = "user.dir",
        OrganizationCreate = "org.create",
        OrganizationEdit = "org.edit",
        OrganizationDelete = "org.delete",
        FaqManage = "faq.manage",
        VisibilityDepartments = "visibility.departments",
        VisibilityAgents = "visibility.agents",
        BanlistManage = "emails.banlist",
        SearchAll = "search.all",
        StatsAgents = "stats.agents",
    }
}

keys! {
    /// The keys of administration. Each counts in its holder's primary realm and below it, so
    /// that a realm's administrator can do everything inside the realm and nothing above.
    RealmKey {
        RealmCreate = "realm.create",
        RealmRename = "realm.rename",
        RealmMove = "realm.move",
        RealmArchive = "realm.archive",
        RealmGrant = "realm.grant",
        RealmSeparate = "realm.separate",
        SettingEdit = "setting.edit",
        SettingLock = "setting.lock",
        AgentManage = "agent.manage",
        RoleManage = "role.manage",
        DeskManage = "desk.manage",
        DoorManage = "door.manage",
    }
}

keys! {
    /// What a program with an API key may do over the REST API, in the key's realm and below it.
    CallKey {
        TicketsCreate = "tickets:create",
        TicketsRead = "tickets:read",
        TicketsWrite = "tickets:write",
        TicketsDelete = "tickets:delete",
        UsersRead = "users:read",
        UsersWrite = "users:write",
        TopicsRead = "topics:read",
    }
}

/// A key of any list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Held through a role.
    Role(RoleKey),
    /// Held by the agent.
    Agent(AgentKey),
    /// Held by an administrator.
    Realm(RealmKey),
    /// Held by a program.
    Call(CallKey),
}

impl Permission {
    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Role(key) => key.name(),
            Self::Agent(key) => key.name(),
            Self::Realm(key) => key.name(),
            Self::Call(key) => key.name(),
        }
    }
}

/// The keys of one list that somebody holds, in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys<K>(Vec<K>);

impl<K: Key> Keys<K> {
    /// Exactly these keys.
    pub fn of(keys: &[K]) -> Self {
        Self::which(|key| keys.contains(&key))
    }

    /// Every key of the list but these.
    pub fn all_but(left_out: &[K]) -> Self {
        Self::which(|key| !left_out.contains(&key))
    }

    fn which(is_held: impl Fn(K) -> bool) -> Self {
        let list = K::ALL.iter().copied();
        Self(list.filter(|key| is_held(*key)).collect())
    }

    /// Whether the key is among them.
    pub fn holds(&self, key: K) -> bool {
        self.0.contains(&key)
    }

    /// Whether each of them is among those others.
    pub fn is_within(&self, others: &Self) -> bool {
        self.0.iter().all(|key| others.holds(*key))
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|key| key.name())
    }

    /// Those of the list whose names are among these.
    fn named(names: &[String]) -> Self {
        Self::which(|key| names.iter().any(|name| name == key.name()))
    }

    /// The names as they are stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.names().collect::<Vec<_>>()).unwrap_or_default()
    }
}

impl<K: Key> FromValue for Keys<K> {
    fn from_value(value: &Value) -> Option<Self> {
        let names = String::from_value(value)?;
        Some(Self::named(&texts(&names)?))
    }
}

/// What an agent holds beyond the role. Both lists are stored as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Counts wherever the agent sees.
    pub agent: Keys<AgentKey>,
    /// Counts in the primary realm and below it.
    pub realm: Keys<RealmKey>,
}

impl Rights {
    /// What every agent starts with (osTicket's VI-3).
    pub fn ordinary() -> Self {
        Self {
            agent: Keys::of(&[AgentKey::VisibilityDepartments, AgentKey::VisibilityAgents]),
            realm: Keys::of(&[]),
        }
    }

    /// What a tenant's first agent starts with: as osTicket's installer has it, all agent keys
    /// but the last two, and all of administration.
    pub fn administrator() -> Self {
        Self {
            agent: Keys::all_but(&[AgentKey::SearchAll, AgentKey::StatsAgents]),
            realm: Keys::all_but(&[]),
        }
    }

    /// Whether each of them is among those others.
    pub fn is_within(&self, others: &Self) -> bool {
        self.agent.is_within(&others.agent) && self.realm.is_within(&others.realm)
    }

    /// Both lists as they are stored.
    pub fn to_json(&self) -> String {
        let names: Vec<_> = self.agent.names().chain(self.realm.names()).collect();
        serde_json::to_string(&names).unwrap_or_default()
    }

    /// Reads both lists.
    ///
    /// # Errors
    /// [`DbError::Corrupt`] for what is no list of names.
    pub fn of_json(json: &str) -> Result<Self, DbError> {
        let corrupt = || DbError::Corrupt(format!("agent.permissions: {json}"));
        let names = texts(json).ok_or_else(corrupt)?;
        Ok(Self {
            agent: Keys::named(&names),
            realm: Keys::named(&names),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_as_long_as_osticket_s() {
        assert_eq!(RoleKey::ALL.len(), 21);
        assert_eq!(AgentKey::ALL.len(), 14);
        let installer = Rights::administrator().agent;
        assert_eq!(installer.names().count(), 12);
    }

    #[test]
    fn rights_come_back_as_they_were_stored() {
        for rights in [Rights::ordinary(), Rights::administrator()] {
            assert_eq!(Rights::of_json(&rights.to_json()), Ok(rights));
        }
        let role = Keys::of(&[RoleKey::TicketReply, RoleKey::TaskReply]);
        let stored = Value::from(role.to_json());
        assert_eq!(Keys::from_value(&stored), Some(role));
    }

    #[test]
    fn a_name_that_nobody_knows_permits_nothing() {
        let stored = Value::from(r#"["ticket.explode","ticket.reply"]"#);
        let read = Keys::<RoleKey>::from_value(&stored);
        assert_eq!(read, Some(Keys::of(&[RoleKey::TicketReply])));
        assert!(Keys::<RoleKey>::from_value(&Value::from("all")).is_none());
        assert!(Rights::of_json("{}").is_err());
    }
}
