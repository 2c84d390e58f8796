//! Which thread a mail belongs to: its Message-ID, those it answers, and ticket numbers.

use mail_parser::{HeaderValue, Message, MessagePart, PartType};
use tenancy::token::content_address;

use super::parser;

/// Most Message-IDs of one mail that are looked up.
const MOST_REFERENCES: usize = 32;
/// Longest Message-ID that is kept; RFC 5322 allows a line of 998 characters.
const LONGEST_MESSAGE_ID: usize = 998;

/// The Message-ID, where it is one that can be kept.
pub(super) fn message_id(message: &Message<'_>) -> Option<String> {
    let id = message.message_id()?.trim();
    (!id.is_empty() && id.len() <= LONGEST_MESSAGE_ID).then(|| id.to_owned())
}

/// A mail without a Message-ID gets one from its bytes, so that posting it twice changes
/// nothing either.
pub(super) fn made_up_id(raw: &[u8]) -> String {
    format!("{}@local", content_address(raw))
}

/// In-Reply-To first, then References from the right: the nearest ancestor decides.
pub(super) fn references(message: &Message<'_>, is_bounce: bool) -> Vec<String> {
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

/// Every `#number` of a subject; punctuation may stand around it.
pub(super) fn numbers(subject: &str) -> Vec<String> {
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
