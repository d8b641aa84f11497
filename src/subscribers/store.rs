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
use crate::paging::Page;

/// Returns the subscriber with this id.
pub(crate) async fn find_by_id(database: &Database, id: Uuid) -> Result<Option<Subscriber>, DbErr> {
    database
        .run(move |database| async move { subscriber::Entity::find_by_id(id).one(&database).await })
        .await
}

/// Returns a page of subscribers in the order in which they joined, and the number of all.
pub(crate) async fn page(database: &Database, page: Page) -> Result<(Vec<Subscriber>, u64), DbErr> {
    database
        .run(move |database| async move {
            let count = subscriber::Entity::find().count(&database).await?;
            let subscribers = subscriber::Entity::find()
                .order_by_asc(subscriber::Column::Id)
                .offset(page.offset())
                .limit(page.limit())
                .all(&database)
                .await?;
            Ok((subscribers, count))
        })
        .await
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
    database
        .run(move |database| async move { query.all(&database).await })
        .await
}

/// Adds a subscriber.
///
/// # Errors
/// `subscriber-already-exists`, `service-unavailable`.
pub(crate) async fn insert(database: &Database, subscriber: &Subscriber) -> Result<(), ApiError> {
    let row = row(subscriber.clone());
    let inserted = database
        .run(move |database| async move {
            let change = subscriber::Entity::insert(row);
            change.exec_without_returning(&database).await
        })
        .await;
    inserted.map(drop).map_err(taken)
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
    let skip_taken = OnConflict::column(subscriber::Column::Email)
        .do_nothing_on([subscriber::Column::Id])
        .to_owned();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            subscriber::Entity::insert_many(subscribers.into_iter().map(row))
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
    let changed = database
        .run(move |database| async move { change.exec(&database).await })
        .await;
    if changed.map_err(taken)?.rows_affected == 0 {
        return Err(ApiError::not_found());
    }
    Ok(())
}

/// Deletes a subscriber and returns true if there was one.
pub(crate) async fn delete(database: &Database, id: Uuid) -> Result<bool, DbErr> {
    let change = subscriber::Entity::delete_by_id(id);
    let deleted = database
        .run(move |database| async move { change.exec(&database).await })
        .await?;
    Ok(deleted.rows_affected > 0)
}

fn taken(error: DbErr) -> ApiError {
    if database::classify_error(&error) == DatabaseErrorClass::Unique {
        ApiError::subscriber_already_exists()
    } else {
        error.into()
    }
}

/// Sets every column, so that all are inserted.
fn row(subscriber: Subscriber) -> subscriber::ActiveModel {
    subscriber::ActiveModel::from(subscriber).reset_all()
}
