//! Readiness: whether requests could be served now. Everything that a request needs is asked for what it needs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use crate::auth::revocation::Revocations;
use crate::database::{self, Database, DatabaseErrorClass};
use crate::errors::ApiError;
use crate::limits::Limits;

/// The time for which a result holds. Anybody may ask, and each check writes to the database.
const FRESH: Duration = Duration::from_secs(1);

/// Checks whether requests could be served.
pub(crate) struct Readiness {
    /// Set once the service was told to stop.
    stopping: Arc<AtomicBool>,
    /// The latest result, with the time of its check.
    latest: Mutex<Option<(Instant, State)>>,
}

type State = Result<(), NotReady>;

/// The part that keeps requests from being served.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NotReady {
    /// For the caller.
    detail: &'static str,
    /// For the log.
    cause: String,
}

impl Readiness {
    /// Returns a check that fails once `stopping` is set.
    pub(crate) fn new(stopping: Arc<AtomicBool>) -> Self {
        Self {
            stopping,
            latest: Mutex::default(),
        }
    }

    /// Checks the database and the stores, unless that was just done. A change of the result is logged.
    ///
    /// # Errors
    /// `service-unavailable` names the part.
    pub(crate) async fn check(
        &self,
        database: &Database,
        revocations: &Revocations,
        limits: &Limits,
    ) -> Result<(), ApiError> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(ApiError::unavailable(
                "This instance is stopping.",
                "a signal",
            ));
        }
        let mut latest = self.latest.lock().await;
        let state = match &*latest {
            Some((checked, state)) if checked.elapsed() < FRESH => state.clone(),
            before => {
                let state = check_parts(database, revocations, limits).await;
                log_change(before.as_ref().map(|(_, state)| state), &state);
                *latest = Some((Instant::now(), state.clone()));
                state
            }
        };
        state.map_err(|NotReady { detail, cause }| ApiError::unavailable(detail, cause))
    }
}

async fn check_parts(database: &Database, revocations: &Revocations, limits: &Limits) -> State {
    database::write_probe(database)
        .await
        .map_err(|error| NotReady {
            detail: match database::classify_error(&error) {
                DatabaseErrorClass::Unavailable if database::is_read_only(&error) => {
                    "The database takes no changes."
                }
                _ => "The database does not answer as it should.",
            },
            cause: database::describe_error(&error),
        })?;
    revocations.ready().await.map_err(|down| NotReady {
        detail: "The revocation store does not answer as it should.",
        cause: down.reason().to_owned(),
    })?;
    limits.ready().await.map_err(|cause| NotReady {
        detail: "Tries cannot be counted.",
        cause,
    })
}

fn log_change(before: Option<&State>, state: &State) {
    match state {
        Err(NotReady { detail, cause }) if before != Some(state) => {
            tracing::warn!(cause, "not ready: {detail}");
        }
        Ok(()) if matches!(before, Some(Err(_))) => tracing::info!("ready again"),
        _ => {}
    }
}
