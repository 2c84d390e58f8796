//! Agents' sessions: a signed token in a cookie, renewed while it is used.

use axum::http::header::SET_COOKIE;
use axum::response::Response;
use tenancy::principal::{Agent, Credentials};
use tenancy::token::{SESSION_SECONDS, SessionClaims, Signer};
use tenancy::{Site, Timestamp};

use crate::{Failure, Visit, cookie};

const COOKIE: &str = "__Host-session";

/// The session the visitor presents, whole and fresh, but not yet known to be anybody here.
pub fn presented(visit: &Visit, signer: &Signer) -> Option<SessionClaims> {
    signer.read_session(visit.cookie(COOKIE)?, visit.now())
}

/// The signed-in agent, once the account was looked up.
///
/// # Errors
/// [`Failure::SignInNeeded`] when the session is not of this tenant, or was ended.
pub fn agent(
    visit: &Visit,
    site: &Site,
    claims: &SessionClaims,
    found: Vec<Credentials>,
) -> Result<Agent, Failure> {
    let account = found.into_iter().next();
    account
        .and_then(|account| account.resume(site, claims))
        .ok_or_else(|| sign_in_needed(visit))
}

/// Sends the visitor to sign in and then back here.
pub fn sign_in_needed(visit: &Visit) -> Failure {
    Failure::SignInNeeded(visit.path.replace('&', "%26").replace('#', "%23"))
}

/// Adds a fresh session to an answer.
pub fn renew(response: &mut Response, signer: &Signer, agent: &Agent, now: Timestamp) {
    let token = signer.session(&agent.claims(), now);
    if let Some(cookie) = cookie::set(COOKIE, &token, SESSION_SECONDS) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// Removes the session from the visitor.
pub fn forget(response: &mut Response) {
    if let Some(cookie) = cookie::clear(COOKIE) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
