//! A row of `mails`: one mail that has not been sent yet.

use std::fmt;

use sea_orm::entity::prelude::*;

/// A mail in the queue. Sent rows are deleted.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    /// A [`MailKind`](super::MailKind), as text: a newer version may queue kinds that this one does not know.
    pub(crate) kind: String,
    pub(crate) address: String,
    /// The account that the mail was queued for, which need not exist.
    pub(crate) user_id: Option<Uuid>,
    pub(crate) created_at: TimeDateTimeWithTimeZone,
    pub(crate) next_attempt_at: TimeDateTimeWithTimeZone,
    pub(crate) attempts: i32,
    /// The time until which an instance is sending it; past, if the instance ended meanwhile.
    pub(crate) claimed_until: Option<TimeDateTimeWithTimeZone>,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Leaves out the address, which may not reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
