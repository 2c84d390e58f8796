//! The letter that takes a reply to the requester.

use desk::outbox::{Correspondent, Envoy, Letter};
use desk::template::{Code, Reader};
use desk::ticket::{News, WorkTicket};
use tenancy::token::Signer;
use tenancy::{Runtime, TenantId};

use super::link::access_link;
use super::post::{Origins, Post, sender};
use super::{envoys, words};
use crate::Failure;

/// A reply to a ticket, as it is mailed.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The ticket.
    pub ticket: &'a WorkTicket,
    /// What is told of it.
    pub news: &'a News,
    /// Whose name the reply stands under.
    pub author: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// Writes the letter that takes a reply to the requester, in the name of the ticket's realm and
/// in its words.
///
/// It answers the mail that opened the ticket, if one did, so that the requester finds both in one
/// thread; and it is found again by its own Message-ID, whatever they answer under.
///
/// What the requester typed themselves is left out until they have proved their address.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_reply(
    runtime: &Runtime,
    tenant: TenantId,
    envoy: &Envoy,
    signer: &Signer,
    reply: Reply<'_>,
) -> Result<Letter, Failure> {
    let origin = Origins::of(runtime).await.origin(&envoy.host);
    let requester = &reply.ticket.requester;
    let link = access_link(
        tenant,
        &reply.ticket.id,
        signer,
        runtime.clock.now(),
        &origin,
    );
    let head = envoys(envoy);
    let facts = words::of_reply(reply, head.locale)
        .and(words::facts_of_company(&envoy.realm_name, &envoy.settings))
        .plain("url", &*origin)
        .plain("recipient.ticket_link", &*link);
    let (reader, name) = if requester.is_known {
        (Reader::Known, requester.name.clone())
    } else {
        (Reader::Stranger, String::new())
    };
    let post = Post {
        runtime,
        from: sender(envoy.sender.as_ref(), &envoy.realm_name, &envoy.host),
        host: &envoy.host,
    };
    let to = Correspondent {
        name,
        address: requester.email.clone(),
    };
    let own = (envoy.template.as_ref(), &Code::TicketReply.default());
    Ok(Letter {
        in_reply_to: envoy.opened_by.clone(),
        ..post.filled(to, head, own, (&facts, reader))?
    })
}
