//! The mails Realmdesk sends, and the development page that shows those it captured.
//!
//! A mail has a subject, a text and an HTML part, each with a template of its own.
//! Values are put in as given; a `number` may therefore be a placeholder that the outbox replaces,
//! as long as it has no character that HTML escapes.

use askama::Template;

use crate::layout::{Accent, Shell};
use crate::locale::Locale;
use crate::time::Moment;

/// A mail that can be written out.
pub trait Mail {
    /// Returns the subject as one line, whatever line breaks the values had.
    fn subject(&self) -> askama::Result<String>;
    fn text(&self) -> askama::Result<String>;
    fn html(&self) -> askama::Result<String>;
}

/// Who a mail speaks for: what [`Shell`] is to a page.
#[derive(Debug, Clone, Copy)]
pub struct Letterhead<'a> {
    pub tenant: &'a str,
    pub accent: Accent,
    pub locale: Locale,
    /// The line above which the mail is answered; empty for none.
    pub line: &'a str,
}

impl<'a> Letterhead<'a> {
    /// Returns the letterhead of a tenant in the default locale and colour.
    pub const fn of(tenant: &'a str) -> Self {
        Letterhead {
            tenant,
            accent: Accent::Indigo,
            locale: Locale::DEFAULT,
            line: "",
        }
    }

    /// Puts the line above a text.
    fn above(&self, text: String) -> String {
        match self.line {
            "" => text,
            line => format!("{line}\n\n{text}"),
        }
    }
}

/// To the requester: the ticket is here, and this link opens it.
///
/// It repeats nothing the requester typed. Anyone can type another person's address into the form,
/// and this mail must be worth nothing to somebody who wants to send that person words of their own.
#[derive(Debug, Clone, Copy)]
pub struct TicketReceived<'a> {
    pub head: Letterhead<'a>,
    pub number: &'a str,
    /// The access link, absolute.
    pub link: &'a str,
    pub expires_at: Moment,
}

/// To a user who wants to sign in: this link does it, once. It repeats nothing that was typed.
#[derive(Debug, Clone, Copy)]
pub struct SignInLink<'a> {
    pub head: Letterhead<'a>,
    /// The link, absolute.
    pub link: &'a str,
    pub expires_at: Moment,
}

/// To somebody who is to be an agent: this link sets a password, once. It repeats nothing that was typed.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    pub head: Letterhead<'a>,
    /// The link, absolute.
    pub link: &'a str,
    pub expires_at: Moment,
}

/// To the requester, who asked how the ticket stands: this link opens it. It repeats nothing that was typed.
#[derive(Debug, Clone, Copy)]
pub struct TicketLink<'a> {
    pub head: Letterhead<'a>,
    pub number: &'a str,
    /// The access link, absolute.
    pub link: &'a str,
    pub expires_at: Moment,
}

/// To an agent: a user has written to a ticket.
#[derive(Debug, Clone, Copy)]
pub struct MessageAlert<'a> {
    pub head: Letterhead<'a>,
    pub number: &'a str,
    pub subject: &'a str,
    pub author: &'a str,
    pub department: Option<&'a str>,
    /// The queue, absolute.
    pub link: &'a str,
}

/// To agents: a ticket is past its due time.
#[derive(Debug, Clone, Copy)]
pub struct OverdueAlert<'a> {
    pub head: Letterhead<'a>,
    pub number: &'a str,
    pub subject: &'a str,
    pub due_at: Moment,
    pub department: Option<&'a str>,
    /// The queue, absolute.
    pub link: &'a str,
}

/// To a requester: with this ticket they have as many open as they may have.
///
/// It repeats nothing the requester typed, for the same reason as [`TicketReceived`].
#[derive(Debug, Clone, Copy)]
pub struct LimitReached<'a> {
    pub head: Letterhead<'a>,
    pub number: &'a str,
}

/// A mail whose words the tenant has written: a subject, and a text whose paragraphs are parted by
/// blank lines.
#[derive(Debug, Clone, Copy)]
pub struct WrittenMail<'a> {
    pub head: Letterhead<'a>,
    pub subject: &'a str,
    pub text: &'a str,
}

impl<'a> WrittenMail<'a> {
    fn paragraphs(&self) -> impl Iterator<Item = &'a str> {
        let parts = self.text.split("\n\n").map(str::trim);
        parts.filter(|part| !part.is_empty())
    }
}

/// Ties a mail to its three templates.
macro_rules! mail {
    ($mail:ident, subject: $subject:literal, text: $text:literal, html: $html:literal) => {
        impl Mail for $mail<'_> {
            fn subject(&self) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $subject)]
                struct Subject<'a> {
                    mail: &'a $mail<'a>,
                }
                Ok(one_line(&Subject { mail: self }.render()?))
            }

            fn text(&self) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $text)]
                struct Text<'a> {
                    mail: &'a $mail<'a>,
                }
                Ok(self.head.above(Text { mail: self }.render()?))
            }

            fn html(&self) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $html)]
                struct HtmlPart<'a> {
                    mail: &'a $mail<'a>,
                }
                HtmlPart { mail: self }.render()
            }
        }
    };
}

mail!(
    TicketReceived,
    subject: "mail/ticket_received.subject.txt",
    text: "mail/ticket_received.txt",
    html: "mail/ticket_received.html"
);
mail!(
    WrittenMail,
    subject: "mail/written.subject.txt",
    text: "mail/written.txt",
    html: "mail/written.html"
);
mail!(
    SignInLink,
    subject: "mail/sign_in_link.subject.txt",
    text: "mail/sign_in_link.txt",
    html: "mail/sign_in_link.html"
);
mail!(
    Invitation,
    subject: "mail/invitation.subject.txt",
    text: "mail/invitation.txt",
    html: "mail/invitation.html"
);
mail!(
    TicketLink,
    subject: "mail/ticket_link.subject.txt",
    text: "mail/ticket_link.txt",
    html: "mail/ticket_link.html"
);
mail!(
    MessageAlert,
    subject: "mail/message_alert.subject.txt",
    text: "mail/message_alert.txt",
    html: "mail/message_alert.html"
);
mail!(
    OverdueAlert,
    subject: "mail/overdue_alert.subject.txt",
    text: "mail/overdue_alert.txt",
    html: "mail/overdue_alert.html"
);
mail!(
    LimitReached,
    subject: "mail/limit_reached.subject.txt",
    text: "mail/limit_reached.txt",
    html: "mail/limit_reached.html"
);

/// Folds every run of white space and control characters into one space.
///
/// A line break in a subject would start a header of the sender's choosing.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `GET /mail/captured`, in development only: what would have been sent.
#[derive(Template)]
#[template(path = "mail/captured.html")]
pub struct CapturedMailPage<'a> {
    pub shell: Shell<'a>,
    /// Newest first.
    pub mails: Vec<CapturedMail<'a>>,
    pub now: Moment,
}

/// Whether a line of a captured mail is nothing but a link, so that it can be followed from the page.
fn is_web_address(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://"))
        && !line.contains(char::is_whitespace)
}

/// One captured mail.
#[derive(Debug, Clone, Copy)]
pub struct CapturedMail<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    /// Where its HTML part is shown, see [`MailPreview`](crate::http::MailPreview).
    pub html_url: Option<&'a str>,
    pub at: Moment,
}

#[cfg(test)]
mod samples {
    use super::*;

    impl TicketReceived<'static> {
        pub(crate) fn sample() -> Self {
            TicketReceived {
                head: Letterhead::of("Acme Tools"),
                number: "{number}",
                link: "https://acme.example/tickets/{number}?access=5f2a.MzYw",
                expires_at: Moment::minutes_from_noon(60 * 24 * 30),
            }
        }
    }

    impl WrittenMail<'static> {
        pub(crate) fn sample() -> Self {
            WrittenMail {
                head: Letterhead::of("Acme Tools"),
                subject: "We have it: {number} <b>\r\nBcc: all@acme.example",
                text: "Hello,\nyour drill <smokes>.\n\nhttps://acme.example/tickets/{number}\n\nAcme",
            }
        }
    }

    impl SignInLink<'static> {
        pub(crate) fn sample() -> Self {
            SignInLink {
                head: Letterhead::of("Acme Tools"),
                link: "https://acme.example/account/link?token=5f2a.MzYw",
                expires_at: Moment::minutes_from_noon(30),
            }
        }
    }

    impl Invitation<'static> {
        pub(crate) fn sample() -> Self {
            Invitation {
                head: Letterhead::of("Acme Tools"),
                link: "https://acme.example/auth/bootstrap?token=5f2a.MzYw",
                expires_at: Moment::minutes_from_noon(60 * 24 * 3),
            }
        }
    }

    impl TicketLink<'static> {
        pub(crate) fn sample() -> Self {
            TicketLink {
                head: Letterhead::of("Acme Tools"),
                number: "{number}",
                link: "https://acme.example/tickets/{number}?access=5f2a.MzYw",
                expires_at: Moment::minutes_from_noon(60 * 24 * 7),
            }
        }
    }

    impl MessageAlert<'static> {
        pub(crate) fn sample() -> Self {
            MessageAlert {
                head: Letterhead::of("Acme Tools"),
                number: "482913",
                subject: "My drill <smokes>\r\nBcc: all@acme.example",
                author: "Grace Hopper",
                department: Some("Repairs"),
                link: "https://acme.example/queues/open",
            }
        }
    }

    impl OverdueAlert<'static> {
        pub(crate) fn sample() -> Self {
            OverdueAlert {
                head: Letterhead::of("Acme Tools"),
                number: "482913",
                subject: "My drill smokes",
                due_at: Moment::minutes_from_noon(-180),
                department: None,
                link: "https://acme.example/queues/overdue",
            }
        }
    }

    impl LimitReached<'static> {
        pub(crate) fn sample() -> Self {
            LimitReached {
                head: Letterhead::of("Acme Tools"),
                number: "{number}",
            }
        }
    }

    impl CapturedMailPage<'static> {
        pub(crate) fn sample() -> Self {
            let mail = CapturedMail {
                from: "help@acme.example",
                to: "grace@navy.example",
                subject: "[#482913] Acme Tools: your ticket is with us",
                text: "Your ticket is with us.\n\nIts number is #482913. Read it here:\n\n\
                    https://acme.example/tickets/482913?access=5f2a.MzYw.QSBsb25nIHNpZ25hdHVyZSB0aGF0IG5ldmVyIGVuZHM\n",
                html_url: Some("/mail/captured/17.html"),
                at: Moment::minutes_from_noon(-4),
            };
            let alert = CapturedMail {
                to: "ada@acme.example",
                subject: "[#482913] New: My drill smokes",
                text: "A new ticket came in.\n\nNumber:     #482913\nSubject:    My <drill> smokes\n",
                html_url: None,
                ..mail
            };
            CapturedMailPage {
                shell: Shell::sample_of_an_agent(),
                mails: vec![alert, mail],
                now: Moment::NOON,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_whatever_was_typed() {
        let subject = MessageAlert::sample().subject().unwrap();
        assert_eq!(
            subject,
            "[#482913] New message: My drill <smokes> Bcc: all@acme.example"
        );
    }
}
