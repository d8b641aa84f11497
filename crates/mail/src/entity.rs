//! A row of `mails`: one mail that has not been sent yet.

use std::fmt;

use sea_orm::entity::prelude::*;

/// A mail in the queue. Sent rows are deleted.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// A random id.
    pub id: Uuid,
    /// A [`MailKind`](super::MailKind), as text: a newer version may queue kinds that this one does not know.
    pub kind: String,
    /// The address that the mail goes to.
    pub address: String,
    /// The account that the mail was queued for, which need not exist.
    pub user_id: Option<Uuid>,
    /// When it was queued.
    pub created_at: TimeDateTimeWithTimeZone,
    /// The earliest time of the next attempt.
    pub next_attempt_at: TimeDateTimeWithTimeZone,
    /// The attempts so far; a claim is one.
    pub attempts: i32,
    /// The time until which an instance is sending it; past, if the instance ended meanwhile.
    pub claimed_until: Option<TimeDateTimeWithTimeZone>,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

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
