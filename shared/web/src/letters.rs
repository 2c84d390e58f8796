//! The mails that requests and the sweep cause, written out as outbox letters.

use desk::email::EmailAddress;
use desk::filter::Mailing;
use desk::intake::{Draft, Setup};
use desk::outbox::{Correspondent, Letter};
use desk::overdue::DueTicket;
use desk::ticket::number::PLACEHOLDER;
use pages::mail::{
    Letterhead, LimitReached, Mail, Notice, OverdueAlert, TicketAlert, TicketReceived,
};
use pages::time::Moment;
use tenancy::port::Variable;
use tenancy::token::{ACCESS_SECONDS, AccessClaims, Signer, nonce};
use tenancy::{Runtime, Site};

use crate::Failure;

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
    /// The department's manager.
    pub agents: bool,
}

/// Writes the letters of a new ticket.
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
) -> Result<Vec<Letter>, Failure> {
    let origin = Origins::of(runtime).await.origin(&site.host);
    let from = sender(setup.sender.as_ref(), &site.name, &site.host);
    let post = Post {
        runtime,
        from,
        host: &site.host,
    };
    let head = Letterhead::of(&site.name);
    let admission = draft.admission();
    let mut letters = Vec::new();
    if audience.requester && admission.is_answered {
        letters.push(post.letter(
            requester(draft),
            &TicketReceived {
                head,
                number: PLACEHOLDER,
                link: &access_link(site, draft, signer, &origin),
                expires_at: access_ends(draft),
            },
        )?);
    }
    if audience.requester && admission.reaches_limit {
        let number = PLACEHOLDER;
        letters.push(post.letter(requester(draft), &LimitReached { head, number })?);
    }
    if let (true, Some(manager)) = (audience.agents, &draft.routing().department.manager) {
        letters.push(post.letter(
            manager.clone(),
            &TicketAlert {
                head,
                number: PLACEHOLDER,
                subject: &draft.request().subject,
                requester: &draft.request().name,
                department: Some(&draft.routing().department.name),
                link: &format!("{origin}{}", pages::url::queue("open")),
            },
        )?);
    }
    for mailing in &admission.mails {
        letters.extend(post.mailing(head, draft, mailing)?);
    }
    Ok(letters)
}

fn requester(draft: &Draft<'_>) -> Correspondent {
    let request = draft.request();
    // The name stays out of the header too: it is text of the sender's choice.
    Correspondent {
        name: String::new(),
        address: request.email.to_string(),
    }
}

fn access_link(site: &Site, draft: &Draft<'_>, signer: &Signer, origin: &str) -> String {
    let claims = AccessClaims {
        tenant: site.tenant,
        ticket: draft.id().clone(),
    };
    let token = signer.access(&claims, draft.now());
    format!("{origin}{}?access={token}", pages::url::ticket(PLACEHOLDER))
}

fn access_ends(draft: &Draft<'_>) -> Moment {
    let milliseconds = i64::try_from(ACCESS_SECONDS * 1000).unwrap_or(i64::MAX);
    Moment((draft.now() + milliseconds).0)
}

/// Writes the letters that tell of an overdue ticket. A letter that cannot be written is left
/// out: the ticket must be marked all the same.
pub fn of_overdue(runtime: &Runtime, origins: &Origins, ticket: &DueTicket) -> Vec<Letter> {
    let from = sender(ticket.sender.as_ref(), &ticket.realm_name, &ticket.host);
    let post = Post {
        runtime,
        from,
        host: &ticket.host,
    };
    let link = format!(
        "{}{}",
        origins.origin(&ticket.host),
        pages::url::queue("overdue")
    );
    let mail = OverdueAlert {
        head: Letterhead::of(&ticket.realm_name),
        number: &ticket.number,
        subject: &ticket.subject,
        due_at: Moment(ticket.due_at.0),
        department: Some(&ticket.department),
        link: &link,
    };
    ticket
        .told
        .iter()
        .filter_map(|told| post.letter(told.clone(), &mail).ok())
        .collect()
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

/// Most people that one action of a filter writes to.
const MOST_RECIPIENTS: usize = 10;

impl Post<'_> {
    /// Writes what a filter sends. Only the number is put into its words: nothing that the
    /// requester typed gets into a mail to others.
    fn mailing(
        &self,
        head: Letterhead<'_>,
        draft: &Draft<'_>,
        mailing: &Mailing,
    ) -> Result<Vec<Letter>, Failure> {
        let requester = draft.request().email.as_str();
        let filled = |text: &str| text.replace("%{ticket.number}", PLACEHOLDER);
        let (subject, text) = (filled(&mailing.subject), filled(&mailing.text));
        let notice = Notice {
            head,
            subject: &subject,
            text: &text,
        };
        let recipients = mailing.recipients.replace("%{user}", requester);
        let addresses = recipients.split(',').filter_map(EmailAddress::parse);
        let to = |address: EmailAddress| Correspondent {
            name: String::new(),
            address: address.to_string(),
        };
        let letter = |address| self.letter(to(address), &notice);
        addresses.take(MOST_RECIPIENTS).map(letter).collect()
    }

    /// Writes one letter under a random Message-ID, which nobody can quote who has not had it.
    fn letter(&self, to: Correspondent, mail: &impl Mail) -> Result<Letter, Failure> {
        let broken = |error| Failure::Trouble(format!("mail template: {error}"));
        Ok(Letter {
            from: self.from.clone(),
            to,
            subject: mail.subject().map_err(broken)?,
            text: mail.text().map_err(broken)?,
            html: mail.html().map_err(broken)?,
            message_id: format!("{}@{}", nonce(&*self.runtime.random), self.host),
            in_reply_to: None,
        })
    }
}
