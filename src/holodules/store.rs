//! Queries on the schedule.

use generated::models::{Holodule as Record, HoloduleList};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::day::Day;
use super::entity::{self as holodule, Model as Holodule};
use crate::database::{self, Database, DatabaseErrorClass, Transaction};
use crate::errors::ApiError;
use crate::preconditions::Preconditions;

/// The most streams of a day, which is also the length of the contract's list.
const LIMIT: u64 = HoloduleList::HOLODULES_MAX_ITEMS as u64;

/// The number of attempts to put a stream that others make and remove at the same time.
const ATTEMPTS: u32 = 5;

/// The outcome of putting a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    Made,
    Replaced,
}

/// Returns the streams of a day, newest first.
pub(crate) async fn of_day(database: &Database, day: Day) -> Result<Vec<Holodule>, DbErr> {
    let [first, last] = day.bounds();
    let question = holodule::Entity::find()
        .filter(holodule::Column::Datetime.between(first, last))
        .order_by_desc(holodule::Column::Datetime)
        .order_by_asc(holodule::Column::Key)
        // Streams that were entered at once may have passed the limit together.
        .limit(LIMIT);
    database.all(question).await
}

/// Finds the stream of this key.
pub(crate) async fn find(database: &Database, key: String) -> Result<Option<Holodule>, DbErr> {
    database.one(holodule::Entity::find_by_id(key)).await
}

/// Creates the stream, or replaces the one of its key, if the preconditions hold.
///
/// # Errors
/// `precondition-failed`, `holodule-limit`, `service-unavailable`.
pub(crate) async fn put(
    database: &Database,
    stream: &Holodule,
    preconditions: Preconditions,
) -> Result<Put, ApiError> {
    let stream = stream.clone();
    database
        .run(move |database| async move {
            for _ in 0..ATTEMPTS {
                let transaction = database::begin(&database).await?;
                match put_within(&transaction, &stream, &preconditions).await {
                    // Somebody was faster, so there is one to replace now.
                    Err(PutFault::Taken) => {}
                    Err(PutFault::Failed(error)) => return Err(error.into()),
                    Err(PutFault::Refused(refusal)) => return Err(refusal),
                    Ok(put) => {
                        transaction.commit().await?;
                        return Ok(put);
                    }
                }
            }
            Err(ApiError::unavailable(
                "The stream is being changed by others; try again shortly.",
                "made and removed by others again and again",
            ))
        })
        .await
}

/// The reason why a stream was not put.
pub(crate) enum PutFault {
    /// Somebody made one of its key at the same time. Where there is a transaction, it has failed.
    Taken,
    Failed(DbErr),
    Refused(ApiError),
}

/// Puts a stream as a part of the caller's transaction.
pub(crate) async fn put_within(
    transaction: &Transaction,
    stream: &Holodule,
    preconditions: &Preconditions,
) -> Result<Put, PutFault> {
    let present = lock(transaction, &stream.key).await?;
    let is_new = present.is_none();
    preconditions
        .verify(present.map(Record::from).as_ref())
        .map_err(PutFault::Refused)?;
    refuse_full_day(transaction, stream).await?;
    if !is_new {
        replace(transaction, stream).await?;
        return Ok(Put::Replaced);
    }
    match database::insert(transaction, stream.clone()).await {
        Err(error) if database::classify_error(&error) == DatabaseErrorClass::Unique => {
            Err(PutFault::Taken)
        }
        Err(error) => Err(error.into()),
        Ok(()) => Ok(Put::Made),
    }
}

/// Deletes the stream of this key, if it is as the preconditions want it.
///
/// # Errors
/// `not-found`, `precondition-failed`, `service-unavailable`.
pub(crate) async fn delete(
    database: &Database,
    key: String,
    preconditions: Preconditions,
) -> Result<(), ApiError> {
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let present = lock(&transaction, &key).await?;
            let present = present.ok_or_else(ApiError::not_found)?;
            preconditions.verify(Some(&Record::from(present)))?;
            holodule::Entity::delete_by_id(key)
                .exec(&transaction)
                .await?;
            Ok(transaction.commit().await?)
        })
        .await
}

async fn lock(transaction: &Transaction, key: &str) -> Result<Option<Holodule>, DbErr> {
    holodule::Entity::find_by_id(key)
        .lock_exclusive()
        .one(transaction)
        .await
}

async fn refuse_full_day(transaction: &Transaction, stream: &Holodule) -> Result<(), PutFault> {
    let [first, last] = Day::of(stream.datetime).bounds();
    let others = holodule::Entity::find()
        .filter(holodule::Column::Datetime.between(first, last))
        .filter(holodule::Column::Key.ne(stream.key.as_str()))
        .count(transaction)
        .await?;
    if others >= LIMIT {
        return Err(PutFault::Refused(ApiError::holodule_limit()));
    }
    Ok(())
}

async fn replace(transaction: &Transaction, stream: &Holodule) -> Result<(), DbErr> {
    use holodule::Column;

    let Holodule {
        key,
        video_id,
        datetime,
        name,
        title,
        url,
        description,
    } = stream;
    holodule::Entity::update_many()
        .col_expr(Column::VideoId, Expr::value(video_id.as_str()))
        .col_expr(Column::Datetime, Expr::value(*datetime))
        .col_expr(Column::Name, Expr::value(name.as_str()))
        .col_expr(Column::Title, Expr::value(title.as_str()))
        .col_expr(Column::Url, Expr::value(url.as_str()))
        .col_expr(Column::Description, Expr::value(description.as_str()))
        .filter(Column::Key.eq(key.as_str()))
        .exec(transaction)
        .await
        .map(drop)
}

impl From<DbErr> for PutFault {
    fn from(error: DbErr) -> Self {
        Self::Failed(error)
    }
}
