//! Mails in other charsets than UTF-8. The parser is built without its tables of them; a mail's
//! text and its encoded words are read by those of the runtime.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders};

/// Names of charsets that the parser reads as they are.
const UNICODE: [&str; 4] = ["utf-8", "utf8", "us-ascii", "ascii"];

/// What a part of a mail says in the charset it names. `None` where the parser knows it already,
/// or knows better.
pub(super) fn text(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let charset = part.content_type()?.attribute("charset")?;
    decode(charset, &bytes(mail, part)?)
}

/// The bytes of a part that is a text in another charset, as they were before they travelled.
pub(super) fn bytes_of_text(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let charset = part.content_type()?.attribute("charset")?;
    (part.is_text() && !is_unicode(charset)).then(|| bytes(mail, part))?
}

fn bytes(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let from = usize::try_from(part.raw_body_offset()).ok()?;
    let to = usize::try_from(part.raw_end_offset()).ok()?;
    let raw = mail.raw_message.get(from..to)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    }
}

fn decode(charset: &str, bytes: &[u8]) -> Option<String> {
    (!is_unicode(charset)).then(|| charset::decode(charset, bytes))?
}

fn is_unicode(charset: &str) -> bool {
    UNICODE
        .iter()
        .any(|name| name.eq_ignore_ascii_case(charset))
}

/// A mail whose head has all of its encoded words (RFC 2047) in UTF-8.
pub(super) fn with_known_words(raw: &[u8]) -> Cow<'_, [u8]> {
    let (head, body) = raw.split_at(end_of_head(raw));
    let mut known = Vec::new();
    let mut rest = head;
    while let Some((before, word, after)) = next_word(rest) {
        known.extend_from_slice(before);
        match word.text() {
            Some(text) => {
                let encoded = BASE64_STANDARD.encode(text);
                known.extend_from_slice(format!("=?utf-8?B?{encoded}?=").as_bytes());
            }
            None => known.extend_from_slice(word.whole),
        }
        rest = after;
    }
    if rest.len() == head.len() {
        return raw.into();
    }
    known.extend_from_slice(rest);
    known.extend_from_slice(body);
    known.into()
}

fn end_of_head(raw: &[u8]) -> usize {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"];
    let found = ends.iter().filter_map(|end| position(raw, end));
    found.min().unwrap_or(raw.len())
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut windows = bytes.windows(wanted.len());
    windows.position(|window| window == wanted)
}

/// `=?charset?B?text?=`
struct Word<'m> {
    whole: &'m [u8],
    charset: &'m str,
    encoding: u8,
    encoded: &'m [u8],
}

/// What stands before the next encoded word, the word, and what stands after it.
fn next_word(head: &[u8]) -> Option<(&[u8], Word<'_>, &[u8])> {
    let mut from = 0;
    loop {
        let start = from + position(head.get(from..)?, b"=?")?;
        let (before, here) = head.split_at(start);
        if let Some(word) = Word::at(here) {
            let after = here.get(word.whole.len()..)?;
            return Some((before, word, after));
        }
        from = start + 2;
    }
}

impl<'m> Word<'m> {
    fn at(here: &'m [u8]) -> Option<Self> {
        let inner = here.get(2..)?;
        let question = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'?');
        let charset = inner.get(..question(inner)?)?;
        let rest = inner.get(charset.len() + 1..)?;
        let (encoding, text) = (*rest.first()?, rest.strip_prefix(&[*rest.first()?, b'?'])?);
        let encoded = text.get(..question(text)?)?;
        let is_closed = text.get(encoded.len()..)?.starts_with(b"?=");
        let is_whole = is_closed && !encoded.contains(&b'\n');
        let length = 2 + charset.len() + 3 + encoded.len() + 2;
        is_whole.then_some(Self {
            whole: here.get(..length)?,
            // A language may follow the charset (RFC 2231, 5).
            charset: std::str::from_utf8(charset).ok()?.split('*').next()?,
            encoding: encoding.to_ascii_uppercase(),
            encoded,
        })
    }

    /// What it says; `None` where the parser knows it already, or nobody does.
    fn text(&self) -> Option<String> {
        let bytes = match self.encoding {
            b'B' => base64_decode(self.encoded)?,
            b'Q' => {
                let spaced = self.encoded.iter().map(|byte| match byte {
                    b'_' => b' ',
                    other => *other,
                });
                quoted_printable_decode(&spaced.collect::<Vec<_>>())?
            }
            _ => return None,
        };
        decode(self.charset, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(head: &str) -> String {
        String::from_utf8(with_known_words(head.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn encoded_words_become_utf_8() {
        let said = |text: &str| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(text));
        assert_eq!(
            known("a =?Shift_JIS?B?k/qWew==?= b"),
            format!("a {} b", said("日本"))
        );
        assert_eq!(known("=?iso-8859-1*de?q?Gr=FC_=DFe?="), said("Grü ße"));
        assert_eq!(
            known("=?gb2312?B?1tA=?=\r\n =?gb2312?B?zsQ=?="),
            format!("{}\r\n {}", said("中"), said("文"))
        );
    }

    #[test]
    fn what_is_no_word_or_known_already_stays_as_it_is() {
        for head in [
            "",
            "=?",
            "=?=?=?",
            "=?utf-8?Q?a?=",
            "=?klingon?B?eA==?=",
            "=?gb2312?X?1tA=?=",
            "=?gb2312?B?1tA=",
            "=?gb2312?B?1t\nA=?=",
            "a =? b ?c? ?=",
            "x: y\r\n\r\n=?gb2312?B?1tA=?=",
        ] {
            assert_eq!(known(head), head);
        }
    }
}
