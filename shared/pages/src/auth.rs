//! Signing in, and the invitation that comes before it.

use askama::Template;

use crate::layout::Shell;

/// `GET /auth/sign-in`, and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "auth/sign_in.html")]
pub struct SignInPage<'a> {
    pub shell: Shell<'a>,
    /// The address typed before; a password is never sent back.
    pub email: &'a str,
    pub problem: Option<SignInProblem>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    /// The hidden field `next`: a path of this host to go to afterwards. The caller makes sure that it is one.
    pub next: &'a str,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// The address or the password was left out.
    Missing,
    /// The same words whether the address, the password or the account was the cause.
    Refused,
    TooManyAttempts,
}

/// `GET /auth/bootstrap`: a tenant's first agent sets a password; and the answer to a `POST` that was refused.
#[derive(Template)]
#[template(path = "auth/bootstrap.html")]
pub struct BootstrapPage<'a> {
    pub shell: Shell<'a>,
    /// The agent's address; none when the invitation is no longer open, and then there is no form.
    pub email: Option<&'a str>,
    pub problem: Option<BootstrapProblem>,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    /// The hidden field `token`: the invitation itself.
    pub token: &'a str,
}

/// Why no password was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootstrapProblem {
    TooShort {
        least: usize,
    },
    TooLong,
    Different,
    /// The same words whether the invitation was used, has run out, or never was one.
    Gone,
}

#[cfg(test)]
use crate::layout::Notice;

#[cfg(test)]
impl BootstrapPage<'static> {
    pub(crate) fn sample() -> Self {
        BootstrapPage {
            shell: Shell::sample(),
            email: Some("ada@acme.example"),
            problem: None,
            csrf: "token-of-the-form",
            token: "token-of-the-invitation",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        BootstrapPage {
            problem: Some(BootstrapProblem::TooShort { least: 12 }),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_gone() -> Self {
        BootstrapPage {
            email: None,
            problem: Some(BootstrapProblem::Gone),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl SignInPage<'static> {
    pub(crate) fn sample() -> Self {
        SignInPage {
            shell: Shell {
                notice: Some(Notice::SignedOut),
                ..Shell::sample()
            },
            email: "",
            problem: None,
            csrf: "token-of-the-form",
            next: "/queues/open",
        }
    }

    pub(crate) fn sample_refused() -> Self {
        SignInPage {
            shell: Shell::sample(),
            email: "ada@acme.example",
            problem: Some(SignInProblem::Refused),
            ..Self::sample()
        }
    }
}
