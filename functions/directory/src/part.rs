//! The part of the tree that a list shows: a realm with all below it, as far as they are held.

use serde::Deserialize;
use tenancy::peer;
use tenancy::policy::Act;
use tenancy::principal::Agent;
use tenancy::realm::{self, Path};
use tenancy::scope::And;
use tenancy::{Query, RealmId, Scope, Sight};
use web::administering::{enter, granted, held, realm_id};
use web::ground::Ground;
use web::{Failure, Visit};

/// So many things stand on one page.
const PAGE: usize = 100;

/// What is listed, which page of it, and what was done before.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    pub(crate) r#in: String,
    pub(crate) q: String,
    at: String,
    after: String,
    pub(crate) done: String,
    pub(crate) undo: String,
}

/// Where a page begins: behind something of a realm, by what the list is sorted by.
pub(crate) type Behind<'a> = Option<(&'a Path, &'a str)>;

/// A page of a list.
pub(crate) struct Listed<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) has_more: bool,
    pub(crate) is_continued: bool,
}

impl<T> Listed<T> {
    fn new(mut rows: Vec<T>, is_continued: bool) -> Self {
        let has_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        Self {
            rows,
            has_more,
            is_continued,
        }
    }

    /// The address of the next page, by the realm and the key of the last thing on this one.
    pub(crate) fn next(
        &self,
        list: &str,
        realm: RealmId,
        search: &str,
        place: impl FnOnce(&T) -> (RealmId, &str),
    ) -> Option<String> {
        let (at, key) = place(self.rows.last().filter(|_| self.has_more)?);
        Some(pages::url::behind(list, &realm.0, search, &at.0, key))
    }
}

fn most() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}

/// Lets an administrator in, and lists what they ask for. What lies in realms that they do not
/// hold answers like nothing.
pub(crate) async fn listed<A: Act, T>(
    visit: Visit,
    wanted: &Wanted,
    list: impl Fn(&Scope, &Sight, Behind<'_>, i64) -> Query<T>,
) -> Result<(Ground<A>, Listed<T>), Failure> {
    let (mut desk, (head, at)) = enter(visit, |scope| {
        let head = peer::realm(scope, realm_id(&wanted.r#in));
        (head, peer::realm(scope, realm_id(&wanted.at)))
    })
    .await?;
    let (id, path) = if wanted.r#in.is_empty() {
        let own = desk.agent.standing().ok_or(Failure::NotFound)?.primary();
        (own.realm, own.path.clone())
    } else {
        let head = held(&desk, head).ok_or(Failure::NotFound)?;
        (head.id, head.path)
    };
    let at = match wanted.at.as_str() {
        "" => None,
        _ => Some(held(&desk, at).ok_or(Failure::NotFound)?.path),
    };
    let behind = at.as_ref().map(|at| (at, wanted.after.as_str()));
    let queries = |agent: &Agent, scope: &Scope| {
        let sight = agent.holdings().within(&path, None);
        let realm = (realm::find(scope, id), realm::above(scope, id));
        And(realm, (list(scope, &sight, behind, most()),))
    };
    let ((found, above), (rows,)) = desk.look(queries).await?;
    let realm = granted(&desk, found)?;
    let ground = Ground { desk, realm, above };
    Ok((ground, Listed::new(rows, behind.is_some())))
}

/// The first page of a list, for a form that comes back.
pub(crate) async fn anew<A: Act, T>(
    ground: &mut Ground<A>,
    list: impl Fn(&Scope, &Sight, Behind<'_>, i64) -> Query<T>,
) -> Result<Listed<T>, Failure> {
    let Ground { desk, above, .. } = ground;
    let path = above.last().ok_or(Failure::NotFound)?.path.clone();
    let queries = |agent: &Agent, scope: &Scope| {
        let sight = agent.holdings().within(&path, None);
        (list(scope, &sight, None, most()),)
    };
    let (rows,) = desk.look(queries).await?;
    Ok(Listed::new(rows, false))
}
