//! Queries on the mailing list. The unique index decides whether an address is taken.

use generated::models::Subscriber as Record;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::entity::{self as subscriber, Model as Subscriber};
use crate::database::{self, Database, DatabaseErrorClass, Transaction};
use crate::errors::ApiError;
use crate::idempotency::Key;
use crate::paging::Page;
use crate::preconditions::Preconditions;

/// Returns the subscriber with this id.
pub(crate) async fn find_by_id(database: &Database, id: Uuid) -> Result<Option<Subscriber>, DbErr> {
    database.one(subscriber::Entity::find_by_id(id)).await
}

/// Returns a page of subscribers in the order in which they joined, and the number of all.
pub(crate) async fn page(database: &Database, page: Page) -> Result<(Vec<Subscriber>, u64), DbErr> {
    let all = subscriber::Entity::find().order_by_asc(subscriber::Column::Id);
    database.page(all, page).await
}

/// Returns the subscribers after this one, or from the start of the list.
pub(super) async fn following(
    database: &Database,
    behind: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Subscriber>, DbErr> {
    let mut query = subscriber::Entity::find()
        .order_by_asc(subscriber::Column::Id)
        .limit(limit);
    if let Some(id) = behind {
        query = query.filter(subscriber::Column::Id.gt(id));
    }
    database.all(query).await
}

/// Adds a subscriber, and returns it, or the one that the first request with the key added.
///
/// # Errors
/// `subscriber-already-exists`, `service-unavailable`; see [`Key::claim`].
pub(crate) async fn insert(
    database: &Database,
    subscriber: Subscriber,
    key: Key,
) -> Result<Record, ApiError> {
    database
        .run(|database| async move {
            let reply = Record::from(subscriber.clone());
            let transaction = database::begin(&database).await?;
            if let Some(first) = key.claim(&transaction, &reply).await? {
                return Ok(first);
            }
            database::insert(&transaction, subscriber)
                .await
                .map_err(taken)?;
            transaction.commit().await?;
            Ok(reply)
        })
        .await
}

/// Adds those whose address is not on the list, all at once, and returns their number.
///
/// # Errors
/// The error of the database; then none was added.
pub(crate) async fn insert_new(
    database: &Database,
    subscribers: Vec<Subscriber>,
) -> Result<u64, DbErr> {
    let ids: Vec<Uuid> = subscribers.iter().map(|new| new.id).collect();
    let rows = subscribers
        .into_iter()
        .map(|new| subscriber::ActiveModel::from(new).reset_all());
    let rows: Vec<_> = rows.collect();
    let skip_taken = OnConflict::column(subscriber::Column::Email)
        .do_nothing_on([subscriber::Column::Id])
        .to_owned();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            subscriber::Entity::insert_many(rows)
                .on_conflict(skip_taken)
                .exec_without_returning(&transaction)
                .await?;
            // Counted, since MySQL calls a row affected that it left alone.
            let inserted = subscriber::Entity::find()
                .filter(subscriber::Column::Id.is_in(ids))
                .count(&transaction)
                .await?;
            transaction.commit().await?;
            Ok(inserted)
        })
        .await
}

/// Replaces name and address of a subscriber who is as the preconditions want it.
///
/// # Errors
/// `not-found`, `precondition-failed`, `subscriber-already-exists`, `service-unavailable`.
pub(crate) async fn update(
    database: &Database,
    subscriber: &Subscriber,
    preconditions: Preconditions,
) -> Result<(), ApiError> {
    let subscriber = subscriber.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            lock(&transaction, subscriber.id, &preconditions).await?;
            subscriber::Entity::update_many()
                .col_expr(
                    subscriber::Column::FullName,
                    Expr::value(subscriber.full_name),
                )
                .col_expr(subscriber::Column::Email, Expr::value(subscriber.email))
                .filter(subscriber::Column::Id.eq(subscriber.id))
                .exec(&transaction)
                .await
                .map_err(taken)?;
            Ok(transaction.commit().await?)
        })
        .await
}

/// Deletes a subscriber who is as the preconditions want it.
///
/// # Errors
/// `not-found`, `precondition-failed`, `service-unavailable`.
pub(crate) async fn delete(
    database: &Database,
    id: Uuid,
    preconditions: Preconditions,
) -> Result<(), ApiError> {
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            lock(&transaction, id, &preconditions).await?;
            subscriber::Entity::delete_by_id(id)
                .exec(&transaction)
                .await?;
            Ok(transaction.commit().await?)
        })
        .await
}

/// Locks a subscriber who is as the preconditions want it.
async fn lock(
    transaction: &Transaction,
    id: Uuid,
    preconditions: &Preconditions,
) -> Result<(), ApiError> {
    let present = subscriber::Entity::find_by_id(id)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or_else(ApiError::not_found)?;
    preconditions.verify(Some(&Record::from(present)))
}

fn taken(error: DbErr) -> ApiError {
    if database::classify_error(&error) == DatabaseErrorClass::Unique {
        ApiError::subscriber_already_exists()
    } else {
        error.into()
    }
}
