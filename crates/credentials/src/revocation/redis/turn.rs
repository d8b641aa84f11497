//! One question to Redis for the requests that come in the same turn of a worker's loop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::task::spawn_local;

use super::connection::{Token, WorkerConnection};
use crate::revocation::backend::StoreUnavailable;

/// Tokens in one question at most, so that Redis does not keep others waiting for a long one.
const MOST: usize = 256;

/// The answer to one request.
type Answer = Result<bool, StoreUnavailable>;

/// The tokens of one worker's requests that wait to be asked for.
pub(super) struct Turn {
    connection: Arc<WorkerConnection>,
    /// While it holds anything, a task is about to take it.
    waiting: Mutex<Vec<(Token, oneshot::Sender<Answer>)>>,
}

impl Turn {
    pub(super) fn new(connection: Arc<WorkerConnection>) -> Self {
        Self {
            connection,
            waiting: Mutex::default(),
        }
    }

    /// Returns whether the token or its session is revoked. The request may be dropped at any time: who asks for all is a
    /// task that belongs to none of them.
    pub(super) async fn is_revoked(self: &Arc<Self>, token: Token) -> Answer {
        let (request, answer) = oneshot::channel();
        let count = {
            let mut waiting = self.waiting();
            waiting.push((token, request));
            waiting.len()
        };
        if count == 1 {
            self.ask_soon();
        }
        answer
            .await
            .unwrap_or_else(|_| Err(StoreUnavailable::new("asking Redis was interrupted")))
    }

    /// Asks once the tasks that are ready now have had their turn, so that the tokens of all of them are there.
    fn ask_soon(self: &Arc<Self>) {
        drop(spawn_local(Arc::clone(self).ask()));
    }

    async fn ask(self: Arc<Self>) {
        let (tokens, requests): (Vec<_>, Vec<_>) = {
            let mut waiting = self.waiting();
            let count = waiting.len().min(MOST);
            let taken = waiting.drain(..count).unzip();
            if !waiting.is_empty() {
                self.ask_soon();
            }
            taken
        };
        // A request that has gone has no use for its answer.
        match self.connection.are_revoked(&tokens).await {
            Ok(revoked) => {
                for (request, revoked) in requests.into_iter().zip(revoked) {
                    drop(request.send(Ok(revoked)));
                }
            }
            Err(down) => {
                for request in requests {
                    drop(request.send(Err(down.clone())));
                }
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(Token, oneshot::Sender<Answer>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
