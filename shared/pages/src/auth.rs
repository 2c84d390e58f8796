//! Signing in.

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

#[cfg(test)]
use crate::layout::Notice;

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
