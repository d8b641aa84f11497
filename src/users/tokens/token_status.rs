//! The status of a credential that is valid in itself: whether it is accepted now. Asking changes nothing.

use sea_orm::DbErr;
use time::Duration;

use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::checks::Check;
use crate::auth::tokens::{TokenKind, Verified};
use crate::database::{self, Database};
use crate::users::api_tokens::{self, ApiToken};
use crate::users::entity::{AccountFault, Model as User};
use crate::users::sessions::{self, RefreshState};
use crate::users::store;

/// The refusal of a token: the check that it failed, which is one of [`Check::of_state`] or [`Check::OF_API_TOKENS`].
pub(crate) struct TokenRefusal<T> {
    pub(crate) check: Check,
    /// For the operator and the log.
    pub(crate) reason: &'static str,
    /// The last row that was found before: the account, or the API token.
    pub(crate) found: Option<Box<T>>,
}

impl<T> TokenRefusal<T> {
    fn new(check: Check, reason: &'static str, found: Option<T>) -> Self {
        Self {
            check,
            reason,
            found: found.map(Box::new),
        }
    }
}

/// Returns the account that the token stands for, or the refusal.
///
/// `revoked` is what the caller found out about revocations: the service asks its store, the command line SQL.
pub(crate) async fn of_token(
    database: &Database,
    kind: TokenKind,
    token: &Verified,
    revoked: Option<&'static str>,
) -> Result<Result<User, TokenRefusal<User>>, DbErr> {
    let refused = |check, reason| TokenRefusal::new(check, reason, None);
    if let Some(reason) = revoked {
        return Ok(Err(refused(Check::Revocation, reason)));
    }
    if kind == TokenKind::Refresh
        && let Err(reason) = check_session(database, token).await?
    {
        return Ok(Err(refused(Check::Session, reason)));
    }
    let Some(user) = store::find_by_id(database, token.user_id).await? else {
        return Ok(Err(refused(Check::Account, "the user is gone")));
    };
    Ok(match check_account(&user, kind.has_session()) {
        Ok(()) => check_token_of(user, kind, token),
        Err(fault) => Err(refused(Check::Account, fault.reason())),
    })
}

/// Returns the API token with this secret and its account, or the refusal.
pub(crate) async fn of_secret(
    database: &Database,
    secret: &ApiTokenSecret,
) -> Result<Result<(ApiToken, User), TokenRefusal<ApiToken>>, DbErr> {
    let refused = TokenRefusal::new;
    let Some(token) = api_tokens::find_by_secret(database, secret).await? else {
        let reason = "no API token has this value, or it was ended";
        return Ok(Err(refused(Check::Known, reason, None)));
    };
    if token.is_expired(database::now()) {
        let reason = "the API token has expired";
        return Ok(Err(refused(Check::Expiry, reason, Some(token))));
    }
    let Some(user) = store::find_by_id(database, token.user_id).await? else {
        return Ok(Err(refused(
            Check::Account,
            "the user is gone",
            Some(token),
        )));
    };
    Ok(match check_account(&user, true) {
        Ok(()) => Ok((token, user)),
        Err(fault) => Err(refused(Check::Account, fault.reason(), Some(token))),
    })
}

async fn check_session(
    database: &Database,
    token: &Verified,
) -> Result<Result<(), &'static str>, DbErr> {
    let Some(session) = token.session else {
        return Ok(Err("a refresh token without session"));
    };
    // A repeat of its own exchange is all that a spent token is good for, and that for seconds.
    let state = sessions::refresh_state(database, session, token.jti, Duration::ZERO).await?;
    Ok(match state {
        RefreshState::Current => Ok(()),
        RefreshState::Repeat | RefreshState::Reused => Err("the refresh token was spent"),
        RefreshState::Ended => Err("the session has ended"),
    })
}

/// Checks that the account may be used. A mailed token works before the address is verified.
fn check_account(user: &User, must_be_verified: bool) -> Result<(), AccountFault> {
    if user.is_suspended() {
        return Err(AccountFault::Suspended);
    }
    if must_be_verified {
        user.ensure_active()
    } else {
        Ok(())
    }
}

fn check_token_of(
    user: User,
    kind: TokenKind,
    token: &Verified,
) -> Result<User, TokenRefusal<User>> {
    // A change of role ends every token, so a token with another role is none that we left alive.
    let (check, reason) = if user.access_role != token.access_role {
        let reason = "the account has another role than the token says";
        (Check::Role, reason)
    } else if !kind.has_session() && !is_newest(kind, token, &user) {
        (Check::Newest, "used, or replaced by a newer one")
    } else {
        return Ok(user);
    };
    Err(TokenRefusal::new(check, reason, Some(user)))
}

/// Returns whether a mailed token is the live one of its kind.
fn is_newest(kind: TokenKind, token: &Verified, user: &User) -> bool {
    let jti = Some(token.jti);
    if kind == TokenKind::Password {
        return user.password_jti == jti;
    }
    // The id of a used link stays, so that the link is answered alike again; but it does nothing more.
    let first =
        user.email_jti == jti && !user.is_verified() && token.email.as_ref() == Some(&user.email);
    let change = user.pending_email_jti == jti && token.email == user.pending_email;
    first || change
}
