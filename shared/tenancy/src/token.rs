//! Signed tokens: sessions of agents and users, first invitations, users' sign-in and access
//! links, form tokens.
//!
//! Every token is signed with a key derived from the deployment's secret and the token's
//! purpose, so that a token of one purpose means nothing to another; its claims name the tenant,
//! so that a token of one tenant means nothing in another (T-44).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jwt_simple::prelude::{Duration, HS256Key, JWTClaims, MACLike, VerificationOptions};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::port::{Random, Timestamp};
use crate::{Id, TenantId};

/// An agent's session lasts this long without a request, in seconds.
pub const SESSION_SECONDS: u64 = 30 * 60;
/// An access link in a mail works this long, in seconds.
pub const ACCESS_SECONDS: u64 = 7 * 24 * 60 * 60;

/// A user's session lasts this long without a request, in seconds.
pub const USER_SESSION_SECONDS: u64 = 12 * 60 * 60;
/// A sign-in link in a mail works this long, in seconds (osTicket's `pw_reset_window`).
pub const SIGN_IN_SECONDS: u64 = 30 * 60;

/// The invitation of a tenant's first agent works this long, in seconds.
pub const BOOTSTRAP_SECONDS: u64 = 3 * 24 * 60 * 60;

/// What a token is for. Part of its key.
#[derive(Clone, Copy, Debug)]
enum Purpose {
    Session,
    UserSession,
    SignIn,
    Access,
    Bootstrap,
    Form,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::UserSession => "user-session",
            Self::SignIn => "sign-in",
            Self::Access => "access",
            Self::Bootstrap => "bootstrap",
            Self::Form => "form",
        }
    }
}

/// An agent's session, as its token carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClaims {
    /// The tenant the agent belongs to.
    pub tenant: TenantId,
    /// The agent.
    pub agent: Id,
    /// Must equal the agent's stored epoch; raising that ends all sessions.
    pub epoch: i64,
}

/// A user's session or sign-in link, as its token carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserClaims {
    /// The tenant the user belongs to.
    pub tenant: TenantId,
    /// The user.
    pub user: Id,
    /// Must equal the epoch stored for what the token is: the sessions' or the links'.
    pub epoch: i64,
}

/// A user's right to read one ticket, as the link in a mail carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The tenant the ticket belongs to.
    pub tenant: TenantId,
    /// The ticket it opens.
    pub ticket: Id,
}

/// Makes and checks tokens.
pub struct Signer {
    secret: Vec<u8>,
}

impl Signer {
    /// Signs with the deployment's secret.
    pub fn new(secret: &str) -> Self {
        Self {
            secret: secret.as_bytes().to_vec(),
        }
    }

    /// Signs an agent's session.
    pub fn session(&self, claims: &SessionClaims, now: Timestamp) -> String {
        self.sign(Purpose::Session, claims, now, SESSION_SECONDS)
    }

    /// Reads a session token; `None` unless it is whole, ours and still fresh.
    pub fn read_session(&self, token: &str, now: Timestamp) -> Option<SessionClaims> {
        self.read(Purpose::Session, token, now)
    }

    /// Signs a user's session.
    pub fn user_session(&self, claims: &UserClaims, now: Timestamp) -> String {
        self.sign(Purpose::UserSession, claims, now, USER_SESSION_SECONDS)
    }

    /// Reads a user's session token; `None` unless it is whole, ours and still fresh.
    pub fn read_user_session(&self, token: &str, now: Timestamp) -> Option<UserClaims> {
        self.read(Purpose::UserSession, token, now)
    }

    /// Signs a sign-in link's token.
    pub fn sign_in(&self, claims: &UserClaims, now: Timestamp) -> String {
        self.sign(Purpose::SignIn, claims, now, SIGN_IN_SECONDS)
    }

    /// Reads a sign-in link's token; `None` unless it is whole, ours and still fresh. Whether it
    /// was used already only the account knows.
    pub fn read_sign_in(&self, token: &str, now: Timestamp) -> Option<UserClaims> {
        self.read(Purpose::SignIn, token, now)
    }

    /// Signs an access link's token.
    pub fn access(&self, claims: &AccessClaims, now: Timestamp) -> String {
        self.sign(Purpose::Access, claims, now, ACCESS_SECONDS)
    }

    /// Reads an access token; `None` unless it is whole, ours and still fresh.
    pub fn read_access(&self, token: &str, now: Timestamp) -> Option<AccessClaims> {
        self.read(Purpose::Access, token, now)
    }

    /// Signs the invitation of a tenant's first agent, which works like a session that can do
    /// one thing.
    pub fn bootstrap(&self, claims: &SessionClaims, now: Timestamp) -> String {
        self.sign(Purpose::Bootstrap, claims, now, BOOTSTRAP_SECONDS)
    }

    /// Reads an invitation; `None` unless it is whole, ours and still fresh. Whether it was used
    /// already only the account knows.
    pub fn read_bootstrap(&self, token: &str, now: Timestamp) -> Option<SessionClaims> {
        self.read(Purpose::Bootstrap, token, now)
    }

    /// The form token that goes with the visitor's form cookie.
    pub fn form_token(&self, cookie: &str) -> String {
        let mut mac = Self::mac(&self.key(Purpose::Form));
        mac.update(cookie.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Whether a posted form token belongs to the visitor's form cookie.
    pub fn is_form_token(&self, cookie: &str, token: &str) -> bool {
        is_equal(self.form_token(cookie).as_bytes(), token.as_bytes())
    }

    fn sign<C: Serialize + DeserializeOwned>(
        &self,
        purpose: Purpose,
        claims: &C,
        now: Timestamp,
        seconds: u64,
    ) -> String {
        let claims = JWTClaims {
            issued_at: Some(Duration::from_secs(now.seconds())),
            expires_at: Some(Duration::from_secs(now.seconds() + seconds)),
            invalid_before: None,
            issuer: None,
            subject: None,
            audiences: None,
            jwt_id: None,
            nonce: None,
            custom: claims,
        };
        // Signing fails only for claims that are no JSON; ours are plain structs of text.
        self.jwt_key(purpose)
            .authenticate(claims)
            .unwrap_or_default()
    }

    fn read<C: Serialize + DeserializeOwned>(
        &self,
        purpose: Purpose,
        token: &str,
        now: Timestamp,
    ) -> Option<C> {
        let options = VerificationOptions {
            artificial_time: Some(Duration::from_secs(now.seconds())),
            time_tolerance: Some(Duration::from_secs(0)),
            max_token_length: Some(2048),
            ..VerificationOptions::default()
        };
        let claims = self
            .jwt_key(purpose)
            .verify_token::<C>(token, Some(options))
            .ok()?;
        claims.expires_at.is_some().then_some(claims.custom)
    }

    fn jwt_key(&self, purpose: Purpose) -> HS256Key {
        HS256Key::from_bytes(&self.key(purpose))
    }

    fn key(&self, purpose: Purpose) -> [u8; 32] {
        let mut mac = Self::mac(&self.secret);
        mac.update(purpose.name().as_bytes());
        mac.finalize().into_bytes().into()
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn mac(key: &[u8]) -> Hmac<Sha256> {
        Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
    }
}

/// A fresh random text of 128 bits: a form cookie, or a part of a Message-ID.
pub fn nonce(random: &dyn Random) -> String {
    URL_SAFE_NO_PAD.encode(random.bytes::<16>())
}

/// The SHA-256 of a secret in hex, as API keys and mail secrets are stored.
///
/// They are long random texts, so a plain hash is enough; nothing short is stored this way.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// The SHA-256 of bytes in hex, as files are addressed.
pub fn content_address(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Compares two secrets in a time that tells nothing about where they differ.
pub fn is_equal(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// Bytes in hex, lower case.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn signer() -> Signer {
        Signer::new("a deployment secret")
    }

    fn session() -> SessionClaims {
        let agent = Id::parse("018bcfe5-6800-7707-8707-070707070707").unwrap();
        SessionClaims {
            tenant: TenantId(1),
            agent,
            epoch: 3,
        }
    }

    #[test]
    fn a_session_comes_back_as_it_was_signed() {
        let token = signer().session(&session(), NOW);
        assert_eq!(signer().read_session(&token, NOW), Some(session()));
        assert_eq!(
            Signer::new("another secret").read_session(&token, NOW),
            None
        );
    }

    #[test]
    fn a_session_ends_on_time_to_the_second() {
        let token = signer().session(&session(), NOW);
        let lasts = i64::try_from(SESSION_SECONDS).unwrap() * 1000;
        assert!(
            signer()
                .read_session(&token, NOW + (lasts - 1000))
                .is_some()
        );
        assert!(
            signer()
                .read_session(&token, NOW + (lasts + 1000))
                .is_none()
        );
    }

    #[test]
    fn a_token_of_one_purpose_is_no_token_of_another() {
        let claims = AccessClaims {
            tenant: TenantId(1),
            ticket: session().agent,
        };
        let link = signer().access(&claims, NOW);
        assert_eq!(signer().read_session(&link, NOW), None);
        let user = UserClaims {
            tenant: TenantId(1),
            user: session().agent,
            epoch: 3,
        };
        let mailed = signer().sign_in(&user, NOW);
        assert_eq!(signer().read_user_session(&mailed, NOW), None);
        assert_eq!(signer().read_sign_in(&mailed, NOW), Some(user.clone()));
        let users = signer().user_session(&user, NOW);
        assert_eq!(signer().read_session(&users, NOW), None);
        assert_eq!(signer().read_sign_in(&users, NOW), None);
        let invitation = signer().bootstrap(&session(), NOW);
        assert_eq!(signer().read_session(&invitation, NOW), None);
        assert_eq!(signer().read_bootstrap(&invitation, NOW), Some(session()));
    }

    #[test]
    fn a_tampered_or_unsigned_token_is_refused() {
        let token = signer().session(&session(), NOW);
        let unsigned = token.rsplit_once('.').unwrap().0.to_owned() + ".";
        assert_eq!(signer().read_session(&unsigned, NOW), None);
        assert_eq!(signer().read_session(&token.replace('.', "..."), NOW), None);
        assert_eq!(signer().read_session("", NOW), None);
    }

    #[test]
    fn a_form_token_belongs_to_one_cookie() {
        let token = signer().form_token("cookie");
        assert!(signer().is_form_token("cookie", &token));
        assert!(!signer().is_form_token("other", &token));
        assert!(!signer().is_form_token("cookie", ""));
    }
}
