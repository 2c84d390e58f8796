//! The one way past the tenant key: work that belongs to no tenant yet.
//!
//! The scheduler must find *which* tenants have something due, and set-up must make the first
//! rows of a tenant. Such statements are written with [`platform_sql!`](crate::platform_sql),
//! a test lists every one of them, and portal code never sees this module (T-24).

pub mod tenants;

use std::sync::Arc;

use crate::TenantId;
use crate::port::{Database, DbError, Rows, Runtime};
use crate::scope::{Queries, Scope, Statement};

/// SQL text that names no tenant; each use is listed by a test.
#[derive(Clone, Copy, Debug)]
pub struct PlatformSql(&'static str);

impl PlatformSql {
    /// For the [`platform_sql!`](crate::platform_sql) macro alone.
    #[doc(hidden)]
    pub const fn literal(text: &'static str) -> Self {
        Self(text)
    }
}

/// Marks SQL text that works across tenants, so that the SQL audit can list it.
#[macro_export]
macro_rules! platform_sql {
    ($text:literal) => {
        $crate::platform::PlatformSql::literal($text)
    };
}

/// The platform's own reach, for the scheduler and for set-up.
#[derive(Clone)]
pub struct Platform {
    runtime: Runtime,
}

impl Platform {
    /// Takes the platform's reach. The caller has proved to be the scheduler or the operator.
    pub fn new(runtime: &Runtime) -> Self {
        Self {
            runtime: runtime.clone(),
        }
    }

    /// Starts a statement across tenants; its first value is bound to `?1`. Holding a `Platform`
    /// is the permission.
    pub fn statement(&self, sql: PlatformSql) -> Statement {
        Statement::unscoped(sql.0)
    }

    /// Steps into one tenant.
    pub fn enter(&self, tenant: TenantId) -> Scope {
        Scope::inside(&self.runtime, tenant)
    }

    /// What the platform is lent.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Runs queries in one round trip.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<Q: Queries>(&self, queries: Q) -> Result<Q::Answers, DbError> {
        let (batch, readers) = queries.split();
        Q::answers(readers, self.database().run(batch).await?)
    }

    /// Runs a batch in one round trip, all or nothing.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub async fn write(&self, batch: Vec<Statement>) -> Result<Vec<Rows>, DbError> {
        self.database()
            .run(batch.into_iter().map(Statement::into_inner).collect())
            .await
    }

    fn database(&self) -> &Arc<dyn Database> {
        &self.runtime.database
    }
}
