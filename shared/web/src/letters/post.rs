//! Whose mail it is, and how a letter is written: in the tenant's words or in ours.

use desk::email::EmailAddress;
use desk::filter::Mailing;
use desk::intake::Draft;
use desk::outbox::{Correspondent, Letter};
use desk::template::{Facts, Reader, Template};
use pages::mail::{Letterhead, Mail, WrittenMail};
use tenancy::port::Variable;
use tenancy::token::nonce;
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

impl<'a> Sender<'a> {
    pub(super) async fn origin(&self) -> String {
        Origins::of(self.runtime).await.origin(&self.site.host)
    }

    pub(super) fn post(&self) -> Post<'a> {
        Post {
            runtime: self.runtime,
            from: sender(self.address, &self.site.name, &self.site.host),
            host: &self.site.host,
        }
    }
}

pub(super) fn sender(known: Option<&Correspondent>, name: &str, host: &str) -> Correspondent {
    let fallback = || Correspondent {
        name: name.to_owned(),
        address: format!("noreply@{host}"),
    };
    known.cloned().unwrap_or_else(fallback)
}

/// Whom a letter goes to that is queued by a statement that knows it.
pub(super) fn nobody_yet() -> Correspondent {
    Correspondent {
        name: String::new(),
        address: String::new(),
    }
}

pub(super) struct Post<'a> {
    pub(super) runtime: &'a Runtime,
    pub(super) from: Correspondent,
    pub(super) host: &'a str,
}

/// What stands for the requester among those that a filter writes to.
pub(super) const REQUESTER: &str = "%{user}";
/// Most people that one action of a filter writes to.
const MOST_RECIPIENTS: usize = 10;

impl Post<'_> {
    /// Writes what a filter sends, to those it names; `%{user}` is the requester, who may be
    /// anybody.
    pub(super) fn mailing(
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
    pub(super) fn written_or(
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
    pub(super) fn letter(&self, to: Correspondent, mail: &dyn Mail) -> Result<Letter, Failure> {
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
