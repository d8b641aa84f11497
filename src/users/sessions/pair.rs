//! The tokens of a session.

use generated::models::{UserTokens, UserTokensTokenType};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::auth::tokens::{Keys, NewToken, TokenKind};
use crate::users::entity::Model as User;
use crate::users::sessions::entity::Model as Session;

/// Signs the session's present pair. It is made from the row alone, so that the same row answers the same bytes.
pub(crate) fn pair(keys: &Keys, session: &Session, user: &User) -> anyhow::Result<UserTokens> {
    let sign = |kind: TokenKind, jti: Uuid, expires_at: OffsetDateTime| {
        keys.issue(NewToken {
            kind,
            user_id: user.id,
            access_role: user.access_role,
            jti,
            session: Some(session.id),
            email: None,
            issued_at: session.issued_at.unix_timestamp(),
            expires_at: expires_at.unix_timestamp(),
        })
    };
    let life = |end: OffsetDateTime| (end - session.issued_at).whole_seconds();
    Ok(UserTokens {
        token: sign(
            TokenKind::Access,
            session.access_jti,
            session.access_expires_at,
        )?,
        refresh_token: sign(
            TokenKind::Refresh,
            session.refresh_jti,
            session.refresh_expires_at,
        )?,
        token_type: UserTokensTokenType::Bearer,
        expires_in: life(session.access_expires_at),
        refresh_expires_in: life(session.refresh_expires_at),
        user_id: user.id,
        email: user.email.clone(),
    })
}
