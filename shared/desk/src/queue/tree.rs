//! The queues of a tenant, as agents find them: a tree whose rows name what they list.

use super::Queue;

/// A queue of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its number.
    pub id: i64,
    /// The queue it stands under.
    pub parent: Option<i64>,
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it lists.
    pub queue: Queue,
}

/// The queues of a tenant: each comes before those under it, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree(Vec<Node>);

/// What osTicket's installer makes: number, parent, address (and what is listed), name.
pub(crate) const SEEDED: [(i64, Option<i64>, Queue, &str); 14] = {
    use super::Period::{Month, Quarter, Today, Week, Year, Yesterday};
    [
        (1, None, Queue::Open, "Open"),
        (2, Some(1), Queue::Unanswered, "Open"),
        (3, Some(1), Queue::Answered, "Answered"),
        (4, Some(1), Queue::Overdue, "Overdue"),
        (5, None, Queue::Mine, "My Tickets"),
        (6, Some(5), Queue::AssignedToMe, "Assigned to Me"),
        (7, Some(5), Queue::AssignedToTeams, "Assigned to Teams"),
        (8, None, Queue::Closed, "Closed"),
        (9, Some(8), Queue::ClosedIn(Today), "Today"),
        (10, Some(8), Queue::ClosedIn(Yesterday), "Yesterday"),
        (11, Some(8), Queue::ClosedIn(Week), "This Week"),
        (12, Some(8), Queue::ClosedIn(Month), "This Month"),
        (13, Some(8), Queue::ClosedIn(Quarter), "This Quarter"),
        (14, Some(8), Queue::ClosedIn(Year), "This Year"),
    ]
};

impl Tree {
    /// Puts queues, listed in the order of their positions, into that of the tree. One whose
    /// parent is not among them stands at the top.
    pub fn of(listed: &[Node]) -> Self {
        let is_there = |id| listed.iter().any(|node| node.id == id);
        let parents: Vec<_> = listed
            .iter()
            .map(|node| node.parent.filter(|parent| is_there(*parent)))
            .collect();
        let mut ordered = Vec::with_capacity(listed.len());
        let mut above = vec![None];
        while let Some(parent) = above.pop() {
            ordered.extend(
                listed
                    .iter()
                    .filter(|node| Some(node.id) == parent)
                    .cloned(),
            );
            let below = listed.iter().zip(&parents).rev();
            let below = below.filter(|(_, its)| **its == parent);
            above.extend(below.map(|(node, _)| Some(node.id)));
        }
        Self(ordered)
    }

    /// All queues, each before those under it.
    pub fn nodes(&self) -> &[Node] {
        &self.0
    }

    /// The queue with this address.
    pub fn named(&self, slug: &str) -> Option<&Node> {
        self.0.iter().find(|node| node.slug == slug)
    }

    /// The queue that one stands under.
    pub fn parent(&self, node: &Node) -> Option<&Node> {
        self.0.iter().find(|other| Some(other.id) == node.parent)
    }

    /// How many queues stand above one.
    pub fn depth(&self, node: &Node) -> usize {
        self.parent(node).map_or(0, |parent| 1 + self.depth(parent))
    }

    /// The queues to show beside one. Periods are counted one ticket at a time, so those of other
    /// branches are left out.
    pub fn beside(&self, current: &Node) -> Vec<&Node> {
        let branch = self.top(current).id;
        let is_shown = |node: &&Node| match node.queue {
            Queue::ClosedIn(_) => node.parent.is_none() || self.top(node).id == branch,
            Queue::Open
            | Queue::Unanswered
            | Queue::Answered
            | Queue::Overdue
            | Queue::Mine
            | Queue::AssignedToMe
            | Queue::AssignedToTeams
            | Queue::Closed => true,
        };
        self.0.iter().filter(is_shown).collect()
    }

    fn top<'t>(&'t self, node: &'t Node) -> &'t Node {
        self.parent(node).map_or(node, |parent| self.top(parent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: i64, parent: Option<i64>, queue: Queue) -> Node {
        let slug = format!("{}-{id}", queue.name());
        let name = slug.clone();
        Node {
            id,
            parent,
            slug,
            name,
            queue,
        }
    }

    fn ids(nodes: &[Node]) -> Vec<i64> {
        nodes.iter().map(|node| node.id).collect()
    }

    #[test]
    fn queues_come_before_those_under_them_and_in_their_order() {
        let listed = [
            node(3, Some(9), Queue::Overdue),
            node(9, None, Queue::Open),
            node(1, None, Queue::Closed),
            node(2, Some(9), Queue::Answered),
            node(4, Some(3), Queue::Mine),
        ];
        let tree = Tree::of(&listed);
        assert_eq!(ids(tree.nodes()), [9, 3, 4, 2, 1]);
        let deepest = tree.named("mine-4").unwrap();
        assert_eq!((tree.depth(deepest), tree.top(deepest).id), (2, 9));
    }

    #[test]
    fn a_queue_without_its_parent_stands_at_the_top_and_a_circle_nowhere() {
        let orphan = Tree::of(&[node(2, Some(1), Queue::Answered)]);
        assert_eq!(
            (ids(orphan.nodes()), orphan.depth(&orphan.0[0])),
            (vec![2], 0)
        );
        let circle = [
            node(1, Some(2), Queue::Open),
            node(2, Some(1), Queue::Closed),
        ];
        assert_eq!(Tree::of(&circle), Tree::default());
    }

    #[test]
    fn periods_are_shown_beside_their_own_branch() {
        let seeded = SEEDED.map(|(id, parent, queue, _)| node(id, parent, queue));
        let tree = Tree::of(&seeded);
        let beside = |name: &str| tree.beside(tree.named(name).unwrap()).len();
        assert_eq!((beside("open-1"), beside("mine-5")), (8, 8));
        assert_eq!((beside("closed-8"), beside("closed-today-9")), (14, 14));
    }
}
