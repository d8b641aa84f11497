//! Checks that the database accepts writes: a server may have become read-only, a disk full.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, DbErr};
use time::OffsetDateTime;

use super::Database;
use super::clock::now;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "probe")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i16,
    written_at: OffsetDateTime,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The only row.
const ID: i16 = 1;

/// Writes the row of the table `probe`, to see whether the database accepts writes.
///
/// # Errors
/// The error of the database, or that it did not answer in time.
pub async fn write_probe(database: &Database) -> Result<(), DbErr> {
    database
        .run(|database| async move {
            let written = Entity::update_many()
                .col_expr(Column::WrittenAt, Expr::value(now()))
                .filter(Column::Id.eq(ID))
                .exec(&database)
                .await?;
            if written.rows_affected == 0 {
                let row = ActiveModel {
                    id: Set(ID),
                    written_at: Set(now()),
                };
                let another_was_faster = OnConflict::column(Column::Id)
                    .do_nothing_on([Column::Id])
                    .to_owned();
                Entity::insert(row)
                    .on_conflict(another_was_faster)
                    .exec_without_returning(&database)
                    .await?;
            }
            Ok(())
        })
        .await
}
