//! The files of a posted form, and the field they are chosen in.

use crate::form::Submitted;
use desk::file::{Files, Limits, Refused, Sent, Unfit};
use pages::portal::{FileProblem, Unfit as ShownUnfit, Upload};

/// The field that forms send files as.
const FIELD: &str = "files";

/// What was sent along with a form, and what the realm takes.
pub struct Uploaded {
    limits: Limits,
    sent: Vec<Sent>,
    files: Files,
}

impl Uploaded {
    /// Before anything was sent.
    pub fn nothing(limits: Limits) -> Self {
        Self {
            limits,
            sent: Vec::new(),
            files: Files::default(),
        }
    }

    /// Judges what was sent.
    pub fn of(posted: &Submitted, limits: Limits) -> Self {
        let sent = posted.sent(FIELD);
        Self {
            files: Files::judge(&sent, &limits),
            limits,
            sent,
        }
    }

    /// Whether all of it is taken: whoever fills in a form can choose another file, so nothing is
    /// left out behind their back.
    pub fn is_taken(&self) -> bool {
        self.files.refused().is_empty()
    }

    /// What is taken.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The field on a page that stores nothing, so that files are to be chosen anew.
    pub fn field(&self) -> Upload<'_> {
        Upload {
            largest: i64::try_from(self.limits.largest()).unwrap_or(i64::MAX),
            extensions: self
                .limits
                .extensions()
                .iter()
                .map(String::as_str)
                .collect(),
            problems: self.files.refused().iter().map(problem).collect(),
            is_lost: !self.sent.is_empty(),
        }
    }
}

fn problem(refused: &Refused) -> FileProblem<'_> {
    FileProblem {
        name: &refused.name,
        why: match refused.why {
            Unfit::NotAllowed | Unfit::BadBase64 => ShownUnfit::NotAllowed,
            Unfit::TooLarge => ShownUnfit::TooLarge,
            Unfit::TooMany => ShownUnfit::TooMany,
        },
    }
}
