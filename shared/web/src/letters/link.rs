//! The letters that carry a link: to sign in, to an invitation, to a ticket.

use desk::outbox::{Correspondent, Letter};
use desk::ticket::number::PLACEHOLDER;
use pages::mail::{Invitation, SignInLink, TicketLink};
use pages::time::Moment;
use tenancy::token::{
    ACCESS_SECONDS, AccessClaims, BOOTSTRAP_SECONDS, SIGN_IN_SECONDS, SessionClaims, Signer,
    UserClaims,
};
use tenancy::{Id, TenantId, Timestamp};

use super::in_english;
use super::post::{Sender, nobody_yet};
use crate::Failure;

pub(super) fn access_link(
    tenant: TenantId,
    ticket: &Id,
    signer: &Signer,
    now: Timestamp,
    origin: &str,
) -> String {
    let claims = AccessClaims {
        tenant,
        ticket: ticket.clone(),
    };
    let token = signer.access(&claims, now);
    format!("{origin}{}?access={token}", pages::url::ticket(PLACEHOLDER))
}

/// When a link that is made now stops working.
pub(super) fn ends(now: Timestamp, seconds: u64) -> Moment {
    let milliseconds = i64::try_from(seconds * 1000).unwrap_or(i64::MAX);
    Moment((now + milliseconds).0)
}

/// Writes the letter with a sign-in link. Nothing in it was typed by anybody; whom it goes to,
/// the statement that queues it says.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_sign_in(
    sender: Sender<'_>,
    signer: &Signer,
    claims: &UserClaims,
) -> Result<Letter, Failure> {
    let now = sender.runtime.clock.now();
    let token = signer.sign_in(claims, now);
    let link = format!(
        "{}{}?token={token}",
        sender.origin().await,
        pages::url::SIGN_IN_LINK
    );
    let mail = SignInLink {
        head: sender.head,
        link: &link,
        expires_at: ends(now, SIGN_IN_SECONDS),
    };
    sender.post().letter(nobody_yet(), &mail)
}

/// An invitation as it is mailed, and as it is shown.
pub struct Invited {
    /// The letter.
    pub letter: Letter,
    /// The link in it.
    pub link: String,
    /// Until when it opens anything.
    pub until: Moment,
}

/// Writes the letter that invites an agent to set a password. Nothing in it was typed by anybody.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_invitation(
    sender: Sender<'_>,
    signer: &Signer,
    claims: &SessionClaims,
    address: &str,
) -> Result<Invited, Failure> {
    let now = sender.runtime.clock.now();
    let token = signer.bootstrap(claims, now);
    let (origin, path) = (sender.origin().await, pages::url::BOOTSTRAP);
    let link = format!("{origin}{path}?token={token}");
    let until = ends(now, BOOTSTRAP_SECONDS);
    let mail = Invitation {
        head: in_english(sender.head),
        link: &link,
        expires_at: until,
    };
    let to = Correspondent {
        name: String::new(),
        address: address.to_owned(),
    };
    let letter = sender.post().letter(to, &mail)?;
    Ok(Invited {
        letter,
        link,
        until,
    })
}

/// Writes the letter with a ticket's access link, in the same way.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_ticket_link(
    sender: Sender<'_>,
    signer: &Signer,
    ticket: &Id,
) -> Result<Letter, Failure> {
    let now = sender.runtime.clock.now();
    let origin = sender.origin().await;
    let mail = TicketLink {
        head: sender.head,
        number: PLACEHOLDER,
        link: &access_link(sender.site.tenant, ticket, signer, now, &origin),
        expires_at: ends(now, ACCESS_SECONDS),
    };
    sender.post().letter(nobody_yet(), &mail)
}
