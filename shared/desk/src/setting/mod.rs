//! Settings: values set on a realm and inherited by the realms below it.

mod store;

pub use store::{ACCENT, Branding, branding};
