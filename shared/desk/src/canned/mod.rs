//! Canned replies: answers that are given again and again, by agents and by filters.
//!
//! They belong to a realm and count for the realms below it, too. Their variables are those of
//! the mail that takes them to a user, and are filled when they are used.

mod store;

use tenancy::RealmId;
use tenancy::port::DbError;
use tenancy::realm::Path;

use crate::template::{Code, Problem, Template};

pub use store::{add, change, delete, kept};

/// Most canned replies of a tenant.
pub const MOST_CANNED: i64 = 1000;
/// Longest title, in characters.
pub const LONGEST_TITLE: usize = 128;

/// A canned reply as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: i64,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Where that realm stands.
    pub path: Path,
    /// The department it is for; none where it is for all.
    pub department: Option<i64>,
    /// What agents find it under.
    pub title: String,
    /// What it says, with variables.
    pub text: String,
    /// Whether it can be used.
    pub is_active: bool,
    /// Tells this reading from later ones.
    pub version: i64,
}

/// A canned reply about to be added, or as it is to be.
#[derive(Clone, Debug)]
pub struct NewCanned<'a> {
    /// What agents find it under, 1 to [`LONGEST_TITLE`] characters; unique in its realm.
    pub title: &'a str,
    /// What it says.
    pub text: &'a str,
    /// The department it is for.
    pub department: Option<i64>,
    /// The fields that tickets of its realm may be asked for, which it can name.
    pub fields: &'a [(String, String)],
}

/// Why a canned reply was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The title is empty or too long.
    Title,
    /// The text is missing or too long.
    Text,
    /// Variables that it cannot be filled with, each once.
    Unknown(Vec<String>),
    /// There is one of this title in the realm.
    Taken,
    /// The tenant has [`MOST_CANNED`] already.
    Full,
    /// Somebody else changed it first.
    Stale,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that writes a canned reply was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Stale => Refused::Stale,
        DbError::Duplicate(columns) if columns.contains("canned_reply.title") => Refused::Taken,
        DbError::Missing(column) if column == "canned_reply.canned_reply_id" => Refused::Full,
        error @ (DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Dangling
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

/// The names of the variables that canned replies can have, with those of the fields that tickets
/// of their realm may be asked for: names and labels.
pub fn variables(fields: &[(String, String)]) -> Vec<String> {
    let facts = Code::TicketAutoreply.sample_with(fields);
    let names = facts.names().into_iter();
    let own = names.filter(|name| *name != "response");
    own.map(str::to_owned).collect()
}

impl NewCanned<'_> {
    /// The text as it is stored.
    fn checked(&self) -> Result<String, Refused> {
        let length = self.title.trim().chars().count();
        if !(1..=LONGEST_TITLE).contains(&length) || self.title.chars().any(char::is_control) {
            return Err(Refused::Title);
        }
        // A reply that holds the reply would never end.
        let template = Template::checked("x", self.text);
        let facts = Code::TicketAutoreply.sample_with(self.fields);
        let known = template.and_then(|template| template.known_to(&facts));
        match known {
            Ok(template) if template.names("response") => {
                Err(Refused::Unknown(vec!["response".to_owned()]))
            }
            Ok(template) => Ok(template.text),
            Err(Problem::Unknown(names)) => Err(Refused::Unknown(names)),
            Err(Problem::Subject | Problem::Text) => Err(Refused::Text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(title: &str, text: &str) -> Result<String, Refused> {
        let department = None;
        NewCanned {
            title,
            text,
            department,
            fields: &[("asset".to_owned(), "Asset".to_owned())],
        }
        .checked()
    }

    #[test]
    fn kb_1_a_text_names_what_it_can_be_filled_with() {
        let fit = "Dear %{recipient.name.first},\r\n#%{ticket.number} %{ticket.asset}";
        assert_eq!(checked("Hello", fit), Ok(fit.replace("\r\n", "\n")));
        for name in ["moon", "response", "staff.name"] {
            let unknown = Refused::Unknown(vec![name.to_owned()]);
            assert_eq!(checked("Hello", &format!("%{{{name}}}")), Err(unknown));
            assert!(variables(&[]).iter().all(|known| known != name));
        }
        assert_eq!(checked(" ", "x"), Err(Refused::Title));
        assert_eq!(checked(&"x".repeat(129), "x"), Err(Refused::Title));
        assert_eq!(checked("Hello", " "), Err(Refused::Text));
    }
}
