//! Links that somebody asks to be mailed: to sign in, and to one ticket.
//!
//! Whoever asks learns nothing: whether there is such a user or ticket, the same statements run,
//! and find somebody to write to or do not (T-72). And nobody can have an address flooded: it is
//! mailed at most [`MOST_AN_HOUR`] of them.

mod store;

pub use store::{TicketOwner, find_owner, mail_sign_in, mail_ticket};

/// How many links an address is mailed within an hour.
pub const MOST_AN_HOUR: i64 = 5;

/// What is looked at of a ticket number that was typed, in characters.
const LONGEST_NUMBER: usize = 255;

/// An hour, in milliseconds.
const HOUR: i64 = 60 * 60 * 1000;

/// A ticket number as people type it: with blanks around it and the `#` that pages show. Nothing
/// longer than any number is looked for.
pub fn typed_number(typed: &str) -> &str {
    let trimmed = typed.trim();
    let number = trimmed.strip_prefix('#').unwrap_or(trimmed).trim_start();
    let end = number.char_indices().nth(LONGEST_NUMBER);
    number
        .get(..end.map_or(number.len(), |(at, _)| at))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for typed in ["482913", " 482913 ", "#482913", " # 482913\n"] {
            assert_eq!(typed_number(typed), "482913", "{typed:?}");
        }
        assert_eq!(typed_number("##1"), "#1");
    }
}
