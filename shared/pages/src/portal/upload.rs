//! Where files are chosen.

use super::ticket::size;

/// Where files are chosen, to go along with what is typed.
#[derive(Debug, Clone, Default)]
pub struct Upload<'a> {
    /// The field that asks for them; none for those of the message.
    pub of: Option<UploadField<'a>>,
    /// The most bytes that a file may have; 0 where none is taken, and the form asks for none.
    pub largest: i64,
    /// How many are taken.
    pub most: usize,
    /// The endings of names that are taken; none for any.
    pub extensions: Vec<&'a str>,
    /// What is wrong with those that were sent.
    pub problems: Vec<FileProblem<'a>>,
    /// Whether files were sent that have to be chosen again, since nothing was kept.
    pub is_lost: bool,
}

/// A field of a form that files are attached to.
#[derive(Debug, Clone)]
pub struct UploadField<'a> {
    /// What the form sends them as; also its `id`.
    pub id: String,
    pub label: &'a str,
    pub hint: &'a str,
    pub is_required: bool,
    /// Whether none was sent and one must be.
    pub is_missing: bool,
}

impl Upload<'_> {
    /// Returns what the form sends the files as; also the field's `id`.
    pub fn id(&self) -> &str {
        self.of.as_ref().map_or("files", |field| &field.id)
    }

    /// Returns whether none was sent and one must be.
    pub fn is_missing(&self) -> bool {
        self.of.as_ref().is_some_and(|field| field.is_missing)
    }

    /// Returns the largest size as people say it.
    pub fn size(&self) -> String {
        size(self.largest)
    }

    /// Returns the endings as `<input accept>` wants them.
    pub fn accept(&self) -> String {
        let dotted: Vec<String> = self.extensions.iter().map(|it| format!(".{it}")).collect();
        dotted.join(",")
    }

    /// Returns the endings as people read them.
    pub fn endings(&self) -> String {
        self.extensions.join(", ")
    }

    /// Returns the ids of what describes the field.
    pub fn described_by(&self) -> String {
        let id = self.id();
        let parts = [
            ("hint", true),
            ("problem", !self.problems.is_empty() || self.is_missing()),
            ("lost", self.is_lost),
        ];
        let shown = parts.iter().filter(|(_, is_shown)| *is_shown);
        let ids: Vec<String> = shown.map(|(part, _)| format!("{id}-{part}")).collect();
        ids.join(" ")
    }
}

/// A file that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileProblem<'a> {
    pub name: &'a str,
    pub why: Unfit,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Its name or its content is of a type that is not taken.
    NotAllowed,
    TooLarge,
    /// There are too many beside it.
    TooMany,
}
