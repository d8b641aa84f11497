//! A row of `api_tokens`.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// An API token. Its secret is not here.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) name: String,
    /// SHA-256 of the secret, in hexadecimal digits.
    #[sea_orm(unique)]
    pub(crate) digest: String,
    pub(crate) created_at: TimeDateTimeWithTimeZone,
    pub(crate) expires_at: Option<TimeDateTimeWithTimeZone>,
    /// To the minute.
    pub(crate) last_used_at: Option<TimeDateTimeWithTimeZone>,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Returns whether the token has expired.
    pub(crate) fn is_expired(&self, now: OffsetDateTime) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}
