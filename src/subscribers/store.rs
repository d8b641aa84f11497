//! Queries on the mailing list. The unique index decides whether an address is taken.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::entity::{self as subscriber, Model as Subscriber};
use crate::database::{self, Database, DatabaseErrorClass};
use crate::errors::ApiError;
use crate::idempotency::Key;
use crate::paging::Page;

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
) -> Result<Subscriber, ApiError> {
    database
        .run(|database| async move {
            let transaction = database::begin(&database).await?;
            if let Some(first) = key.claim(&transaction, &subscriber).await? {
                return Ok(first);
            }
            database::insert(&transaction, subscriber.clone())
                .await
                .map_err(taken)?;
            transaction.commit().await?;
            Ok(subscriber)
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

/// Replaces name and address.
///
/// # Errors
/// `not-found`, `subscriber-already-exists`, `service-unavailable`.
pub(crate) async fn update(database: &Database, subscriber: &Subscriber) -> Result<(), ApiError> {
    let Subscriber {
        id,
        full_name,
        email,
    } = subscriber;
    let change = subscriber::Entity::update_many()
        .col_expr(
            subscriber::Column::FullName,
            Expr::value(full_name.as_str()),
        )
        .col_expr(subscriber::Column::Email, Expr::value(email.as_str()))
        .filter(subscriber::Column::Id.eq(*id));
    if database.update(change).await.map_err(taken)? == 0 {
        return Err(ApiError::not_found());
    }
    Ok(())
}

/// Deletes a subscriber and returns true if there was one.
pub(crate) async fn delete(database: &Database, id: Uuid) -> Result<bool, DbErr> {
    let deletion = subscriber::Entity::delete_many().filter(subscriber::Column::Id.eq(id));
    Ok(database.delete(deletion).await? > 0)
}

fn taken(error: DbErr) -> ApiError {
    if database::classify_error(&error) == DatabaseErrorClass::Unique {
        ApiError::subscriber_already_exists()
    } else {
        error.into()
    }
}
