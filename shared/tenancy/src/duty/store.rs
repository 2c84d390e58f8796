//! How duties are read: as two JSON lists in the one row that tells where an agent stands.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Id;
use crate::policy::Keys;
use crate::port::{DbError, FromValue, Row, Value};
use crate::realm::Path;

use super::{Band, Capacity, Duties, HeldRole, Post};

#[derive(Deserialize)]
struct StoredPost {
    id: i64,
    name: String,
    path: String,
    is_member: i64,
    role: Option<String>,
    keys: Option<String>,
}

#[derive(Deserialize)]
struct StoredBand {
    id: i64,
    name: String,
    path: String,
}

impl Duties {
    /// Reads the columns `agent_id`, `is_limited`, `posts` and `bands`.
    pub(crate) fn from_row(row: &Row) -> Result<Self, DbError> {
        let posts: Vec<StoredPost> = list(row, "posts")?;
        let bands: Vec<StoredBand> = list(row, "bands")?;
        let mut posts = posts
            .into_iter()
            .map(Post::of)
            .collect::<Result<Vec<_>, _>>()?;
        // A member who manages the department too stands there twice, as a member first.
        posts.sort_by_key(|post| (post.department, post.capacity == Capacity::Manager));
        posts.dedup_by_key(|post| post.department);
        let bands = bands.into_iter().map(Band::of);
        Ok(Self {
            agent: Some(row.get::<Id>("agent_id")?),
            is_limited: row.get("is_limited")?,
            posts,
            bands: bands.collect::<Result<_, _>>()?,
        })
    }
}

fn list<T: DeserializeOwned>(row: &Row, column: &str) -> Result<Vec<T>, DbError> {
    let stored: String = row.get(column)?;
    serde_json::from_str(&stored).map_err(|error| DbError::Corrupt(format!("{column}: {error}")))
}

impl Post {
    fn of(stored: StoredPost) -> Result<Self, DbError> {
        let keys = stored.keys.map(|keys| parsed::<Keys<_>>(&keys, "keys"));
        let held = stored.role.zip(keys.transpose()?);
        let capacity = match held {
            Some((name, keys)) => Capacity::Holding(HeldRole { name, keys }),
            None if stored.is_member == 1 => Capacity::Member,
            None => Capacity::Manager,
        };
        Ok(Self {
            department: stored.id,
            name: stored.name,
            capacity,
            path: parsed(&stored.path, "path")?,
        })
    }
}

impl Band {
    fn of(stored: StoredBand) -> Result<Self, DbError> {
        Ok(Self {
            team: stored.id,
            name: stored.name,
            path: parsed::<Path>(&stored.path, "path")?,
        })
    }
}

fn parsed<T: FromValue>(text: &str, what: &str) -> Result<T, DbError> {
    let corrupt = || DbError::Corrupt(format!("{what}: {text}"));
    T::from_value(&Value::from(text)).ok_or_else(corrupt)
}
