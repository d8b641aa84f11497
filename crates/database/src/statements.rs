//! Single statements, each as work of its own, and an insertion of a whole row.

use infrastructure::paging::Page;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, DeleteMany,
    EntityTrait, IntoActiveModel, Iterable as _, ModelTrait, PaginatorTrait as _,
    PrimaryKeyToColumn as _, PrimaryKeyTrait, QueryFilter as _, QuerySelect as _, Select,
    UpdateMany,
};
use uuid::Uuid;

use super::Database;

impl Database {
    /// Returns the first row of a query.
    pub async fn one<E>(&self, query: Select<E>) -> Result<Option<E::Model>, DbErr>
    where
        E: EntityTrait,
    {
        self.run(|database| async move { query.one(&database).await })
            .await
    }

    /// Returns all rows of a query.
    pub async fn all<E>(&self, query: Select<E>) -> Result<Vec<E::Model>, DbErr>
    where
        E: EntityTrait,
    {
        self.run(|database| async move { query.all(&database).await })
            .await
    }

    /// Returns a page of the rows of a query, and how many there are in all. What comes before the page is counted off by
    /// its ids, for which an index is enough.
    pub async fn page<E>(&self, query: Select<E>, page: Page) -> Result<(Vec<E::Model>, u64), DbErr>
    where
        E: EntityTrait<Model: Sync, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
    {
        self.run(move |database| async move {
            let count = query.clone().count(&database).await?;
            let rows = match page.offset() {
                0 => query.limit(page.limit()),
                offset if offset >= count => return Ok((Vec::new(), count)),
                offset => {
                    let of_page = query.clone().offset(offset).limit(page.limit());
                    let ids = ids(of_page, &database).await?;
                    query.filter(is_one_of::<E>(ids))
                }
            };
            Ok((rows.all(&database).await?, count))
        })
        .await
    }

    /// Changes rows, and returns how many.
    pub async fn update<E>(&self, change: UpdateMany<E>) -> Result<u64, DbErr>
    where
        E: EntityTrait,
    {
        self.run(|database| async move { Ok(change.exec(&database).await?.rows_affected) })
            .await
    }

    /// Deletes rows, and returns how many.
    pub async fn delete<E>(&self, deletion: DeleteMany<E>) -> Result<u64, DbErr>
    where
        E: EntityTrait,
    {
        self.run(|database| async move { Ok(deletion.exec(&database).await?.rows_affected) })
            .await
    }

    /// Deletes rows that a condition selects, at most `limit` of them since whoever writes waits for it, and returns how
    /// many.
    pub async fn delete_some<E>(&self, condition: Expr, limit: u64) -> Result<u64, DbErr>
    where
        E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
    {
        let found = E::find().filter(condition).limit(limit);
        self.run(move |database| async move {
            let ids = ids(found, &database).await?;
            if ids.is_empty() {
                return Ok(0);
            }
            let deletion = E::delete_many().filter(is_one_of::<E>(ids));
            Ok(deletion.exec(&database).await?.rows_affected)
        })
        .await
    }
}

/// Returns the ids of the rows of a query.
async fn ids<E>(query: Select<E>, database: &impl ConnectionTrait) -> Result<Vec<Uuid>, DbErr>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
{
    let keys = E::PrimaryKey::iter().map(|key| key.into_column());
    let ids = query.select_only().columns(keys);
    ids.into_tuple().all(database).await
}

/// Returns the condition that selects the rows with these ids.
fn is_one_of<E>(ids: Vec<Uuid>) -> Condition
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
{
    let keys = E::PrimaryKey::iter().map(|key| key.into_column());
    keys.fold(Condition::all(), |all, key| all.add(key.is_in(ids.clone())))
}

/// Inserts a row with every column that it has.
pub async fn insert<M>(connection: &impl ConnectionTrait, row: M) -> Result<(), DbErr>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    M::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await
        .map(drop)
}
