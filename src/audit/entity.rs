//! A row of `events`.

use sea_orm::entity::prelude::*;

/// Something that happened to an account. No row is ever changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub(crate) struct Model {
    /// UUID version 7, which grows with time (RFC 9562).
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) happened_at: TimeDateTimeWithTimeZone,
    /// An [`AuditEventKind`](super::AuditEventKind), as text: a newer version may write kinds that this one does not know.
    pub(crate) kind: String,
    /// The account that it happened to; none if the request named no account.
    pub(crate) user_id: Option<Uuid>,
    /// The account that did it; none for anonymous callers and for the command line.
    pub(crate) actor_id: Option<Uuid>,
    /// None for the command line.
    pub(crate) request_id: Option<Uuid>,
    /// The address or network, as `audit.client_address` says.
    pub(crate) client_address: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) detail: Option<String>,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
