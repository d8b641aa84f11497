//! The task that stores refusals.

use std::{sync::Arc, time::Duration};

use sea_orm::{ActiveModelTrait as _, DbErr, EntityTrait as _};
use tokio::sync::{mpsc, oneshot};

use super::entity::{self, Model as Event};
use super::purge;
use crate::database::{self, Database};
use crate::metrics::Metrics;

/// The number of rows that one statement inserts.
const BATCH: usize = 100;

/// The time between two statements: a flood of refusals must not keep the database from the requests.
const PERIOD: Duration = Duration::from_millis(250);

/// Stores the refusals that [`super::Audit`] queues, and deletes old events.
pub(crate) struct AuditWriter {
    queue: mpsc::Receiver<Event>,
    days: u32,
    store: Store,
}

struct Store {
    database: Database,
    metrics: Arc<Metrics>,
    /// True while the log says that the database is away.
    away: bool,
}

impl AuditWriter {
    pub(super) fn new(
        queue: mpsc::Receiver<Event>,
        database: Database,
        metrics: Arc<Metrics>,
        days: u32,
    ) -> Self {
        let store = Store {
            database,
            metrics,
            away: false,
        };
        Self { queue, days, store }
    }

    /// Runs until `stop` is sent or dropped and everything that was queued before has been stored.
    pub(crate) async fn run(self, stop: oneshot::Receiver<()>) {
        let Self { queue, days, store } = self;
        let database = store.database.clone();
        // Side by side: a deletion that hangs must not keep rows waiting.
        tokio::select! {
            () = store.follow(queue, stop) => {}
            () = purge::run(&database, days) => {}
        }
    }
}

impl Store {
    async fn follow(mut self, mut queue: mpsc::Receiver<Event>, mut stop: oneshot::Receiver<()>) {
        let mut batch = Vec::with_capacity(BATCH);
        while !queue.is_closed() {
            tokio::select! {
                _ = &mut stop => queue.close(),
                count = queue.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    self.insert(&mut batch).await;
                    tokio::select! {
                        _ = &mut stop => queue.close(),
                        () = tokio::time::sleep(PERIOD) => {}
                    }
                }
            }
        }
        while queue.recv_many(&mut batch, BATCH).await > 0 {
            self.insert(&mut batch).await;
        }
    }

    /// Stores the rows; if that fails, drops and counts them, since they would pile up until the database is back.
    async fn insert(&mut self, batch: &mut Vec<Event>) {
        let count = batch.len();
        match insert(&self.database, batch.drain(..)).await {
            Ok(()) => self.away = false,
            Err(error) => {
                self.metrics.audit_dropped(count);
                // Once, not for each batch for as long as it lasts.
                if !self.away {
                    let cause = database::describe_error(&error);
                    tracing::warn!(cause, "refusals are logged, but not stored");
                }
                self.away = true;
            }
        }
    }
}

async fn insert(database: &Database, events: impl Iterator<Item = Event>) -> Result<(), DbErr> {
    let rows: Vec<_> = events
        .map(|event| entity::ActiveModel::from(event).reset_all())
        .collect();
    database
        .run(|database| async move {
            let change = entity::Entity::insert_many(rows);
            change.exec_without_returning(&database).await
        })
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::dedup::REPEATS;
    use super::super::{Audit, AuditContext, QUEUE};
    use super::*;
    use crate::database::testing::TestDatabase;
    use crate::metrics::Readings;
    use crate::settings::Settings;
    use sea_orm::PaginatorTrait as _;

    fn audit(database: &Database) -> (Audit, AuditWriter, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::new(0).unwrap());
        let (audit, writer) = Audit::open(
            database.clone(),
            Arc::clone(&metrics),
            &Settings::default().audit,
        );
        (audit, writer, metrics)
    }

    async fn stored(database: &Database) -> usize {
        let count = entity::Entity::find().count(database.pool()).await.unwrap();
        usize::try_from(count).unwrap()
    }

    fn counted(metrics: &Metrics, line: &str) -> bool {
        let text = String::from_utf8(metrics.render(&Readings::default()).unwrap()).unwrap();
        text.lines().any(|counter| counter == line)
    }

    #[tokio::test]
    async fn strangers_are_stored_at_password_verification_only() {
        let database = TestDatabase::open().await;
        let (audit, writer, metrics) = audit(&database);
        let context = AuditContext::default();
        audit.refuse(&context, None, "bad signature");
        audit.refuse(&context, Some(Uuid::new_v4()), "expired");
        audit.refuse_password(&context, None, "unknown address");
        let (_, stop) = oneshot::channel();
        writer.run(stop).await;
        assert_eq!(stored(&database).await, 2);
        for reason in ["bad signature", "expired", "unknown address"] {
            let line = format!("starwars_refused_credentials_total{{reason=\"{reason}\"}} 1");
            assert!(counted(&metrics, &line), "{reason}");
        }
    }

    #[tokio::test]
    async fn a_full_queue_drops_counts_and_is_emptied_at_the_end() {
        let database = TestDatabase::open().await;
        let (audit, writer, metrics) = audit(&database);
        for _ in 0..QUEUE + 3 {
            audit.refuse(&AuditContext::default(), Some(Uuid::new_v4()), "expired");
        }
        assert!(counted(&metrics, "starwars_audit_dropped_total 3"));
        let (_, stop) = oneshot::channel();
        writer.run(stop).await;
        assert_eq!(stored(&database).await, QUEUE);
    }

    #[tokio::test]
    async fn one_refusal_over_and_over_leaves_room_for_others() {
        let database = TestDatabase::open().await;
        let (audit, writer, metrics) = audit(&database);
        let account = Some(Uuid::new_v4());
        for _ in 0..REPEATS + 7 {
            audit.refuse(&AuditContext::default(), account, "expired");
        }
        audit.refuse_password(&AuditContext::default(), account, "wrong password");
        let (_, stop) = oneshot::channel();
        writer.run(stop).await;
        let expected = usize::try_from(REPEATS).unwrap() + 1;
        assert_eq!(stored(&database).await, expected);
        assert!(counted(&metrics, "starwars_audit_dropped_total 7"));
    }

    #[tokio::test]
    async fn rows_that_cannot_be_stored_are_dropped_and_counted() {
        let database = TestDatabase::open().await;
        let (audit, writer, metrics) = audit(&database);
        database.close().await;
        audit.refuse_password(&AuditContext::default(), None, "unknown address");
        let (_, stop) = oneshot::channel();
        writer.run(stop).await;
        assert!(counted(&metrics, "starwars_audit_dropped_total 1"));
    }

    #[tokio::test]
    async fn a_refusal_is_stored_while_the_service_runs() {
        let database = TestDatabase::open().await;
        let (audit, writer, _metrics) = audit(&database);
        let (_running, stop) = oneshot::channel();
        let task = tokio::spawn(writer.run(stop));
        for expected in 1..=2 {
            audit.refuse(&AuditContext::default(), Some(Uuid::new_v4()), "expired");
            let deadline = Duration::from_secs(10);
            tokio::time::timeout(deadline, async {
                while stored(&database).await < expected {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            })
            .await
            .unwrap();
        }
        task.abort();
    }
}
