//! What topics, forms and filters can name: departments, teams, SLA plans, sequences and forms.

mod store;

use tenancy::realm::Path;

pub use store::{asked, lists, offers};

/// What kind of thing is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A department.
    Department,
    /// A team.
    Team,
    /// A form that topics can ask for.
    Form,
    /// An SLA plan.
    Plan,
    /// A sequence of ticket numbers.
    Sequence,
    /// A list that fields can offer.
    List,
    /// A help topic.
    Topic,
    /// A field, named with its form.
    Field,
    /// A canned reply.
    Canned,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Department,
        Self::Team,
        Self::Form,
        Self::Plan,
        Self::Sequence,
        Self::List,
        Self::Topic,
        Self::Field,
        Self::Canned,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Team => "team",
            Self::Form => "form",
            Self::Plan => "plan",
            Self::Sequence => "sequence",
            Self::List => "list",
            Self::Topic => "topic",
            Self::Field => "field",
            Self::Canned => "canned",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Something that can be named in a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The realm it belongs to; none for what is the whole tenant's.
    pub path: Option<Path>,
}
