//! Realms: the nodes of a tenant's tree.

mod path;

pub use path::Path;
