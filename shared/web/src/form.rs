//! Posted forms, and the tokens that make them count.
//!
//! A form counts only when it was posted from a page of ours to the same visitor.
//!
//! The visitor holds a random cookie that other hosts cannot set; the page carries a token
//! signed from it. Nothing is stored.

use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use tenancy::token::{Signer, nonce};

use crate::{Failure, Visit, cookie};

/// What was typed to search for, without the spaces around it; nothing, when it holds what
/// nobody types.
pub fn searched(typed: &str) -> &str {
    let typed = typed.trim();
    if typed.chars().any(char::is_control) {
        ""
    } else {
        typed
    }
}

/// A posted form. One that cannot be read answers with a page, as every other failure does.
pub struct Posted<T>(pub T);

impl<S: Send + Sync, T> FromRequest<S> for Posted<T>
where
    Form<T>: FromRequest<S>,
{
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Form::from_request(request, state).await {
            Ok(Form(posted)) => Ok(Self(posted)),
            Err(_) => Err(Failure::BadRequest),
        }
    }
}

const COOKIE: &str = "__Host-form";
/// As long as somebody may take over a form, in seconds.
const SECONDS: u64 = 24 * 60 * 60;

/// A visitor's form cookie and the token that goes with it.
pub struct FormToken {
    /// The hidden field's value.
    pub token: String,
    set_cookie: Option<HeaderValue>,
}

impl FormToken {
    /// Takes the visitor's form cookie, or makes one.
    pub fn of(visit: &Visit, signer: &Signer) -> Self {
        if let Some(held) = visit.cookie(COOKIE) {
            return Self {
                token: signer.form_token(held),
                set_cookie: None,
            };
        }
        let made = nonce(&*visit.runtime.random);
        Self {
            token: signer.form_token(&made),
            set_cookie: cookie::set(COOKIE, &made, SECONDS),
        }
    }

    /// Adds the cookie to the answer, if the visitor has none yet.
    pub fn with(self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        if let Some(set_cookie) = self.set_cookie {
            response.headers_mut().append(SET_COOKIE, set_cookie);
        }
        response
    }
}

/// Refuses a posted form unless its token belongs to the visitor.
///
/// # Errors
/// [`Failure::FormExpired`].
pub fn check(visit: &Visit, signer: &Signer, token: &str) -> Result<(), Failure> {
    let held = visit.cookie(COOKIE).ok_or(Failure::FormExpired)?;
    if signer.is_form_token(held, token) {
        Ok(())
    } else {
        Err(Failure::FormExpired)
    }
}
