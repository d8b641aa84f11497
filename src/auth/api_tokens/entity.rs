//! A row of `api_tokens`.

use sea_orm::entity::prelude::*;

/// An API token. Its value is not here.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) name: String,
    /// SHA-256 of the value, in hexadecimal digits.
    #[sea_orm(unique)]
    pub(crate) digest: String,
    pub(crate) created_at: TimeDateTimeWithTimeZone,
    pub(crate) expires_at: Option<TimeDateTimeWithTimeZone>,
    /// To the minute.
    pub(crate) last_used_at: Option<TimeDateTimeWithTimeZone>,
}

/// None is needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
