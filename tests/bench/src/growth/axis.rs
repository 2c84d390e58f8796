//! What grows, and to which sizes.

use crate::growth::fill::Size;

/// One thing that grows, with everything else held.
pub(super) struct Axis {
    pub(super) name: &'static str,
    pub(super) sizes: &'static [Size],
    /// The figure of a size that grows.
    pub(super) grows: fn(&Size) -> usize,
}

/// What is held while something else grows.
const HELD: Size = Size {
    tenants: 1,
    realms: 100,
    users: 1000,
    tickets: 10_000,
};

/// Everything that can grow.
pub(super) const AXES: [Axis; 4] = [
    Axis {
        name: "tickets",
        sizes: &[
            tickets(1000),
            tickets(10_000),
            tickets(100_000),
            tickets(1_000_000),
        ],
        grows: |size| size.tickets,
    },
    Axis {
        name: "realms",
        sizes: &[realms(1), realms(100), realms(10_000)],
        grows: |size| size.realms,
    },
    Axis {
        name: "users",
        sizes: &[users(100), users(10_000), users(100_000)],
        grows: |size| size.users,
    },
    Axis {
        name: "tenants",
        sizes: &[tenants(1), tenants(1000)],
        grows: |size| size.tenants,
    },
];

const fn tickets(tickets: usize) -> Size {
    Size { tickets, ..HELD }
}

const fn realms(realms: usize) -> Size {
    Size { realms, ..HELD }
}

const fn users(users: usize) -> Size {
    Size { users, ..HELD }
}

const fn tenants(tenants: usize) -> Size {
    Size { tenants, ..HELD }
}
