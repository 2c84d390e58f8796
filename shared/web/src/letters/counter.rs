//! The letters of a ticket that an agent opened for a user.

use desk::intake::{Draft, Outgoing, Setup};
use desk::outbox::Correspondent;
use desk::template::{Code, Reader};
use tenancy::principal::Agent;
use tenancy::token::Signer;
use tenancy::{Runtime, Site};

use super::link::access_link;
use super::post::{Origins, Post, sender};
use super::{Audience, answerable, letterhead, of_new_ticket, words};
use crate::Failure;

/// What an agent opened, and whether its user hears of that.
#[derive(Clone, Copy)]
pub struct Opened<'a> {
    /// Who opened it.
    pub agent: &'a Agent,
    /// What they answered at once; empty for nothing.
    pub reply: &'a str,
    /// Whether the user is told.
    pub is_told: bool,
}

/// Writes the letters of a ticket that an agent opened: the user's holds what the agent wrote,
/// and agents hear of it as of any other, but for the one who opened it. It is not answered by
/// itself.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_opened_ticket(
    runtime: &Runtime,
    site: &Site,
    setup: &Setup,
    draft: &Draft<'_>,
    signer: &Signer,
    opened: Opened<'_>,
) -> Result<Outgoing, Failure> {
    let audience = Audience {
        requester: false,
        agents: true,
    };
    let mut outgoing = of_new_ticket(runtime, site, setup, draft, signer, audience).await?;
    outgoing.answer = None;
    outgoing.opener = Some(opened.agent.email.clone());
    if !opened.is_told {
        return Ok(outgoing);
    }
    let origin = Origins::of(runtime).await.origin(&site.host);
    let link = access_link(site.tenant, draft.id(), signer, draft.now(), &origin);
    let request = draft.request();
    let message = [&*request.message, opened.reply].join("\n\n");
    let head = answerable(letterhead(&site.name, &setup.settings), &setup.settings);
    let company = words::facts_of_company(&site.name, &setup.settings);
    let facts = words::of_answers(draft, false, head.locale)
        .and(words::of_request(company, draft, &origin))
        .plain("message", message.trim_end())
        .plain("recipient.ticket_link", &*link)
        .name("staff.name", &opened.agent.name);
    let to = Correspondent {
        name: request.name.clone(),
        address: request.email.to_string(),
    };
    let post = Post {
        runtime,
        from: sender(setup.sender.as_ref(), &site.name, &site.host),
        host: &site.host,
    };
    let (own, ours) = (
        setup.templates.get(Code::TicketNotice),
        Code::TicketNotice.default(),
    );
    let told = post.filled(to, head, (own, &ours), (&facts, Reader::Known))?;
    outgoing.letters.push(told);
    Ok(outgoing)
}
