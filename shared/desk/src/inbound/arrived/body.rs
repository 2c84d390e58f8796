//! What a mail says: its text and its files.

use std::borrow::Cow;

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::tnef::{self, Unwrapped, Wrapped};
use crate::file::{self, Sent};
use crate::inbound::foreign;
use crate::intake::LONGEST_MESSAGE;
use crate::markup;
use crate::ticket::number::without_placeholder;

const NO_TEXT: &str = "This mail has no text. Its source is kept.";
const CUT_SHORT: &str = "\n\n[The rest of this mail was too long; its source is kept whole.]";

/// Its text, which ends where it is too long; where it has none, that of a wrapped mail.
pub(super) fn text(message: &Message<'_>, wrapped: &[Content]) -> String {
    let mut bodies: Vec<_> = message
        .text_bodies()
        .filter_map(|part| body(message, part))
        .map(|body| without_placeholder(&body).replace('\0', ""))
        .map(|body| body.trim().to_owned())
        .filter(|body| !body.is_empty())
        .collect();
    if bodies.is_empty() {
        bodies.extend(wrapped.iter().filter_map(Content::said));
    }
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

/// What hangs on a mail.
pub(super) enum Content {
    /// A file.
    File(Sent),
    /// What Outlook had wrapped into one.
    Wrapped(Unwrapped),
}

impl Content {
    /// Everything that hangs on a mail. What was wrapped and does not come out whole stays as it is.
    pub(super) fn of(message: &Message<'_>) -> Vec<Self> {
        let parts = message.attachments();
        let content = |part| {
            let sent = sent(message, part);
            let wrapped = is_wrapped(part, &sent).then_some(&sent.bytes);
            let wrapped = wrapped.and_then(|bytes| tnef::unwrap(bytes.as_ref().ok()?));
            let whole = wrapped.filter(Unwrapped::is_whole);
            whole.map_or(Self::File(sent), Self::Wrapped)
        };
        parts.map(content).collect()
    }

    /// The files.
    pub(super) fn files(self) -> Vec<Sent> {
        match self {
            Self::File(sent) => vec![sent],
            Self::Wrapped(found) => found.files.into_iter().map(unwrapped).collect(),
        }
    }

    fn said(&self) -> Option<String> {
        match self {
            Self::File(_) => None,
            Self::Wrapped(found) => {
                let said = without_placeholder(&found.said()?).replace('\0', "");
                Some(said.trim().to_owned()).filter(|said| !said.is_empty())
            }
        }
    }
}

fn is_wrapped(part: &MessagePart<'_>, sent: &Sent) -> bool {
    let is_type = |kind: &str| kind.to_ascii_lowercase().ends_with("ms-tnef");
    let kind = part.content_type().and_then(|kind| kind.subtype());
    kind.is_some_and(is_type) || sent.name.eq_ignore_ascii_case("winmail.dat")
}

fn unwrapped(file: Wrapped) -> Sent {
    let name = Some(file.name).filter(|name| !name.is_empty());
    Sent {
        name: name.unwrap_or_else(|| "file".to_owned()),
        bytes: Ok(file.bytes.unwrap_or_default().into()),
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
