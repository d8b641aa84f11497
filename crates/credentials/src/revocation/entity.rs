//! A row of `revocations`.

use sea_orm::entity::prelude::*;

/// A token or a session that is refused from now on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revocations")]
pub(super) struct Model {
    /// A `jti` or a `sid`: both are random, so one table holds both.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(super) id: Uuid,
    /// The moment when the last token that it can matter for has expired.
    pub(super) expires_at: TimeDateTimeWithTimeZone,
    /// The second in which it was revoked.
    pub(super) revoked_at: TimeDateTimeWithTimeZone,
    /// True when Redis has it. Always false where the embedded store answers, so that a later move to
    /// Redis starts with everything.
    pub(super) published: bool,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
