//! What a mail says, as far as a help desk needs to know (RFC 5322, RFC 2045).

use std::borrow::Cow;

use mail_parser::{
    Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};
use tenancy::token::content_address;

use super::foreign;
use crate::email::EmailAddress;
use crate::file::{self, Sent};
use crate::intake::{LONGEST_MESSAGE, LONGEST_NAME, LONGEST_SUBJECT, one_line};
use crate::markup;
use crate::ticket::number::without_placeholder;

/// Most Message-IDs of one mail that are looked up.
const MOST_REFERENCES: usize = 32;
/// Most recipients of one mail that are looked up.
const MOST_RECIPIENTS: usize = 64;
/// Longest Message-ID that is kept; RFC 5322 allows a line of 998 characters.
const LONGEST_MESSAGE_ID: usize = 998;

/// A mail that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Its Message-ID, or one made from its bytes when it has none.
    pub message_id: String,
    /// The Message-IDs it answers, nearest first.
    pub references: Vec<String>,
    /// The addresses it is to, in the order it names them.
    pub recipients: Vec<String>,
    /// Those it names as its readers, with their names; `Delivered-To` names nobody.
    pub people: Vec<(EmailAddress, String)>,
    /// The address it is from; `None` when it names none that could be answered.
    pub sender: Option<EmailAddress>,
    /// The name it is from, or else the address.
    pub name: String,
    /// Whom answers are asked to go to, with the name.
    pub reply_to: Option<(EmailAddress, String)>,
    /// Its subject on one line.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its attachments and inline parts.
    pub files: Vec<Sent>,
    /// Ticket numbers that its subject names with a `#`.
    pub numbers: Vec<String>,
    /// Whether a program sent it, so that answering it could start a loop.
    pub is_automatic: bool,
    /// Whether it tells that a mail of ours could not be delivered.
    pub is_bounce: bool,
}

impl Arrived {
    /// Reads a mail. Whatever it is, something comes back: a mail that cannot be parsed still
    /// becomes a ticket, with its source kept beside it.
    pub fn read(raw: &[u8]) -> Self {
        Self::parse(raw).unwrap_or_else(|| Self::unreadable(raw))
    }

    /// Reads a mail for whoever can be told that it is none: `None` without a single header
    /// that mails have.
    pub fn try_read(raw: &[u8]) -> Option<Self> {
        let headers = parser().parse_headers(raw)?;
        let is_known = |header: &Header<'_>| !matches!(header.name, HeaderName::Other(_));
        let is_mail = headers.headers().iter().any(is_known);
        is_mail.then(|| Self::read(raw))
    }

    fn parse(raw: &[u8]) -> Option<Self> {
        let known = foreign::with_known_words(raw);
        let message = parser().parse(&*known)?;
        let is_bounce = is_bounce(&message);
        let (sender, name) = sender(&message);
        let subject = one_line(message.subject().unwrap_or_default());
        Some(Self {
            message_id: message_id(&message).unwrap_or_else(|| made_up_id(raw)),
            references: references(&message, is_bounce),
            recipients: recipients(&message),
            people: people(&message),
            sender,
            name,
            reply_to: reply_to(&message),
            numbers: numbers(&subject),
            subject: if subject.is_empty() {
                NO_SUBJECT.to_owned()
            } else {
                cut(&subject)
            },
            text: text(&message),
            files: message
                .attachments()
                .map(|part| sent(&message, part))
                .collect(),
            is_automatic: is_bounce || is_automatic(&message),
            is_bounce,
        })
    }

    fn unreadable(raw: &[u8]) -> Self {
        Self {
            message_id: made_up_id(raw),
            references: Vec::new(),
            recipients: Vec::new(),
            people: Vec::new(),
            sender: None,
            name: UNKNOWN_SENDER.to_owned(),
            reply_to: None,
            subject: NO_SUBJECT.to_owned(),
            text: UNREADABLE.to_owned(),
            files: Vec::new(),
            numbers: Vec::new(),
            is_automatic: true,
            is_bounce: false,
        }
    }
}

/// Reads the headers that are asked for below; the rest stay as they are written.
fn parser() -> MessageParser {
    MessageParser::new()
        .with_minimal_headers()
        .with_message_ids()
}

/// What a mail without a subject is filed under (osTicket's words).
const NO_SUBJECT: &str = "[No Subject]";
const UNKNOWN_SENDER: &str = "Unknown sender";
const UNREADABLE: &str = "This mail could not be read. Its source is kept.";
const NO_TEXT: &str = "This mail has no text. Its source is kept.";
const CUT_SHORT: &str = "\n\n[The rest of this mail was too long; its source is kept whole.]";

fn message_id(message: &Message<'_>) -> Option<String> {
    let id = message.message_id()?.trim();
    (!id.is_empty() && id.len() <= LONGEST_MESSAGE_ID).then(|| id.to_owned())
}

/// A mail without a Message-ID gets one from its bytes, so that posting it twice changes
/// nothing either.
fn made_up_id(raw: &[u8]) -> String {
    format!("{}@local", content_address(raw))
}

/// In-Reply-To first, then References from the right: the nearest ancestor decides.
fn references(message: &Message<'_>, is_bounce: bool) -> Vec<String> {
    let mut found = ids(message.in_reply_to());
    let mut chain = ids(message.references());
    chain.reverse();
    found.append(&mut chain);
    if is_bounce {
        found.append(&mut returned_ids(message));
    }
    let mut unique: Vec<String> = Vec::new();
    for id in found {
        if !unique.contains(&id) && unique.len() < MOST_REFERENCES {
            unique.push(id);
        }
    }
    unique
}

fn ids(header: &HeaderValue<'_>) -> Vec<String> {
    let ids = match header {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
        HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => Vec::new(),
    };
    ids.into_iter()
        .filter(|id| !id.is_empty() && id.len() <= LONGEST_MESSAGE_ID)
        .collect()
}

/// The Message-IDs of the mail that a delivery report returns (RFC 3462).
fn returned_ids(message: &Message<'_>) -> Vec<String> {
    let returned = |part: &MessagePart<'_>| match &part.body {
        PartType::Message(returned) => message_id(returned),
        PartType::Text(text) => headers_message_id(text),
        PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => None,
    };
    message.parts.iter().filter_map(returned).collect()
}

fn headers_message_id(text: &str) -> Option<String> {
    let headers = parser().parse_headers(text.as_bytes())?;
    message_id(&headers)
}

fn reply_to(message: &Message<'_>) -> Option<(EmailAddress, String)> {
    let (address, name) = correspondent(message.reply_to());
    address.map(|address| (address, name))
}

fn sender(message: &Message<'_>) -> (Option<EmailAddress>, String) {
    correspondent(message.from())
}

fn correspondent(header: Option<&mail_parser::Address<'_>>) -> (Option<EmailAddress>, String) {
    let first = header.and_then(|header| header.first());
    let address = first
        .and_then(|from| from.address())
        .and_then(EmailAddress::parse);
    let name = first
        .and_then(|from| from.name())
        .map(one_line)
        .filter(|name| !name.is_empty());
    let name = name.or_else(|| address.as_ref().map(ToString::to_string));
    let name = name.unwrap_or_else(|| UNKNOWN_SENDER.to_owned());
    (address, name.chars().take(LONGEST_NAME).collect())
}

/// Who a mail is for, as far as its headers tell; what its server wrote comes first.
fn recipients(message: &Message<'_>) -> Vec<String> {
    let delivered = ["Delivered-To", "X-Original-To"].map(|header| message.header_raw(header));
    let delivered = delivered.into_iter().flatten().map(str::to_owned);
    let lists = [message.to(), message.cc()].into_iter().flatten();
    let addresses = lists.flat_map(|list| list.iter());
    let named = addresses.filter_map(|address| address.address().map(str::to_owned));
    delivered
        .chain(named)
        .map(|address| address.trim().to_lowercase())
        .take(MOST_RECIPIENTS)
        .collect()
}

/// Those a mail names as its readers, with the names it gives them, or else their addresses.
fn people(message: &Message<'_>) -> Vec<(EmailAddress, String)> {
    let lists = [message.to(), message.cc()].into_iter().flatten();
    let named = lists.flat_map(|list| list.iter()).filter_map(|person| {
        let address = EmailAddress::parse(person.address()?)?;
        let name = one_line(&without_placeholder(person.name().unwrap_or_default()));
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let name = if name.is_empty() {
            address.to_string()
        } else {
            name
        };
        Some((address, name))
    });
    named.take(MOST_RECIPIENTS).collect()
}

/// Every `#number` of a subject; punctuation may stand around it.
fn numbers(subject: &str) -> Vec<String> {
    let is_number = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let after = subject.split('#').skip(1);
    let number = |text: &str| {
        text.chars()
            .take_while(|c| is_number(*c))
            .collect::<String>()
    };
    after
        .map(number)
        .filter(|number| !number.is_empty() && number.len() <= 32)
        .take(8)
        .collect()
}

fn cut(subject: &str) -> String {
    subject.chars().take(LONGEST_SUBJECT).collect()
}

fn text(message: &Message<'_>) -> String {
    let bodies: Vec<_> = message
        .text_bodies()
        .filter_map(|part| body(message, part))
        .map(|body| without_placeholder(&body).replace('\0', ""))
        .map(|body| body.trim().to_owned())
        .filter(|body| !body.is_empty())
        .collect();
    let mut text = bodies.join("\n\n");
    if text.len() > LONGEST_MESSAGE {
        let room = LONGEST_MESSAGE - CUT_SHORT.len();
        let end = (0..=room)
            .rev()
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(0);
        text.truncate(end);
        text.push_str(CUT_SHORT);
    }
    if text.is_empty() {
        NO_TEXT.to_owned()
    } else {
        text
    }
}

/// The text of a part of the body.
fn body<'m>(message: &Message<'_>, part: &'m MessagePart<'_>) -> Option<Cow<'m, str>> {
    let foreign = || foreign::text(message, part);
    match &part.body {
        PartType::Text(text) => Some(foreign().map_or(text.as_ref().into(), Cow::Owned)),
        PartType::Html(html) => {
            let html = foreign().map_or(html.as_ref().into(), Cow::Owned);
            Some(markup::text(&html).into())
        }
        PartType::Message(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => None,
    }
}

/// A part of a mail as a file. One without a name gets one from its type.
fn sent(message: &Message<'_>, part: &MessagePart<'_>) -> Sent {
    let foreign = foreign::bytes_of_text(message, part);
    let bytes = match &part.body {
        PartType::Message(mail) => mail.raw_message(),
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => part.contents(),
    };
    let name = part.attachment_name().map(str::to_owned);
    Sent {
        name: name.unwrap_or_else(|| made_up_name(part)),
        bytes: Ok(foreign.unwrap_or_else(|| bytes.to_vec()).into()),
    }
}

fn made_up_name(part: &MessagePart<'_>) -> String {
    let kind = part.content_type();
    let (main, sub) = kind.map_or(("", ""), |kind| {
        (kind.ctype(), kind.subtype().unwrap_or_default())
    });
    let ending = file::extension_of_type(&format!("{main}/{sub}"));
    let what = match main {
        "image" => "image",
        "message" => "message",
        _ => "file",
    };
    ending.map_or_else(|| what.to_owned(), |ending| format!("{what}.{ending}"))
}

/// Headers that programs mark their mail with, and the values that mean it; an empty list means
/// any value (RFC 3834 and osTicket's list).
const AUTOMATIC: [(&str, &[&str]); 12] = [
    (
        "Auto-Submitted",
        &["auto-replied", "auto-generated", "auto-notified"],
    ),
    (
        "Precedence",
        &["auto_reply", "auto-reply", "bulk", "junk", "list"],
    ),
    (
        "X-Precedence",
        &["auto_reply", "auto-reply", "bulk", "junk", "list"],
    ),
    ("X-Autoreply", &["yes"]),
    ("X-Auto-Response-Suppress", &["autoreply", "all", "oof"]),
    ("X-Autoresponse", &[]),
    ("X-AutoReply-From", &[]),
    ("X-Autorespond", &[]),
    ("X-Mail-Autoreply", &[]),
    ("X-Autogenerated", &["reply"]),
    ("X-AMAZON-MAIL-RELAY-TYPE", &["notification"]),
    ("List-Id", &[]),
];

fn is_automatic(message: &Message<'_>) -> bool {
    AUTOMATIC.iter().any(|(header, values)| {
        let said = message
            .header_raw(*header)
            .map(|said| said.trim().to_ascii_lowercase());
        said.is_some_and(|said| {
            values.is_empty() || values.iter().any(|value| said.starts_with(value))
        })
    })
}

/// Recognises delivery reports (RFC 3464), also those of mailers that do not follow it.
fn is_bounce(message: &Message<'_>) -> bool {
    let from = message
        .from()
        .and_then(|from| from.first())
        .and_then(|from| from.address());
    let from = from.unwrap_or_default().to_ascii_lowercase();
    let subject = message.subject().unwrap_or_default().to_ascii_lowercase();
    let starts = [
        "delivery failure",
        "delivery status",
        "undeliverable",
        "undelivered mail returned",
    ];
    let is_report = message.content_type().is_some_and(|kind| {
        kind.attribute("report-type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status"))
    });
    let returns_to_nobody = message
        .header_raw("Return-Path")
        .is_some_and(|path| path.trim() == "<>");
    is_report
        || returns_to_nobody
        || from.starts_with("mailer-daemon")
        || from.starts_with("postmaster@")
        || starts.iter().any(|start| subject.starts_with(start))
        || message.header_raw("X-Failed-Recipients").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mail: &str) -> Arrived {
        Arrived::read(mail.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn a_plain_mail_is_read_whole() {
        let mail = read(
            "From: =?utf-8?q?Ana_L=C3=ADma?= <Ana@Example.com>\n\
             To: help@acme.example\n\
             Subject: Re: Printer [#482913]\n\
             Message-ID: <b@example.com>\n\
             In-Reply-To: <a@acme.example>\n\
             References: <z@example.com> <a@acme.example>\n\
             \n\
             It burns.\n",
        );
        assert_eq!(mail.message_id, "b@example.com");
        assert_eq!(mail.references, ["a@acme.example", "z@example.com"]);
        assert_eq!(mail.sender, EmailAddress::parse("ana@example.com"));
        assert_eq!(mail.name, "Ana Líma");
        assert_eq!(mail.numbers, ["482913"]);
        assert_eq!(mail.text, "It burns.");
        assert!(!mail.is_automatic && !mail.is_bounce);
    }

    #[test]
    fn html_alone_becomes_text_and_no_script_survives() {
        let mail = read(
            "From: ana@example.com\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n\
             <p>Hello <b>there</b></p><script>alert(1)</script>\n",
        );
        assert!(mail.text.contains("Hello"));
        assert!(!mail.text.contains("<script"), "{}", mail.text);
    }

    #[test]
    fn a_wrong_charset_is_read_as_well_as_can_be() {
        let raw = b"From: ana@example.com\r\nSubject: x\r\n\
                    Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xFC\xDFe\r\n";
        assert_eq!(Arrived::read(raw).text, "Grüße");
    }

    #[test]
    fn charsets_of_many_bytes_are_read_in_head_text_and_markup() {
        let mail = read(
            "From: =?EUC-KR?B?x9Gx2w==?= <ana@example.com>\n\
             Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?= #12\n\
             Content-Type: multipart/mixed; boundary=b\n\n\
             --b\nContent-Type: text/plain; charset=Shift_JIS\n\
             Content-Transfer-Encoding: quoted-printable\n\n=93=FA=96=7B\n\
             --b\nContent-Type: text/html; charset=gb2312\n\
             Content-Transfer-Encoding: base64\n\nPGI+1tDOxDwvYj4=\n\
             --b\nContent-Type: text/plain; charset=big5; name=a.txt\n\
             Content-Disposition: attachment\n\
             Content-Transfer-Encoding: base64\n\npKSk5Q==\n\
             --b--\n",
        );
        assert_eq!((&*mail.name, &*mail.subject), ("한글", "日本 #12"));
        assert_eq!(mail.text, "日本\n\n中文");
        let file = mail.files[0].bytes.clone().unwrap();
        assert_eq!(&*file, b"\xa4\xa4\xa4\xe5", "a file stays as it was sent");
    }

    #[test]
    fn bytes_that_are_no_mail_still_become_something() {
        for raw in [
            &b""[..],
            b"\0\0\0",
            b"\xff\xfe garbage",
            b"no headers at all",
        ] {
            let mail = Arrived::read(raw);
            assert!(!mail.text.is_empty() && !mail.subject.is_empty() && !mail.name.is_empty());
        }
    }

    #[test]
    fn a_mail_without_an_id_gets_the_same_one_each_time() {
        let mail = "From: ana@example.com\nSubject: x\n\ntext\n";
        assert_eq!(read(mail).message_id, read(mail).message_id);
        assert!(read(mail).message_id.ends_with("@local"));
    }

    #[test]
    fn programs_are_recognised() {
        let automatic =
            |header: &str| read(&format!("From: a@example.com\n{header}\n\nx\n")).is_automatic;
        assert!(automatic("Auto-Submitted: auto-replied (vacation)"));
        assert!(automatic("Precedence: bulk"));
        assert!(automatic("X-Autorespond: anything"));
        assert!(!automatic("Auto-Submitted: no"));
        assert!(!automatic("Precedence: special-delivery"));
    }

    #[test]
    fn a_delivery_report_names_the_mail_it_returns() {
        let mail = read(
            "From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: text/plain\n\nSorry.\n\
             --b\nContent-Type: message/rfc822\n\n\
             From: help@acme.example\nMessage-ID: <ours@acme.example>\nSubject: s\n\nhello\n\
             --b--\n",
        );
        assert!(mail.is_bounce && mail.is_automatic);
        assert_eq!(mail.references, ["ours@acme.example"]);
    }

    #[test]
    fn attachments_and_inline_parts_become_files() {
        let mail = read(
            "From: ana@example.com\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\nContent-Type: multipart/related; boundary=c\n\n\
             --c\nContent-Type: text/html\n\n<p>See <img src=\"cid:1\"></p>\n\
             --c\nContent-Type: image/png\nContent-ID: <1>\n\
             Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--c--\n\
             --b\nContent-Type: text/plain; charset=iso-8859-1\n\
             Content-Disposition: attachment; filename*0*=utf-8''Pr%C3%BC; filename*1=fung.txt\n\n\
             done\n\
             --b\nContent-Type: message/rfc822\n\nFrom: bo@example.com\nSubject: inner\n\nhi\n\
             --b--\n",
        );
        let names: Vec<&str> = mail.files.iter().map(|file| &*file.name).collect();
        assert_eq!(names, ["image.png", "Prüfung.txt", "message.eml"]);
        let bytes = |index: usize| mail.files[index].bytes.clone().unwrap();
        assert_eq!(&*bytes(0), b"\x89PNG\r\n\x1a\n");
        assert_eq!(&*bytes(1), b"done");
        assert!(bytes(2).starts_with(b"From: bo@example.com\r\n"));
        assert!(mail.text.contains("See"), "{}", mail.text);
    }

    #[test]
    fn too_long_a_text_is_cut_at_a_character() {
        let mail = read(&format!(
            "From: a@example.com\n\n{}",
            "ü".repeat(LONGEST_MESSAGE)
        ));
        assert!(mail.text.len() <= LONGEST_MESSAGE && mail.text.ends_with("kept whole.]"));
    }
}
