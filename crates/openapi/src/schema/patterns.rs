//! Patterns: regular expressions of ECMA-262.
//!
//! One that runs in linear time is left to the validator. Look-around and back-references need an engine that tries one
//! way after the other; a contract of others may have them, within limits: so much text, and so much time for all the
//! texts of one value, so that no caller can stall a worker.

use super::instance::{Instance, Instances};
use crate::Mode;
use jsonschema::{Keyword, PatternOptions, ValidationError, json::Node};
use serde_json::{Map, Value, json};
use std::{
    borrow::Cow,
    cell::Cell,
    time::{Duration, Instant},
};

/// The keyword of a pattern that needs the other engine.
pub(super) const HARD_PATTERN: &str = "x-hard-pattern";

/// The longest text that is held against a hard pattern, in bytes.
const LONGEST_TEXT: usize = 32 * 1024;
/// The most ways that are tried for one text.
const MOST_WAYS: usize = 1_000_000;
/// The time for all hard patterns of one value.
const MOST_TIME: Duration = Duration::from_millis(250);

/// A count in braces above this is taken out where the engine cannot hold the pattern.
const LARGEST_COUNT: u64 = 1000;

thread_local! {
    /// The time that is left to the hard patterns of the value which this thread checks.
    static LEFT: Cell<Duration> = const { Cell::new(MOST_TIME) };
}

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

impl Pattern {
    /// Returns the pattern for the validator; the error says what is wrong with the written one.
    pub(super) fn of(written: &str, mode: Mode) -> Result<Self, String> {
        let plain = |text: &str, weaker| Self {
            text: text.to_owned(),
            is_hard: false,
            weaker,
            lengths: (None, None),
        };
        if mode == Mode::Strict {
            return if is_linear(written) {
                Ok(plain(written, None))
            } else {
                Err("is no regular expression that runs in linear time; write it without look-around and back-references".to_owned())
            };
        }
        let (written, weaker) = match literal(written) {
            Some(pattern) => (Cow::Owned(pattern), Some("is written as a literal of JavaScript, between slashes; they and the letters behind them are taken for that, though in OpenAPI they stand for themselves".to_owned())),
            None => (Cow::Borrowed(written), None),
        };
        let text = pairs(&written);
        if is_linear(&text) {
            return Ok(plain(&text, weaker));
        }
        let hard = classes(&text);
        if is_look_around(&text) && compile(&hard).is_some() {
            return Ok(Self {
                is_hard: true,
                ..plain(&hard, weaker)
            });
        }
        if let Some((atom, least, most)) = repeated(&text)
            && is_linear(&atom)
        {
            return Ok(Self {
                lengths: (Some(least), most),
                ..plain(&atom, weaker)
            });
        }
        let smaller = without_counts(&text);
        if is_linear(&smaller) {
            let problem = format!(
                "has counts above {LARGEST_COUNT}, which no engine holds; they are not enforced: say `maxLength`"
            );
            return Ok(plain(&smaller, Some(problem)));
        }
        Err("is no regular expression of ECMA-262; mend it, or leave it out".to_owned())
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

/// Starts the time of the hard patterns of one value.
pub(super) fn start() {
    LEFT.set(MOST_TIME);
}

fn is_linear(pattern: &str) -> bool {
    let schema = json!({ "pattern": pattern });
    let options = jsonschema::draft202012::options().with_pattern_options(PatternOptions::regex());
    options.build(&schema).is_ok()
}

fn compile(pattern: &str) -> Option<fancy_regex::Regex> {
    let mut builder = fancy_regex::RegexBuilder::new(pattern);
    builder.backtrack_limit(MOST_WAYS).build().ok()
}

/// Returns whether there is anything that no linear engine knows: `(?=`, `(?!`, `(?<=`, `(?<!`, `\1`, `\k<name>`.
fn is_look_around(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let is_reference = |pair: &[u8]| pair[0] == b'\\' && matches!(pair[1], b'1'..=b'9' | b'k');
    let groups = ["(?=", "(?!", "(?<=", "(?<!"];
    groups.iter().any(|group| pattern.contains(group)) || bytes.windows(2).any(is_reference)
}

/// Returns the pattern of `/^...$/flags`. Without an anchor or a flag the slashes may be meant.
fn literal(written: &str) -> Option<String> {
    let (pattern, flags) = written.strip_prefix('/')?.rsplit_once('/')?;
    let is_flags = flags.chars().all(|flag| "dgimsuvy".contains(flag));
    let is_anchored = pattern.starts_with('^') || pattern.ends_with('$');
    if pattern.is_empty() || !is_flags || (flags.is_empty() && !is_anchored) {
        return None;
    }
    let flags: String = flags.chars().filter(|flag| "ims".contains(*flag)).collect();
    Some(if flags.is_empty() {
        pattern.to_owned()
    } else {
        format!("(?{flags}){pattern}")
    })
}

/// Writes surrogate pairs, which are how JavaScript without the flag `u` writes letters beyond 16 bits, as one letter.
fn pairs(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains("\\u") {
        return Cow::Borrowed(pattern);
    }
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(start) = rest.find('\\') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let low = rest.get(6..).and_then(unit);
        match (unit(rest), low) {
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                let letter = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                out.push_str(&format!("\\u{{{letter:X}}}"));
                rest = &rest[12..];
            }
            _ => {
                let escape: String = rest.chars().take(2).collect();
                rest = &rest[escape.len()..];
                out.push_str(&escape);
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes `\d`, `\w`, `\s` as ECMA-262 has them: ASCII, but for blanks.
fn classes(pattern: &str) -> String {
    const BLANKS: &str = r"\t\n\x0B\f\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    let mut is_set = false;
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            is_set = match letter {
                '[' => true,
                ']' => false,
                _ => is_set,
            };
            out.push(letter);
            continue;
        }
        let escaped = letters.next();
        let set = match escaped.map(|letter| letter.to_ascii_lowercase()) {
            Some('d') => "0-9",
            Some('w') => "A-Za-z0-9_",
            Some('s') => BLANKS,
            _ => "",
        };
        match escaped {
            Some('d' | 'w' | 's') if is_set => out.push_str(set),
            Some('d' | 'w' | 's') => out.push_str(&format!("[{set}]")),
            Some('D' | 'W' | 'S') => out.push_str(&format!("[^{set}]")),
            // Fancy engines know other letters than ECMA-262, where this one stands for itself.
            Some('/') => out.push('/'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// Returns `^X*$` and the counts of `^X{least,most}$`, where X matches one character: they are those of its lengths.
fn repeated(pattern: &str) -> Option<(String, u64, Option<u64>)> {
    let inner = pattern.strip_prefix('^')?.strip_suffix("}$")?;
    let (atom, counts) = inner.rsplit_once('{')?;
    let (least, most) = match counts.split_once(',') {
        None => (counts.parse().ok()?, counts.parse().ok()),
        Some((least, "")) => (least.parse().ok()?, None),
        Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
    };
    let is_set = atom.starts_with('[')
        && atom.ends_with(']')
        && !atom[1..atom.len() - 1].contains(['[', ']']);
    let is_escape = atom.len() == 2 && atom.starts_with('\\');
    let is_one = atom == "." || is_set || is_escape;
    is_one.then(|| (format!("^{atom}*$"), least, most))
}

/// Returns the pattern with `{least,most}` loosened where a count is large.
fn without_counts(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let counts = rest.find('}').map(|end| &rest[1..end]);
        let loosened = counts.and_then(|counts| {
            let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
            let least: u64 = least.parse().ok()?;
            let is_large = most.parse().is_ok_and(|most: u64| most > LARGEST_COUNT);
            is_large.then(|| {
                (
                    counts.len() + 2,
                    format!("{{{},}}", least.min(LARGEST_COUNT)),
                )
            })
        });
        let (length, text) = loosened.unwrap_or((1, "{".to_owned()));
        out.push_str(&text);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
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
pub(super) fn keyword(
    schema: &Map<String, Value>,
    pattern: &Value,
) -> Box<dyn for<'i> Keyword<'i, Instances>> {
    let text = pattern.as_str().unwrap_or_default();
    let own = schema.get(super::convert::PATTERN_MESSAGE);
    let written = schema.get(super::convert::WRITTEN_PATTERN);
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
