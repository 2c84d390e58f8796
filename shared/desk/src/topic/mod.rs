//! Help topics: what a user picks, as a tree. Each routes its tickets.

mod store;
mod upkeep;

use tenancy::Id;
use tenancy::port::DbError;

use crate::filter::Given;
use crate::ticket::Priority;
use crate::ticket::number::Format;

pub use store::{add, archive, attach_form, inherited, thanks};
pub use upkeep::{Attached, Change, Kept, attached, change, change_refused, kept, restore};

/// What stands between a topic's name and that of the one above.
pub const BETWEEN: &str = " / ";
/// Longest whole name, in characters.
pub const LONGEST_NAME: usize = 200;
/// Most topics that one realm offers, its own and those of the realms above.
pub const MOST_TOPICS: i64 = 500;

/// A help topic that tickets may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// Its id, as osTicket's API knows it.
    pub id: i64,
    /// The topic above it.
    pub parent: Option<i64>,
    /// Its whole name, with those of the topics above: "Report a Problem / Access Issue".
    pub name: String,
    /// What the confirmation says; empty where it says what it always says.
    pub thanks: String,
    /// Whether the portal offers it.
    pub is_public: bool,
    /// Whether its tickets are not answered by themselves.
    pub is_silent: bool,
    /// The department it routes to.
    pub department: Option<i64>,
    /// The SLA plan it sets.
    pub plan: Option<i64>,
    /// The priority it sets.
    pub priority: Option<Priority>,
    /// The agent who gets its tickets.
    pub agent: Option<Id>,
    /// The team that gets its tickets.
    pub team: Option<i64>,
    /// The status that its tickets have from the start.
    pub given: Option<Given>,
    /// What its tickets' numbers look like, if not like all others.
    pub format: Option<Format>,
    /// The sequence they come from; 0 draws at random.
    pub sequence: Option<i64>,
    /// Whether its tickets may be asked for more than those of others.
    pub has_forms: bool,
}

/// Leaves out topics below one that is not there: with a topic all below it are switched off.
pub fn standing(found: &[Topic]) -> Vec<Topic> {
    let parent = |id: i64| found.iter().find(|topic| topic.id == id);
    let stands = |topic: &&Topic| {
        let mut above = *topic;
        for _ in 0..found.len() {
            match above.parent {
                None => return true,
                Some(id) => match parent(id) {
                    Some(found) => above = found,
                    None => return false,
                },
            }
        }
        false
    };
    found.iter().filter(stands).cloned().collect()
}

/// A topic about to be added, or as it is to be.
#[derive(Clone, Debug, Default)]
pub struct NewTopic<'a> {
    /// Its own name, without those above.
    pub name: &'a str,
    /// The topic above it, of the same realm or of one above.
    pub parent: Option<i64>,
    /// What it does; its id, parent and name do not count.
    pub topic: Topic,
    /// What its tickets' numbers look like.
    pub format: Option<&'a str>,
    /// Whether the forms of the topic above are filled in too.
    pub has_parents_forms: bool,
}

/// Why a topic was not added or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty, too long, or holds what stands between names.
    Name,
    /// There is a topic of this name.
    Taken,
    /// The topic above is not to be had in this realm.
    Parent,
    /// It is no format of numbers.
    Format,
    /// Somebody else was faster.
    Stale,
    /// The database's own trouble.
    Failed(DbError),
}

impl NewTopic<'_> {
    fn check(&self) -> Result<(), Refused> {
        let name = self.name.trim();
        let is_named = !name.is_empty() && !name.contains(BETWEEN.trim());
        if !is_named || name.chars().count() > LONGEST_NAME {
            return Err(Refused::Name);
        }
        match self.format {
            Some(format) if Format::parse(format).is_none() => Err(Refused::Format),
            Some(_) | None => Ok(()),
        }
    }
}

/// Tells why a batch that changes topics was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Duplicate(columns) if columns.contains("help_topic.name") => Refused::Taken,
        DbError::Missing(column) if column == "help_topic.name" => Refused::Parent,
        error @ (DbError::Stale
        | DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Dangling
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(id: i64, parent: Option<i64>) -> Topic {
        Topic {
            id,
            parent,
            ..Topic::default()
        }
    }

    fn left(found: &[(i64, Option<i64>)]) -> Vec<i64> {
        let found = found.iter().map(|(id, parent)| topic(*id, *parent));
        let left = standing(&found.collect::<Vec<_>>());
        left.into_iter().map(|topic| topic.id).collect()
    }

    #[test]
    fn ht_1_a_topic_that_is_switched_off_takes_those_below_with_it() {
        let all = [(1, None), (2, Some(1)), (3, Some(2)), (4, None)];
        assert_eq!(left(&all), [1, 2, 3, 4]);
        assert_eq!(left(&all[1..]), [4]);
        assert_eq!(left(&[(1, Some(2)), (2, Some(1)), (3, None)]), [3]);
    }

    #[test]
    fn a_name_is_one_name() {
        let check = |name| {
            let topic = NewTopic {
                name,
                ..NewTopic::default()
            };
            topic.check()
        };
        assert_eq!(check("Access Issue"), Ok(()));
        for name in ["", "  ", "A / B", "A/B"] {
            assert_eq!(check(name), Err(Refused::Name), "{name:?}");
        }
    }
}
