//! Patterns with look-around and back-references, which an engine tries one way after the other.

use crate::schema::{
    convert::{PATTERN_MESSAGE, WRITTEN_PATTERN},
    instance::{Instance, Instances},
};
use jsonschema::{Keyword, ValidationError, json::Node};
use serde_json::{Map, Value};
use std::{
    cell::Cell,
    time::{Duration, Instant},
};

/// The longest text that is held against a hard pattern, in bytes.
const LONGEST_TEXT: usize = 32 * 1024;
/// The most ways that are tried for one text.
const MOST_WAYS: usize = 1_000_000;
/// The time for all hard patterns of one value.
const MOST_TIME: Duration = Duration::from_millis(250);

pub(in crate::schema) const TOO_HARD: &str = "is too hard to hold against its pattern";

thread_local! {
    /// The time that is left to the hard patterns of the value which this thread checks.
    static LEFT: Cell<Duration> = const { Cell::new(MOST_TIME) };
    /// Set when one of them was given up.
    static GIVEN_UP: Cell<bool> = const { Cell::new(false) };
}

/// Starts the time of the hard patterns of one value.
pub(in crate::schema) fn start() {
    LEFT.set(MOST_TIME);
    GIVEN_UP.set(false);
}

/// Returns true if a hard pattern of the value was given up. Such a value is not valid, whatever the rest says: behind
/// `not`, what is given up would be let through.
pub(in crate::schema) fn is_given_up() -> bool {
    GIVEN_UP.get()
}

pub(super) fn compile(pattern: &str) -> Option<fancy_regex::Regex> {
    let mut builder = fancy_regex::RegexBuilder::new(pattern);
    builder.backtrack_limit(MOST_WAYS).build().ok()
}

/// Returns whether there is anything that no linear engine knows: `(?=`, `(?!`, `(?<=`, `(?<!`, `(?>`, `\1`, `\k<name>`.
pub(super) fn is_look_around(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let is_reference = |pair: &[u8]| pair[0] == b'\\' && matches!(pair[1], b'1'..=b'9' | b'k');
    let groups = ["(?=", "(?!", "(?<=", "(?<!", "(?>"];
    groups.iter().any(|group| pattern.contains(group)) || bytes.windows(2).any(is_reference)
}

/// A hard pattern, compiled.
struct Hard {
    regex: fancy_regex::Regex,
    message: String,
}

impl Hard {
    /// Returns the rule that a text breaks.
    fn refuses(&self, text: &str) -> Option<String> {
        let found = match LEFT.get() {
            _ if text.len() > LONGEST_TEXT => Err(format!(
                "is longer than the {LONGEST_TEXT} bytes that its pattern is tried on"
            )),
            Duration::ZERO => Err(TOO_HARD.to_owned()),
            left => {
                let start = Instant::now();
                let found = self.regex.is_match(text);
                LEFT.set(left.saturating_sub(start.elapsed()));
                found.map_err(|_| TOO_HARD.to_owned())
            }
        };
        match found {
            Ok(true) => None,
            Ok(false) => Some(self.message.clone()),
            Err(rule) => {
                GIVEN_UP.set(true);
                Some(rule)
            }
        }
    }
}

impl<'i> Keyword<'i, Instances> for Hard {
    fn validate(&self, instance: Instance<'i>) -> Result<(), ValidationError<'i>> {
        let text = instance.as_string();
        match text.and_then(|text| self.refuses(&text)) {
            None => Ok(()),
            Some(rule) => Err(ValidationError::custom(rule)),
        }
    }

    fn is_valid(&self, instance: Instance<'i>) -> bool {
        let text = instance.as_string();
        text.is_none_or(|text| self.refuses(&text).is_none())
    }
}

/// Makes the keyword for hard patterns. One that does not compile was refused before, and takes nothing.
pub(in crate::schema) fn keyword(
    schema: &Map<String, Value>,
    pattern: &Value,
) -> Box<dyn for<'i> Keyword<'i, Instances>> {
    let text = pattern.as_str().unwrap_or_default();
    let own = schema.get(PATTERN_MESSAGE);
    let written = schema.get(WRITTEN_PATTERN);
    let written = written.and_then(Value::as_str).unwrap_or(text);
    match compile(text) {
        Some(regex) => Box::new(Hard {
            regex,
            message: match own.and_then(Value::as_str) {
                Some(words) => words.to_owned(),
                None => format!("must match the pattern {written}"),
            },
        }),
        None => Box::new(Nothing),
    }
}

struct Nothing;

impl<'i> Keyword<'i, Instances> for Nothing {
    fn validate(&self, _: Instance<'i>) -> Result<(), ValidationError<'i>> {
        Err(ValidationError::custom("has a pattern that is none"))
    }

    fn is_valid(&self, _: Instance<'i>) -> bool {
        false
    }
}
