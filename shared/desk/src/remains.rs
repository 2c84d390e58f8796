//! What is kept for a while only: the sources of forms, and bytes that nothing refers to.

use tenancy::Runtime;
use tenancy::platform::Platform;
use tenancy::port::DbError;

use crate::{file, source};

/// Forgets what counts no more, over all tenants. Returns nothing: it may run as often as it likes.
///
/// # Errors
/// The database's; the next sweep forgets what is left.
pub async fn forget(runtime: &Runtime) -> Result<(), DbError> {
    let (platform, now) = (Platform::new(runtime), runtime.clock.now());
    let mut batch = vec![source::forget(&platform, now)];
    batch.extend(file::settle(&platform, now));
    platform.write(batch).await.map(|_| ())
}
