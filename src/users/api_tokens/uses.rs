//! Records of when API tokens were used last. A convenience for their owners: no request is refused for it, and none
//! waits long.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::rt;
use time::OffsetDateTime;
use uuid::Uuid;

use super::entity::Model as ApiToken;
use super::store;
use crate::database::{self, Database};

/// The time that a request waits for the record to be written; it is written all the same.
const PATIENCE: Duration = Duration::from_millis(100);

/// The number of records that are written at a time. Each holds a connection, of which a locked database must not take all; what is
/// beyond is left to the token's next use.
const AT_ONCE: usize = 4;

/// The tokens whose use is being recorded. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Uses(Arc<Mutex<HashSet<Uuid>>>);

impl Uses {
    /// Records that the token was used now, to the minute and at most once in it.
    pub(crate) async fn record(&self, database: &Database, token: &ApiToken) {
        let minute = minute(database::now());
        if token.last_used_at.is_some_and(|last| last >= minute) {
            return;
        }
        let Some(entry) = self.enter(token.id) else {
            return;
        };
        let database = database.clone();
        // A task of its own: a write that is dropped half way would be tried again by the next request.
        let write = rt::spawn(async move {
            if let Err(error) = store::mark_used(&database, entry.id, minute).await {
                let cause = database::describe_error(&error);
                tracing::warn!(api_token_id = %entry.id, cause, "an API token's use was not noted");
            }
        });
        drop(tokio::time::timeout(PATIENCE, write).await);
    }

    fn enter(&self, id: Uuid) -> Option<UseBeingWritten> {
        let mut busy = self.busy();
        (busy.len() < AT_ONCE && busy.insert(id)).then(|| UseBeingWritten {
            id,
            uses: self.clone(),
        })
    }

    fn busy(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A record that is being written.
struct UseBeingWritten {
    id: Uuid,
    uses: Uses,
}

impl Drop for UseBeingWritten {
    fn drop(&mut self) {
        self.uses.busy().remove(&self.id);
    }
}

fn minute(now: OffsetDateTime) -> OffsetDateTime {
    now.replace_second(0).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_under_way_are_bounded_and_one_for_each_token() {
        let uses = Uses::default();
        let one = uses.enter(Uuid::from_u128(0));
        assert!(one.is_some() && uses.enter(Uuid::from_u128(0)).is_none());
        let more: Vec<_> = (1..9).map(|id| uses.enter(Uuid::from_u128(id))).collect();
        assert_eq!(more.iter().flatten().count(), AT_ONCE - 1);
        drop((one, more));
        assert!(uses.enter(Uuid::from_u128(0)).is_some());
    }
}
