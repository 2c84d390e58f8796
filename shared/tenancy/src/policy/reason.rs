//! Why something is allowed, or is not.

use std::fmt;

use super::Permission;

/// What [`judge`](super::judge) answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may.
    Granted(Reason),
    /// They may not.
    Denied(Reason),
}

/// The reason of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Whoever sees it may.
    Seen,
    /// They have the key.
    Has(Permission),
    /// They manage its department.
    Manager,
    /// It is their own.
    Requester,
    /// Their organization shares it with them.
    Colleague,
    /// They are a door that takes things in.
    Intake,
    /// They do the scheduled work.
    Schedule,
    /// They run the platform.
    Operator,
    /// It belongs to another tenant.
    OtherTenant,
    /// It belongs to a realm they do not see.
    OutOfSight,
    /// They are limited to their departments, and it is not tied to them (osTicket's DP-6).
    OutOfReach,
    /// It belongs to a realm they see but do not hold (T-65).
    RealmNotHeld,
    /// They lack the key.
    Lacks(Permission),
    /// They do not manage its department.
    NotManager,
    /// It is nothing that their kind does.
    NotTheirs,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Has(key) => return write!(f, "has {}", key.name()),
            Self::Lacks(key) => return write!(f, "lacks {}", key.name()),
            Self::Seen => "sees it",
            Self::Manager => "manages the department",
            Self::Requester => "asked for it",
            Self::Colleague => "is shared it by the organization",
            Self::Intake => "takes things in",
            Self::Schedule => "does scheduled work",
            Self::Operator => "runs the platform",
            Self::OtherTenant => "another tenant's",
            Self::OutOfSight => "out of sight",
            Self::OutOfReach => "out of reach",
            Self::RealmNotHeld => "does not hold the realm",
            Self::NotManager => "does not manage the department",
            Self::NotTheirs => "not theirs to do",
        };
        f.write_str(words)
    }
}
