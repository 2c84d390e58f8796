//! Users' sessions: a signed token in a cookie of its own, renewed while it is used.

use axum::http::header::SET_COOKIE;
use axum::response::Response;
use tenancy::Timestamp;
use tenancy::principal::Account;
use tenancy::token::{Signer, USER_SESSION_SECONDS, UserClaims};

use crate::{Visit, cookie};

const COOKIE: &str = "__Host-user";

/// The session the visitor presents, whole and fresh, but not yet known to be anybody here.
pub fn presented(visit: &Visit, signer: &Signer) -> Option<UserClaims> {
    signer.read_user_session(visit.cookie(COOKIE)?, visit.now())
}

/// Adds a fresh session to an answer.
pub fn renew(response: &mut Response, signer: &Signer, account: &Account, now: Timestamp) {
    let token = signer.user_session(&account.session(), now);
    if let Some(cookie) = cookie::set(COOKIE, &token, USER_SESSION_SECONDS) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// Removes the session from the visitor.
pub fn forget(response: &mut Response) {
    if let Some(cookie) = cookie::clear(COOKIE) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
