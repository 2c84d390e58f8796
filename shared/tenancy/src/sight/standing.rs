//! Where a viewer stands: everything that decides what they see. Pure.

use crate::RealmId;
use crate::duty::{Duties, Work};
use crate::port::{DbError, Row};
use crate::realm::Path;
use crate::separation::{Direction, Directions, Table};

use super::explain::Reason;
use super::spans::Spans;
use super::{Holdings, Sight};

/// What stands for a name that is not told.
const UNKNOWN: &str = "another realm";

/// A realm, and where it lies in the tree at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The realm.
    pub realm: RealmId,
    /// Its path.
    pub path: Path,
    /// Its name.
    pub name: String,
}

impl Node {
    /// Reads the columns `realm_id`, `path` and `realm`.
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            realm: row.get("realm_id")?,
            path: row.get("path")?,
            name: row.get("realm")?,
        })
    }
}

/// A role, by id and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// What leads to a realm beyond the direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A grant to the agent (T-8).
    Agent,
    /// A grant to the team of this name, which the agent is a member of (T-9).
    Team(String),
    /// A rule of the primary realm (T-11).
    Rule,
}

/// A realm that a viewer sees with all below it, wherever it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The realm.
    pub node: Node,
    /// What leads there.
    pub way: Way,
}

/// A realm that is closed with all below it, or opened again (T-10).
///
/// The nearest one at or above a realm decides. It closes the realm to its own people too: who
/// is to see it holds the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// The realm.
    pub node: Node,
    /// The role whose holders see it; none when it is open again.
    pub role: Option<Role>,
}

/// Where a viewer stands at this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub(super) primary: Node,
    pub(super) role: Option<i64>,
    pub(super) extensions: Vec<Extension>,
    pub(super) restrictions: Vec<Restriction>,
    pub(super) directions: Directions,
    pub(super) selected: Option<Node>,
    pub(super) duties: Duties,
}

/// One table as it looks from a standing; a sight and its explanation are both read off this.
pub(super) struct View<'s> {
    /// What shows realms, and which.
    pub(super) shown: Vec<(Reason<'s>, Spans)>,
    /// What restrictions close.
    pub(super) closed: Spans,
    /// What the selected realm would see, if one is selected.
    pub(super) selected: Option<Spans>,
}

impl View<'_> {
    /// All that is shown and not closed, whatever is selected.
    pub(super) fn open(&self) -> Spans {
        let shown = self.shown.iter().map(|(_, spans)| spans.clone());
        shown
            .fold(Spans::default(), Spans::or)
            .without(&self.closed)
    }

    fn sight(&self) -> Sight {
        let open = self.open();
        Sight(match &self.selected {
            Some(selected) => open.and(selected),
            None => open,
        })
    }
}

impl Standing {
    /// What the viewer sees of a table.
    pub fn sight(&self, table: Table) -> Sight {
        self.view(table).sight()
    }

    /// Whether the viewer sees a ticket of the realm at this path, whose work this is (T-6, DP-6).
    pub fn sees_ticket(&self, path: &Path, work: &Work) -> bool {
        self.sight(Table::Ticket).sees(path) && self.duties.reach(work)
    }

    /// The realm the viewer belongs to (T-7).
    pub fn primary(&self) -> &Node {
        &self.primary
    }

    /// The realm the viewer works in now: the selected one, or else the primary (T-22). New
    /// records go there (T-21).
    pub fn current(&self) -> &Node {
        self.selected.as_ref().unwrap_or(&self.primary)
    }

    /// The realms the viewer may give to others (T-65): the primary realm and those below it,
    /// without what is closed to the viewer.
    pub fn holdings(&self) -> Holdings {
        let own = Spans::subtree(&self.primary.path);
        Holdings(Sight(own.without(&self.closed())))
    }

    /// The departments and teams the viewer works in.
    pub fn duties(&self) -> &Duties {
        &self.duties
    }

    /// The direction of each table.
    pub fn directions(&self) -> &Directions {
        &self.directions
    }

    /// The restriction that decides about a realm: the nearest at or above it.
    pub fn restriction(&self, realm: &Path) -> Option<&Restriction> {
        let covering = self.restrictions.iter();
        let covering = covering.filter(|restriction| restriction.node.path.covers(realm));
        covering.max_by_key(|restriction| restriction.node.path.as_str().len())
    }

    /// The same standing in words for somebody who may not know all of these realms: the names of
    /// the others, and of teams that lead there, are left out. What is seen stays the same.
    #[must_use]
    pub fn told_to(mut self, knows: impl Fn(&Path) -> bool) -> Self {
        let veil = |node: &mut Node| {
            let is_known = knows(&node.path);
            if !is_known {
                UNKNOWN.clone_into(&mut node.name);
            }
            is_known
        };
        veil(&mut self.primary);
        self.selected.as_mut().map(veil);
        for restriction in &mut self.restrictions {
            veil(&mut restriction.node);
        }
        for Extension { node, way } in &mut self.extensions {
            if let (false, Way::Team(team)) = (veil(node), way) {
                UNKNOWN.clone_into(team);
            }
        }
        self.duties.veil(knows);
        self
    }

    /// Whether the viewer has what a realm asks for; everybody has, when it asks for no role.
    pub fn meets(&self, role: Option<i64>) -> bool {
        role.is_none() || role == self.role
    }

    /// Whether something is closed to the viewer and open to holders of that role.
    pub fn is_shut_out_by(&self, role: i64) -> bool {
        let asks = |it: &Restriction| it.role.as_ref().is_some_and(|asked| asked.id == role);
        self.role != Some(role) && self.restrictions.iter().any(asks)
    }

    pub(super) fn view(&self, table: Table) -> View<'_> {
        let direction = self.directions.of(table);
        let primary = &self.primary;
        let own = Reason::Direction {
            table,
            direction,
            primary,
        };
        let own = (own, looking(direction, &primary.path));
        let selected = self.selected.as_ref();
        View {
            shown: std::iter::once(own).chain(self.added()).collect(),
            closed: self.closed(),
            selected: selected.map(|node| looking(direction, &node.path)),
        }
    }

    fn added(&self) -> impl Iterator<Item = (Reason<'_>, Spans)> {
        let primary = &self.primary;
        self.extensions.iter().map(move |Extension { node, way }| {
            let reason = match way {
                Way::Agent => Reason::Grant { node },
                Way::Team(team) => Reason::TeamGrant { node, team },
                Way::Rule => Reason::Rule { node, primary },
            };
            (reason, Spans::subtree(&node.path))
        })
    }

    fn closed(&self) -> Spans {
        let coat = |restriction: &Restriction| !self.passes(restriction);
        let coats = self.restrictions.iter().map(|it| (&it.node.path, coat(it)));
        Spans::painted(coats.collect())
    }

    pub(super) fn passes(&self, restriction: &Restriction) -> bool {
        self.meets(restriction.role.as_ref().map(|role| role.id))
    }
}

/// What a direction shows from a realm.
fn looking(direction: Direction, from: &Path) -> Spans {
    match direction {
        Direction::Down => Spans::subtree(from),
        Direction::Up => Spans::upwards(from),
        Direction::Both => Spans::upwards(from).or(Spans::subtree(from)),
        Direction::Off => Spans::everything(),
    }
}
