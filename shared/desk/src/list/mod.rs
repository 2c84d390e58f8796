//! Lists: what fields offer, kept apart so that several fields can offer it.
//!
//! A list belongs to a realm and is offered to the forms of that realm and of those below it.

mod store;

use tenancy::RealmId;
use tenancy::port::DbError;
use tenancy::realm::Path;

pub use store::{
    add, change, change_item, described, import, items, kept, order, remove, remove_item,
};

/// Most items that a list can offer.
pub const MOST_ITEMS: usize = 2_000;
/// Longest value, abbreviation and name, in characters.
pub const LONGEST: usize = 255;

/// In which order a list offers its items (osTicket's).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ordering {
    /// By their values.
    #[default]
    Alpha,
    /// By their values, backwards.
    Backwards,
    /// By hand.
    Manual,
}

impl Ordering {
    /// Every ordering.
    pub const ALL: [Self; 3] = [Self::Alpha, Self::Backwards, Self::Manual];

    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Backwards => "-alpha",
            Self::Manual => "manual",
        }
    }

    /// The ordering with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A list as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: i64,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Where that realm stands.
    pub path: Path,
    /// What one of its items is called.
    pub name: String,
    /// What many are called; empty where nobody said.
    pub plural: String,
    /// In which order it offers them.
    pub ordering: Ordering,
    /// How many there are.
    pub items: i64,
    /// How many fields offer it.
    pub fields: i64,
    /// The form that says which properties its items have.
    pub form: Option<i64>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id, among those of its list.
    pub id: i64,
    /// What people choose.
    pub value: String,
    /// What it is called for short (osTicket's extra); may be empty.
    pub abbreviation: String,
    /// Whether it is offered.
    pub is_active: bool,
}

/// An item of a list, for whoever fills in its properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What people choose.
    pub value: String,
    /// What its list calls one of its items.
    pub list: String,
    /// How often its properties were changed.
    pub version: i64,
}

/// A list about to be added, or as it is to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewList<'a> {
    /// What one of its items is called.
    pub name: &'a str,
    /// What many are called.
    pub plural: &'a str,
    /// In which order it offers them.
    pub ordering: Ordering,
}

/// An item about to be added, or as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// What people choose.
    pub value: String,
    /// What it is called for short.
    pub abbreviation: String,
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty, or a name is too long.
    Name,
    /// There is one of this name or value.
    Taken,
    /// An item is empty, too long or there twice, or there are too many.
    Items,
    /// A field offers the list.
    InUse,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that changes lists was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Duplicate(_) => Refused::Taken,
        DbError::Dangling => Refused::InUse,
        error @ (DbError::Stale
        | DbError::Missing(_)
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

impl NewList<'_> {
    fn check(&self) -> Result<(), Refused> {
        let is_named = (1..=LONGEST).contains(&self.name.trim().chars().count());
        let is_short = self.plural.trim().chars().count() <= LONGEST;
        let is_text = !self.name.contains('\0') && !self.plural.contains('\0');
        (is_named && is_short && is_text)
            .then_some(())
            .ok_or(Refused::Name)
    }
}

impl NewItem {
    fn is_fit(&self) -> bool {
        let length = |text: &str| text.chars().count();
        let is_text = !self.value.contains('\0') && !self.abbreviation.contains('\0');
        (1..=LONGEST).contains(&length(&self.value))
            && length(&self.abbreviation) <= LONGEST
            && is_text
    }
}

/// Reads items that were pasted: one a line, as its value, or as its value, a comma and its
/// abbreviation; in quotes, as spreadsheets write it, a value may hold commas.
///
/// # Errors
/// [`Refused::Items`] for one that is empty, too long or there twice, for too many, and for none.
pub fn pasted(text: &str) -> Result<Vec<NewItem>, Refused> {
    let mut items: Vec<NewItem> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (value, rest) = cell(line);
        let item = NewItem {
            value,
            abbreviation: cell(rest).0,
        };
        let is_known = items.iter().any(|known| known.value == item.value);
        if is_known || !item.is_fit() || items.len() == MOST_ITEMS {
            return Err(Refused::Items);
        }
        items.push(item);
    }
    if items.is_empty() {
        Err(Refused::Items)
    } else {
        Ok(items)
    }
}

/// The first cell of a line, and what follows it.
fn cell(line: &str) -> (String, &str) {
    let line = line.trim_start();
    let Some(quoted) = line.strip_prefix('"') else {
        let (cell, rest) = line.split_once([',', '\t']).unwrap_or((line, ""));
        return (cell.trim().to_owned(), rest);
    };
    let mut cell = String::new();
    let mut rest = quoted;
    while let Some((part, after)) = rest.split_once('"') {
        cell.push_str(part);
        // Two quotes stand for one of them.
        let Some(after) = after.strip_prefix('"') else {
            let (_, next) = after.split_once([',', '\t']).unwrap_or_default();
            return (cell.trim().to_owned(), next);
        };
        cell.push('"');
        rest = after;
    }
    ((cell + rest).trim().to_owned(), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let items = pasted(text).unwrap().into_iter();
        items.map(|item| (item.value, item.abbreviation)).collect()
    }

    fn pair(value: &str, abbreviation: &str) -> (String, String) {
        (value.to_owned(), abbreviation.to_owned())
    }

    #[test]
    fn fo_6_items_are_pasted_as_lines_or_as_a_spreadsheet_writes_them() {
        let text =
            "Desk lamp\r\n\r\n Chair , CH \nMonitor\tMO\n\"Keyboard, \"\"German\"\"\",\"KB,G\"\n";
        let expected = [
            pair("Desk lamp", ""),
            pair("Chair", "CH"),
            pair("Monitor", "MO"),
            pair("Keyboard, \"German\"", "KB,G"),
        ];
        assert_eq!(read(text), expected);
        assert_eq!(read("\"open"), [pair("open", "")]);
        assert_eq!(read("\"at the end\"\"\""), [pair("at the end\"", "")]);
    }

    #[test]
    fn items_that_cannot_be_told_apart_are_refused() {
        let long = "x".repeat(LONGEST + 1);
        for text in ["", " \n", ",CH", "a\na", &long, &format!("a,{long}"), "a\0"] {
            assert_eq!(pasted(text), Err(Refused::Items), "{text}");
        }
        let many: Vec<String> = (0..=MOST_ITEMS).map(|it| it.to_string()).collect();
        assert_eq!(pasted(&many.join("\n")), Err(Refused::Items));
        assert_eq!(pasted(&many[1..].join("\n")).unwrap().len(), MOST_ITEMS);
    }
}
