//! Comparison of schemas: is everything that one allows allowed by the other?

use std::{collections::HashSet, ptr};

use serde_json::{Value, json};

use super::{
    contract::{Contract, items, members},
    operation::is,
};

/// Keywords that say nothing about what is allowed.
const TALK: [&str; 6] = [
    "title",
    "description",
    "example",
    "externalDocs",
    "xml",
    "deprecated",
];

/// Keywords that are compared below. Any other counts as changed when it differs.
const COMPARED: [&str; 26] = [
    "type",
    "nullable",
    "enum",
    "format",
    "pattern",
    "multipleOf",
    "uniqueItems",
    "maxLength",
    "minLength",
    "maximum",
    "minimum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "default",
    "discriminator",
];

/// The end of the place of a problem's code.
const PROBLEM_CODE: &str = " as application/problem+json/code";

/// The direction in which a value is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From callers: what the old schema allows, the new one must allow.
    Sent,
    /// To callers: what the new schema allows, the old one must allow.
    Answered,
}

/// Two contracts under comparison, and what was found so far.
#[derive(Debug)]
pub(crate) struct Comparison<'c> {
    pub(crate) old: &'c Contract,
    pub(crate) new: &'c Contract,
    direction: Direction,
    /// The codes that the problems of the reply may have, of all that their schema allows.
    pub(crate) codes: Option<&'c Value>,
    /// Pairs that were compared or are being compared, with the codes: schemas may go in circles.
    seen: HashSet<(*const Value, *const Value, Option<*const Value>)>,
    pub(crate) found: Vec<String>,
}

/// Two schemas, by age and by which has to be within the other.
#[derive(Clone, Copy)]
struct Pair<'v> {
    old: &'v Value,
    new: &'v Value,
    inner: &'v Value,
    outer: &'v Value,
}

impl<'c> Comparison<'c> {
    pub(crate) fn new(old: &'c Contract, new: &'c Contract, direction: Direction) -> Self {
        Self {
            old,
            new,
            direction,
            codes: None,
            seen: HashSet::new(),
            found: Vec::new(),
        }
    }

    pub(crate) fn say(&mut self, place: &str, what: &str) {
        self.found.push(format!("{place} {what}"));
    }

    pub(crate) fn changed(&mut self, place: &str, word: &str, old: &Value, new: &Value) {
        let show = |value: &Value| {
            if value.is_null() {
                "none".to_owned()
            } else {
                value.to_string()
            }
        };
        self.found.push(format!(
            "{place}: {word} was {}, is {}",
            show(old),
            show(new)
        ));
    }

    /// Compares two schemas and all that is in them.
    pub(crate) fn schemas(&mut self, place: &str, old: &'c Value, new: &'c Value) {
        let (old, new) = (self.old.resolve(old), self.new.resolve(new));
        let codes = self.codes.map(ptr::from_ref);
        if !self
            .seen
            .insert((ptr::from_ref(old), ptr::from_ref(new), codes))
        {
            return;
        }
        let (inner, outer) = match self.direction {
            Direction::Sent => (old, new),
            Direction::Answered => (new, old),
        };
        let pair = Pair {
            old,
            new,
            inner,
            outer,
        };
        self.kinds(place, pair);
        self.limits(place, pair);
        self.values(place, pair);
        self.objects(place, pair);
        if outer.get("items").is_some() {
            self.schemas(&format!("{place}[]"), &old["items"], &new["items"]);
        }
        for word in ["allOf", "anyOf", "oneOf"] {
            self.parts(place, word, pair);
        }
        self.tags(place, pair);
        self.others(place, pair);
    }

    fn word(&mut self, place: &str, word: &str, pair: Pair<'_>) {
        self.changed(place, word, &pair.old[word], &pair.new[word]);
    }

    fn kinds(&mut self, place: &str, pair: Pair<'_>) {
        let Pair { inner, outer, .. } = pair;
        let wider = [(json!("integer"), json!("number"))];
        let kinds = (inner["type"].clone(), outer["type"].clone());
        if !outer["type"].is_null() && kinds.0 != kinds.1 && !wider.contains(&kinds) {
            self.word(place, "type", pair);
        }
        if is(inner, "nullable") && !is(outer, "nullable") {
            self.word(place, "nullable", pair);
        }
        let wider = [
            (json!("int32"), json!("int64")),
            (json!("float"), json!("double")),
        ];
        let formats = (inner["format"].clone(), outer["format"].clone());
        if !outer["format"].is_null() && formats.0 != formats.1 && !wider.contains(&formats) {
            self.word(place, "format", pair);
        }
    }

    fn limits(&mut self, place: &str, pair: Pair<'_>) {
        let Pair { inner, outer, .. } = pair;
        for word in ["maxLength", "maxItems", "maxProperties"] {
            if let Some(most) = outer[word].as_f64()
                && bound(inner, word).is_none_or(|value| value > most)
            {
                self.word(place, word, pair);
            }
        }
        for word in ["minLength", "minItems", "minProperties"] {
            if let Some(least) = outer[word].as_f64()
                && bound(inner, word).unwrap_or_default() < least
            {
                self.word(place, word, pair);
            }
        }
        for words in [
            ["maximum", "exclusiveMaximum"],
            ["minimum", "exclusiveMinimum"],
        ] {
            if let Some(end) = end(outer, words)
                && self::end(inner, words).is_none_or(|own| own > end)
            {
                let changed = words
                    .into_iter()
                    .filter(|word| pair.old[*word] != pair.new[*word]);
                changed.for_each(|word| self.word(place, word, pair));
            }
        }
        for word in ["pattern", "multipleOf"] {
            if !outer[word].is_null() && inner[word] != outer[word] {
                self.word(place, word, pair);
            }
        }
        if is(outer, "uniqueItems") && !is(inner, "uniqueItems") {
            self.word(place, "uniqueItems", pair);
        }
    }

    fn values(&mut self, place: &str, pair: Pair<'_>) {
        let known: Vec<&Value> = items(&pair.outer["enum"]).collect();
        let any = pair.inner["enum"].is_null();
        if let Some(codes) = self.codes.filter(|_| place.ends_with(PROBLEM_CODE)) {
            for code in items(codes).filter(|code| !known.is_empty() && !known.contains(code)) {
                self.say(place, &format!("may be {code} now"));
            }
        } else if !known.is_empty()
            && (any || !items(&pair.inner["enum"]).all(|value| known.contains(&value)))
        {
            self.word(place, "enum", pair);
        }
        // Who leaves a value out gets another one than before.
        if self.direction == Direction::Sent && pair.old["default"] != pair.new["default"] {
            self.word(place, "default", pair);
        }
    }

    fn objects(&mut self, place: &str, pair: Pair<'c>) {
        let Pair {
            old,
            new,
            inner,
            outer,
        } = pair;
        for name in items(&outer["required"]) {
            let name = name.as_str().unwrap_or_default();
            if !items(&inner["required"]).any(|each| each == name) {
                let what = match self.direction {
                    Direction::Sent => "is required now",
                    Direction::Answered if new["properties"].get(name).is_none() => continue,
                    Direction::Answered => "may be missing now",
                };
                self.say(&format!("{place}/{name}"), what);
            }
        }
        for (name, before) in members(&old["properties"]) {
            let place = format!("{place}/{name}");
            match new["properties"].get(name) {
                Some(after) => self.schemas(&place, before, after),
                None => self.say(&place, "is gone"),
            }
        }
        let word = "additionalProperties";
        match (&inner[word], &outer[word]) {
            // A new member of an answer breaks nobody.
            (_, Value::Bool(false)) if self.direction == Direction::Answered => {}
            (Value::Bool(false), _) | (_, Value::Null | Value::Bool(true)) => {}
            (Value::Object(_), Value::Object(_)) => {
                self.schemas(&format!("{place}/*"), &old[word], &new[word])
            }
            _ => self.word(place, word, pair),
        }
    }

    /// Compares compositions part by part, in their order.
    fn parts(&mut self, place: &str, word: &str, pair: Pair<'c>) {
        let count = |schema: &Value| items(&schema[word]).count();
        let (inner, outer) = (count(pair.inner), count(pair.outer));
        let is_kept = match word {
            _ if outer == 0 => return,
            "allOf" => inner == outer,
            _ => (1..=outer).contains(&inner),
        };
        if !is_kept {
            self.say(place, &format!("has other parts in {word}"));
            return;
        }
        for (index, (before, after)) in items(&pair.old[word])
            .zip(items(&pair.new[word]))
            .enumerate()
        {
            self.schemas(&format!("{place} ({word} {index})"), before, after);
        }
    }

    /// Compares discriminators: each value that may be sent has to be known, and to stand for the same.
    fn tags(&mut self, place: &str, pair: Pair<'c>) {
        let word = "discriminator";
        if pair.outer.get(word).is_none() {
            return;
        }
        let values = |schema: &'c Value| &schema[word]["mapping"];
        let (inner, outer) = (values(pair.inner), values(pair.outer));
        let is_known = |(value, _): (&String, &Value)| outer.get(value).is_some();
        if pair.old[word]["propertyName"] != pair.new[word]["propertyName"]
            || inner.is_null() != outer.is_null()
            || !members(inner).all(is_known)
        {
            self.word(place, word, pair);
            return;
        }
        for (value, before) in members(values(pair.old)) {
            let after = &values(pair.new)[value];
            let targets = self.old.target(before).zip(self.new.target(after));
            if let Some((before, after)) = targets {
                self.schemas(&format!("{place} ({value})"), before, after);
            }
        }
    }

    fn others(&mut self, place: &str, pair: Pair<'_>) {
        let mut words: Vec<&str> = members(pair.old)
            .chain(members(pair.new))
            .map(|(word, _)| word.as_str())
            .collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            let known = TALK.contains(&word) || COMPARED.contains(&word) || word.starts_with("x-");
            if !known && pair.old[word] != pair.new[word] {
                self.word(place, word, pair);
            }
        }
    }
}

/// Returns how far numbers go in one direction, and whether the last of them is taken: of two ends, the wider is greater.
/// The second keyword is a boolean in OpenAPI 3.0, and a limit of its own in 3.1.
fn end(schema: &Value, [limit, exclusive]: [&str; 2]) -> Option<(f64, bool)> {
    let inclusive = !is(schema, exclusive);
    let ends = [(limit, inclusive), (exclusive, false)];
    let outwards = if limit == "maximum" { 1.0 } else { -1.0 };
    ends.into_iter()
        .filter_map(|(word, is_taken)| Some((outwards * schema[word].as_f64()?, is_taken)))
        .reduce(|one, other| if other < one { other } else { one })
}

/// Returns a limit; the length of strings may be limited by a list of values instead.
fn bound(schema: &Value, word: &str) -> Option<f64> {
    let lengths = || {
        items(&schema["enum"])
            .filter_map(Value::as_str)
            .filter_map(|value| u32::try_from(value.chars().count()).ok())
            .map(f64::from)
    };
    schema[word].as_f64().or_else(|| match word {
        "maxLength" => lengths().reduce(f64::max),
        "minLength" => lengths().reduce(f64::min),
        _ => None,
    })
}
