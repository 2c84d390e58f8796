//! A database that counts its round trips, can keep them, be held back before each, and fail.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use host::native::Sqlite;
use tenancy::port::{Batch, Boxed, Database, DbError, Rows};

use crate::task::pause;

/// The database of a world.
pub struct Meter {
    database: Arc<Sqlite>,
    trips: AtomicUsize,
    kept: Mutex<Option<Vec<Batch>>>,
    is_stepwise: AtomicBool,
    is_broken: AtomicBool,
}

impl Meter {
    /// Meters a database.
    pub fn new(database: Arc<Sqlite>) -> Self {
        Self {
            database,
            trips: AtomicUsize::new(0),
            kept: Mutex::new(None),
            is_stepwise: AtomicBool::new(false),
            is_broken: AtomicBool::new(false),
        }
    }

    /// How many round trips there were since the last time somebody asked.
    pub fn take_trips(&self) -> usize {
        self.trips.swap(0, Ordering::Relaxed)
    }

    /// From now on keeps what is asked of the database, as it was asked.
    pub fn keep(&self) {
        *self.kept() = Some(Vec::new());
    }

    /// The batches of the round trips since [`Self::keep`]; keeps no more.
    pub fn take_kept(&self) -> Vec<Batch> {
        self.kept().take().unwrap_or_default()
    }

    fn kept(&self) -> MutexGuard<'_, Option<Vec<Batch>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on a request stops before each round trip, until it is polled once more.
    pub fn go_stepwise(&self) {
        self.is_stepwise.store(true, Ordering::Relaxed);
    }

    /// Breaks the database, or mends it.
    pub fn set_broken(&self, is_broken: bool) {
        self.is_broken.store(is_broken, Ordering::Relaxed);
    }
}

impl Database for Meter {
    fn run(&self, batch: Batch) -> Boxed<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move {
            if self.is_stepwise.load(Ordering::Relaxed) {
                pause().await;
            }
            self.trips.fetch_add(1, Ordering::Relaxed);
            if let Some(kept) = self.kept().as_mut() {
                kept.push(batch.clone());
            }
            if self.is_broken.load(Ordering::Relaxed) {
                return Err(DbError::Failed("disk I/O error".to_owned()));
            }
            self.database.run(batch).await
        })
    }
}
