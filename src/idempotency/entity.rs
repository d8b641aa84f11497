//! A row of `idempotency_keys`.

use sea_orm::entity::prelude::*;

/// The reply to a request that made something, until it is forgotten.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub(crate) struct Model {
    /// A digest of the caller, the operation and the key, none of which is stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    /// Encrypted, see [`credentials::seal`].
    pub(crate) reply: Vec<u8>,
    pub(crate) expires_at: TimeDateTimeWithTimeZone,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
