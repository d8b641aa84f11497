//! Token revocation (RFC 7009), over HTTP and at the command line.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::revocation::{self, Revocation};
use crate::auth::roles::Role;
use crate::auth::tokens::{Keys, TokenKind, Verified};
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::users::accounts::{Actor, address};
use crate::users::api_tokens::{self, ApiToken};
use crate::users::entity as user;
use crate::users::sessions;

/// Revokes a token durably; one that is not accepted any more is left alone. Returns what is to be published.
///
/// # Errors
/// `forbidden` for a good token of another; `token-invalid` for an actor who was an admin and is none any more;
/// `service-unavailable`.
pub(crate) async fn revoke(
    database: &Database,
    keys: &Keys,
    token: &str,
    actor: &Actor,
) -> Result<Option<Revocation>, ApiError> {
    let Some(token) = Token::read(database, keys, token).await? else {
        return Ok(None);
    };
    let owner = token.owner();
    if !actor.is(owner) && !actor.came_as_admin() {
        return Err(ApiError::forbidden("The token is somebody else's."));
    }
    let actor = actor.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            if !actor.is(owner) {
                actor.lock(&transaction, &[owner], Role::Admin).await?;
            }
            let revoked = token.end(&transaction, actor.context()).await?;
            transaction.commit().await?;
            Ok(revoked)
        })
        .await
}

/// A token that is valid in itself.
#[derive(Clone)]
enum Token {
    Api(ApiToken),
    Signed(TokenKind, Verified),
}

impl Token {
    async fn read(database: &Database, keys: &Keys, token: &str) -> Result<Option<Self>, DbErr> {
        if let Some(secret) = ApiTokenSecret::read(token) {
            let token = api_tokens::find_by_secret(database, &secret).await?;
            return Ok(token.map(Self::Api));
        }
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let read = keys.kind_of(token).and_then(|kind| {
            let token = keys.verify(kind, token, now).ok()?;
            Some(Self::Signed(kind, token))
        });
        Ok(read)
    }

    fn owner(&self) -> Uuid {
        match self {
            Self::Api(token) => token.user_id,
            Self::Signed(_, token) => token.user_id,
        }
    }

    async fn end(
        &self,
        transaction: &impl ConnectionTrait,
        context: &AuditContext,
    ) -> Result<Option<Revocation>, DbErr> {
        let (kind, token) = match self {
            Self::Api(token) => {
                let event = (AuditEventKind::TokenRevoked, "api");
                let owner = token.user_id;
                api_tokens::delete_within(transaction, owner, token.id, event, context).await?;
                return Ok(None);
            }
            Self::Signed(kind, token) => (*kind, token),
        };
        match (kind, token.session) {
            // Also a spent one of a live session: whoever gives it back wants nobody to go on.
            (TokenKind::Refresh, Some(session)) => {
                let event = (AuditEventKind::TokenRevoked, Some(kind.name()));
                sessions::end_within(transaction, session, event, context).await
            }
            (TokenKind::Access | TokenKind::Refresh, session) => {
                revoke_alone(transaction, kind, token, session, context).await
            }
            (TokenKind::Email | TokenKind::Password, _) => {
                clear_mail_token(transaction, kind, token, context).await?;
                Ok(None)
            }
        }
    }
}

/// Revokes the token by its own id. The session goes on, and gets its next access token by a refresh.
async fn revoke_alone(
    transaction: &impl ConnectionTrait,
    kind: TokenKind,
    token: &Verified,
    session: Option<Uuid>,
    context: &AuditContext,
) -> Result<Option<Revocation>, DbErr> {
    if let Some(session) = session {
        // Two who revoke one token queue up here, and the second one finds what the first one wrote. What an
        // insertion says of conflicts is not the same on every database.
        sessions::lock(transaction, session).await?;
    }
    let ids = [Some(token.jti), session].into_iter().flatten();
    if !revocation::revoked(transaction, ids).await?.is_empty() {
        // Whoever revoked it may not have lived to publish it.
        return revocation::unpublished(transaction, token.jti).await;
    }
    let now = database::now();
    let end = OffsetDateTime::from_unix_timestamp(token.expires_at)
        .unwrap_or(now + time::Duration::days(1));
    let revoked = revocation::revoke(transaction, token.jti, end, now).await?;
    record(transaction, kind, token, context).await?;
    Ok(revoked)
}

/// Clears the id by which a mailed token is accepted.
async fn clear_mail_token(
    transaction: &impl ConnectionTrait,
    kind: TokenKind,
    token: &Verified,
    context: &AuditContext,
) -> Result<(), DbErr> {
    let none = Expr::value(None::<Uuid>);
    let account = user::Entity::update_many()
        .col_expr(user::Column::UpdatedAt, Expr::value(database::now()))
        .filter(user::Column::Id.eq(token.user_id));
    let cleared = if kind == TokenKind::Password {
        let password = account
            .col_expr(user::Column::PasswordJti, none)
            .filter(user::Column::PasswordJti.eq(token.jti));
        password.exec(transaction).await?.rows_affected
    } else {
        // A link that was used is answered alike again, and does nothing more: it is left alone.
        let link = account
            .col_expr(user::Column::EmailJti, none)
            .filter(user::Column::EmailJti.eq(token.jti))
            .filter(user::Column::EmailVerifiedAt.is_null());
        // Without its link a change of address could only wait for ever.
        let change = address::dropped(token.user_id, token.jti);
        link.exec(transaction).await?.rows_affected + change.exec(transaction).await?.rows_affected
    };
    if cleared > 0 {
        record(transaction, kind, token, context).await?;
    }
    Ok(())
}

async fn record(
    transaction: &impl ConnectionTrait,
    kind: TokenKind,
    token: &Verified,
    context: &AuditContext,
) -> Result<(), DbErr> {
    let revoked = AuditEventKind::TokenRevoked;
    audit::record(
        transaction,
        context,
        revoked,
        token.user_id,
        Some(kind.name()),
    )
    .await
}
