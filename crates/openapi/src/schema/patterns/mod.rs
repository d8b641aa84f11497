//! Patterns: regular expressions of ECMA-262.
//!
//! One that runs in linear time is left to the validator. Look-around and back-references need an engine that tries one
//! way after the other; a contract of others may have them, within limits: so much text, and so much time for all the
//! texts of one value, so that no caller can stall a worker.

mod ecma;
mod hard;
mod spelling;

pub(super) use hard::{TOO_HARD, is_given_up, keyword, start};

use crate::Mode;
use ecma::translate;
use hard::{compile, is_look_around};
use jsonschema::PatternOptions;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};
use spelling::{literal, repeated, without_counts};
use std::collections::HashMap;

/// The keyword of a pattern that needs the other engine.
pub(super) const HARD_PATTERN: &str = "x-hard-pattern";

/// A pattern of this size, see [`size`], fits into any engine.
const SMALL_PATTERN: usize = 2_000;
/// The largest pattern that is tried.
const LARGEST_PATTERN: usize = 1_000_000;
/// The size of all large patterns of a contract: to compile them takes seconds.
const LARGEST_PATTERNS: usize = 8_000_000;
/// The size of a range of letters beyond ASCII, which are several bytes.
const WIDE_RANGE: usize = 8;

/// Counts above the first are taken out of a pattern that is too large, else those above the next.
const LARGEST_COUNTS: [u64; 3] = [1000, 100, 10];

const HARD: &str = "is no regular expression that runs in linear time; write it without look-around and back-references";
const INVALID: &str = "is no regular expression of ECMA-262; mend it, or leave it out";
const TOO_MANY: &str =
    "is one of too many that are large; count less in it, or let `maxLength` count";
const LITERAL: &str = "is written as a literal of JavaScript, between slashes; they and the letters behind them are taken for that, though in OpenAPI they stand for themselves";

/// A pattern as the validator gets it.
#[derive(Clone)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) is_hard: bool,
    /// The difference to what the contract says, for a notice.
    pub(super) weaker: Option<String>,
    /// The least and the most characters, where they stand beside the pattern instead of in it.
    lengths: (Option<u64>, Option<u64>),
}

/// The patterns of a contract.
pub(super) struct Patterns {
    mode: Mode,
    known: HashMap<String, Result<Pattern, String>>,
    /// The size of all of them.
    size: usize,
}

impl Patterns {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            known: HashMap::new(),
            size: 0,
        }
    }

    /// Returns a pattern for the validator; the error says what is wrong with the written one.
    pub(super) fn of(&mut self, written: &str) -> Result<Pattern, String> {
        if let Some(known) = self.known.get(written) {
            return known.clone();
        }
        let pattern = match self.mode {
            Mode::Strict => self.linear(&translate(written)).ok_or(HARD),
            Mode::Open => self.open(written).ok_or(INVALID),
        };
        let pattern = pattern.map_err(|problem| {
            let problem = if self.size > LARGEST_PATTERNS {
                TOO_MANY
            } else {
                problem
            };
            problem.to_owned()
        });
        self.known.insert(written.to_owned(), pattern.clone());
        pattern
    }

    fn open(&mut self, written: &str) -> Option<Pattern> {
        let literal = literal(written);
        let text = translate(literal.as_deref().unwrap_or(written));
        let weaker = literal.is_some().then(|| LITERAL.to_owned());
        if linear_size(&text).is_none_or(|size| size > SMALL_PATTERN)
            && let Some((atom, least, most)) = repeated(&text)
            && let Some(pattern) = self.linear(&atom)
        {
            return Some(Pattern {
                weaker,
                lengths: (Some(least), most),
                ..pattern
            });
        }
        if let Some(pattern) = self.linear(&text) {
            return Some(Pattern { weaker, ..pattern });
        }
        if is_look_around(&text) {
            compile(&text)?;
            let is_hard = true;
            return Some(Pattern {
                weaker,
                is_hard,
                ..Pattern::new(&text)
            });
        }
        LARGEST_COUNTS.into_iter().find_map(|largest| {
            let pattern = self.linear(&without_counts(&text, largest))?;
            let problem = format!(
                "has counts above {largest}, which make it too large; they are not enforced: say `maxLength`"
            );
            Some(Pattern {
                weaker: Some(problem),
                ..pattern
            })
        })
    }

    /// Returns a pattern that runs in linear time, unless it takes too much memory, by itself or with the others.
    fn linear(&mut self, text: &str) -> Option<Pattern> {
        let size = linear_size(text)?;
        if size > SMALL_PATTERN {
            self.size = self.size.saturating_add(size);
        }
        let is_held = size <= SMALL_PATTERN
            || (size <= LARGEST_PATTERN && self.size <= LARGEST_PATTERNS && is_held(text));
        is_held.then(|| Pattern::new(text))
    }
}

impl Pattern {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            is_hard: false,
            weaker: None,
            lengths: (None, None),
        }
    }
}

/// Puts the lengths of a pattern beside it, where the schema has no narrower ones.
pub(super) fn lengths(pattern: &Pattern, out: &mut Map<String, Value>) {
    let (least, most) = pattern.lengths;
    let stated = |keyword: &str| out.get(keyword).and_then(Value::as_u64);
    let least = least.filter(|least| stated("minLength").is_none_or(|stated| stated < *least));
    let most = most.filter(|most| stated("maxLength").is_none_or(|stated| stated > *most));
    let lengths = [("minLength", least), ("maxLength", most)];
    for (keyword, length) in lengths {
        if let Some(length) = length {
            out.insert(keyword.to_owned(), json!(length));
        }
    }
}

/// Returns the size of a pattern that runs in linear time.
fn linear_size(pattern: &str) -> Option<usize> {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    Some(size(&regex_syntax::parse(&translated).ok()?))
}

/// Returns true if a pattern does not take too much memory.
fn is_held(pattern: &str) -> bool {
    let schema = json!({ "pattern": pattern });
    let linear = PatternOptions::regex();
    let options = jsonschema::draft202012::options().with_pattern_options(linear);
    options.build(&schema).is_ok()
}

/// Returns about how many ranges of letters a pattern has, each as often as it is repeated.
fn size(pattern: &Hir) -> usize {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => {
            let sizes = class.ranges().iter().map(|range| {
                if range.end().is_ascii() {
                    1
                } else {
                    WIDE_RANGE
                }
            });
            sizes.sum()
        }
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min).max(1);
            size(&repetition.sub).saturating_mul(usize::try_from(most).unwrap_or(usize::MAX))
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(size).fold(1, usize::saturating_add)
        }
    }
}
