//! How statements are made: always for one tenant, and where it matters for one sight.
//!
//! `?1` is the tenant in every statement; in a statement over a separated table `?2` is the
//! sight. Nothing outside this crate can make a statement any other way, and a test parses all
//! text given to [`sql!`](crate::sql) to see that it keeps to that.

mod ahead;

use std::borrow::Cow;
use std::sync::Arc;

use crate::policy::Granted;
use crate::port::{BatchStatement, Database, DbError, FromValue, Row, Rows, Runtime, Value};
use crate::realm::Realm;
use crate::site::Site;
use crate::{RealmId, Sight, TenantId};

/// SQL text of the product, made only by [`sql!`](crate::sql), where the SQL audit finds it.
#[derive(Clone, Debug)]
pub struct Sql(Cow<'static, str>);

impl Sql {
    /// For the [`sql!`](crate::sql) macro alone.
    #[doc(hidden)]
    pub const fn literal(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// For `desk`'s queue criteria alone, which compile closed enums; the SQL audit reads every
    /// text they can give.
    #[doc(hidden)]
    pub fn compiled(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

/// Marks SQL text, so that the SQL audit finds it: one statement, `?1` the tenant.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::scope::Sql::literal($text)
    };
}

/// What a request can come through before its tenant is known.
///
/// The database resolves it inside the very statements that need the tenant, so that finding
/// the tenant costs no round trip of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// A portal's host name, lower case, without port.
    PortalHost(String),
    /// The SHA-256 of an API key, in hex.
    ApiKey(String),
    /// An inbound mail address, lower case.
    MailAddress(String),
}

impl Door {
    /// The text that takes the place of `?1`, which then is the door's key.
    fn tenant_sql(&self) -> &'static str {
        match self {
            Self::PortalHost(_) => "(SELECT tenant_id FROM portal_host WHERE host = ?1)",
            Self::ApiKey(_) => "(SELECT tenant_id FROM api_key WHERE key_hash = ?1)",
            Self::MailAddress(_) => "(SELECT tenant_id FROM mail_address WHERE address = ?1)",
        }
    }

    /// The text that takes the place of `?2` in a statement about the door's realm.
    fn realm_sql(&self) -> &'static str {
        match self {
            Self::PortalHost(_) => "(SELECT realm_id FROM portal_host WHERE host = ?2)",
            Self::ApiKey(_) => "(SELECT realm_id FROM api_key WHERE key_hash = ?2)",
            Self::MailAddress(_) => "(SELECT realm_id FROM mail_address WHERE address = ?2)",
        }
    }

    /// The key that opens the door.
    pub fn key(&self) -> &str {
        match self {
            Self::PortalHost(key) | Self::ApiKey(key) | Self::MailAddress(key) => key,
        }
    }
}

#[derive(Clone)]
enum Reach {
    Tenant(TenantId),
    Site(TenantId, RealmId),
    Behind(Door),
}

/// The reach of one request: the only maker of statements.
#[derive(Clone)]
pub struct Scope {
    database: Arc<dyn Database>,
    reach: Reach,
}

impl Scope {
    /// Reads through a door, whose tenant the database finds.
    pub fn behind(runtime: &Runtime, door: Door) -> Self {
        Self {
            database: Arc::clone(&runtime.database),
            reach: Reach::Behind(door),
        }
    }

    /// Works inside a site that the database has found.
    pub fn of(runtime: &Runtime, site: &Site) -> Self {
        let reach = Reach::Site(site.tenant, site.realm);
        Self {
            database: Arc::clone(&runtime.database),
            reach,
        }
    }

    /// Works inside a realm that was granted, as a site of that realm would.
    #[must_use]
    pub fn at<A>(realm: &Granted<Realm, A>) -> Self {
        Self {
            database: Arc::clone(&realm.scope().database),
            reach: Reach::Site(realm.tenant, realm.id),
        }
    }

    /// Works inside a whole tenant. See [`crate::platform::Platform::enter`].
    pub(crate) fn inside(runtime: &Runtime, tenant: TenantId) -> Self {
        Self {
            database: Arc::clone(&runtime.database),
            reach: Reach::Tenant(tenant),
        }
    }

    /// Starts a statement; `?1` is bound to the tenant, further values follow by
    /// [`Statement::bind`].
    pub fn statement(&self, sql: Sql) -> Statement {
        let (sql, tenant) = match &self.reach {
            Reach::Tenant(tenant) | Reach::Site(tenant, _) => (sql.0, (*tenant).into()),
            Reach::Behind(door) => (
                replace(&sql.0, "?1", door.tenant_sql()).into(),
                door.key().into(),
            ),
        };
        Statement::of(sql, vec![tenant])
    }

    /// Starts a statement about the site's own realm; `?2` is bound to it.
    pub fn local(&self, sql: Sql) -> Statement {
        let mut statement = self.statement(sql);
        match &self.reach {
            Reach::Tenant(_) => statement.bind(Value::Null),
            Reach::Site(_, realm) => statement.bind(*realm),
            Reach::Behind(door) => {
                let sql = replace(&statement.inner.sql, "?2", door.realm_sql());
                statement.inner.sql = sql.into();
                statement.bind(door.key())
            }
        }
    }

    /// Starts a statement over a separated table; `?2` is bound to the viewer's sight.
    pub fn sighted(&self, sight: &Sight, sql: Sql) -> Statement {
        self.statement(sql).bind(sight.to_json())
    }

    /// Runs queries in one round trip and reads the rows of each.
    ///
    /// # Errors
    /// The database's, or [`DbError::Corrupt`] for a row its reader cannot understand.
    pub async fn read<Q: Queries>(&self, queries: Q) -> Result<Q::Answers, DbError> {
        let (batch, readers) = queries.split();
        let answers = self.database.run(batch).await?;
        Q::answers(readers, answers)
    }

    /// Runs a batch in one round trip, all or nothing, and returns the rows of each statement.
    ///
    /// Before a batch with more bytes than a worker can hold go those of its statements that
    /// may be run [ahead](Statement::ahead), in round trips of their own.
    ///
    /// # Errors
    /// The database's; then nothing was written but what may be there by itself.
    pub async fn write(&self, batch: Vec<Statement>) -> Result<Vec<Rows>, DbError> {
        ahead::run(&*self.database, batch).await
    }
}

impl Scope {
    /// Runs a batch and then queries in one round trip, all or nothing: what they find is what
    /// the batch has left.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub async fn write_and_read<Q: Queries>(
        &self,
        batch: Vec<Statement>,
        queries: Q,
    ) -> Result<Q::Answers, DbError> {
        let written = batch.len();
        let (asked, readers) = queries.split();
        let batch = batch.into_iter().map(Statement::into_inner);
        let mut rows = self.database.run(batch.chain(asked).collect()).await?;
        let answers = rows.split_off(written.min(rows.len()));
        Q::answers(readers, answers)
    }
}

/// Puts `replacement` where the placeholder stands (and not where `?1` begins a `?10`).
fn replace(sql: &str, placeholder: &str, replacement: &str) -> String {
    let mut replaced = String::with_capacity(sql.len() + 4 * replacement.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once(placeholder) {
        replaced.push_str(before);
        let is_longer = after.starts_with(|next: char| next.is_ascii_digit());
        replaced.push_str(if is_longer { placeholder } else { replacement });
        rest = after;
    }
    replaced + rest
}

/// One statement with its tenant bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    inner: BatchStatement,
    is_ahead: bool,
}

impl Statement {
    fn of(sql: Cow<'static, str>, values: Vec<Value>) -> Self {
        Self {
            inner: BatchStatement { sql, values },
            is_ahead: false,
        }
    }

    /// Lets it be run before its batch and stay where that fails: for bytes under their own
    /// hash, which nobody sees until something names them.
    #[must_use]
    pub fn ahead(self) -> Self {
        Self {
            is_ahead: true,
            ..self
        }
    }

    /// Binds the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.inner.values.push(value.into());
        self
    }

    /// Says how a row of the answer is read.
    pub fn rows<T>(self, read: fn(&Row) -> Result<T, DbError>) -> Query<T> {
        Query {
            statement: self.inner,
            read,
        }
    }

    /// The statement as the port takes it.
    pub(crate) fn into_inner(self) -> BatchStatement {
        self.inner
    }

    /// For [`crate::platform`], the one other maker of statements.
    pub(crate) fn unscoped(sql: &'static str) -> Self {
        Self::of(sql.into(), Vec::new())
    }
}

/// Reads the first column `column` of a statement's first row, as a `RETURNING` gives it back.
///
/// # Errors
/// [`DbError::Corrupt`] when there is no such row or column.
pub fn returned<T: FromValue>(rows: &[Rows], statement: usize, column: &str) -> Result<T, DbError> {
    let row = rows.get(statement).and_then(|rows| rows.first());
    row.ok_or_else(|| DbError::Corrupt(format!("{column}: no row came back")))?
        .get(column)
}

/// A statement whose rows can be read.
pub struct Query<T> {
    statement: BatchStatement,
    read: fn(&Row) -> Result<T, DbError>,
}

impl<T> Query<T> {
    fn answer(read: fn(&Row) -> Result<T, DbError>, rows: Option<Rows>) -> Result<Vec<T>, DbError> {
        rows.unwrap_or_default().iter().map(read).collect()
    }
}

/// Queries that run in one round trip: a tuple of [`Query`].
pub trait Queries {
    /// How to read the rows of each.
    type Readers;
    /// The rows of each, read.
    type Answers;

    /// Separates the statements from their readers.
    fn split(self) -> (Vec<BatchStatement>, Self::Readers);

    /// Reads the rows of each statement.
    ///
    /// # Errors
    /// [`DbError::Corrupt`] for a row its reader cannot understand.
    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Self::Answers, DbError>;
}

/// Nothing more is asked.
impl Queries for () {
    type Readers = ();
    type Answers = ();

    fn split(self) -> (Vec<BatchStatement>, ()) {
        (Vec::new(), ())
    }

    fn answers((): (), _rows: Vec<Rows>) -> Result<(), DbError> {
        Ok(())
    }
}

/// Two sets of queries in one round trip.
pub struct And<A, B>(pub A, pub B);

impl<A: Queries, B: Queries> Queries for And<A, B> {
    type Readers = (usize, A::Readers, B::Readers);
    type Answers = (A::Answers, B::Answers);

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        let (mut batch, first) = self.0.split();
        let (rest, second) = self.1.split();
        let readers = (batch.len(), first, second);
        batch.extend(rest);
        (batch, readers)
    }

    fn answers(readers: Self::Readers, mut rows: Vec<Rows>) -> Result<Self::Answers, DbError> {
        let (first_len, first, second) = readers;
        let rest = rows.split_off(first_len.min(rows.len()));
        Ok((A::answers(first, rows)?, B::answers(second, rest)?))
    }
}

/// Queries that are made only where there is something to ask; otherwise nothing is found.
impl<Q: Queries> Queries for Option<Q>
where
    Q::Answers: Default,
{
    type Readers = Option<Q::Readers>;
    type Answers = Q::Answers;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        match self.map(Q::split) {
            Some((batch, readers)) => (batch, Some(readers)),
            None => (Vec::new(), None),
        }
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Self::Answers, DbError> {
        readers.map_or_else(
            || Ok(Q::Answers::default()),
            |readers| Q::answers(readers, rows),
        )
    }
}

/// Queries whose rows come back as they are, to be read by whoever put the readers aside
/// ([`Queries::split`]). What is written for them is compiled once, and not for each kind of query.
pub struct Unread(Vec<BatchStatement>);

impl Unread {
    /// Takes the statements apart from their readers.
    pub fn of<Q: Queries>(queries: Q) -> (Self, Q::Readers) {
        let (batch, readers) = queries.split();
        (Self(batch), readers)
    }
}

impl Queries for Unread {
    type Readers = ();
    type Answers = Vec<Rows>;

    fn split(self) -> (Vec<BatchStatement>, ()) {
        (self.0, ())
    }

    fn answers((): (), rows: Vec<Rows>) -> Result<Vec<Rows>, DbError> {
        Ok(rows)
    }
}

macro_rules! queries {
    ($($answer:ident),+) => {
        #[expect(non_snake_case, reason = "the type parameters name the tuple's places")]
        impl<$($answer),+> Queries for ($(Query<$answer>,)+) {
            type Readers = ($(fn(&Row) -> Result<$answer, DbError>,)+);
            type Answers = ($(Vec<$answer>,)+);

            fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
                let ($($answer,)+) = self;
                let readers = ($($answer.read,)+);
                (vec![$($answer.statement),+], readers)
            }

            fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Self::Answers, DbError> {
                let ($($answer,)+) = readers;
                let mut rows = rows.into_iter();
                Ok(($(Query::answer($answer, rows.next())?,)+))
            }
        }
    };
}

queries!(A);
queries!(A, B);
queries!(A, B, C);
queries!(A, B, C, D);
queries!(A, B, C, D, E);
queries!(A, B, C, D, E, F);
queries!(A, B, C, D, E, F, G);
queries!(A, B, C, D, E, F, G, H);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_takes_the_tenants_place_and_no_other_placeholders() {
        let rewritten = replace("a = ?1 AND b = ?10 AND c = ?2 AND d = ?1", "?1", "(door)");
        assert_eq!(
            rewritten,
            "a = (door) AND b = ?10 AND c = ?2 AND d = (door)"
        );
    }
}
