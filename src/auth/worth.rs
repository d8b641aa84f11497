//! Whether a credential that says nothing wrong of itself would be accepted now. Asking changes nothing.

use sea_orm::DbErr;
use time::Duration;
use uuid::Uuid;

use super::api_tokens::{self, Value};
use super::checks::{Check, Witness};
use super::tokens::{Kind, Verified};
use super::words;
use crate::database::{self, Database};
use crate::users::entity::Model as User;
use crate::users::record::role;
use crate::users::sessions::{self, RefreshState};
use crate::users::store;

/// Why it would not; for the operator and the log.
pub(super) type Reason = &'static str;

/// The account that the token stands for. The witness is told of [`Check::of_state`].
///
/// `revoked` is what the caller found out about revocations: the service asks its store, the command line SQL.
pub(super) async fn of_token(
    database: &Database,
    kind: Kind,
    token: &Verified,
    revoked: Option<Reason>,
    witness: &mut impl Witness,
) -> Result<Result<User, Reason>, DbErr> {
    if let Some(reason) = revoked {
        return Ok(Err(reason));
    }
    witness.passed(Check::Revocation, || {
        "neither the token nor a session of it is revoked".to_owned()
    });
    if kind == Kind::Refresh {
        if let Err(reason) = session(database, token).await? {
            return Ok(Err(reason));
        }
        witness.passed(Check::Session, || {
            "the session lives, and this is its present refresh token".to_owned()
        });
    }
    let user = store::find_by_id(database, token.user_id).await?;
    let user = match account(user, kind.has_session()) {
        Ok(user) => user,
        Err(reason) => return Ok(Err(reason)),
    };
    witness.passed(Check::Account, || in_words(&user));
    // A change of role ends every token, so a token with another role is none that we left alive.
    if !role(&user).is_ok_and(|role| role == token.access_role) {
        return Ok(Err("the account has another role than the token says"));
    }
    witness.passed(Check::Role, || token.access_role.name().to_owned());
    if !kind.has_session() {
        if !is_newest(kind, token, &user) {
            return Ok(Err("used, or replaced by a newer one"));
        }
        witness.passed(Check::Newest, || "not used yet".to_owned());
    }
    Ok(Ok(user))
}

/// The API token with this value, and its account. The witness is told of [`Check::OF_API_TOKENS`].
pub(super) async fn of_value(
    database: &Database,
    value: &Value,
    witness: &mut impl Witness,
) -> Result<Result<(api_tokens::ApiToken, User), Refused>, DbErr> {
    let Some(token) = api_tokens::find_by_value(database, value).await? else {
        return Ok(Err(Refused::Unknown));
    };
    witness.passed(Check::Known, || {
        format!("API token {} of user {}", token.id, token.user_id)
    });
    let now = database::now();
    if api_tokens::is_expired(&token, now) {
        return Ok(Err(Refused::Expired(token)));
    }
    witness.passed(Check::Expiry, || match token.expires_at {
        Some(end) => words::moment(end.unix_timestamp(), now.unix_timestamp()),
        None => "never".to_owned(),
    });
    let user = store::find_by_id(database, token.user_id).await?;
    Ok(match account(user, true) {
        Ok(user) => {
            witness.passed(Check::Account, || in_words(&user));
            Ok((token, user))
        }
        Err(reason) => Err(Refused::Account(token, reason)),
    })
}

/// Why an API token is refused.
pub(super) enum Refused {
    Unknown,
    Expired(api_tokens::ApiToken),
    Account(api_tokens::ApiToken, Reason),
}

impl Refused {
    /// Whose token it is.
    pub(super) fn user_id(&self) -> Option<Uuid> {
        match self {
            Self::Unknown => None,
            Self::Expired(token) | Self::Account(token, _) => Some(token.user_id),
        }
    }

    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::Unknown => "no API token has this value, or it was ended",
            Self::Expired(_) => "the API token has expired",
            Self::Account(_, reason) => reason,
        }
    }
}

async fn session(database: &Database, token: &Verified) -> Result<Result<(), Reason>, DbErr> {
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

/// The account, if it may be used. What is mailed works before the address is verified.
fn account(user: Option<User>, must_be_verified: bool) -> Result<User, Reason> {
    let user = user.ok_or("the user is gone")?;
    if user.disabled_at.is_some() {
        return Err("the user is suspended");
    }
    if must_be_verified && user.email_verified_at.is_none() {
        return Err("the user's address is not verified");
    }
    Ok(user)
}

/// Whether a mailed token is the live one of its kind.
fn is_newest(kind: Kind, token: &Verified, user: &User) -> bool {
    let jti = Some(token.jti);
    if kind == Kind::Password {
        return user.password_jti == jti;
    }
    // The id of a used link stays, so that the link is answered alike again; but it does nothing more.
    let first = user.email_jti == jti
        && user.email_verified_at.is_none()
        && token.email.as_ref() == Some(&user.email);
    let change = user.pending_email_jti == jti && token.email == user.pending_email;
    first || change
}

fn in_words(user: &User) -> String {
    let verified = match user.email_verified_at {
        Some(_) => "verified",
        None => "not verified yet",
    };
    format!("user {} is there, {verified}, not suspended", user.id)
}
