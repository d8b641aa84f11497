//! A row of `users`.

use std::fmt;

use generated::models;
use sea_orm::entity::prelude::*;

use crate::auth::roles::Role;
use crate::errors::ApiError;

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
    pub(crate) access_role: Role,
    pub(crate) email_verified_at: Option<TimeDateTimeWithTimeZone>,
    pub(crate) disabled_at: Option<TimeDateTimeWithTimeZone>,
    /// The one live mail token; it stays after its use, so that the same link is answered alike again.
    pub(crate) email_jti: Option<Uuid>,
    pub(crate) password_jti: Option<Uuid>,
    /// The address that replaces `email` when its owner follows the link with the token below.
    pub(crate) pending_email: Option<String>,
    pub(crate) pending_email_jti: Option<Uuid>,
    /// The newest session, which may have ended.
    pub(crate) session_id: Option<Uuid>,
    /// Grows with every change of password, role, suspension or session: writers that lost a race see it.
    pub(crate) version: i32,
    pub(crate) created_at: TimeDateTimeWithTimeZone,
    pub(crate) updated_at: TimeDateTimeWithTimeZone,
}

/// The table has no relations.
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

/// The reason why an account may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountFault {
    Unverified,
    Suspended,
}

impl AccountFault {
    /// Returns the reason, for the log.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Unverified => "the user's address is not verified",
            Self::Suspended => "the user is suspended",
        }
    }
}

impl From<AccountFault> for ApiError {
    fn from(fault: AccountFault) -> Self {
        match fault {
            AccountFault::Unverified => Self::email_unverified(),
            AccountFault::Suspended => Self::account_disabled(),
        }
    }
}

impl Model {
    /// Returns whether the owner has proved to read the mail of the address.
    pub(crate) fn is_verified(&self) -> bool {
        self.email_verified_at.is_some()
    }

    /// Returns whether an admin has suspended the account.
    pub(crate) fn is_suspended(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// Decides whether the account may be used by somebody who has proved to own it. Mailed tokens alone work before the
    /// address is verified: `tokens::token_status::check_account`.
    ///
    /// # Errors
    /// The first reason why not.
    pub(crate) fn ensure_active(&self) -> Result<(), AccountFault> {
        if !self.is_verified() {
            Err(AccountFault::Unverified)
        } else if self.is_suspended() {
            Err(AccountFault::Suspended)
        } else {
            Ok(())
        }
    }

    /// Returns whether the account may be used.
    pub(crate) fn is_active(&self) -> bool {
        self.ensure_active().is_ok()
    }

    /// Returns whether nobody has proved the account's address yet, so that whoever does has it; never an
    /// administrator's.
    pub(crate) fn is_pending_signup(&self) -> bool {
        self.access_role == Role::Basic && !self.is_verified() && !self.is_suspended()
    }
}

/// An account as its owner and admins see it.
impl From<Model> for models::User {
    fn from(user: Model) -> Self {
        Self {
            user_id: user.id,
            access_role: user.access_role.into(),
            email_verified: user.is_verified(),
            disabled: user.is_suspended(),
            pending_email: user.pending_email,
            created_at: user.created_at,
            email: user.email,
        }
    }
}
