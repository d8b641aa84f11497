//! A row of `sessions`.

use sea_orm::entity::prelude::*;

/// A session, with its present pair of tokens and the pair spent before it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub(crate) struct Model {
    /// `sid` in the tokens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) access_jti: Uuid,
    pub(crate) refresh_jti: Uuid,
    /// Of the present pair, like the two ends below; whole seconds, for they go into the tokens.
    pub(crate) issued_at: TimeDateTimeWithTimeZone,
    pub(crate) access_expires_at: TimeDateTimeWithTimeZone,
    pub(crate) refresh_expires_at: TimeDateTimeWithTimeZone,
    pub(crate) spent_access_jti: Option<Uuid>,
    pub(crate) spent_refresh_jti: Option<Uuid>,
    pub(crate) rotated_at: Option<TimeDateTimeWithTimeZone>,
    pub(crate) started_at: TimeDateTimeWithTimeZone,
    pub(crate) last_used_at: TimeDateTimeWithTimeZone,
    /// Rotation does not move it.
    pub(crate) absolute_end: TimeDateTimeWithTimeZone,
    pub(crate) ended_at: Option<TimeDateTimeWithTimeZone>,
    /// The client's name for itself at the start.
    pub(crate) user_agent: Option<String>,
    /// The client's address then, as `audit.client_address` has it kept.
    pub(crate) client_address: Option<String>,
    /// Those of the last use; none while that was by an instance of a release that did not store them.
    pub(crate) last_user_agent: Option<String>,
    pub(crate) last_client_address: Option<String>,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
