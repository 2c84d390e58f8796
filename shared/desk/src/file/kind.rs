//! What a file is: told by its first bytes where they say, else by its name.

/// A form of a file: its ending, and its type.
type Form = (&'static str, &'static str);

/// Files that begin alike, and their forms; the first counts when the name is of none.
struct Kind {
    begins: &'static [u8],
    at: usize,
    forms: &'static [Form],
}

const fn kind(begins: &'static [u8], forms: &'static [Form]) -> Kind {
    Kind {
        begins,
        at: 0,
        forms,
    }
}

const ZIPPED: &[Form] = &[
    ("zip", "application/zip"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("epub", "application/epub+zip"),
    ("jar", "application/java-archive"),
];
const OLE: &[Form] = &[
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("msg", "application/vnd.ms-outlook"),
];
const JPEG: &[Form] = &[("jpg", "image/jpeg"), ("jpeg", "image/jpeg")];
const TIFF: &[Form] = &[("tif", "image/tiff"), ("tiff", "image/tiff")];
const VIDEO: &[Form] = &[
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("m4a", "audio/mp4"),
    ("heic", "image/heic"),
];
const PROGRAM: &[Form] = &[
    ("exe", "application/x-msdownload"),
    ("dll", "application/x-msdownload"),
];
const HTML: &[Form] = &[("html", "text/html"), ("htm", "text/html")];
const SVG: &[Form] = &[("svg", "image/svg+xml")];
const XML: &[Form] = &[("xml", "application/xml"), ("svg", "image/svg+xml")];

const KINDS: &[Kind] = &[
    kind(b"\x89PNG\r\n\x1a\n", &[("png", "image/png")]),
    kind(b"\xff\xd8\xff", JPEG),
    kind(b"GIF8", &[("gif", "image/gif")]),
    Kind {
        begins: b"WEBP",
        at: 8,
        forms: &[("webp", "image/webp")],
    },
    Kind {
        begins: b"WAVE",
        at: 8,
        forms: &[("wav", "audio/wav")],
    },
    Kind {
        begins: b"ftyp",
        at: 4,
        forms: VIDEO,
    },
    kind(b"II*\0", TIFF),
    kind(b"MM\0*", TIFF),
    kind(b"%PDF-", &[("pdf", "application/pdf")]),
    kind(b"PK\x03\x04", ZIPPED),
    kind(b"PK\x05\x06", ZIPPED),
    kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    kind(b"{\\rtf", &[("rtf", "application/rtf")]),
    kind(
        b"\x1f\x8b",
        &[("gz", "application/gzip"), ("tgz", "application/gzip")],
    ),
    kind(
        b"7z\xbc\xaf\x27\x1c",
        &[("7z", "application/x-7z-compressed")],
    ),
    kind(b"Rar!\x1a\x07", &[("rar", "application/vnd.rar")]),
    kind(b"ID3", &[("mp3", "audio/mpeg")]),
    kind(b"OggS", &[("ogg", "audio/ogg")]),
    kind(
        b"\x1a\x45\xdf\xa3",
        &[("webm", "video/webm"), ("mkv", "video/x-matroska")],
    ),
    kind(b"MZ", PROGRAM),
    kind(b"\x7fELF", &[("elf", "application/x-elf")]),
    kind(b"#!", &[("sh", "text/x-shellscript")]),
];

/// Forms of plain text, which no first bytes tell.
const TEXTS: &[Form] = &[
    ("txt", "text/plain"),
    ("log", "text/plain"),
    ("csv", "text/csv"),
    ("md", "text/markdown"),
    ("json", "application/json"),
    ("ics", "text/calendar"),
    ("vcf", "text/vcard"),
    ("eml", "message/rfc822"),
];

/// How markup begins, lower case.
const MARKUP: &[(&str, &[Form])] = &[
    ("<!doctype html", HTML),
    ("<html", HTML),
    ("<head", HTML),
    ("<body", HTML),
    ("<script", HTML),
    ("<iframe", HTML),
    ("<svg", SVG),
    ("<!doctype svg", SVG),
    ("<?xml", XML),
];

/// Whether a file may be taken: its name's ending is listed, and so is one of what it really is.
pub(super) fn is_allowed(name: &str, bytes: &[u8], listed: &[String]) -> bool {
    let has = |extension: &str| listed.iter().any(|other| other == extension);
    let is_listed = |forms: &[Form]| forms.iter().any(|(extension, _)| has(extension));
    listed.is_empty() || has(&extension(name)) && forms(bytes).is_none_or(is_listed)
}

/// The type a file is served under: what it is, and never what it only claims to be.
pub(super) fn content_type(name: &str, bytes: &[u8]) -> &'static str {
    let is_text = || !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok();
    let (forms, fallback) = match forms(bytes) {
        Some(forms) => (forms, forms.first().map(|(_, kind)| *kind)),
        None if is_text() => (TEXTS, Some("text/plain")),
        None => (&[][..], None),
    };
    let extension = extension(name);
    let named = forms.iter().find(|(known, _)| *known == extension);
    named
        .map(|(_, kind)| *kind)
        .or(fallback)
        .unwrap_or("application/octet-stream")
}

/// The ending that files of a type have, for parts of mails that come without a name.
pub fn extension_of_type(content_type: &str) -> Option<&'static str> {
    let forms = KINDS.iter().flat_map(|kind| kind.forms).chain(TEXTS);
    let known = forms.chain(HTML).chain(SVG);
    let mut found = known.filter(|(_, kind)| kind.eq_ignore_ascii_case(content_type));
    found.next().map(|(extension, _)| *extension)
}

/// The endings of a group of types, as administrators name it; none where it is no group.
pub fn extensions_of_group(group: &str) -> Vec<&'static str> {
    let forms = KINDS.iter().flat_map(|kind| kind.forms).chain(TEXTS);
    let is_document = |kind: &str| {
        [
            "msword",
            "ms-",
            "officedocument",
            "opendocument",
            "/pdf",
            "/rtf",
        ]
        .iter()
        .any(|part| kind.contains(part))
    };
    let is_of = |kind: &str| match group {
        "image" | "audio" | "video" | "text" => {
            kind.split('/').next() == Some(group) && !kind.contains("shellscript")
        }
        "document" => is_document(kind),
        _ => false,
    };
    let mut endings: Vec<&str> = Vec::new();
    for (ending, kind) in forms {
        if is_of(kind) && !endings.contains(ending) {
            endings.push(ending);
        }
    }
    endings
}

fn extension(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.unwrap_or_default().to_ascii_lowercase()
}

fn forms(bytes: &[u8]) -> Option<&'static [Form]> {
    let begins = |kind: &&Kind| {
        bytes
            .get(kind.at..)
            .is_some_and(|rest| rest.starts_with(kind.begins))
    };
    let found = KINDS.iter().find(begins).map(|kind| kind.forms);
    found.or_else(|| markup(bytes))
}

fn markup(bytes: &[u8]) -> Option<&'static [Form]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = bytes.trim_ascii_start();
    let begins = |begin: &str| {
        text.get(..begin.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(begin.as_bytes()))
    };
    let mut found = MARKUP.iter().filter(|(begin, _)| begins(begin));
    found.next().map(|(_, forms)| *forms)
}
