//! How many tickets queues hold.

use tenancy::Timestamp;

use super::Queue;
use super::period::Calendar;

/// How many tickets a queue holds in a viewer's sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// So many.
    pub tickets: i64,
    /// There may be more: it was not counted to the end.
    pub is_more: bool,
}

/// What realms keep count of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open tickets.
    pub open: Count,
    /// Open tickets whose user had the last word.
    pub unanswered: Count,
    /// Open tickets in which an agent had the last word.
    pub answered: Count,
    /// Open tickets past their due time.
    pub overdue: Count,
    /// Closed tickets.
    pub closed: Count,
}

/// Open tickets that somebody works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// The agent, or a team of theirs.
    pub mine: i64,
    /// The agent.
    pub to_me: i64,
    /// A team of theirs.
    pub to_teams: i64,
    /// They work in more realms than were looked at.
    pub is_more: bool,
}

/// When the tickets closed last were closed, the last one first; so many at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closings(pub Vec<Timestamp>);

/// So many closed tickets are counted one by one, and one more to tell that there are more.
pub(super) const COUNTED: usize = 99;

/// All that is counted beside a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// From what realms keep.
    pub counts: Counts,
    /// Of the agent.
    pub work: Work,
    /// Of the periods, where they are shown.
    pub closings: Option<Closings>,
}

impl Tally {
    /// How many tickets a queue holds; `None` where that was not counted.
    pub fn of(&self, queue: Queue, calendar: &Calendar) -> Option<Count> {
        let (counts, work) = (self.counts, self.work);
        match queue {
            Queue::Open => counts.open.known(),
            Queue::Unanswered => counts.unanswered.known(),
            Queue::Answered => counts.answered.known(),
            Queue::Overdue => counts.overdue.known(),
            Queue::Closed => counts.closed.known(),
            Queue::Mine => work.count(work.mine).known(),
            Queue::AssignedToMe => work.count(work.to_me).known(),
            Queue::AssignedToTeams => work.count(work.to_teams).known(),
            Queue::ClosedIn(period) => {
                let closings = self.closings.as_ref()?;
                Some(closings.between(calendar.span(period)))
            }
        }
    }
}

impl Count {
    /// All that there are.
    pub(super) fn of_all(tickets: i64) -> Self {
        let is_more = false;
        Self { tickets, is_more }
    }

    /// Those that were found one by one, and whether there may be more; at most so many are told.
    pub(super) fn so_far((tickets, is_more): (i64, i64)) -> Self {
        let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
        Self {
            tickets: tickets.min(most),
            is_more: is_more != 0 || tickets > most,
        }
    }

    /// Where not all was looked at and nothing was found, nothing is known.
    fn known(self) -> Option<Self> {
        (self.tickets > 0 || !self.is_more).then_some(self)
    }
}

impl Work {
    fn count(self, tickets: i64) -> Count {
        let is_more = self.is_more;
        Count { tickets, is_more }
    }
}

impl Closings {
    fn between(&self, (from, to): (Timestamp, Timestamp)) -> Count {
        let found = self.0.iter().filter(|at| (from..to).contains(at)).count();
        let is_cut = self.0.len() > COUNTED && self.0.last().is_some_and(|last| *last >= from);
        Count {
            tickets: i64::try_from(found.min(COUNTED)).unwrap_or(i64::MAX),
            is_more: is_cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(closings: &[i64], from: i64, to: i64) -> (i64, bool) {
        let closings = closings.iter().rev().copied().map(Timestamp);
        let count = Closings(closings.collect()).between((Timestamp(from), Timestamp(to)));
        (count.tickets, count.is_more)
    }

    #[test]
    fn a_period_is_counted_exactly_as_long_as_its_first_ticket_was_seen() {
        let hundred: Vec<i64> = (0..100).collect();
        assert_eq!(between(&hundred, 50, 200), (50, false));
        assert_eq!(between(&hundred, 1, 200), (99, false));
        assert_eq!(between(&hundred, 0, 200), (99, true));
        assert_eq!(between(&hundred, -5, 3), (3, true));
        assert_eq!(between(&hundred[..99], -5, 200), (99, false));
        assert_eq!(between(&[], 0, 1), (0, false));
    }
}
