//! Why a token is accepted or refused, check by check, for the operator. Callers over HTTP are told much less.

use anyhow::{Error, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::api_tokens::Value;
use super::checks::{Check, Witness};
use super::revocation::entity as revocation;
use super::tokens::{Keys, Kind, TokenFault, Verified};
use super::worth::{self, Reason};
use crate::database::{self, Database};

/// Longest part of a foreign header that is shown, in characters.
const SHOWN: usize = 64;

/// The kind that is none of [`Kind`].
const API: &str = "api";

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Ok,
    Failed,
    /// Not made: one before it failed, or the database was not to be asked.
    Skipped,
}

/// One check.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    pub(crate) check: &'static str,
    pub(crate) outcome: Outcome,
    /// In words, without the token and without a secret.
    pub(crate) found: String,
}

/// All checks of one token.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// What the token is, or says that it is.
    pub(crate) kind: Option<&'static str>,
    pub(crate) checks: Vec<Line>,
    pub(crate) accepted: bool,
    pub(crate) verdict: String,
}

/// Checks a token as the service would. Without a database only what the token says of itself is looked at.
///
/// # Errors
/// When the database does not answer, or is needed and not to be asked.
pub(crate) async fn inspect(
    keys: &Keys,
    database: Option<&Database>,
    token: &str,
    now: i64,
) -> Result<Report> {
    if let Some(value) = Value::read(token) {
        let Some(database) = database else {
            bail!("an API token says nothing of itself: leave --offline away");
        };
        return of_api_token(database, &value).await.map_err(unanswered);
    }
    let kind = keys.kind_of(token);
    let mut seen = Seen::default();
    // A token of no kind of ours fails by its header, whichever kind it is held against.
    let examined = keys.examine(kind.unwrap_or(Kind::Access), token, now, &mut seen);
    let fault = examined.as_ref().err().map(|fault| match fault {
        TokenFault::Expired { .. } => "past `exp`, which stands in its claims",
        TokenFault::Invalid(reason) => reason,
    });
    let mut checks = seen.lines(&Check::OF_TOKENS, fault);
    if kind.is_none() {
        explain_header(&mut checks, token);
    }
    let mut refusal = fault;
    if let Some(kind) = kind {
        let mut seen = Seen::default();
        if let (Ok(token), Some(database)) = (&examined, database) {
            refusal = state(database, kind, token, &mut seen)
                .await
                .map_err(unanswered)?;
        }
        checks.extend(seen.lines(Check::of_state(kind), refusal.filter(|_| fault.is_none())));
    }
    let asked = if database.is_some() {
        "accepted"
    } else {
        "good in itself; whether it was revoked was not asked"
    };
    Ok(report(kind.map(Kind::name), checks, refusal, asked))
}

fn unanswered(error: DbErr) -> Error {
    anyhow!(database::describe_error(&error))
        .context("the database cannot be asked; --offline does without")
}

fn report(
    kind: Option<&'static str>,
    checks: Vec<Line>,
    refusal: Option<Reason>,
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

async fn of_api_token(database: &Database, value: &Value) -> Result<Report, DbErr> {
    let mut seen = Seen::default();
    let worth = worth::of_value(database, value, &mut seen).await?;
    let refusal = worth.err().map(|refused| refused.reason());
    let checks = seen.lines(&Check::OF_API_TOKENS, refusal);
    Ok(report(Some(API), checks, refusal, "accepted"))
}

async fn state(
    database: &Database,
    kind: Kind,
    token: &Verified,
    seen: &mut Seen,
) -> Result<Option<Reason>, DbErr> {
    let revoked = revoked(database, token).await?;
    let worth = worth::of_token(database, kind, token, revoked, seen).await?;
    Ok(worth.err())
}

/// By SQL, which is the truth that the stores of the instances follow.
async fn revoked(database: &Database, token: &Verified) -> Result<Option<Reason>, DbErr> {
    let question = revocation::Entity::find()
        .filter(
            revocation::Column::Id.is_in([Some(token.jti), token.session].into_iter().flatten()),
        )
        .select_only()
        .column(revocation::Column::Id);
    let ids: Vec<Uuid> = database
        .run(move |database| async move { question.into_tuple().all(&database).await })
        .await?;
    Ok(if ids.contains(&token.jti) {
        Some("the token itself was revoked, by its jti")
    } else if ids.is_empty() {
        None
    } else {
        Some("its session was ended, by its sid")
    })
}

/// Adds what a header says that is none of ours.
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

/// What passed, in order.
#[derive(Default)]
struct Seen(Vec<(Check, String)>);

impl Witness for Seen {
    fn passed(&mut self, check: Check, found: impl FnOnce() -> String) {
        self.0.push((check, found()));
    }
}

impl Seen {
    /// The whole list; `fault` is what the first check says that did not pass.
    fn lines(mut self, list: &[Check], fault: Option<Reason>) -> Vec<Line> {
        let mut fault = fault;
        list.iter()
            .map(|check| {
                let at = self.0.iter().position(|(passed, _)| passed == check);
                let (outcome, found) = match at {
                    Some(at) => (Outcome::Ok, self.0.swap_remove(at).1),
                    None => match fault.take() {
                        Some(reason) => (Outcome::Failed, reason.to_owned()),
                        None => (Outcome::Skipped, String::new()),
                    },
                };
                Line {
                    check: check.name(),
                    outcome,
                    found,
                }
            })
            .collect()
    }
}
