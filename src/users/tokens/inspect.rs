//! Explanations of why a token is accepted or refused, with what SQL says of it.

use anyhow::{Error, Result, anyhow, bail};
use sea_orm::DbErr;

use super::token_status;
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::checks::Check;
use crate::auth::humanize;
use crate::auth::report::Report;
use crate::auth::revocation;
use crate::auth::tokens::{Keys, Verified};
use crate::database::{self, Database};
use crate::users::entity::Model as User;

/// Checks a token as the service would. Without a database only what the token says of itself is checked.
///
/// # Errors
/// The database does not answer, or is needed and not to be asked.
pub(crate) async fn inspect(
    keys: &Keys,
    database: Option<&Database>,
    token: &str,
    now: i64,
) -> Result<Report> {
    if let Some(secret) = ApiTokenSecret::read(token) {
        let Some(database) = database else {
            bail!("an API token says nothing of itself: leave --offline away");
        };
        return inspect_api_token(database, &secret, now)
            .await
            .map_err(unanswered);
    }
    let report = Report::of_token(keys, token, now);
    let (Some(database), Some(kind)) = (database, keys.kind_of(token)) else {
        return Ok(report);
    };
    let Ok(verified) = keys.verify(kind, token, now) else {
        return Ok(report);
    };
    let revoked = revoked(database, &verified).await.map_err(unanswered)?;
    let status = token_status::of_token(database, kind, &verified, revoked)
        .await
        .map_err(unanswered)?;
    let (user, failure) = match &status {
        Ok(user) => (Some(user), None),
        Err(refusal) => (
            refusal.found.as_deref(),
            Some((refusal.check, refusal.reason)),
        ),
    };
    Ok(report.with_state(kind, failure, |check| {
        describe_state(check, &verified, user)
    }))
}

fn unanswered(error: DbErr) -> Error {
    anyhow!(database::describe_error(&error))
        .context("the database cannot be asked; --offline does without")
}

async fn inspect_api_token(
    database: &Database,
    secret: &ApiTokenSecret,
    now: i64,
) -> Result<Report, DbErr> {
    let status = token_status::of_secret(database, secret).await?;
    let (token, user, failure) = match &status {
        Ok((token, user)) => (Some(token), Some(user), None),
        Err(refusal) => {
            let failure = (refusal.check, refusal.reason);
            (refusal.found.as_deref(), None, Some(failure))
        }
    };
    let describe = |check| match (check, token, user) {
        (Check::Known, Some(token), _) => {
            format!("API token {} of user {}", token.id, token.user_id)
        }
        (Check::Expiry, Some(token), _) => match token.expires_at {
            Some(end) => humanize::moment(end.unix_timestamp(), now),
            None => "never".to_owned(),
        },
        (Check::Account, _, Some(user)) => describe_account(user),
        _ => String::new(),
    };
    Ok(Report::of_api_token(failure, describe))
}

/// Describes what was found at a check of [`Check::of_state`] that passed.
fn describe_state(check: Check, token: &Verified, user: Option<&User>) -> String {
    let text = match check {
        Check::Revocation => "neither the token nor a session of it is revoked",
        Check::Session => "the session lives, and this is its present refresh token",
        Check::Account => return user.map_or_else(String::new, describe_account),
        Check::Role => token.access_role.name(),
        Check::Newest => "not used yet",
        // Not of the state.
        _ => "",
    };
    text.to_owned()
}

fn describe_account(user: &User) -> String {
    let verified = if user.is_verified() {
        "verified"
    } else {
        "not verified yet"
    };
    format!("user {} is there, {verified}, not suspended", user.id)
}

/// Asks SQL for revocations, which is the truth that the stores of the instances follow.
async fn revoked(database: &Database, token: &Verified) -> Result<Option<&'static str>, DbErr> {
    let ids = [Some(token.jti), token.session].into_iter().flatten();
    let found = database
        .run(move |database| async move { revocation::revoked(&database, ids).await })
        .await?;
    Ok(if found.iter().any(|revoked| revoked.id == token.jti) {
        Some("the token itself was revoked, by its jti")
    } else if found.is_empty() {
        None
    } else {
        Some("its session was ended, by its sid")
    })
}
