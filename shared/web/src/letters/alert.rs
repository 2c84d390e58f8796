//! The letters that tell agents of what happens to a ticket, and a user that their message is
//! there.

use desk::intake::Setup;
use desk::outbox::{Correspondent, Envoy, Letter};
use desk::template::{Code, Facts, Reader, Template};
use desk::ticket::News;
use desk::ticket::number::PLACEHOLDER;
use pages::mail::{Letterhead, WrittenMail};
use tenancy::token::Signer;
use tenancy::{Id, Runtime};

use super::link::access_link;
use super::post::{Origins, Post, Sender, sender};
use super::{Said, envoys, in_english, words};
use crate::Failure;

/// Something that happened to a ticket, for the agents who hear of it.
#[derive(Clone, Debug)]
pub struct Alert<'a> {
    /// The kind of mail.
    pub code: Code,
    /// The ticket, as it is from now on.
    pub news: &'a News,
    /// Who hears of it.
    pub told: &'a [Correspondent],
    /// What this kind of mail knows besides.
    pub facts: Facts,
}

/// What the alert of a note knows.
pub fn facts_of_note(author: &str, text: &str) -> Facts {
    Facts::default()
        .typed("note", text)
        .plain("comments", "")
        .plain("activity", format!("A note by {author}"))
}

/// What the alert of an assignment knows.
pub fn facts_of_assignment(assignee: &str, assigner: &str) -> Facts {
    Facts::default()
        .plain("comments", "")
        .plain("assignee", assignee)
        .plain("assignee.name", assignee)
        .plain("assigner.name", assigner)
}

/// What the alert of a transfer knows.
pub fn facts_of_transfer(by: &str) -> Facts {
    Facts::default()
        .plain("comments", "")
        .plain("staff.name", by)
}

/// Writes an alert in the name of the ticket's realm and in its words.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_alert(
    runtime: &Runtime,
    envoy: &Envoy,
    alert: &Alert<'_>,
) -> Result<Vec<Letter>, Failure> {
    let origin = Origins::of(runtime).await.origin(&envoy.host);
    let post = Post {
        runtime,
        from: sender(envoy.sender.as_ref(), &envoy.realm_name, &envoy.host),
        host: &envoy.host,
    };
    let head = in_english(envoys(envoy));
    let company = words::facts_of_company(&envoy.realm_name, &envoy.settings);
    let own = (envoy.template.as_ref(), company);
    post.alert(head, &origin, own, alert)
}

/// Writes an alert in the name of a portal, and in the words of its realm.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_alert_here(
    sender: Sender<'_>,
    setup: &Setup,
    alert: &Alert<'_>,
) -> Result<Vec<Letter>, Failure> {
    let origin = sender.origin().await;
    let company = words::facts_of_company(sender.head.tenant, &setup.settings);
    let own = (setup.templates.get(alert.code), company);
    let head = in_english(sender.head);
    sender.post().alert(head, &origin, own, alert)
}

/// Writes the letter that tells the ticket's owner that their message is there. As anybody can
/// have sent it in their name, it holds nothing that was typed (U-32).
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_message_received(
    sender: Sender<'_>,
    signer: &Signer,
    (ticket, news): (&Id, &News),
    setup: &Setup,
) -> Result<Letter, Failure> {
    let origin = sender.origin().await;
    let now = sender.runtime.clock.now();
    let link = access_link(sender.site.tenant, ticket, signer, now, &origin);
    let facts = words::of_news(news, false, sender.head.locale)
        .and(words::facts_of_company(sender.head.tenant, &setup.settings))
        .plain("url", &*origin)
        .plain("recipient.ticket_link", &*link)
        .plain("ticket.number", PLACEHOLDER)
        .name("recipient.name", &news.requester.name);
    let to = Correspondent {
        name: String::new(),
        address: news.requester.address.clone(),
    };
    let own = setup.templates.get(Code::MessageAutoresp);
    let filling = (&facts, Reader::Stranger);
    let own = (own, &Code::MessageAutoresp.default());
    let letter = sender.post().filled(to, sender.head, own, filling)?;
    Ok(letter.automatic())
}

/// What was written to a ticket, for those who take part in it.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The ticket.
    pub news: &'a News,
    /// Who hears of it, each with whether they are known to own their address.
    pub told: &'a [(Correspondent, bool)],
    /// What was written.
    pub said: Said<'a>,
    /// Whether the desk wrote it, and no user.
    pub is_ours: bool,
}

/// Writes the letters that tell collaborators of what was written, in the name of a portal. The
/// link in them opens the ticket to whoever signs in, and to nobody by itself.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_notice_here(
    sender: Sender<'_>,
    setup: &Setup,
    notice: &Notice<'_>,
) -> Result<Vec<Letter>, Failure> {
    let origin = sender.origin().await;
    let company = words::facts_of_company(sender.head.tenant, &setup.settings);
    let own = (setup.templates.get(Code::TicketActivityNotice), company);
    sender.post().notice(sender.head, &origin, own, notice)
}

/// The same, in the name of the ticket's realm.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_notice(
    runtime: &Runtime,
    envoy: &Envoy,
    notice: &Notice<'_>,
) -> Result<Vec<Letter>, Failure> {
    let origin = Origins::of(runtime).await.origin(&envoy.host);
    let post = Post {
        runtime,
        from: sender(envoy.sender.as_ref(), &envoy.realm_name, &envoy.host),
        host: &envoy.host,
    };
    let head = envoys(envoy);
    let company = words::facts_of_company(&envoy.realm_name, &envoy.settings);
    let own = (envoy.template.as_ref(), company);
    post.notice(head, &origin, own, notice)
}

impl Post<'_> {
    fn notice(
        &self,
        head: Letterhead<'_>,
        origin: &str,
        (own, company): (Option<&Template>, Facts),
        notice: &Notice<'_>,
    ) -> Result<Vec<Letter>, Failure> {
        let Said { author, text } = notice.said;
        let link = format!("{origin}{}", pages::url::ticket(&notice.news.number));
        let facts = words::of_news(notice.news, false, head.locale)
            .and(company)
            .plain("url", origin)
            .plain("recipient.ticket_link", link);
        let facts = if notice.is_ours {
            facts.plain("message", text).plain("poster.name", author)
        } else {
            facts.typed("message", text).typed("poster.name", author)
        };
        let own = (own, &Code::TicketActivityNotice.default());
        let letter = |(to, is_known): &(Correspondent, bool)| {
            let facts = facts.clone().name("recipient.name", &to.name);
            let (reader, name) = if *is_known {
                (Reader::Known, to.name.clone())
            } else {
                (Reader::Stranger, String::new())
            };
            let to = Correspondent {
                name,
                address: to.address.clone(),
            };
            self.filled(to, head, own, (&facts, reader))
        };
        notice.told.iter().map(letter).collect()
    }

    fn alert(
        &self,
        head: Letterhead<'_>,
        origin: &str,
        (own, company): (Option<&Template>, Facts),
        alert: &Alert<'_>,
    ) -> Result<Vec<Letter>, Failure> {
        let link = format!("{origin}{}", pages::url::work(&alert.news.number));
        let facts = words::of_news(alert.news, true, head.locale)
            .and(company)
            .and(alert.facts.clone())
            .plain("url", origin)
            .plain("ticket.staff_link", link);
        let ours = alert.code.default();
        let letter = |told: &Correspondent| {
            let facts = facts.clone().plain("recipient.name", &*told.name);
            let filling = (&facts, Reader::Known);
            self.filled(told.clone(), head, (own, &ours), filling)
        };
        alert.told.iter().map(letter).collect()
    }

    /// Writes one letter in the tenant's words, or, where there are none left to send, in the
    /// platform's.
    pub(super) fn filled(
        &self,
        to: Correspondent,
        head: Letterhead<'_>,
        (own, ours): (Option<&Template>, &Template),
        (facts, reader): (&Facts, Reader),
    ) -> Result<Letter, Failure> {
        let own = own.map(|template| template.filled(facts, reader));
        let own = own.filter(|words| !words.subject.is_empty());
        let Template { subject, text } = own.unwrap_or_else(|| ours.filled(facts, reader));
        let written = WrittenMail {
            head,
            subject: &subject,
            text: &text,
        };
        self.letter(to, &written)
    }
}
