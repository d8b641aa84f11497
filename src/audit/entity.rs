//! A row of `events`.

use sea_orm::entity::prelude::*;

/// Something that happened to an account. No row is ever changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub(crate) struct Model {
    /// Grows with time (RFC 9562, UUID version 7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) happened_at: TimeDateTimeWithTimeZone,
    /// See [`super::AuditEventKind`].
    pub(crate) kind: String,
    /// The account that it happened to; none when nobody's was meant.
    pub(crate) user_id: Option<Uuid>,
    /// The account that did it; none for a stranger and for the command line.
    pub(crate) actor_id: Option<Uuid>,
    /// None for the command line.
    pub(crate) request_id: Option<Uuid>,
    /// As `audit.client_address` has it kept.
    pub(crate) client_address: Option<String>,
    pub(crate) detail: Option<String>,
}

/// None is needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
