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

thread_local! {
    /// The time that is left to the hard patterns of the value which this thread checks.
    static LEFT: Cell<Duration> = const { Cell::new(MOST_TIME) };
}

/// Starts the time of the hard patterns of one value.
pub(in crate::schema) fn start() {
    LEFT.set(MOST_TIME);
}

pub(super) fn compile(pattern: &str) -> Option<fancy_regex::Regex> {
    let mut builder = fancy_regex::RegexBuilder::new(pattern);
    builder.backtrack_limit(MOST_WAYS).build().ok()
}

/// Returns whether there is anything that no linear engine knows: `(?=`, `(?!`, `(?<=`, `(?<!`, `\1`, `\k<name>`.
pub(super) fn is_look_around(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let is_reference = |pair: &[u8]| pair[0] == b'\\' && matches!(pair[1], b'1'..=b'9' | b'k');
    let groups = ["(?=", "(?!", "(?<=", "(?<!"];
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
        if text.len() > LONGEST_TEXT {
            return Some(format!(
                "is longer than the {LONGEST_TEXT} bytes that its pattern is tried on"
            ));
        }
        let left = LEFT.get();
        if left.is_zero() {
            return Some("is too hard to hold against its pattern".to_owned());
        }
        let start = Instant::now();
        let found = self.regex.is_match(text);
        LEFT.set(left.saturating_sub(start.elapsed()));
        match found {
            Ok(true) => None,
            Ok(false) => Some(self.message.clone()),
            Err(_) => Some("is too hard to hold against its pattern".to_owned()),
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
