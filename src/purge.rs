//! Deletion of rows whose time is over, in the background.

use std::time::Duration;

use crate::database::Database;
use crate::idempotency;
use crate::users::sessions;

/// Time between two purges.
const PERIOD: Duration = Duration::from_secs(60);

/// Rows that are deleted at a time: whoever writes waits for it.
const BATCH: u64 = 2_000;

/// Batches that one purge deletes at most; what is left goes with the next.
const BATCHES: usize = 5;

/// Deletes ended sessions and replies to repeatable requests, again and again; never returns. `database` is that of the
/// background.
pub(crate) async fn run(database: Database) {
    loop {
        tokio::time::sleep(PERIOD).await;
        for _ in 0..BATCHES {
            let sessions = sessions::purge(&database, sessions::KEPT, BATCH);
            match tokio::try_join!(sessions, idempotency::purge(&database, BATCH)) {
                Ok((BATCH, _) | (_, BATCH)) => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "old sessions and keys of requests cannot be deleted");
                    break;
                }
            }
        }
    }
}
