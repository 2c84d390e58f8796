//! Files: what is sent along with a message.
//!
//! A file is judged by its name and by its content, kept under its SHA-256, and hangs on an
//! entry. One that is refused is left out and told of in a note, so that nothing is lost
//! silently and no ticket fails for its files (osTicket drops them softly).

mod kind;
mod name;
mod store;

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use tenancy::platform::Platform;
use tenancy::port::{DbError, Random};
use tenancy::token::content_address;
use tenancy::{Id, Scope, Statement, Timestamp};

use crate::form::Options;
use crate::setting::{Key, Settings};
use crate::ticket::{self, OpeningEntry};

pub use kind::{extension_of_type, extensions_of_group};
pub(crate) use store::keep;
pub use store::{Attachment, find, find_for_work, of_ticket};

/// The most a file may ever have, in bytes: what a body of 12 MB carries in base64.
pub const LARGEST_FILE: usize = 9_000_000;
/// The most files of one message.
pub const MOST_FILES: usize = 32;

/// A file as it was sent, nothing checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The name it was given.
    pub name: String,
    /// Its bytes, or why they could not be read.
    pub bytes: Result<Arc<[u8]>, Unfit>,
}

/// Why a file is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Its bytes were to be base64 and are not.
    BadBase64,
    /// Its name or its content is of a type that is not taken.
    NotAllowed,
    /// It is larger than the realm takes.
    TooLarge,
    /// There are too many beside it.
    TooMany,
}

impl Unfit {
    /// osTicket's words for it.
    fn words(self) -> &'static str {
        match self {
            Self::BadBase64 => "Poorly encoded base64 data",
            Self::NotAllowed => "File type is not allowed",
            Self::TooLarge => "File size is too large",
            Self::TooMany => "Unable to save file",
        }
    }
}

/// What a realm takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    largest: usize,
    most: usize,
    /// Lower case; an empty list means any.
    extensions: Vec<String>,
}

impl Limits {
    /// The most bytes that a file may have; 0 takes none.
    pub fn largest(&self) -> usize {
        self.largest
    }

    /// The endings of names that are taken, lower case; none for any.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The most files that are taken.
    pub fn most(&self) -> usize {
        self.most
    }

    /// The limits of a field that files are attached to: what the realm takes, and what the field
    /// narrows that to. Where the two have no type in common, nothing is taken.
    #[must_use]
    pub fn narrowed(&self, options: &Options) -> Self {
        let listed = options.pattern.split(',').filter(|name| !name.is_empty());
        let own: Vec<String> = listed.map(str::to_owned).collect();
        let is_taken = |name: &String| self.extensions.is_empty() || self.extensions.contains(name);
        let both: Vec<String> = own.iter().filter(|name| is_taken(name)).cloned().collect();
        let nothing = both.is_empty() && !own.is_empty();
        let largest = options.longest.unwrap_or(self.largest).min(self.largest);
        Self {
            largest: if nothing { 0 } else { largest },
            most: options.rows.map_or(self.most, usize::from).min(self.most),
            extensions: if own.is_empty() {
                self.extensions.clone()
            } else {
                both
            },
        }
    }

    /// The limits as they are set for a realm.
    pub fn of(settings: &Settings) -> Self {
        let listed = settings.text(Key::FileTypes);
        let extensions = listed.split(',').filter(|name| !name.is_empty());
        Self {
            largest: settings.text(Key::LargestFile).parse().unwrap_or(0),
            most: MOST_FILES,
            extensions: extensions.map(str::to_owned).collect(),
        }
    }
}

/// The files of one message: those that are taken, and what is told of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    taken: Vec<File>,
    refused: Vec<Refused>,
}

/// A file that is left out. As text it is told of in osTicket's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its name, made harmless.
    pub name: String,
    /// Why it is left out.
    pub why: Unfit,
}

impl Display for Refused {
    fn fmt(&self, text: &mut Formatter<'_>) -> fmt::Result {
        write!(text, "{}: {}", self.name, self.why.words())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    name: String,
    content_type: &'static str,
    sha256: String,
    bytes: Arc<[u8]>,
    /// The field it was attached to, where that was not the message.
    field: Option<i64>,
}

impl Files {
    /// Judges what was sent.
    pub fn judge(sent: &[Sent], limits: &Limits) -> Self {
        let mut files = Self::default();
        for sent in sent {
            let name = name::harmless(&sent.name);
            match files.check(&name, sent, limits) {
                Ok(file) => files.taken.push(file),
                Err(why) => files.refused.push(Refused { name, why }),
            }
        }
        files
    }

    /// The names of those that are taken.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.taken.iter().map(|file| file.name.as_str())
    }

    /// The same, with those that were attached to a field.
    #[must_use]
    pub fn with_those_of(mut self, field: i64, files: &Self) -> Self {
        let attached = files.taken.iter().map(|file| File {
            field: Some(field),
            ..file.clone()
        });
        self.taken.extend(attached);
        self
    }

    /// Those that are left out.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// What is told of them, a line each.
    pub fn told(&self) -> String {
        let lines: Vec<String> = self.refused.iter().map(Refused::to_string).collect();
        lines.join("\n")
    }

    fn check(&self, name: &str, sent: &Sent, limits: &Limits) -> Result<File, Unfit> {
        let bytes = sent.bytes.clone()?;
        if bytes.len() > limits.largest {
            return Err(Unfit::TooLarge);
        }
        if self.taken.len() >= limits.most {
            return Err(Unfit::TooMany);
        }
        if !kind::is_allowed(name, &bytes, &limits.extensions) {
            return Err(Unfit::NotAllowed);
        }
        Ok(File {
            content_type: kind::content_type(name, &bytes),
            name: name.to_owned(),
            sha256: content_address(&bytes),
            bytes,
            field: None,
        })
    }

    /// The statements that append an entry with these files on it, and after it a note that tells
    /// the agents of those that were left out.
    pub(crate) fn append(
        &self,
        scope: &Scope,
        entry: &OpeningEntry<'_>,
        random: &dyn Random,
    ) -> Vec<Statement> {
        let mut batch = ticket::append(scope, entry).to_vec();
        // Ids of one moment are in no order, so each file counts as a moment later.
        for (moment, file) in (0i64..).zip(&self.taken) {
            batch.extend(keep(scope, &file.sha256, &file.bytes, entry.now));
            let id = Id::new(entry.now + moment, random);
            batch.push(store::attach(scope, entry, &id, file));
        }
        if let Some(told) = self.note() {
            batch.extend(ticket::append_beside(
                scope,
                entry,
                ticket::SYSTEM_NOTE,
                &told,
                random,
            ));
        }
        batch
    }

    /// What is told of the files that are left out, if any.
    fn note(&self) -> Option<String> {
        (!self.refused.is_empty()).then(|| format!("File Import Error\n\n{}", self.told()))
    }
}

/// How long bytes may lie there without anything that refers to them, in milliseconds: much longer
/// than any request takes that is still writing them.
const UNREFERRED_FOR: i64 = 24 * 60 * 60 * 1000;

/// The statements that remove bytes which nothing refers to: those of tickets that were refused
/// after their files had gone ahead. They may run as often as they like.
pub(crate) fn settle(platform: &Platform, now: Timestamp) -> [Statement; 3] {
    store::settle(platform, now + -UNREFERRED_FOR)
}

/// Reads a file whole: one round trip for most, and another for every three chunks more.
///
/// # Errors
/// The database's, or [`DbError::Corrupt`] when a chunk is missing.
pub async fn read(scope: &Scope, file: &Attachment) -> Result<Vec<u8>, DbError> {
    let mut bytes = Vec::new();
    let mut position = 0;
    while i64::try_from(bytes.len()).is_ok_and(|read| read < file.size) {
        let (chunks,) = scope.read((store::chunks(scope, file, position),)).await?;
        if chunks.is_empty() {
            return Err(DbError::Corrupt("file_chunk: one is missing".to_owned()));
        }
        position += store::CHUNKS_A_TRIP;
        bytes.extend(chunks.concat());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(largest: usize, extensions: &[&str]) -> Limits {
        Limits {
            largest,
            most: MOST_FILES,
            extensions: extensions.iter().map(ToString::to_string).collect(),
        }
    }

    fn sent(name: &str, bytes: &[u8]) -> Sent {
        Sent {
            name: name.to_owned(),
            bytes: Ok(bytes.into()),
        }
    }

    fn judged(sent: &Sent, limits: &Limits) -> String {
        let files = Files::judge(std::slice::from_ref(sent), limits);
        let taken = files
            .taken
            .iter()
            .map(|file| format!("{} {}", file.name, file.content_type));
        taken.chain([files.told()]).collect()
    }

    #[test]
    fn a_file_is_judged_by_its_size_its_name_and_its_content() {
        let pictures = limits(20, &["png", "jpg", "jpeg"]);
        let png = b"\x89PNG\r\n\x1a\n....";
        let check = |sent: &Sent, expected: &str| assert_eq!(judged(sent, &pictures), expected);
        check(&sent("a.png", png), "a.png image/png");
        check(&sent("A.PNG", png), "A.PNG image/png");
        check(&sent("a.jpg", png), "a.jpg image/png");
        check(&sent("a.exe", png), "a.exe: File type is not allowed");
        check(&sent("a", png), "a: File type is not allowed");
        check(
            &sent("a.png", b"MZ......"),
            "a.png: File type is not allowed",
        );
        check(
            &sent("a.png", b"<script>"),
            "a.png: File type is not allowed",
        );
        check(&sent("a.png", &[0; 21]), "a.png: File size is too large");
        let broken = Sent {
            bytes: Err(Unfit::BadBase64),
            ..sent("../a.png", b"")
        };
        check(&broken, "a.png: Poorly encoded base64 data");
    }

    #[test]
    fn where_nothing_is_listed_every_type_is_taken_for_what_it_is() {
        let any = limits(LARGEST_FILE, &[]);
        let check = |name: &str, bytes: &[u8], expected: &str| {
            assert_eq!(judged(&sent(name, bytes), &any), expected);
        };
        check("a.exe", b"MZ...", "a.exe application/x-msdownload");
        check("page.txt", b"<HTML>x", "page.txt text/html");
        check(
            "a.docx",
            b"PK\x03\x04",
            concat!(
                "a.docx application/vnd.openxmlformats-",
                "officedocument.wordprocessingml.document"
            ),
        );
        check("a.png", b"PK\x03\x04", "a.png application/zip");
        check("a.csv", "a;ü".as_bytes(), "a.csv text/csv");
        check("a.csv", b"a;\xfc", "a.csv application/octet-stream");
        check("a.unheard-of", b"plain", "a.unheard-of text/plain");
        check("empty", b"", "empty text/plain");
    }

    #[test]
    fn too_many_are_told_of() {
        let many = vec![sent("a.txt", b"x"); MOST_FILES + 1];
        let files = Files::judge(&many, &limits(10, &[]));
        assert_eq!(files.taken.len(), MOST_FILES);
        let told = "File Import Error\n\na.txt: Unable to save file";
        assert_eq!(files.note().as_deref(), Some(told));
    }

    #[test]
    fn fo_3_a_field_takes_what_it_says_of_what_the_realm_takes() {
        let options = |types: &str, longest, rows| Options {
            pattern: types.to_owned(),
            longest,
            rows,
            ..Options::default()
        };
        let of_realm = limits(20, &["pdf", "png"]);
        let check = |options, largest, most, extensions: &[&str]| {
            let narrowed = of_realm.narrowed(&options);
            assert_eq!((narrowed.largest, narrowed.most), (largest, most));
            assert_eq!(narrowed.extensions, extensions);
        };
        check(options("", None, None), 20, MOST_FILES, &["pdf", "png"]);
        check(options("pdf,exe", Some(5), Some(1)), 5, 1, &["pdf"]);
        check(
            options("", Some(50), Some(200)),
            20,
            MOST_FILES,
            &["pdf", "png"],
        );
        check(options("exe", None, None), 0, MOST_FILES, &[]);
        let any = limits(20, &[]).narrowed(&options("exe", None, None));
        assert_eq!((any.largest, any.extensions), (20, vec!["exe".to_owned()]));
    }
}
