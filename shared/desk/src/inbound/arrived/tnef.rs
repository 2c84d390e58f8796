//! What Outlook wraps into a `winmail.dat` (Microsoft's TNEF, [MS-OXTNEF]): files, and sometimes
//! the only text of a mail.
//!
//! The crates for it bring the tables of all charsets, or are written in C.

use std::borrow::Cow;

/// What the first four bytes say.
const SIGNATURE: u32 = 0x223e_9f78;
/// The attributes that are read; the others are passed over.
const CODE_PAGE: u32 = 0x0006_9007;
const PROPERTIES: u32 = 0x0006_9003;
const FILE: u32 = 0x0006_9002;
const FILE_NAME: u32 = 0x0001_8010;
const FILE_DATA: u32 = 0x0006_800f;
const FILE_PROPERTIES: u32 = 0x0006_9005;
/// The properties that are read.
const BODY: u16 = 0x1000;
const HTML: u16 = 0x1013;
const LONG_FILE_NAME: u16 = 0x3707;
/// The types of properties.
const STRING: u16 = 0x001e;
const WIDE_STRING: u16 = 0x001f;
const OBJECT: u16 = 0x000d;
const BINARY: u16 = 0x0102;
const MANY: u16 = 0x1000;

/// What was wrapped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unwrapped {
    /// Its files, as they are named; not all of them have bytes.
    pub(super) files: Vec<Wrapped>,
    /// Its text.
    pub(super) text: Option<String>,
    /// Its text as HTML.
    pub(super) html: Option<String>,
}

/// A file that was wrapped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wrapped {
    pub(super) name: String,
    /// None of what Outlook keeps in a way of its own, as a mail within a mail.
    pub(super) bytes: Option<Vec<u8>>,
}

impl Unwrapped {
    /// Whether everything came out that was in it.
    pub(super) fn is_whole(&self) -> bool {
        let has_bytes = |file: &Wrapped| file.bytes.is_some();
        self.files.iter().all(has_bytes) && !(self.files.is_empty() && self.said().is_none())
    }

    /// Its text, or else what its HTML says.
    pub(super) fn said(&self) -> Option<String> {
        let html = || self.html.as_deref().map(crate::markup::text);
        self.text.clone().or_else(html)
    }
}

/// Unwraps bytes; `None` for those that are broken, or something else.
pub(super) fn unwrap(bytes: &[u8]) -> Option<Unwrapped> {
    let mut rest = Bytes(bytes);
    if rest.number()? != SIGNATURE {
        return None;
    }
    rest.short()?;
    let (mut found, mut charset) = (Unwrapped::default(), "windows-1252".into());
    while !rest.0.is_empty() {
        rest.take(1)?;
        let (what, length) = (rest.number()?, rest.length()?);
        let data = Bytes(rest.take(length)?);
        rest.short()?;
        match what {
            CODE_PAGE => charset = charset_of(Bytes(data.0).number()?),
            PROPERTIES => found.know(&properties(data, &charset)),
            FILE => found.files.push(Wrapped::default()),
            FILE_NAME => found.last()?.name = text(&charset, data.0),
            FILE_DATA => found.last()?.bytes = Some(data.0.to_vec()),
            FILE_PROPERTIES => found.last()?.know(&properties(data, &charset)),
            _ => {}
        }
    }
    Some(found)
}

impl Unwrapped {
    fn last(&mut self) -> Option<&mut Wrapped> {
        self.files.last_mut()
    }

    fn know(&mut self, properties: &[(u16, String)]) {
        for (id, text) in properties {
            match *id {
                BODY => self.text = Some(text.clone()),
                HTML => self.html = Some(text.clone()),
                _ => {}
            }
        }
    }
}

impl Wrapped {
    fn know(&mut self, properties: &[(u16, String)]) {
        if let Some((_, name)) = properties.iter().find(|(id, _)| *id == LONG_FILE_NAME) {
            self.name.clone_from(name);
        }
    }
}

/// The properties that have a text, as far as they can be read.
fn properties(mut rest: Bytes<'_>, charset: &str) -> Vec<(u16, String)> {
    let mut found = Vec::new();
    let count = rest.number().unwrap_or_default();
    for _ in 0..count {
        match property(&mut rest, charset) {
            Some((id, Some(text))) => found.push((id, text)),
            Some((_, None)) => {}
            None => break,
        }
    }
    found
}

fn property(rest: &mut Bytes<'_>, charset: &str) -> Option<(u16, Option<String>)> {
    let (kind, id) = (rest.short()?, rest.short()?);
    if id >= 0x8000 {
        rest.pass_name()?;
    }
    let is_sized = matches!(kind & !MANY, STRING | WIDE_STRING | OBJECT | BINARY);
    let values = if is_sized || kind & MANY != 0 {
        rest.length()?
    } else {
        1
    };
    let mut first = None;
    for _ in 0..values {
        let length = if is_sized {
            rest.length()?
        } else {
            size_of_kind(kind & !MANY)?
        };
        let value = rest.take_padded(length)?;
        first = first.or(match kind {
            STRING | BINARY => Some(text(charset, value)),
            WIDE_STRING => Some(text("utf-16le", value)),
            _ => None,
        });
    }
    Some((id, first))
}

fn size_of_kind(kind: u16) -> Option<usize> {
    match kind {
        0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => Some(4),
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => Some(8),
        0x0048 => Some(16),
        _ => None,
    }
}

/// The charset that a code page of Windows is.
fn charset_of(page: u32) -> Cow<'static, str> {
    match page {
        932 => "shift_jis".into(),
        936 => "gbk".into(),
        949 => "euc-kr".into(),
        950 => "big5".into(),
        65001 => "utf-8".into(),
        page => format!("windows-{page}").into(),
    }
}

/// What bytes say, without the NUL they end with.
fn text(charset: &str, bytes: &[u8]) -> String {
    let known = charset::decode(charset, bytes);
    let text = known.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
    text.trim_end_matches('\0').to_owned()
}

/// Bytes that are read from their begin.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// The same, where what follows begins at the next multiple of four; the last may be cut short.
    fn take_padded(&mut self, length: usize) -> Option<&'b [u8]> {
        let taken = self.take(length)?;
        let padding = length.wrapping_neg() % 4;
        self.take(padding.min(self.0.len()))?;
        Some(taken)
    }

    fn short(&mut self) -> Option<u16> {
        let bytes = self.take(2)?.try_into().ok()?;
        Some(u16::from_le_bytes(bytes))
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// Passes over the name of a property that has one.
    fn pass_name(&mut self) -> Option<()> {
        self.take(16)?;
        if self.number()? == 0 {
            self.take(4)?;
        } else {
            let length = self.length()?;
            self.take_padded(length)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    use super::*;
    use crate::inbound::Arrived;

    fn attribute(what: u32, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap();
        let mut bytes = vec![1];
        bytes.extend(what.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend(data);
        bytes.extend([0, 0]);
        bytes
    }

    fn wide(text: &str) -> Vec<u8> {
        let units = text.encode_utf16().chain([0]);
        units.flat_map(u16::to_le_bytes).collect()
    }

    /// A property of one value, behind one of a fixed size and one with a name.
    fn properties_with(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = 3u32.to_le_bytes().to_vec();
        bytes.extend([0x0b, 0, 1, 0, 1, 0, 0, 0]);
        bytes.extend([0x03, 0, 0x01, 0x80]);
        bytes.extend([7; 16]);
        bytes.extend([1, 0, 0, 0, 2, 0, 0, 0, b'x', 0, 0, 0, 9, 0, 0, 0]);
        bytes.extend(kind.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        bytes.extend(value);
        bytes.extend(vec![0; value.len().wrapping_neg() % 4]);
        bytes
    }

    fn winmail(attributes: &[Vec<u8>]) -> Vec<u8> {
        let head = [&SIGNATURE.to_le_bytes()[..], &[0, 0]].concat();
        [head, attributes.concat()].concat()
    }

    fn with_a_file() -> Vec<u8> {
        winmail(&[
            attribute(CODE_PAGE, &[0xe3, 4, 0, 0, 0, 0, 0, 0]),
            attribute(PROPERTIES, &properties_with(STRING, BODY, b"\xcf\xf0\0")),
            attribute(FILE, &[0; 14]),
            attribute(FILE_NAME, b"PRFUNG~1.TXT\0"),
            attribute(FILE_DATA, b"done"),
            attribute(
                FILE_PROPERTIES,
                &properties_with(WIDE_STRING, LONG_FILE_NAME, &wide("Prüfung lang.txt")),
            ),
        ])
    }

    #[test]
    fn in_11_files_come_out_under_their_long_names_and_text_in_its_charset() {
        let found = unwrap(&with_a_file()).unwrap();
        let file = Wrapped {
            name: "Prüfung lang.txt".to_owned(),
            bytes: Some(b"done".to_vec()),
        };
        assert_eq!(found.files, [file]);
        assert_eq!(found.said().as_deref(), Some("Пр"));
        assert!(found.is_whole());
    }

    #[test]
    fn a_mail_that_says_nothing_but_html_is_read_as_text() {
        let html = properties_with(BINARY, HTML, b"<p>Hello</p><script>x()</script>");
        let found = unwrap(&winmail(&[attribute(PROPERTIES, &html)])).unwrap();
        assert_eq!(found.said().unwrap().trim(), "Hello");
    }

    /// A mail with these bytes as its `winmail.dat`.
    fn mail(bytes: &[u8]) -> Arrived {
        let head = "From: ana@example.com\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\
                    Content-Transfer-Encoding: base64\r\n\r\n";
        Arrived::read(format!("{head}{}\r\n", BASE64_STANDARD.encode(bytes)).as_bytes())
    }

    #[test]
    fn in_11_a_mail_has_what_outlook_wrapped() {
        let whole = mail(&with_a_file());
        assert_eq!(whole.text, "Пр");
        let names: Vec<_> = whole.files.iter().map(|file| &*file.name).collect();
        assert_eq!(names, ["Prüfung lang.txt"]);
        let broken = mail(&with_a_file()[..60]);
        let names: Vec<_> = broken.files.iter().map(|file| &*file.name).collect();
        assert_eq!(names, ["winmail.dat"], "nothing is lost");
    }

    #[test]
    fn what_does_not_come_out_is_known() {
        let bare = winmail(&[attribute(FILE, &[0; 14])]);
        assert!(!unwrap(&bare).unwrap().is_whole());
        assert!(!unwrap(&winmail(&[])).unwrap().is_whole());
    }

    #[test]
    fn every_cut_is_broken_or_less() {
        let whole = with_a_file();
        for end in 0..whole.len() {
            let cut = unwrap(&whole[..end]);
            assert!(
                cut.is_none_or(|cut| cut != unwrap(&whole).unwrap()),
                "{end}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(place in 0usize..300, bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut broken = with_a_file();
            let place = place.min(broken.len());
            broken.splice(place..(place + bytes.len()).min(broken.len()).max(place), bytes);
            let _ = unwrap(&broken);
        }
    }
}
