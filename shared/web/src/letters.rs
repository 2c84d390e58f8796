//! The mails that requests and the sweep cause, written out as outbox letters.

use desk::alert::{Circular, NAME};
use desk::email::EmailAddress;
use desk::filter::Mailing;
use desk::intake::{Draft, Outgoing, Setup};
use desk::outbox::{Correspondent, Envoy, Letter};
use desk::overdue::DueTicket;
use desk::setting::{Key, Settings};
use desk::template::{Code, Fact, Facts, Reader, Template, Templates, fill};
use desk::ticket::News;
use desk::ticket::number::PLACEHOLDER;
use pages::Locale;
use pages::layout::Accent;
use pages::mail::{
    Invitation, Letterhead, LimitReached, Mail, MessageAlert, OverdueAlert, SignInLink, TicketLink,
    TicketReceived, WrittenMail,
};
use pages::time::Moment;
use tenancy::port::Variable;
use tenancy::token::{
    ACCESS_SECONDS, AccessClaims, BOOTSTRAP_SECONDS, SIGN_IN_SECONDS, SessionClaims, Signer,
    UserClaims, nonce,
};
use tenancy::{Id, Runtime, Site, TenantId, Timestamp};

use crate::Failure;

mod alert;
mod counter;
mod opened;
mod reply;
mod words;

pub use alert::{
    Alert, Notice, facts_of_assignment, facts_of_note, facts_of_transfer, of_alert, of_alert_here,
    of_message_received, of_notice, of_notice_here,
};
pub use counter::{Opened, of_opened_ticket};
pub use reply::{Reply, of_reply};

/// How a portal host becomes an origin.
pub struct Origins {
    pattern: String,
}

impl Origins {
    /// Reads the deployment's pattern; `https://{host}` unless it sets one.
    pub async fn of(runtime: &Runtime) -> Self {
        let pattern = runtime.secrets.read(Variable::PortalOrigin).await;
        Self {
            pattern: pattern.unwrap_or_else(|| "https://{host}".to_owned()),
        }
    }

    /// The origin of a portal.
    pub fn origin(&self, host: &str) -> String {
        self.pattern.replace("{host}", host)
    }
}

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
    let request = words::of_request(site, draft, &origin);
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
    if audience.requester && admission.reaches_limit {
        let number = PLACEHOLDER;
        let mail = LimitReached { head, number };
        let template = setup.templates.get(Code::TicketOverlimit);
        let words = template.map(|template| template.filled(&facts, Reader::Stranger));
        let letter = post.written_or(requester(draft), head, words.as_ref(), &mail)?;
        letters.push(letter.automatic());
    }
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
    Letterhead {
        line: &envoy.line,
        locale: Locale::named(&envoy.language, &envoy.zone),
        ..Letterhead::of(&envoy.realm_name)
    }
}

/// The letterhead of mails to agents, whose words are English.
fn in_english(head: Letterhead<'_>) -> Letterhead<'_> {
    Letterhead {
        locale: head.locale.in_english(),
        ..head
    }
}

fn requester(draft: &Draft<'_>) -> Correspondent {
    let request = draft.request();
    // The name stays out of the header too: it is text of the sender's choice.
    Correspondent {
        name: String::new(),
        address: request.email.to_string(),
    }
}

fn access_link(
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
fn ends(now: Timestamp, seconds: u64) -> Moment {
    let milliseconds = i64::try_from(seconds * 1000).unwrap_or(i64::MAX);
    Moment((now + milliseconds).0)
}

/// Whose mail it is: the portal that writes, and who its mail comes from.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// The runtime.
    pub runtime: &'a Runtime,
    /// The portal.
    pub site: &'a Site,
    /// What its mail is headed with.
    pub head: Letterhead<'a>,
    /// Who the realm's mail comes from, as it was looked up.
    pub address: Option<&'a Correspondent>,
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

fn nobody_yet() -> Correspondent {
    Correspondent {
        name: String::new(),
        address: String::new(),
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
    templates: &Templates,
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
    let template = templates.get(Code::MessageAlert);
    let facts = words::of_message(&mail, news, said.text).plain("url", &*origin);
    let post = sender.post();
    let letter = |told: &Correspondent| {
        let facts = facts.clone().plain("recipient.name", &*told.name);
        let words = template.map(|template| template.filled(&facts, Reader::Known));
        post.written_or(told.clone(), head, words.as_ref(), &mail)
    };
    told.iter().map(letter).collect()
}

impl<'a> Sender<'a> {
    async fn origin(&self) -> String {
        Origins::of(self.runtime).await.origin(&self.site.host)
    }

    fn post(&self) -> Post<'a> {
        Post {
            runtime: self.runtime,
            from: sender(self.address, &self.site.name, &self.site.host),
            host: &self.site.host,
        }
    }
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
    let to = ticket.to.clone()?;
    let origin = origins.origin(&ticket.host);
    let head = Letterhead::of(&ticket.realm_name);
    let mail = OverdueAlert {
        head,
        number: &ticket.number,
        subject: &ticket.subject,
        due_at: Moment(ticket.due_at.0),
        department: Some(&ticket.department),
        link: &format!("{origin}{}", pages::url::queue("overdue")),
    };
    let facts = words::of_overdue(&mail, ticket).plain("url", origin);
    let facts = facts.plain("recipient.name", NAME);
    let words = ticket.template.as_ref();
    let words = words.map(|template| template.filled(&facts, Reader::Known));
    let letter = post.written_or(nobody_yet(), head, words.as_ref(), &mail);
    let letter = letter.ok()?;
    Some(Circular { letter, to })
}

fn sender(known: Option<&Correspondent>, name: &str, host: &str) -> Correspondent {
    let fallback = || Correspondent {
        name: name.to_owned(),
        address: format!("noreply@{host}"),
    };
    known.cloned().unwrap_or_else(fallback)
}

struct Post<'a> {
    runtime: &'a Runtime,
    from: Correspondent,
    host: &'a str,
}

/// What stands for the requester among those that a filter writes to.
const REQUESTER: &str = "%{user}";
/// Most people that one action of a filter writes to.
const MOST_RECIPIENTS: usize = 10;

impl Post<'_> {
    /// Writes what a filter sends, to those it names; `%{user}` is the requester, who may be
    /// anybody.
    fn mailing(
        &self,
        head: Letterhead<'_>,
        draft: &Draft<'_>,
        facts: &Facts,
        mailing: &Mailing,
    ) -> Result<Vec<Letter>, Failure> {
        let template = Template {
            subject: mailing.subject.clone(),
            text: mailing.text.clone(),
        };
        let letter = |named: &str| {
            let (named, reader) = match named.trim() {
                REQUESTER => (draft.request().email.as_str(), Reader::Stranger),
                named => (named, Reader::Known),
            };
            let to = Correspondent {
                name: String::new(),
                address: EmailAddress::parse(named)?.to_string(),
            };
            let Template { subject, text } = template.filled(facts, reader);
            let written = WrittenMail {
                head,
                subject: &subject,
                text: &text,
            };
            let letter = self.letter(to, &written);
            Some(match reader {
                Reader::Stranger => letter.map(Letter::automatic),
                Reader::Known => letter,
            })
        };
        let named = mailing.recipients.split(',').take(MOST_RECIPIENTS);
        named.filter_map(letter).collect()
    }

    /// Writes one letter in the tenant's words, or, where there are none left to send, in ours.
    fn written_or(
        &self,
        to: Correspondent,
        head: Letterhead<'_>,
        words: Option<&Template>,
        ours: &dyn Mail,
    ) -> Result<Letter, Failure> {
        let words = words.filter(|words| !words.subject.is_empty());
        let Some(Template { subject, text }) = words else {
            return self.letter(to, ours);
        };
        let written = WrittenMail {
            head,
            subject,
            text,
        };
        self.letter(to, &written)
    }

    /// Writes one letter under a random Message-ID, which nobody can quote who has not had it.
    fn letter(&self, to: Correspondent, mail: &dyn Mail) -> Result<Letter, Failure> {
        let broken = |error| Failure::Trouble(format!("mail template: {error}"));
        Ok(Letter {
            from: self.from.clone(),
            to,
            subject: mail.subject().map_err(broken)?,
            text: mail.text().map_err(broken)?,
            html: mail.html().map_err(broken)?,
            message_id: format!("{}@{}", nonce(&*self.runtime.random), self.host),
            in_reply_to: None,
            is_automatic: false,
        })
    }
}
