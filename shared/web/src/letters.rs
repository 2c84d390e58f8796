//! The mails that requests and the sweep cause, written out as outbox letters.

use desk::alert::{Circular, NAME};
use desk::intake::Setup;
use desk::outbox::{Correspondent, Envoy, Letter};
use desk::overdue::DueTicket;
use desk::setting::{Key, Settings};
use desk::template::{Code, Reader};
use desk::ticket::News;
use pages::Locale;
use pages::layout::Accent;
use pages::mail::{Letterhead, MessageAlert, OverdueAlert};
use pages::time::Moment;
use tenancy::Runtime;

use self::post::{Post, nobody_yet, sender};
use crate::Failure;

mod alert;
mod counter;
mod link;
mod opened;
mod post;
mod received;
mod reply;
mod words;

pub use alert::{
    Alert, Notice, facts_of_assignment, facts_of_note, facts_of_transfer, of_alert, of_alert_here,
    of_message_received, of_notice, of_notice_here,
};
pub use counter::{Opened, of_opened_ticket};
pub use link::{Invited, of_invitation, of_sign_in, of_ticket_link};
pub use post::{Origins, Sender};
pub use received::{Audience, of_new_ticket};
pub use reply::{Reply, of_reply};
pub use words::facts_of_company;

/// The letterhead of a realm, as its settings have it.
pub fn letterhead<'a>(name: &'a str, settings: &Settings) -> Letterhead<'a> {
    let (language, zone) = (settings.text(Key::Locale), settings.text(Key::TimeZone));
    Letterhead {
        accent: Accent::named(&settings.text(Key::Accent)),
        locale: Locale::named(&language, &zone),
        ..Letterhead::of(name)
    }
}

/// The same, of mails that are answered above a line, where the realm has one.
pub fn answerable<'a>(head: Letterhead<'a>, settings: &'a Settings) -> Letterhead<'a> {
    let line = settings.answer_line();
    Letterhead { line, ..head }
}

/// The letterhead of an envoy's realm.
fn envoys(envoy: &Envoy) -> Letterhead<'_> {
    let settings = &envoy.settings;
    answerable(letterhead(&envoy.realm_name, settings), settings)
}

/// The letterhead of mails to agents, whose words are English.
fn in_english(head: Letterhead<'_>) -> Letterhead<'_> {
    Letterhead {
        locale: head.locale.in_english(),
        ..head
    }
}

/// What was written to a ticket, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The name it stands under.
    pub author: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// Writes the letters that tell agents of a message, in the realm's own words if it has some.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub async fn of_message(
    sender: Sender<'_>,
    news: &News,
    told: &[Correspondent],
    said: Said<'_>,
    setup: &Setup,
) -> Result<Vec<Letter>, Failure> {
    let origin = sender.origin().await;
    let link = format!("{origin}{}", pages::url::work(&news.number));
    let head = in_english(sender.head);
    let mail = MessageAlert {
        head,
        number: &news.number,
        subject: &news.subject,
        author: said.author,
        department: Some(&news.department),
        link: &link,
    };
    let template = setup.templates.get(Code::MessageAlert);
    let facts = words::of_message(&mail, news, said.text)
        .and(facts_of_company(head.tenant, &setup.settings))
        .plain("url", &*origin);
    let post = sender.post();
    let letter = |told: &Correspondent| {
        let facts = facts.clone().plain("recipient.name", &*told.name);
        let words = template.map(|template| template.filled(&facts, Reader::Known));
        post.written_or(told.clone(), head, words.as_ref(), &mail)
    };
    told.iter().map(letter).collect()
}

/// Writes what tells of an overdue ticket, if anybody is told. One that cannot be written is left
/// out: the ticket must be marked all the same.
pub fn of_overdue(runtime: &Runtime, origins: &Origins, ticket: &DueTicket) -> Option<Circular> {
    let from = sender(ticket.sender.as_ref(), &ticket.realm_name, &ticket.host);
    let post = Post {
        runtime,
        from,
        host: &ticket.host,
    };
    let to = ticket.recipients()?;
    let origin = origins.origin(&ticket.host);
    let head = in_english(letterhead(&ticket.realm_name, &ticket.settings));
    let mail = OverdueAlert {
        head,
        number: &ticket.number,
        subject: &ticket.subject,
        due_at: Moment(ticket.due_at.0),
        department: Some(&ticket.department),
        link: &format!("{origin}{}", pages::url::queue("overdue")),
    };
    let company = facts_of_company(&ticket.realm_name, &ticket.settings);
    let facts = words::of_overdue(&mail, ticket).and(company);
    let facts = facts.plain("url", origin);
    let facts = facts.plain("recipient.name", NAME);
    let words = ticket.template.as_ref();
    let words = words.map(|template| template.filled(&facts, Reader::Known));
    let letter = post.written_or(nobody_yet(), head, words.as_ref(), &mail);
    let letter = letter.ok()?;
    Some(Circular { letter, to })
}
