//! The row of `filled_redis`: the Redis that was filled last, of all that instances have used.
//!
//! A Redis that was out of use for a while still has its epoch, but not what was revoked meanwhile. So an epoch counts only
//! while SQL names the same Redis.

use database::Database;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DbErr};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "filled_redis")]
pub(super) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i16,
    identity: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The only row.
const ID: i16 = 1;

/// Returns the identity of the Redis that was filled last.
pub(super) async fn latest(database: &Database) -> Result<Option<String>, DbErr> {
    let row = database.one(Entity::find_by_id(ID)).await?;
    Ok(row.map(|row| row.identity))
}

/// Writes down which Redis is filled.
pub(super) async fn set(database: &Database, identity: &str) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(ID),
        identity: Set(identity.to_owned()),
    };
    let mut or_replace = OnConflict::column(Column::Id);
    or_replace.update_column(Column::Identity);
    database
        .run(|database| async move {
            Entity::insert(row)
                .on_conflict(or_replace)
                .exec_without_returning(&database)
                .await
        })
        .await
        .map(drop)
}
