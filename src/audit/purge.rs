//! Deletes old events. Any number of instances may do so at once: what one has deleted the others do not find.

use std::time::Duration;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::entity::{Column, Entity};
use crate::database::{self, Database};

/// The time between two rounds.
const PERIOD: Duration = Duration::from_secs(300);

/// The number of rows that one statement deletes.
const PAGE: u64 = 2_000;

/// The time between two statements, in which others can use the table.
const PAUSE: Duration = Duration::from_millis(100);

/// The number of events without an account that are kept: anonymous callers cause them, and no user sees them.
const STRANGERS: u64 = 10_000;

/// Deletes events older than `days`, and those without an account beyond the newest; never returns.
pub(super) async fn run(database: &Database, days: u32) {
    loop {
        match round(database, days, STRANGERS).await {
            Ok(0) => {}
            Ok(count) => tracing::debug!(count, "old events were forgotten"),
            Err(error) => {
                let cause = database::describe_error(&error);
                tracing::warn!(cause, "old events cannot be forgotten");
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
}

async fn round(database: &Database, days: u32, strangers: u64) -> Result<u64, DbErr> {
    let oldest = database::now() - time::Duration::days(days.into());
    let mut count = delete(database, Column::HappenedAt.lt(oldest)).await?;
    if let Some(last) = surplus(database, strangers).await? {
        let surplus = Condition::all()
            .add(Column::UserId.is_null())
            .add(Column::Id.lte(last));
        count += delete(database, surplus.into()).await?;
    }
    Ok(count)
}

/// Returns the newest event without an account that is to be deleted.
async fn surplus(database: &Database, kept: u64) -> Result<Option<Uuid>, DbErr> {
    let question = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::UserId.is_null())
        .order_by_desc(Column::Id)
        .offset(kept)
        .limit(1);
    database
        .run(|database| async move { question.into_tuple().one(&database).await })
        .await
}

async fn delete(database: &Database, condition: Expr) -> Result<u64, DbErr> {
    let mut count = 0;
    loop {
        let deleted = database.delete_some::<Entity>(condition.clone(), PAGE);
        let deleted = deleted.await?;
        count += deleted;
        if deleted < PAGE {
            return Ok(count);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ActiveModelTrait as _;

    use super::super::{AuditContext, AuditEventKind, Event, entity, event};
    use super::*;
    use crate::database::testing::TestDatabase;

    async fn insert(database: &Database, events: Vec<Event>) {
        let rows = events
            .into_iter()
            .map(|event| entity::ActiveModel::from(event).reset_all());
        Entity::insert_many(rows)
            .exec_without_returning(database.pool())
            .await
            .unwrap();
    }

    fn refusal(user_id: Option<Uuid>) -> Event {
        event(
            &AuditContext::default(),
            AuditEventKind::Refused,
            user_id,
            Some("expired"),
        )
    }

    async fn kept(database: &Database) -> Vec<Uuid> {
        Entity::find()
            .select_only()
            .column(Column::Id)
            .order_by_asc(Column::Id)
            .into_tuple()
            .all(database.pool())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn old_events_go_and_of_strangers_the_newest_stay() {
        let database = TestDatabase::open().await;
        let mut old = refusal(Some(Uuid::new_v4()));
        old.happened_at -= time::Duration::days(90) + time::Duration::SECOND;
        let mut young = refusal(Some(Uuid::new_v4()));
        young.happened_at -= time::Duration::days(89);
        let owned: Vec<_> = (0..5).map(|_| refusal(Some(Uuid::new_v4()))).collect();
        let strangers: Vec<_> = (0..5).map(|_| refusal(None)).collect();
        let mut expected: Vec<_> = [&[young.clone()], &owned[..], &strangers[2..]]
            .concat()
            .iter()
            .map(|event| event.id)
            .collect();
        expected.sort();
        let all = [vec![old, young], owned, strangers].concat();
        insert(&database, all).await;

        // Several instances at once.
        let rounds = tokio::join!(round(&database, 90, 3), round(&database, 90, 3));
        assert_eq!(rounds.0.unwrap() + rounds.1.unwrap(), 3);
        assert_eq!(kept(&database).await, expected);
        assert_eq!(round(&database, 90, 3).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn more_than_a_page_goes_in_one_round() {
        let database = TestDatabase::open().await;
        let count = usize::try_from(PAGE).unwrap() + 10;
        for _ in 0..count.div_ceil(1_000) {
            let events = (0..1_000).map(|_| refusal(None)).collect();
            insert(&database, events).await;
        }
        round(&database, 90, 1).await.unwrap();
        assert_eq!(kept(&database).await.len(), 1);
    }
}
