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

/// Reads text in a charset. `None` for one that is not known here, unless the text is UTF-8.
pub fn decoded(bytes: &[u8], charset: &str) -> Option<String> {
    let is_latin = [
        "iso-8859-1",
        "iso-8859-15",
        "latin1",
        "windows-1252",
        "cp1252",
    ];
    match charset.to_ascii_lowercase() {
        name if is_latin.contains(&&*name) => {
            let read = |byte: &u8| western(*byte, name == "iso-8859-15");
            Some(bytes.iter().map(read).collect())
        }
        name if name.starts_with("utf-16") => utf_16(bytes, &name),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    }
    .map(|text| text.trim_start_matches('\u{FEFF}').to_owned())
}

/// The characters of windows-1252 from 0x80 on. Nobody means the control characters that
/// ISO-8859-1 has in their place, so both are read alike, as browsers do.
const WESTERN: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

fn western(byte: u8, is_latin_9: bool) -> char {
    match byte {
        0xA4 if is_latin_9 => '€',
        0xA6 if is_latin_9 => 'Š',
        0xA8 if is_latin_9 => 'š',
        0xB4 if is_latin_9 => 'Ž',
        0xB8 if is_latin_9 => 'ž',
        0xBC if is_latin_9 => 'Œ',
        0xBD if is_latin_9 => 'œ',
        0xBE if is_latin_9 => 'Ÿ',
        0x80..=0x9F => WESTERN
            .get(usize::from(byte) - 0x80)
            .copied()
            .unwrap_or(char::from(byte)),
        _ => char::from(byte),
    }
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
        check("ü".as_bytes(), "koi8-r", Some("ü"));
        check(b"\xfc", "koi8-r", None);
        check(b"\xfc", "utf-8", None);
    }
}
