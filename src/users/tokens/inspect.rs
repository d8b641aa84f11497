//! Explanations of why a token is accepted or refused, check by check, for the operator. HTTP callers learn less.

use anyhow::{Error, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::DbErr;
use serde::Serialize;
use serde_json::Value as Json;

use super::token_status;
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::checks::Check;
use crate::auth::humanize;
use crate::auth::revocation;
use crate::auth::tokens::{Keys, TokenFault, TokenKind, Verified};
use crate::database::{self, Database};
use crate::users::entity::Model as User;

/// Longest part of a foreign header that is shown, in characters.
const SHOWN: usize = 64;

/// The kind that is none of [`TokenKind`].
const API: &str = "api";

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Ok,
    Failed,
    /// Not made: one before it failed, or the database was not to be asked.
    Skipped,
}

/// A check and its outcome.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    pub(crate) check: &'static str,
    pub(crate) outcome: Outcome,
    /// The finding in words, without the token and without a secret.
    pub(crate) found: String,
}

/// All checks of one token.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// The kind of the token, if it is one of ours.
    pub(crate) kind: Option<&'static str>,
    pub(crate) checks: Vec<Line>,
    pub(crate) accepted: bool,
    pub(crate) verdict: String,
}

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
    let Some(kind) = keys.kind_of(token) else {
        return Ok(inspect_foreign(keys, token, now));
    };
    let name = Some(kind.name());
    let describe = |check| keys.describe(kind, token, check, now);
    let verified = match keys.verify(kind, token, now) {
        Ok(verified) => verified,
        Err(fault) => {
            let failure = failure(fault);
            let mut checks = lines(&Check::OF_TOKENS, Some(failure), describe);
            checks.extend(skipped(Check::of_state(kind)));
            return Ok(report(name, checks, Some(failure.1), ""));
        }
    };
    let mut checks = lines(&Check::OF_TOKENS, None, describe);
    let Some(database) = database else {
        checks.extend(skipped(Check::of_state(kind)));
        let accepted = "good in itself; whether it was revoked was not asked";
        return Ok(report(name, checks, None, accepted));
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
    let describe = |check| describe_state(check, &verified, user);
    checks.extend(lines(Check::of_state(kind), failure, describe));
    let reason = failure.map(|(_, reason)| reason);
    Ok(report(name, checks, reason, "accepted"))
}

/// A check that failed, and why.
type Failure = (Check, &'static str);

fn failure(fault: TokenFault) -> Failure {
    let reason = match fault {
        TokenFault::Expired { .. } => "past `exp`, which stands in its claims",
        TokenFault::Invalid(_, reason) => reason,
    };
    (fault.check(), reason)
}

/// Explains a token whose header is none of ours. It fails by that, whichever kind it is held against.
fn inspect_foreign(keys: &Keys, token: &str, now: i64) -> Report {
    let kind = TokenKind::Access;
    let failure = keys.verify(kind, token, now).err().map(failure);
    let describe = |check| keys.describe(kind, token, check, now);
    let mut checks = lines(&Check::OF_TOKENS, failure, describe);
    explain_header(&mut checks, token);
    report(None, checks, failure.map(|(_, reason)| reason), "accepted")
}

fn unanswered(error: DbErr) -> Error {
    anyhow!(database::describe_error(&error))
        .context("the database cannot be asked; --offline does without")
}

fn report(
    kind: Option<&'static str>,
    checks: Vec<Line>,
    refusal: Option<&'static str>,
    accepted: &str,
) -> Report {
    let name = match kind {
        Some(API) => "API token".to_owned(),
        Some(kind) => format!("{kind} token"),
        None => "token".to_owned(),
    };
    Report {
        kind,
        checks,
        accepted: refusal.is_none(),
        verdict: match refusal {
            Some(reason) => format!("the {name} is refused: {reason}"),
            None => format!("the {name} is {accepted}"),
        },
    }
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
    let checks = lines(&Check::OF_API_TOKENS, failure, describe);
    let reason = failure.map(|(_, reason)| reason);
    Ok(report(Some(API), checks, reason, "accepted"))
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

/// Adds the contents of a header that is none of ours.
fn explain_header(checks: &mut [Line], token: &str) {
    let header = Check::Header.name();
    let failed = |line: &&mut Line| line.check == header && line.outcome == Outcome::Failed;
    if let Some(line) = checks.iter_mut().find(failed) {
        line.found = format!("none that we issue: {}", header_in_words(token));
    }
}

fn header_in_words(token: &str) -> String {
    let header = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD
        .decode(header)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(Json::Object(members)) = header else {
        return "it is no JSON object in base64url".to_owned();
    };
    let shown: Vec<_> = ["alg", "typ", "kid"]
        .into_iter()
        .map(|name| match members.get(name) {
            Some(Json::String(text)) => {
                let text: String = text.chars().take(SHOWN).collect();
                format!("{name} {text:?}")
            }
            Some(_) => format!("{name} is no text"),
            None => format!("no {name}"),
        })
        .collect();
    let others = members.len()
        - ["alg", "typ", "kid"]
            .iter()
            .filter(|name| members.contains_key(**name))
            .count();
    match others {
        0 => shown.join(", "),
        _ => format!("{}, {others} other members", shown.join(", ")),
    }
}

/// Lists the checks: those before the failure passed, those after it were not made.
fn lines(
    checks: &[Check],
    failure: Option<Failure>,
    describe: impl Fn(Check) -> String,
) -> Vec<Line> {
    let mut failed = false;
    let line = |check: &Check| {
        let (outcome, found) = match failure {
            _ if failed => (Outcome::Skipped, String::new()),
            Some((at, reason)) if at == *check => {
                failed = true;
                (Outcome::Failed, reason.to_owned())
            }
            _ => (Outcome::Ok, describe(*check)),
        };
        Line {
            check: check.name(),
            outcome,
            found,
        }
    };
    checks.iter().map(line).collect()
}

fn skipped(checks: &[Check]) -> impl Iterator<Item = Line> {
    checks.iter().map(|check| Line {
        check: check.name(),
        outcome: Outcome::Skipped,
        found: String::new(),
    })
}
