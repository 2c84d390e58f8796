//! What a mail says: its text and its files.

use std::borrow::Cow;

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use crate::file::{self, Sent};
use crate::inbound::foreign;
use crate::intake::LONGEST_MESSAGE;
use crate::markup;
use crate::ticket::number::without_placeholder;

const NO_TEXT: &str = "This mail has no text. Its source is kept.";
const CUT_SHORT: &str = "\n\n[The rest of this mail was too long; its source is kept whole.]";

/// Its text, which ends where it is too long.
pub(super) fn text(message: &Message<'_>) -> String {
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
pub(super) fn sent(message: &Message<'_>, part: &MessagePart<'_>) -> Sent {
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
