//! Explanations of why a token is accepted or refused, check by check, for the operator. HTTP callers learn less.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::Value as Json;

use crate::checks::Check;
use crate::tokens::{Keys, TokenFault, TokenKind};

/// Longest part of a foreign header that is shown, in characters.
const SHOWN: usize = 64;

/// The kind that is none of [`TokenKind`].
const API: &str = "api";

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Passed.
    Ok,
    /// The first that was not passed.
    Failed,
    /// Not made: one before it failed, or the database was not to be asked.
    Skipped,
}

/// A check and its outcome.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The name of the check.
    pub check: &'static str,
    /// Its outcome.
    pub outcome: Outcome,
    /// The finding in words, without the token and without a secret.
    pub found: String,
}

/// All checks of one token.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The kind of the token, if it is one of ours.
    pub kind: Option<&'static str>,
    /// In the order in which they are made.
    pub checks: Vec<Line>,
    /// No check failed.
    pub accepted: bool,
    /// The outcome as a sentence.
    pub verdict: String,
}

/// A check that failed, and why.
pub type Failure = (Check, &'static str);

impl Report {
    /// Explains a token by what it says of itself; the checks of its state are skipped.
    pub fn of_token(keys: &Keys, token: &str, now: i64) -> Self {
        let of_header = keys.kind_of(token);
        // A token whose header is none of ours fails by that, whichever kind it is held against.
        let kind = of_header.unwrap_or(TokenKind::Access);
        let failure = keys.verify(kind, token, now).err().map(failure);
        let describe = |check| keys.describe(kind, token, check, now);
        let mut checks = lines(&Check::OF_TOKENS, failure, describe);
        match of_header {
            Some(kind) => checks.extend(Check::of_state(kind).iter().map(skipped)),
            None => explain_header(&mut checks, token),
        }
        let accepted = "good in itself; whether it was revoked was not asked";
        Self::new(of_header.map(TokenKind::name), checks, failure, accepted)
    }

    /// Adds the checks of the state of a token that is good in itself; `describe` tells what was found at one that passed.
    #[must_use]
    pub fn with_state(
        mut self,
        kind: TokenKind,
        failure: Option<Failure>,
        describe: impl Fn(Check) -> String,
    ) -> Self {
        self.checks.retain(|line| line.outcome != Outcome::Skipped);
        let state = lines(Check::of_state(kind), failure, describe);
        self.checks.extend(state);
        Self::new(self.kind, self.checks, failure, "accepted")
    }

    /// Explains an API token; `describe` tells what was found at a check that passed.
    pub fn of_api_token(failure: Option<Failure>, describe: impl Fn(Check) -> String) -> Self {
        let checks = lines(&Check::OF_API_TOKENS, failure, describe);
        Self::new(Some(API), checks, failure, "accepted")
    }

    fn new(
        kind: Option<&'static str>,
        checks: Vec<Line>,
        failure: Option<Failure>,
        accepted: &str,
    ) -> Self {
        let name = match kind {
            Some(API) => "API token".to_owned(),
            Some(kind) => format!("{kind} token"),
            None => "token".to_owned(),
        };
        Self {
            kind,
            checks,
            accepted: failure.is_none(),
            verdict: match failure {
                Some((_, reason)) => format!("the {name} is refused: {reason}"),
                None => format!("the {name} is {accepted}"),
            },
        }
    }
}

fn failure(fault: TokenFault) -> Failure {
    let reason = match fault {
        TokenFault::Expired { .. } => "past `exp`, which stands in its claims",
        TokenFault::Invalid(_, reason) => reason,
    };
    (fault.check(), reason)
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
    let is = |name, text| members.get(name).and_then(Json::as_str) == Some(text);
    match others {
        0 if is("alg", "HS256") && is("typ", "JWT") && members.contains_key("kid") => format!(
            "{}, which is that of no secret in tokens.*.secrets: was it signed with another?",
            shown.join(", ")
        ),
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

fn skipped(check: &Check) -> Line {
    Line {
        check: check.name(),
        outcome: Outcome::Skipped,
        found: String::new(),
    }
}
