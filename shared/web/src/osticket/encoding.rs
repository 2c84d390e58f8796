//! How texts and bytes are encoded in a call.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use desk::file::Unfit;
use desk::markup;

/// PHP's words for text in no encoding that is known, or in another than it says.
pub const MALFORMED: &str = "Malformed UTF-8 characters, possibly incorrectly encoded";

/// What mails and programs write: padding may be left out, and line breaks are no data.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub fn from_base64(text: &[u8]) -> Result<Vec<u8>, Unfit> {
    let mut text = text.to_vec();
    text.retain(|byte| !byte.is_ascii_whitespace());
    BASE64.decode(text).map_err(|_| Unfit::BadBase64)
}

/// Charsets whose texts are read as UTF-8, or not at all.
const UNICODE: [&str; 4] = ["utf-8", "utf8", "us-ascii", "ascii"];

/// Reads text in a charset. `None` for text that is in no such charset, or in one that nobody
/// knows, unless it is UTF-8.
pub fn decoded(bytes: &[u8], charset: &str) -> Option<String> {
    let strict = || String::from_utf8(bytes.to_vec()).ok();
    let text = match charset.to_ascii_lowercase() {
        name if UNICODE.contains(&&*name) => strict(),
        name if name.starts_with("utf-16") => utf_16(bytes, &name),
        name => match charset::decode(&name, bytes) {
            Some(text) => Some(text).filter(|text| !text.contains('\u{FFFD}')),
            None => strict(),
        },
    };
    text.map(|text| text.trim_start_matches('\u{FEFF}').to_owned())
}

fn utf_16(bytes: &[u8], name: &str) -> Option<String> {
    let is_little = name.ends_with("le") || bytes.starts_with(b"\xff\xfe");
    let unit = |pair: &[u8]| {
        let pair = pair.try_into().unwrap_or_default();
        if is_little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        }
    };
    let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
    String::from_utf16(&units).ok()
}

/// Text of a type as plain text.
pub fn plain(text: String, content_type: &str) -> String {
    if content_type.eq_ignore_ascii_case("text/html") {
        markup::text(&text)
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets_are_read_as_they_are_named() {
        let check = |bytes: &[u8], charset: &str, expected: Option<&str>| {
            assert_eq!(decoded(bytes, charset).as_deref(), expected, "{charset}");
        };
        check("ü".as_bytes(), "UTF-8", Some("ü"));
        check(b"\xef\xbb\xbfx", "utf-8", Some("x"));
        check(b"Gr\xfc\xdfe \x80", "ISO-8859-1", Some("Grüße €"));
        check(b"\xa4\xbe", "iso-8859-15", Some("€Ÿ"));
        check(b"\xfe\xff\0h\0i", "utf-16", Some("hi"));
        check(b"h\0i\0", "utf-16le", Some("hi"));
        check(b"\xd8\x00", "utf-16", None);
        check(b"\xf0\xd2", "KOI8-R", Some("Пр"));
        check(b"\xcf\xf0", "windows-1251", Some("Пр"));
        check(b"\x93\xfa", "shift_jis", Some("日"));
        check(b"\x93", "shift_jis", None);
        check("ü".as_bytes(), "us-ascii", Some("ü"));
        check(b"\xfc", "us-ascii", None);
        check("ü".as_bytes(), "x-unheard-of", Some("ü"));
        check(b"\xfc", "x-unheard-of", None);
        check(b"\xfc", "utf-8", None);
    }
}
