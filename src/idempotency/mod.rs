//! Requests that make something, and may be repeated: the header `Idempotency-Key`
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! The thing that is made and the reply about it are written in one transaction, so that a crash leaves both or neither, and
//! no key is ever blocked by a request that is gone. Refusals make nothing, and store nothing. Rows stay for a day; `limits` bounds
//! the requests with a key of each account, and the mails of those that anybody may send.

mod entity;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration as StdDuration;

use credentials::seal::{self, Secrets};
use generated::models::ProblemCode;
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use time::Duration;
use uuid::Uuid;

use crate::database::{self, Database, DatabaseErrorClass, Transaction};
use crate::errors::ApiError;
use crate::limits::Limits;
use crate::settings::Tokens;

/// The time for which a reply is stored.
const KEPT: Duration = Duration::hours(24);

/// The looks of a request that waits for the first one with its key, and the time between two; together longer than a
/// request may take.
const LOOKS: u32 = 100;
const BETWEEN_LOOKS: StdDuration = StdDuration::from_millis(100);

/// Reads the keys of requests. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Idempotency(Arc<Parts>);

struct Parts {
    secrets: Secrets,
    limits: Limits,
    /// The ids of the requests that are under way in this process.
    running: Mutex<HashSet<Uuid>>,
}

/// The key of a request that makes something; the default is none.
#[derive(Clone, Default)]
pub(crate) struct Key(Option<Arc<Request>>);

/// A request with a key, which is under way until this is dropped.
struct Request {
    parts: Arc<Parts>,
    id: Uuid,
    scope: String,
    body: seal::Digest,
}

impl Idempotency {
    /// Prepares the encryption of replies, with the secrets that sign refresh tokens.
    pub(crate) fn new(settings: &Tokens, limits: Limits) -> Self {
        Self(Arc::new(Parts {
            secrets: Secrets::new(&settings.refresh.secrets),
            limits,
            running: Mutex::default(),
        }))
    }

    /// Begins a request of an operation with the key that it was sent, if any. `caller` is nobody where anybody may call
    /// the operation.
    ///
    /// # Errors
    /// `idempotency-key-in-use`, `too-many-requests`.
    pub(crate) async fn begin(
        &self,
        operation: &'static str,
        caller: Option<Uuid>,
        key: Option<&str>,
        body: &impl Serialize,
    ) -> Result<Key, ApiError> {
        let Some(key) = key else {
            return Ok(Key::default());
        };
        if let Some(caller) = caller {
            self.0.limits.idempotency_key(caller).await?;
        }
        // The contract's pattern lets quotation marks stand around a key only.
        let key = key.trim_matches('"');
        let body = serde_json::to_vec(body).map_err(anyhow::Error::from)?;
        let scope = format!("{operation}\0{}\0{key}", caller.unwrap_or_default());
        let id = Uuid::from_slice(&Sha256::digest(&scope)[..16]).map_err(anyhow::Error::from)?;
        if !self.0.running().insert(id) {
            return Err(ApiError::idempotency_key_in_use());
        }
        Ok(Key(Some(Arc::new(Request {
            parts: Arc::clone(&self.0),
            id,
            scope,
            body: Sha256::digest(body).into(),
        }))))
    }

    /// Begins a request of anybody's as [`begin`](Self::begin) does, once the first one has ended: a browser shows the answer
    /// to the last press of a button, which is to be that to the first.
    ///
    /// # Errors
    /// `service-unavailable` when the first takes long.
    pub(crate) async fn begin_in_turn(
        &self,
        operation: &'static str,
        key: Option<&str>,
        body: &impl Serialize,
    ) -> Result<Key, ApiError> {
        for _ in 0..LOOKS {
            match self.begin(operation, None, key, body).await {
                Err(refused) if refused.code() == ProblemCode::IdempotencyKeyInUse => {}
                begun => return begun,
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Err(ApiError::unavailable(
            "This was sent twice, and the first is still under way; send it again in a moment.",
            "the first request with this key takes long",
        ))
    }
}

impl Key {
    /// Returns the reply to the first request with this key, where it is enough to repeat it: before anything is counted
    /// or hashed once more.
    ///
    /// # Errors
    /// `idempotency-key-reused`, `service-unavailable`.
    pub(crate) async fn find<T: DeserializeOwned>(
        &self,
        database: &Database,
    ) -> Result<Option<T>, ApiError> {
        let Some(request) = &self.0 else {
            return Ok(None);
        };
        let stored = database.one(entity::Entity::find_by_id(request.id)).await?;
        let kept = stored.filter(|stored| stored.expires_at > database::now());
        kept.map(|stored| request.open(&stored.reply)).transpose()
    }

    /// Stores what is about to be made as the reply, or returns what the first request with this key has made, which is
    /// then the reply, and nothing may be made.
    ///
    /// Of two instances that get here at once, the database lets one wait for the end of the other's transaction.
    ///
    /// # Errors
    /// `idempotency-key-reused`, `idempotency-key-in-use`; nothing may be made then.
    pub(crate) async fn claim<T>(
        &self,
        transaction: &Transaction,
        made: &T,
    ) -> Result<Option<T>, ApiError>
    where
        T: Serialize + DeserializeOwned,
    {
        let Some(request) = &self.0 else {
            return Ok(None);
        };
        let row = entity::Model {
            id: request.id,
            reply: request.seal(made)?,
            expires_at: database::now() + KEPT,
        };
        let stored = entity::Entity::find_by_id(row.id).one(transaction).await?;
        if let Some(stored) = stored {
            if stored.expires_at > database::now() {
                return request.open(&stored.reply).map(Some);
            }
            entity::Entity::delete_by_id(row.id)
                .exec(transaction)
                .await?;
        }
        match database::insert(transaction, row).await {
            Err(error) if database::classify_error(&error) == DatabaseErrorClass::Unique => {
                Err(ApiError::idempotency_key_in_use())
            }
            inserted => Ok(inserted.map(|()| None)?),
        }
    }
}

impl Request {
    fn seal(&self, made: &impl Serialize) -> Result<Vec<u8>, ApiError> {
        let made = serde_json::to_vec(made).map_err(anyhow::Error::from)?;
        Ok(self.parts.secrets.seal(&self.scope, &self.body, &made)?)
    }

    fn open<T: DeserializeOwned>(&self, sealed: &[u8]) -> Result<T, ApiError> {
        let opened = self.parts.secrets.open(&self.scope, sealed);
        let (body, made) = opened.ok_or_else(ApiError::idempotency_key_unreadable)?;
        if body != self.body {
            return Err(ApiError::idempotency_key_reused());
        }
        Ok(serde_json::from_slice(&made).map_err(anyhow::Error::from)?)
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.parts.running().remove(&self.id);
    }
}

impl Parts {
    fn running(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Deletes replies whose time is over, at most `limit` of them, and returns how many.
///
/// # Errors
/// The error of the database.
pub(crate) async fn purge(database: &Database, limit: u64) -> Result<u64, DbErr> {
    let expired = entity::Column::ExpiresAt.lt(database::now());
    database.delete_some::<entity::Entity>(expired, limit).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::testing::TestDatabase;

    #[tokio::test]
    async fn replies_go_in_batches_when_their_time_is_over_and_the_others_stay() {
        let database = TestDatabase::open().await;
        let ages = [25, 25, 24, 23, 0];
        for age in ages {
            let row = entity::Model {
                id: Uuid::new_v4(),
                reply: b"sealed".to_vec(),
                expires_at: database::now() + KEPT - Duration::hours(age) - Duration::SECOND,
            };
            database::insert(database.pool(), row).await.unwrap();
        }
        for expected in [2, 1, 0] {
            assert_eq!(purge(&database, 2).await.unwrap(), expected);
        }
        let left = entity::Entity::find().all(database.pool()).await.unwrap();
        assert_eq!(left.len(), 2);
    }
}
