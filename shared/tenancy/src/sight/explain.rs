//! Why a realm's rows are seen or not, as data and as text. Read off the same [`View`] that the
//! sight is, so that the two cannot disagree; a property test holds them to it.

use std::fmt;

use crate::duty::{Tie, Work};
use crate::separation::{Direction, Table};

use super::standing::{Node, Restriction, Standing, View};

/// One reason why rows of a realm are seen or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason<'s> {
    /// The table's direction leads there from the primary realm.
    Direction {
        /// The table.
        table: Table,
        /// Its direction.
        direction: Direction,
        /// The viewer's primary realm.
        primary: &'s Node,
    },
    /// Neither the direction nor anything else leads there.
    NoWay {
        /// The table.
        table: Table,
        /// Its direction.
        direction: Direction,
        /// The viewer's primary realm.
        primary: &'s Node,
    },
    /// The realm, or one above it, was granted to the agent.
    Grant {
        /// What was granted.
        node: &'s Node,
    },
    /// The realm, or one above it, was granted to a team of the agent.
    TeamGrant {
        /// What was granted.
        node: &'s Node,
        /// The team's name.
        team: &'s str,
    },
    /// The realm, or one above it, is shown to the primary realm by a rule.
    Rule {
        /// What is shown.
        node: &'s Node,
        /// The viewer's primary realm.
        primary: &'s Node,
    },
    /// The realm, or one above it, is closed to all but holders of a role.
    Closed {
        /// What is closed.
        node: &'s Node,
        /// The role's name.
        role: &'s str,
    },
    /// It is closed to all but holders of a role, which the viewer holds.
    Admitted {
        /// What is closed.
        node: &'s Node,
        /// The role's name.
        role: &'s str,
    },
    /// It is open again, below a realm that may be closed.
    Opened {
        /// What is open.
        node: &'s Node,
    },
    /// The selected realm sees it too.
    Selected {
        /// The selected realm.
        node: &'s Node,
    },
    /// The selected realm does not see it.
    NotSelected {
        /// The selected realm.
        node: &'s Node,
    },
    /// The viewer is limited to their duties, and this ties the ticket to them (DP-6).
    Tied(Tie<'s>),
    /// The viewer is limited to their duties, and nothing ties the ticket to them.
    Untied,
}

/// What a reason does to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It shows the row, unless another reason hides it.
    Shows,
    /// It hides the row, whatever shows it.
    Hides,
    /// It keeps what might hide the row from doing so.
    Allows,
}

impl Reason<'_> {
    /// What the reason does.
    pub fn effect(&self) -> Effect {
        match self {
            Self::Direction { .. }
            | Self::Grant { .. }
            | Self::TeamGrant { .. }
            | Self::Rule { .. } => Effect::Shows,
            Self::NoWay { .. } | Self::Closed { .. } | Self::NotSelected { .. } | Self::Untied => {
                Effect::Hides
            }
            Self::Admitted { .. } | Self::Opened { .. } | Self::Selected { .. } | Self::Tied(_) => {
                Effect::Allows
            }
        }
    }

    /// What kind of reason it is, in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Direction { .. } | Self::NoWay { .. } => "direction",
            Self::Grant { .. } | Self::TeamGrant { .. } => "grant",
            Self::Rule { .. } => "rule",
            Self::Closed { .. } | Self::Admitted { .. } | Self::Opened { .. } => "restriction",
            Self::Selected { .. } | Self::NotSelected { .. } => "selection",
            Self::Tied(Tie::Department(_)) | Self::Untied => "department",
            Self::Tied(Tie::Assigned | Tie::TeamAssigned(_)) => "assignment",
            Self::Tied(Tie::Referred | Tie::TeamReferred(_) | Tie::DepartmentReferred(_)) => {
                "referral"
            }
        }
    }
}

/// Why rows of one realm are seen or not: at least one reason, what shows them first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'s> {
    /// Whether they are seen, as far as realms decide (T-6).
    pub is_visible: bool,
    /// Every reason for and against it.
    pub reasons: Vec<Reason<'s>>,
}

impl<'s> Explanation<'s> {
    fn of(reasons: Vec<Reason<'s>>) -> Self {
        let hides = |reason: &Reason<'_>| reason.effect() == Effect::Hides;
        Self {
            is_visible: !reasons.iter().any(hides),
            reasons,
        }
    }
}

impl Standing {
    /// Tells why rows of a table that belong to this realm are seen or not.
    pub fn explain(&self, table: Table, subject: &Node) -> Explanation<'_> {
        let view = self.view(table);
        let mut reasons = self.ways(&view, table, subject);
        reasons.extend(self.closing(&view, subject));
        reasons.extend(self.selection(&view, subject));
        Explanation::of(reasons)
    }

    /// Tells why a ticket of this realm is seen or not, whose work it is included.
    pub fn explain_ticket(&self, subject: &Node, work: &Work) -> Explanation<'_> {
        let mut reasons = self.explain(Table::Ticket, subject).reasons;
        reasons.extend(self.tying(work));
        Explanation::of(reasons)
    }

    /// Whose work it is counts for nobody but those who are limited to their own.
    fn tying(&self, work: &Work) -> Vec<Reason<'_>> {
        if !self.duties.is_limited() {
            return Vec::new();
        }
        match self.duties.ties(work) {
            ties if ties.is_empty() => vec![Reason::Untied],
            ties => ties.into_iter().map(Reason::Tied).collect(),
        }
    }

    fn ways<'s>(&'s self, view: &View<'s>, table: Table, subject: &Node) -> Vec<Reason<'s>> {
        let leading = view
            .shown
            .iter()
            .filter(|(_, it)| it.contain(&subject.path));
        let ways: Vec<Reason<'s>> = leading.map(|(reason, _)| *reason).collect();
        if ways.is_empty() {
            let (direction, primary) = (self.directions.of(table), &self.primary);
            return vec![Reason::NoWay {
                table,
                direction,
                primary,
            }];
        }
        ways
    }

    /// Whether it is closed is read off the view; the restrictions only lend their names.
    fn closing(&self, view: &View<'_>, subject: &Node) -> Option<Reason<'_>> {
        let Restriction { node, role } = self.restriction(&subject.path)?;
        let is_closed = view.closed.contain(&subject.path);
        Some(match role.as_ref().map(|role| role.name.as_str()) {
            Some(role) if is_closed => Reason::Closed { node, role },
            Some(role) => Reason::Admitted { node, role },
            None => Reason::Opened { node },
        })
    }

    fn selection(&self, view: &View<'_>, subject: &Node) -> Option<Reason<'_>> {
        let (node, spans) = (self.selected.as_ref()?, view.selected.as_ref()?);
        Some(if spans.contain(&subject.path) {
            Reason::Selected { node }
        } else {
            Reason::NotSelected { node }
        })
    }
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direction {
                table,
                direction,
                primary,
            } => looking(f, *table, *direction, primary),
            Self::NoWay {
                table,
                direction,
                primary,
            } => {
                looking(f, *table, *direction, primary)?;
                f.write_str(" and the realm does not lie there")
            }
            Self::Grant { node } => write!(f, "{} was granted to the agent", node.name),
            Self::TeamGrant { node, team } => {
                write!(f, "{} was granted to the team {team}", node.name)
            }
            Self::Rule { node, primary } => {
                write!(f, "a rule shows {} to {}", node.name, primary.name)
            }
            Self::Closed { node, role } => {
                write!(f, "{} is closed to all but the role {role}", node.name)
            }
            Self::Admitted { node, role } => {
                write!(f, "{} is closed, but not to the role {role}", node.name)
            }
            Self::Opened { node } => write!(f, "{} is open to every role", node.name),
            Self::Selected { node } => write!(f, "{} is selected", node.name),
            Self::NotSelected { node } => {
                write!(f, "{} is selected and does not see the realm", node.name)
            }
            Self::Tied(tie) => write!(f, "{tie}"),
            Self::Untied => f.write_str(
                "the agent is limited to their departments; the ticket is in none of them, and \
                 neither assigned nor referred to them",
            ),
        }
    }
}

fn looking(
    f: &mut fmt::Formatter<'_>,
    table: Table,
    direction: Direction,
    from: &Node,
) -> fmt::Result {
    let (rows, from) = (table.plural(), &from.name);
    match direction {
        Direction::Down => write!(f, "{rows} are seen from {from} downwards"),
        Direction::Up => write!(f, "{rows} are seen from {from} upwards"),
        Direction::Both => write!(f, "{rows} are seen from {from} upwards and downwards"),
        Direction::Off => write!(f, "{rows} are not separated by realm"),
    }
}

impl fmt::Display for Explanation<'_> {
    /// One line a reason, below one that says how it ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_visible { "seen" } else { "not seen" })?;
        self.reasons
            .iter()
            .try_for_each(|reason| write!(f, "\n- {reason}"))
    }
}
