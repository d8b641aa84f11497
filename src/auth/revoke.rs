//! Giving tokens back (RFC 7009), over HTTP and at the command line.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait as _,
    QueryFilter as _, UpdateMany,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Caller;
use super::api_tokens::{self, Value};
use super::revocation::{Revocation, entity as revocation};
use super::roles::Role;
use super::tokens::{Keys, Kind, Verified};
use crate::audit::{self, Origin};
use crate::database;
use crate::errors::ApiError;
use crate::users::entity as user;
use crate::users::sessions;

/// Whose tokens somebody may revoke.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Authority {
    /// Anybody's: the operator and admins.
    All,
    /// Those of this account.
    Own(Uuid),
}

impl Authority {
    /// What the caller may do.
    pub(super) fn of(caller: &Caller) -> Self {
        if caller.access_role >= Role::Admin.level() {
            Self::All
        } else {
            Self::Own(caller.user_id)
        }
    }

    fn over(self, user_id: Uuid) -> Result<(), ApiError> {
        match self {
            Self::Own(own) if own != user_id => {
                Err(ApiError::forbidden("The token is somebody else's."))
            }
            Self::All | Self::Own(_) => Ok(()),
        }
    }
}

/// Ends a token durably; one that is not good any more is left alone. Answers what is to be published.
///
/// # Errors
/// `forbidden` for a good token of another; `service-unavailable`.
pub(crate) async fn revoke(
    database: &DatabaseConnection,
    keys: &Keys,
    token: &str,
    authority: Authority,
    origin: &Origin,
) -> Result<Option<Revocation>, ApiError> {
    if let Some(value) = Value::read(token) {
        if let Some(token) = api_tokens::find_by_value(database, &value).await? {
            authority.over(token.user_id)?;
            let event = (audit::Kind::TokenRevoked, "api");
            api_tokens::delete(database, token.user_id, token.id, event, origin).await?;
        }
        return Ok(None);
    }
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let Some(kind) = keys.kind_of(token) else {
        return Ok(None);
    };
    let Ok(token) = keys.verify(kind, token, now) else {
        return Ok(None);
    };
    authority.over(token.user_id)?;
    let revoked = match (kind, token.session) {
        // Also a spent one of a live session: whoever gives it back wants nobody to go on.
        (Kind::Refresh, Some(session)) => {
            let event = (audit::Kind::TokenRevoked, Some(kind.name()));
            sessions::end_noting(database, session, event, origin).await?
        }
        (Kind::Access | Kind::Refresh, _) => revoke_access(database, kind, &token, origin).await?,
        (Kind::Email | Kind::Password, _) => {
            forget(database, kind, &token, origin).await?;
            None
        }
    };
    Ok(revoked)
}

/// Has the token refused by its own id. The session goes on, and gets its next access token by a refresh.
async fn revoke_access(
    database: &DatabaseConnection,
    kind: Kind,
    token: &Verified,
    origin: &Origin,
) -> Result<Option<Revocation>, DbErr> {
    database::limited(async {
        let transaction = database::begin(database).await?;
        let known = revocation::Entity::find()
            .filter(
                revocation::Column::Id
                    .is_in([Some(token.jti), token.session].into_iter().flatten()),
            )
            .one(&transaction)
            .await?;
        if known.is_some() {
            transaction.rollback().await?;
            // Whoever revoked it may not have lived to publish it.
            return sessions::unpublished(database, token.jti).await;
        }
        let now = database::now();
        let end = OffsetDateTime::from_unix_timestamp(token.expires_at)
            .unwrap_or(now + time::Duration::days(1));
        let revoked = sessions::revoke(&transaction, token.jti, end, now).await?;
        note(&transaction, kind, token, origin).await?;
        transaction.commit().await?;
        Ok(revoked)
    })
    .await
}

/// Forgets the id by which a mailed token lives.
async fn forget(
    database: &DatabaseConnection,
    kind: Kind,
    token: &Verified,
    origin: &Origin,
) -> Result<(), DbErr> {
    database::limited(async {
        let transaction = database::begin(database).await?;
        let mut forgotten = 0;
        for change in forgettings(kind, token) {
            forgotten += change.exec(&transaction).await?.rows_affected;
        }
        if forgotten > 0 {
            note(&transaction, kind, token, origin).await?;
        }
        transaction.commit().await
    })
    .await
}

fn forgettings(kind: Kind, token: &Verified) -> Vec<UpdateMany<user::Entity>> {
    let none = || Expr::value(None::<Uuid>);
    let account = || {
        user::Entity::update_many()
            .col_expr(user::Column::UpdatedAt, Expr::value(database::now()))
            .filter(user::Column::Id.eq(token.user_id))
    };
    if kind == Kind::Password {
        return vec![
            account()
                .col_expr(user::Column::PasswordJti, none())
                .filter(user::Column::PasswordJti.eq(token.jti)),
        ];
    }
    vec![
        // A link that was used is answered alike again, and does nothing more: it is left alone.
        account()
            .col_expr(user::Column::EmailJti, none())
            .filter(user::Column::EmailJti.eq(token.jti))
            .filter(user::Column::EmailVerifiedAt.is_null()),
        // Without its link a change of address could only wait for ever.
        account()
            .col_expr(user::Column::PendingEmailJti, none())
            .col_expr(user::Column::PendingEmail, Expr::value(None::<String>))
            .filter(user::Column::PendingEmailJti.eq(token.jti)),
    ]
}

async fn note(
    transaction: &impl ConnectionTrait,
    kind: Kind,
    token: &Verified,
    origin: &Origin,
) -> Result<(), DbErr> {
    let revoked = audit::Kind::TokenRevoked;
    audit::record(
        transaction,
        origin,
        revoked,
        token.user_id,
        Some(kind.name()),
    )
    .await
}
