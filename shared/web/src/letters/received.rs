//! The letters of a new ticket.

use desk::email::EmailAddress;
use desk::filter::Mailing;
use desk::intake::{Draft, Outgoing, Setup};
use desk::outbox::{Correspondent, Letter};
use desk::setting::Key;
use desk::template::{Code, Fact, Reader, Template, fill};
use desk::ticket::number::PLACEHOLDER;
use pages::mail::{Letterhead, LimitReached, TicketReceived, WrittenMail};
use tenancy::token::{ACCESS_SECONDS, Signer};
use tenancy::{Runtime, Site};

use super::link::{access_link, ends};
use super::post::{Origins, Post, REQUESTER, sender};
use super::{answerable, in_english, letterhead, opened, words};
use crate::Failure;

/// Whom a new ticket is told of.
#[derive(Clone, Copy, Debug)]
pub struct Audience {
    /// The requester, with an access link.
    pub requester: bool,
    /// Those agents who hear of new tickets.
    pub agents: bool,
}

/// Writes the letters of a new ticket, and what a filter answers.
///
/// A canned reply that a filter sends takes the place of the confirmation. In the thread, which only
/// who owns the address can open, it is filled with what was typed as well.
///
/// The requester's holds nothing that anybody typed: a stranger cannot make us mail text of
/// their choice to somebody else (U-32).
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_new_ticket(
    runtime: &Runtime,
    site: &Site,
    setup: &Setup,
    draft: &Draft<'_>,
    signer: &Signer,
    audience: Audience,
) -> Result<Outgoing, Failure> {
    let origin = Origins::of(runtime).await.origin(&site.host);
    let from = sender(setup.sender.as_ref(), &site.name, &site.host);
    let post = Post {
        runtime,
        from,
        host: &site.host,
    };
    let head = answerable(letterhead(&site.name, &setup.settings), &setup.settings);
    let company = words::facts_of_company(&site.name, &setup.settings);
    let request = words::of_request(company, draft, &origin);
    let facts = words::of_answers(draft, false, head.locale).and(request.clone());
    let admission = draft.admission();
    let mut letters = Vec::new();
    if audience.requester && admission.is_answered {
        let link = access_link(site.tenant, draft.id(), signer, draft.now(), &origin);
        let facts = facts.clone().plain("recipient.ticket_link", &*link);
        if let Some(answer) = &admission.answer {
            let facts = facts.with("response", Fact::Ours(answer.clone()));
            let own = setup.templates.get(Code::TicketAutoreply);
            let Template { subject, text } = own.cloned().unwrap_or_else(Template::answer);
            let recipients = REQUESTER.to_owned();
            let mailing = Mailing {
                recipients,
                subject,
                text,
            };
            letters.extend(post.mailing(head, draft, &facts, &mailing)?);
        } else if setup.settings.is_on(Key::TicketAnswer) {
            let mail = TicketReceived {
                head,
                number: PLACEHOLDER,
                link: &link,
                expires_at: ends(draft.now(), ACCESS_SECONDS),
            };
            let template = setup.templates.get(Code::TicketAutoresp);
            let words = template.map(|template| template.filled(&facts, Reader::Stranger));
            let letter = post.written_or(requester(draft), head, words.as_ref(), &mail)?;
            letters.push(letter.automatic());
        }
    }
    let reaches_limit = admission.reaches_limit.is_some();
    let is_told_of_it = reaches_limit && admission.is_answered && audience.requester;
    if is_told_of_it && setup.settings.is_on(Key::OverlimitNotice) {
        let number = PLACEHOLDER;
        let mail = LimitReached { head, number };
        let template = setup.templates.get(Code::TicketOverlimit);
        let words = template.map(|template| template.filled(&facts, Reader::Stranger));
        let letter = post.written_or(requester(draft), head, words.as_ref(), &mail)?;
        letters.push(letter.automatic());
    }
    letters.extend(of_limit(&post, head, setup, draft)?);
    let circulars = if audience.agents {
        opened::of_agents(&post, head, setup, draft, request)?
    } else {
        Vec::new()
    };
    for mailing in &admission.mails {
        letters.extend(post.mailing(head, draft, &facts, mailing)?);
    }
    let answer = admission.answer.as_ref().map(|text| {
        let link = format!("{origin}{}", pages::url::ticket(PLACEHOLDER));
        let facts = facts.plain("recipient.ticket_link", link);
        fill(text, &facts, Reader::Known)
    });
    Ok(Outgoing {
        letters,
        circulars,
        opener: None,
        answer,
    })
}

/// What the administrator is told of who has as many tickets open as they may (IN-17).
fn of_limit(
    post: &Post<'_>,
    head: Letterhead<'_>,
    setup: &Setup,
    draft: &Draft<'_>,
) -> Result<Option<Letter>, Failure> {
    let administrator = EmailAddress::parse(&setup.settings.text(Key::AdminEmail));
    let Some((most, address)) = draft.admission().reaches_limit.zip(administrator) else {
        return Ok(None);
    };
    let to = Correspondent {
        name: String::new(),
        address: address.to_string(),
    };
    let email = &draft.request().email;
    let text = format!("Maximum open tickets ({most}) reached for {email}.");
    let written = WrittenMail {
        head: in_english(head),
        subject: "Overlimit Notice",
        text: &text,
    };
    post.letter(to, &written).map(Some)
}

fn requester(draft: &Draft<'_>) -> Correspondent {
    let request = draft.request();
    // The name stays out of the header too: it is text of the sender's choice.
    Correspondent {
        name: String::new(),
        address: request.email.to_string(),
    }
}
