//! The frame of the administration: its places, and the pages of a realm.

use super::Kind;

/// The places of the administration, and where this page stands.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a place of its own")]
pub struct Nav {
    pub place: Place,
    /// Whether the viewer may separate tables.
    pub separates: bool,
    /// Whether the viewer may have it explained who sees what.
    pub explains: bool,
    /// Whether the viewer may look after agents.
    pub employs: bool,
    /// Whether the viewer may say what is asked of tickets and where they go.
    pub manages: bool,
    /// Whether the viewer names the statuses of tickets.
    pub names_statuses: bool,
    /// Whether the viewer may look through users and organizations.
    pub knows: bool,
    /// Whether the viewer may look after API keys.
    pub opens: bool,
    /// Whether the viewer may look after ban lists.
    pub bans: bool,
}

impl Nav {
    /// Returns whether there is any list of the directory for the viewer.
    pub fn directs(&self) -> bool {
        self.knows || self.opens || self.bans
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Realms,
    Agents,
    Departments,
    Teams,
    Topics,
    Forms,
    Lists,
    Filters,
    Users,
    Organizations,
    Keys,
    Bans,
    Log,
    Templates,
    Canned,
    Statuses,
    Separation,
    Explain,
}

/// A realm at the top of its pages, below those above it that the viewer administers.
#[derive(Debug, Clone)]
pub struct RealmHead<'a> {
    pub id: i64,
    pub name: &'a str,
    pub kind: Kind,
    pub is_archived: bool,
    /// Those above it, the topmost first.
    pub above: Vec<Crumb<'a>>,
    pub tab: Tab,
}

#[derive(Debug, Clone, Copy)]
pub struct Crumb<'a> {
    pub id: i64,
    pub name: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Realm,
    Access,
    Settings,
    Departments,
    Teams,
    Topics,
    Forms,
    Lists,
    Filters,
    Users,
    Organizations,
    Keys,
    Bans,
    Templates,
    Canned,
    /// A page behind one of the others.
    Behind,
}

impl Tab {
    /// Returns whether it is one of the lists of the directory.
    pub fn is_of_directory(&self) -> bool {
        matches!(
            self,
            Self::Users | Self::Organizations | Self::Keys | Self::Bans
        )
    }
}

#[cfg(test)]
impl Nav {
    pub(super) const fn sample(place: Place) -> Self {
        Self {
            place,
            separates: true,
            explains: true,
            manages: true,
            names_statuses: true,
            employs: true,
            knows: true,
            opens: true,
            bans: true,
        }
    }
}

#[cfg(test)]
impl RealmHead<'static> {
    pub(super) fn sample(tab: Tab) -> Self {
        let above = [(1, "Acme Tools"), (4, "Northern Depot")];
        RealmHead {
            id: 9,
            name: "Gate <2>",
            kind: Kind::Site,
            is_archived: false,
            above: above.map(|(id, name)| Crumb { id, name }).into(),
            tab,
        }
    }
}
