//! How urgent a mail says it is.

use mail_parser::Message;

use crate::ticket::Priority;

/// The priority that a mail gives itself, in the ways osTicket knows (IN-14).
pub(super) fn priority(message: &Message<'_>) -> Option<Priority> {
    let headers = ["X-Priority", "Importance", "X-MSMail-Priority"];
    let mut said = headers.iter().filter_map(|name| message.header_raw(*name));
    said.find_map(|said| meant(said.trim()))
}

fn meant(said: &str) -> Option<Priority> {
    match said.chars().next()?.to_ascii_lowercase() {
        '1' | '2' | 'h' | 'u' => Some(Priority::High),
        '3' | '4' | 'n' => Some(Priority::Normal),
        '5' | '6' | 'l' => Some(Priority::Low),
        _ => None,
    }
}
