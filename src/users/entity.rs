//! A row of `users`.

use std::fmt;

use sea_orm::entity::prelude::*;

/// An account.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    /// In normal form, see [`super::email`].
    #[sea_orm(unique)]
    pub(crate) email: String,
    /// Empty when no password counts, see [`super::store::password_of`].
    pub(crate) password_hash: String,
    /// The level, see [`crate::auth::roles`].
    pub(crate) access_role: i16,
    pub(crate) email_verified_at: Option<TimeDateTimeWithTimeZone>,
    pub(crate) disabled_at: Option<TimeDateTimeWithTimeZone>,
    /// The one live mail token; it stays after its use, so that the same link is answered alike again.
    pub(crate) email_jti: Option<Uuid>,
    pub(crate) password_jti: Option<Uuid>,
    /// The address that takes the place of `email` when its owner follows the link with the token below.
    pub(crate) pending_email: Option<String>,
    pub(crate) pending_email_jti: Option<Uuid>,
    /// The newest session, whether it still lives or not.
    pub(crate) session_id: Option<Uuid>,
    /// Grows with every change of password, role, suspension or session: writers that lost a race see it.
    pub(crate) version: i32,
    pub(crate) created_at: TimeDateTimeWithTimeZone,
    pub(crate) updated_at: TimeDateTimeWithTimeZone,
}

/// None is needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Neither address nor hash may reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
