//! What is shown when there is nothing else to show.
//!
//! There is one page for each kind, and it holds nothing of the request, so that a thing outside the viewer's sight
//! answers exactly as one that does not exist.

use askama::Template;

use crate::layout::Shell;

/// The answer to a request that cannot be served.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    pub shell: Shell<'a>,
    pub kind: ErrorKind,
    /// Where one can go on from here.
    pub recovery: Recovery,
}

/// Why a request cannot be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    BadRequest,
    /// The form's token was missing, too old, or another session's.
    FormExpired,
    /// The viewer may not do that.
    Forbidden,
    NotFound,
    MethodNotAllowed,
    TooLarge,
    TooMany,
    Internal,
    /// The tenant is suspended.
    Suspended,
}

impl ErrorKind {
    pub const ALL: [Self; 9] = [
        Self::BadRequest,
        Self::FormExpired,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::TooMany,
        Self::Internal,
        Self::Suspended,
    ];

    /// Returns the status code of the answer.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::FormExpired | Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Suspended => 503,
        }
    }
}

/// The links an error page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The portal's landing page, and opening a ticket.
    Portal,
    /// The queues.
    Queues,
    /// None: the host belongs to no tenant, or the tenant serves no pages now.
    Nowhere,
}

#[cfg(test)]
impl ErrorPage<'static> {
    pub(crate) fn sample(kind: ErrorKind) -> Self {
        let recovery = match kind {
            ErrorKind::Suspended => Recovery::Nowhere,
            ErrorKind::MethodNotAllowed | ErrorKind::Forbidden => Recovery::Queues,
            ErrorKind::BadRequest
            | ErrorKind::FormExpired
            | ErrorKind::NotFound
            | ErrorKind::TooLarge
            | ErrorKind::TooMany
            | ErrorKind::Internal => Recovery::Portal,
        };
        ErrorPage {
            shell: Shell::sample(),
            kind,
            recovery,
        }
    }
}
