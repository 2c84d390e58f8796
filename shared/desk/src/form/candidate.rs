//! Whom or what a field for a department or an agent can name, and who is told.

use tenancy::RealmId;
use tenancy::port::{DbError, FromValue, Row, Value};
use tenancy::realm::Path;

use super::store::json_of;
use super::{Field, Kind};

/// A department or an agent that a field can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it is chosen by: a department's id, an agent's address.
    pub key: String,
    /// What people read.
    pub name: String,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Where that realm stands.
    pub path: Path,
    /// Whether everybody may know of it; of agents none.
    pub is_public: bool,
}

impl Field {
    /// Offers those whom somebody sees besides those that are public. Until then nobody else is
    /// offered, so that a door that forgets it tells too little and never too much.
    pub fn reveal(&mut self, sees: impl Fn(&Candidate) -> bool) {
        let seen = self.candidates.iter().filter(|it| it.is_public || sees(it));
        if matches!(self.kind, Kind::Department | Kind::Agent) {
            self.options.choices = seen.map(|it| (it.key.clone(), it.name.clone())).collect();
        }
    }
}

/// The candidates in a row that has them, in the order of their names.
pub(super) fn candidates(row: &Row) -> Result<Vec<Candidate>, DbError> {
    let listed = json_of(row, "items")?;
    let corrupt = || DbError::Corrupt("field.candidates".to_owned());
    let candidate = |it: &serde_json::Value| {
        let text = |at: usize| it[at].as_str().map(str::to_owned);
        Some(Candidate {
            key: text(0)?,
            name: text(1)?,
            realm: RealmId(it[2].as_i64()?),
            path: Path::from_value(&Value::Text(text(3)?))?,
            is_public: it[4].as_i64() == Some(1),
        })
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    for found in listed.as_array().into_iter().flatten() {
        let found = candidate(found).ok_or_else(corrupt)?;
        let place = |it: &Candidate| (it.name.to_lowercase(), it.key.clone());
        // Put in one by one, as the items of lists are.
        let at = candidates.partition_point(|before| place(before) < place(&found));
        candidates.insert(at, found);
    }
    Ok(candidates)
}
