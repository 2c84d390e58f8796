//! Collaborators: users who take part in a ticket of somebody else's (IN-18, TK-12).
//!
//! Their organization brings them, where it says so; its people are in at once. And mail brings
//! them: whoever else it went to. Those to whom the mail went that opened the ticket
//! are in at once, and those whom the owner brings by answering a mail of ours. Others wait until
//! an agent lets them in: an address is easily forged, and who is in reads the whole thread. An address that nobody has proved hears of
//! an agent's replies alone, and of nothing that anybody else typed, so that no stranger can make
//! us mail others (U-32).

mod store;

use tenancy::Id;

use crate::email::EmailAddress;

pub(crate) use store::{Brought, bring, bring_company};
pub use store::{of_ticket, put_out, set_active};

/// Most collaborators that one mail brings.
pub const MOST_BROUGHT: usize = 20;

/// Most members of an organization who take part in a ticket of one of them.
const MOST_COMPANY: i64 = 100;

/// A user who takes part in a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collaborator {
    /// The user.
    pub user: Id,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they have been let in.
    pub is_active: bool,
}

/// The people of a mail who may take part in its ticket: all but its sender, each once.
pub fn brought_by<'p>(
    people: &'p [(EmailAddress, String)],
    sender: Option<&EmailAddress>,
) -> Vec<&'p (EmailAddress, String)> {
    let mut brought: Vec<&(EmailAddress, String)> = Vec::new();
    for person in people {
        let is_new = brought.iter().all(|(known, _)| *known != person.0);
        if is_new && Some(&person.0) != sender && brought.len() < MOST_BROUGHT {
            brought.push(person);
        }
    }
    brought
}
