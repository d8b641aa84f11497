//! Schema Objects of OpenAPI 3.0, compiled once and asked often.
//!
//! A Schema Object is turned into JSON Schema draft 4, its ancestor, and checked by `jsonschema`.
//! All keywords of OpenAPI 3.0 are enforced but `readOnly`, `writeOnly` and `xml`, which are
//! refused; so is any keyword that OpenAPI 3.0 does not know. `x-pattern-message` beside a `pattern` is what
//! callers receive instead of the pattern. An integer has to be written as one:
//! `1.0` is refused, because a typed reader could not take it.

mod convert;
mod formats;
mod messages;
mod references;

pub use messages::shortened;

use crate::{Defects, In, Violation};
use jsonschema::{EmailOptions, PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// The most violations that are listed: more help nobody.
pub const MOST_VIOLATIONS: usize = 50;

/// The most schemas that one value is checked against, by `allOf` and its like.
const MOST_PARTS: usize = 10_000;

/// A compiled schema; cheap to clone.
#[derive(Clone)]
pub struct Schema(Arc<Compiled>);

struct Compiled {
    validator: Validator,
    document: Value,
}

/// The named schemas of a contract and everything compiled from them.
pub(crate) struct Schemas {
    raw: Map<String, Value>,
    converted: BTreeMap<String, Value>,
    // Most schemas of a contract are a reference to the same few components (the problem, above all).
    compiled: Mutex<HashMap<String, Schema>>,
    /// Set when a schema includes itself without a property or item in between, or too many others: no value is checked
    /// against any, since that would not end.
    endless: bool,
}

impl Schema {
    /// Returns true when `value` is valid by the schema.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        self.0.validator.is_valid(value)
    }

    /// Returns every violation (50 at most) in `value`, which stands at the JSON Pointer `base`.
    #[must_use]
    pub fn validate(&self, value: &Value, location: In, base: &str) -> Vec<Violation> {
        if self.is_valid(value) {
            return Vec::new();
        }
        let mut violations = Vec::new();
        for error in self.0.validator.iter_errors(value) {
            messages::explain(&self.0.document, &error, location, base, &mut violations);
            if violations.len() >= MOST_VIOLATIONS {
                violations.truncate(MOST_VIOLATIONS);
                break;
            }
        }
        if violations.is_empty() {
            violations.push(Violation::new(location, base, "does not match the schema"));
        }
        violations
    }

    /// Adds a defect for each violation in `value`, an example at `place` in the contract.
    pub fn check_example(&self, value: &Value, place: &str, defects: &mut Defects) {
        for violation in self.validate(value, In::Body, "") {
            let violation = format!("{}{}", at(&violation.pointer), violation.message);
            defects.add(place, format!("its example breaks its schema: {violation}"));
        }
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.0.document).finish()
    }
}

impl fmt::Debug for Schemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schemas")
            .field("names", &self.converted.keys())
            .finish_non_exhaustive()
    }
}

impl Schemas {
    /// Checks and converts `components.schemas`.
    pub(crate) fn new(raw: Map<String, Value>, defects: &mut Defects) -> Self {
        let mut converted = BTreeMap::new();
        let mut defaults = Vec::new();
        for (name, schema) in &raw {
            let place = format!("components.schemas.{name}");
            let mut own = Defects::default();
            let schema = convert::convert(schema, &place, &raw, &mut defaults, &mut own);
            if own.is_empty()
                && let Err(error) = jsonschema::draft4::meta::validate(&schema)
            {
                own.add(place, invalid(&error));
            }
            defects.append(own);
            converted.insert(name.clone(), schema);
        }
        let mut schemas = Self {
            raw,
            converted,
            compiled: Mutex::default(),
            endless: false,
        };
        // A schema that is in itself at the same place of the value would be checked without end, and one that is made
        // of parts which multiply from level to level as good as without.
        let in_place = references::InPlace::of(&schemas.converted);
        let circular = in_place.circular();
        let mut endless = !circular.is_empty();
        for name in circular {
            defects.add(
                format!("components.schemas.{name}"),
                "refers to itself without a property or item in between; no value can be checked against that",
            );
        }
        if !endless {
            for name in in_place.larger_than(MOST_PARTS) {
                endless = true;
                defects.add(
                    format!("components.schemas.{name}"),
                    format!("is made of more than {MOST_PARTS} schemas by `allOf` and its like; take some out"),
                );
            }
        }
        schemas.endless = endless;
        schemas.check_defaults(defaults, defects);
        schemas
    }

    /// Returns `components.schemas` as the contract writes it.
    pub(crate) fn raw(&self) -> &Map<String, Value> {
        &self.raw
    }

    /// Compiles the schema that stands at `place`; `None` when it has a defect.
    pub(crate) fn compile(
        &self,
        schema: &Value,
        place: &str,
        defects: &mut Defects,
    ) -> Option<Schema> {
        let key = schema.to_string();
        if let Some(known) = self
            .compiled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
        {
            return Some(known.clone());
        }
        let mut own = Defects::default();
        let mut defaults = Vec::new();
        let converted = convert::convert(schema, place, &self.raw, &mut defaults, &mut own);
        if !own.is_empty() {
            defects.append(own);
            return None;
        }
        if self.endless {
            return None;
        }
        self.check_defaults(defaults, defects);
        let compiled = self.build(converted, place, defects)?;
        self.compiled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, compiled.clone());
        Some(compiled)
    }

    fn check_defaults(&self, defaults: Vec<convert::DefaultValue>, defects: &mut Defects) {
        if self.endless {
            return;
        }
        for default in defaults {
            if let Some(schema) = self.build(default.schema, &default.place, defects)
                && let Some(violation) = schema.validate(&default.value, In::Body, "").first()
            {
                defects.add(
                    format!("{}.default", default.place),
                    format!(
                        "breaks its own schema: {}{}",
                        at(&violation.pointer),
                        violation.message
                    ),
                );
            }
        }
    }

    fn build(&self, mut document: Value, place: &str, defects: &mut Defects) -> Option<Schema> {
        let definitions: Map<String, Value> = self
            .reachable(&document)
            .into_iter()
            .filter_map(|name| {
                self.converted
                    .get(&name)
                    .map(|schema| (name, schema.clone()))
            })
            .collect();
        if !definitions.is_empty() && document.get("$ref").is_some() {
            // Draft 4 ignores whatever stands beside a reference, the definitions included.
            document = json!({ "allOf": [document] });
        }
        if let Value::Object(members) = &mut document
            && !definitions.is_empty()
        {
            members.insert("definitions".to_owned(), Value::Object(definitions));
        }
        match options().build(&document) {
            Ok(validator) => Some(Schema(Arc::new(Compiled {
                validator,
                document,
            }))),
            Err(error) => {
                defects.add(place, invalid(&error));
                None
            }
        }
    }

    /// Returns the names of the components that a converted schema leads to.
    fn reachable(&self, schema: &Value) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut open = references::references(schema);
        while let Some(name) = open.pop() {
            if let Some(schema) = self.converted.get(&name)
                && names.insert(name)
            {
                open.extend(references::references(schema));
            }
        }
        names
    }
}

/// Returns the reason for which the validator refuses a schema whose keywords are all known.
fn invalid(error: &ValidationError<'_>) -> String {
    format!(
        "is no valid schema: {}{error}",
        at(error.instance_path().as_str())
    )
}

fn at(pointer: &str) -> String {
    if pointer.is_empty() {
        String::new()
    } else {
        format!("{pointer} ")
    }
}

/// Formats are asserted, unknown ones refused; patterns run in linear time, so that no request can
/// stall a worker (no look-around, no back-references).
fn options() -> jsonschema::ValidationOptions<'static> {
    jsonschema::draft4::options()
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_format("date", formats::is_date)
        .with_format("date-time", formats::is_date_time)
        .with_format("uuid", formats::is_uuid)
        .with_format("byte", formats::is_base64)
        .with_email_options(EmailOptions::default().without_display_text())
        .with_format("password", |_| true)
}

/// Returns true if the pattern compiles.
fn is_pattern(pattern: &str) -> bool {
    options().build(&json!({ "pattern": pattern })).is_ok()
}

#[cfg(test)]
mod tests;
