//! Values made from schemas, for answers of which a contract shows no example, and for requests in tests.
//!
//! A value is made by walking through its schema: constants, enums, defaults and examples first, else the simplest value
//! of its type within its limits. Nothing is proved on the way: what comes out is held to the schema by the validator,
//! and there are several ways to make it ([`Way`]), of which the first good one counts.

mod merge;
mod number;
mod pattern;
mod text;

use crate::{Schema, examples};
use merge::{Choice, Merged};
use serde_json::{Map, Value, json};
use std::cell::Cell;

/// Parts are followed so deep; below, only what is required is made, and half as deep again nothing is.
const DEEP: usize = 8;
/// A value is made of so many parts at most, only of required ones when these are used up by three quarters.
const MOST_STEPS: usize = 20_000;
/// So many alternatives of a `oneOf` are tried.
const MOST_CHOICES: usize = 6;

/// How a value is made.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Values that the contract shows are taken: examples and defaults.
    shown: bool,
    /// Members that are not required are made, too.
    whole: bool,
    /// The alternative of each `oneOf` and `anyOf` that is taken.
    choice: usize,
    /// See [`Choice`].
    spoils: bool,
}

/// Makes values from the schemas of a document.
pub(crate) struct Maker<'d> {
    schemas: Option<&'d Map<String, Value>>,
    document: &'d Value,
    steps: Cell<usize>,
}

/// A place in the schemas: how deep, and of which components it is a part.
#[derive(Clone)]
struct Place<'p> {
    deep: usize,
    within: Vec<&'p str>,
}

impl<'d> Maker<'d> {
    pub(crate) fn new(document: &'d Value) -> Self {
        let schemas = document.pointer("/components/schemas");
        Self {
            schemas: schemas.and_then(Value::as_object),
            document,
            steps: Cell::new(0),
        }
    }

    /// Returns the values for a media type, header or parameter, with their names (a single one has none): the examples
    /// that are good by the schema, else one that is made. Empty when no good one was found; without a schema to hold them
    /// to, all are good.
    pub(crate) fn of(&self, owner: &Value, schema: Option<&Schema>) -> Vec<(String, Value)> {
        let is_good = |value: &Value| schema.is_none_or(|schema| schema.is_valid(value));
        let mut written = examples::Samples::new(self.document).written(owner);
        written.retain(|(_, value)| is_good(value));
        if !written.is_empty() {
            return written;
        }
        let made = self.made(owner, is_good);
        made.map(|value| (String::new(), value))
            .into_iter()
            .collect()
    }

    /// Returns a value for a media type, header or parameter, good by its schema or not.
    pub(crate) fn nearest(&self, owner: &Value) -> Option<Value> {
        self.made(owner, |_| true)
    }

    fn made(&self, owner: &Value, is_good: impl Fn(&Value) -> bool) -> Option<Value> {
        let schema = owner.get("schema").unwrap_or(&Value::Null);
        self.ways().find_map(|way| {
            self.steps.set(0);
            self.value(schema, way, &Place::top())
                .filter(|value| is_good(value))
        })
    }

    fn ways(&self) -> impl Iterator<Item = Way> {
        let way = |shown, whole, choice, spoils| Way {
            shown,
            whole,
            choice,
            spoils,
        };
        let of_choice = move |choice| {
            [
                way(true, true, choice, false),
                way(false, true, choice, false),
                way(false, false, choice, false),
            ]
        };
        let spoiled = (0..MOST_CHOICES).map(move |choice| way(false, true, choice, true));
        (0..MOST_CHOICES).flat_map(of_choice).chain(spoiled)
    }

    /// Returns a value for a schema; `None` where it would go on without end, or nothing fits.
    fn value(&self, schema: &Value, way: Way, place: &Place<'_>) -> Option<Value> {
        self.steps.set(self.steps.get() + 1);
        if place.deep > DEEP * 3 / 2 || self.steps.get() > MOST_STEPS {
            return None;
        }
        let merged = Merged::of(schema, self.schemas, way.into())?;
        let mut within = place.within.clone();
        for name in &merged.names {
            // A component in itself: once more is enough to show it.
            if within.iter().filter(|known| *known == name).count() > 1 {
                return None;
            }
            within.push(name);
        }
        let place = Place {
            deep: place.deep + 1,
            within,
        };
        self.of_merged(&merged.schema, way, &place)
    }

    fn of_merged(&self, schema: &Map<String, Value>, way: Way, place: &Place<'_>) -> Option<Value> {
        if let Some(constant) = schema.get("const") {
            return Some(constant.clone());
        }
        if way.shown
            && let Some(example) = shown(schema)
        {
            return Some(example.clone());
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            // Nothing, and an empty text, show least.
            let shows = |value: &&Value| !value.is_null() && value.as_str() != Some("");
            return values.iter().find(shows).or(values.first()).cloned();
        }
        match kind(schema) {
            "object" => self.object(schema, way, place),
            "array" => self.array(schema, way, place),
            "string" => Some(text::of(schema, way.choice).into()),
            "integer" => number::integer(schema),
            "number" => number::number(schema),
            "boolean" => Some(true.into()),
            "null" => Some(Value::Null),
            _ => Some(json!({})),
        }
    }

    fn object(&self, schema: &Map<String, Value>, way: Way, place: &Place<'_>) -> Option<Value> {
        let required: Vec<&str> = (schema.get("required").and_then(Value::as_array))
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let count = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let most = count("maxProperties").unwrap_or(u64::MAX);
        let others = others(schema);
        let mut members = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let is_required = required.contains(&name.as_str());
            let is_wanted = way.whole
                && place.deep < DEEP
                && self.steps.get() < MOST_STEPS / 4 * 3
                && (members.len() as u64) < most.saturating_sub(required.len() as u64);
            if !is_required && !is_wanted {
                continue;
            }
            match self.value(property, way, place) {
                Some(value) => {
                    members.insert(name.clone(), value);
                }
                None if is_required => match is_nullable(property) {
                    true => {
                        members.insert(name.clone(), Value::Null);
                    }
                    false => return None,
                },
                None => {}
            }
        }
        for name in required {
            if !members.contains_key(name) {
                let value =
                    others.map_or(Some(json!({})), |other| self.value(other, way, place))?;
                members.insert(name.to_owned(), value);
            }
        }
        let is_map = properties.is_none_or(Map::is_empty);
        let least = count("minProperties").unwrap_or(u64::from(
            is_map && others.is_some() && way.whole && place.deep < DEEP && most > 0,
        ));
        let any = json!({});
        for number in 1.. {
            if members.len() as u64 >= least || number > 100 {
                break;
            }
            let name = key(schema, number);
            let Some(value) = self.value(others.unwrap_or(&any), way, place) else {
                break;
            };
            members.entry(name).or_insert(value);
        }
        Some(Value::Object(members))
    }

    fn array(&self, schema: &Map<String, Value>, way: Way, place: &Place<'_>) -> Option<Value> {
        let count = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let most = count("maxItems").unwrap_or(u64::MAX);
        let least = count("minItems").unwrap_or(0);
        let first = (schema.get("prefixItems").and_then(Value::as_array))
            .into_iter()
            .flatten();
        let contained = schema.get("contains");
        let wanted = least
            .max(u64::from(way.whole && place.deep < DEEP))
            .min(most)
            .min(1_000);
        let any = json!({});
        let items = schema.get("items").unwrap_or(&any);
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut made: Vec<Value> = Vec::new();
        for part in first.chain(contained) {
            made.push(self.value(part, way, place)?);
        }
        while (made.len() as u64) < wanted {
            let choice = if unique {
                way.choice + made.len()
            } else {
                way.choice
            };
            let next = self.value(items, Way { choice, ..way }, place);
            let next = next.map(|value| {
                if unique {
                    another(value, &made, items)
                } else {
                    value
                }
            });
            match next {
                Some(value) => made.push(value),
                None if (made.len() as u64) < least => return None,
                None => break,
            }
        }
        Some(Value::Array(made))
    }
}

impl From<Way> for Choice {
    fn from(way: Way) -> Self {
        Self {
            number: way.choice,
            spoils: way.spoils,
        }
    }
}

impl Place<'_> {
    fn top() -> Self {
        Self {
            deep: 0,
            within: Vec::new(),
        }
    }
}

/// Returns the example or default of a schema, if it is at least of its type.
fn shown(schema: &Map<String, Value>) -> Option<&Value> {
    let shown = schema
        .get("example")
        .into_iter()
        .chain(schema.get("default"));
    let mut shown = shown.filter(|value| match kind(schema) {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => true,
    });
    shown.next()
}

/// Returns the type of a schema: the one that it states, else the one that its keywords are about.
fn kind(schema: &Map<String, Value>) -> &str {
    let has = |keywords: &[&str]| keywords.iter().any(|keyword| schema.contains_key(*keyword));
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            kinds.find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if has(&[
            "properties",
            "additionalProperties",
            "required",
            "minProperties",
        ]) =>
        {
            "object"
        }
        _ if has(&["items", "prefixItems", "minItems", "contains"]) => "array",
        _ if has(&["pattern", "minLength", "maxLength"]) => "string",
        _ if has(&["minimum", "maximum", "exclusiveMinimum", "multipleOf"]) => "number",
        _ if has(&["format"]) => "string",
        _ => "",
    }
}

/// Returns the schema of members that no property names; none where there may be no others.
fn others(schema: &Map<String, Value>) -> Option<&Value> {
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    let of_pattern = patterns.and_then(|patterns| patterns.values().next());
    let others = schema
        .get("additionalProperties")
        .filter(|others| others.is_object());
    of_pattern.or(others)
}

/// Returns the name of the n-th member that no property names.
fn key(schema: &Map<String, Value>, number: usize) -> String {
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    let pattern = patterns.and_then(|patterns| patterns.keys().next());
    if let Some(pattern) = pattern {
        let name = json!({ "pattern": pattern });
        let name = name.as_object().map(|name| text::of(name, number));
        return name.unwrap_or_default();
    }
    match schema.get("propertyNames").and_then(Value::as_object) {
        Some(names) => match names.get("enum").and_then(|names| names.get(number - 1)) {
            Some(Value::String(name)) => name.clone(),
            _ => text::of(names, number),
        },
        None if number == 1 => "key".to_owned(),
        None => format!("key{number}"),
    }
}

fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// Returns the value, or one near it that is not there yet.
fn another(value: Value, known: &[Value], items: &Value) -> Value {
    if !known.contains(&value) {
        return value;
    }
    let number = known.len() as u64;
    let values = items.get("enum").and_then(Value::as_array);
    let free = values
        .into_iter()
        .flatten()
        .find(|value| !known.contains(value));
    match (free, value) {
        (Some(free), _) => free.clone(),
        (None, Value::String(text)) => format!("{text}{number}").into(),
        (None, Value::Number(old)) => match old.as_i64() {
            Some(old) => old.saturating_add_unsigned(number).into(),
            None => Value::Number(old),
        },
        (None, value) => value,
    }
}

#[cfg(test)]
mod tests;
