//! Every path that a page links to or posts to, so that routes and links cannot drift apart.

pub const HOME: &str = "/";
pub const OPEN: &str = "/open";
pub const SIGN_IN: &str = "/auth/sign-in";
pub const BOOTSTRAP: &str = "/auth/bootstrap";
pub const SIGN_OUT: &str = "/auth/sign-out";
pub const QUEUES: &str = "/queues";
pub const CAPTURED_MAIL: &str = "/mail/captured";

/// Returns the portal's page of a ticket, without the access link's signature.
pub fn ticket(number: &str) -> String {
    format!("/tickets/{number}")
}

/// Returns a file on a ticket, for whoever may read the ticket.
pub fn ticket_file(number: &str, id: &str) -> String {
    format!("/tickets/{number}/files/{id}")
}

/// Returns the first page of a queue.
pub fn queue(slug: &str) -> String {
    format!("{QUEUES}/{slug}")
}
