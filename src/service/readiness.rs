//! Whether requests could be served now: everything that one needs is asked for what it needs.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::database::{self, DatabaseErrorClass, probe};
use crate::errors::ApiError;
use crate::state::App;

/// How long an answer holds. Anybody may ask, and each question writes.
const FRESH: Duration = Duration::from_secs(1);

/// The latest answer.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, State)>>);

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
    /// Asks the database and the stores, unless somebody has just done so. The log is told when the answer changes.
    ///
    /// # Errors
    /// `service-unavailable` names the part.
    pub(crate) async fn check(&self, app: &App) -> Result<(), ApiError> {
        let mut latest = self.0.lock().await;
        let state = match &*latest {
            Some((asked, state)) if asked.elapsed() < FRESH => state.clone(),
            before => {
                let state = ask(app).await;
                log_change(before.as_ref().map(|(_, state)| state), &state);
                *latest = Some((Instant::now(), state.clone()));
                state
            }
        };
        state.map_err(|NotReady { detail, cause }| ApiError::unavailable(detail, cause))
    }
}

async fn ask(app: &App) -> State {
    probe::write(&app.database)
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
    app.tokens
        .revocations
        .ready()
        .await
        .map_err(|down| NotReady {
            detail: "The revocation store does not answer as it should.",
            cause: down.reason().to_owned(),
        })?;
    app.limits.ready().await.map_err(|cause| NotReady {
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
