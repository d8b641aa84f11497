//! The schemas of a contract on their way to being compiled.

use super::{
    at,
    compiled::{self, Compiled, Invalid},
    convert::{Components, Conversion, DEFINITION, DefaultValue, Findings},
    part,
    patterns::Patterns,
    references::InPlace,
};
use crate::{In, Mode, defect::INVALID_SCHEMA};
use jsonschema::ValidationError;
use serde_json::{Map, Value, json};
use std::{collections::HashMap, sync::Arc};

/// The most schemas that one value is checked against, by `allOf` and its like.
const MOST_PARTS: usize = 10_000;

/// Converted schemas; the first are the components.
pub(super) struct Definitions<'a> {
    conversion: Conversion<'a>,
    converted: Vec<Value>,
    places: Vec<String>,
    found: Vec<Findings>,
}

/// The outcome of compiling all definitions.
pub(super) struct Outcome {
    /// Nothing when there is a defect that cannot be told from the others.
    pub(super) compiled: Option<Arc<Compiled>>,
    /// By the number of the definition. Anything is valid by one with a defect.
    pub(super) found: Vec<Findings>,
}

impl<'a> Definitions<'a> {
    pub(super) fn new(
        schemas: &'a Map<String, Value>,
        numbers: &'a HashMap<String, usize>,
        mode: Mode,
    ) -> Self {
        Self {
            conversion: Conversion {
                components: Components { schemas, numbers },
                mode,
                patterns: Patterns::new(mode),
                found: Findings::default(),
            },
            converted: Vec::new(),
            places: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Converts the components, which come first.
    pub(super) fn components(mut self) -> Self {
        for (name, schema) in self.conversion.components.schemas {
            self.add(schema, format!("components.schemas.{name}"));
        }
        self
    }

    /// Returns what is wrong with a schema by itself.
    pub(super) fn check(mut self, schema: &Value, place: &str) -> Findings {
        let number = self.add(schema, place.to_owned());
        self.found[number].take()
    }

    /// Converts a schema; returns its number.
    pub(super) fn add(&mut self, schema: &Value, place: String) -> usize {
        let number = self.converted.len();
        let converted = self.conversion.schema(schema, &place);
        let found = self.conversion.found.take();
        self.converted.push(match found.defects.is_empty() {
            true => converted,
            false => json!({}),
        });
        self.places.push(place);
        self.found.push(found);
        number
    }

    fn spoil(&mut self, number: usize, problem: impl Into<String>) {
        let place = self.places[number].clone();
        self.found[number].defects.add(place, problem);
        self.converted[number] = json!({});
    }

    /// Compiles all of them.
    pub(super) fn compile(mut self) -> Outcome {
        self.break_circles();
        let compiled = self.build();
        if let Some(compiled) = &compiled {
            self.check_defaults(compiled);
        }
        Outcome {
            compiled,
            found: self.found,
        }
    }

    /// A schema that is in itself at the same place of the value would be checked without end, and one that is made of
    /// parts which multiply from level to level as good as without.
    fn break_circles(&mut self) {
        let components = self.conversion.components.schemas.len();
        let in_place = InPlace::of(&self.converted[..components]);
        let circular = in_place.circular();
        let large = if circular.is_empty() {
            in_place.larger_than(MOST_PARTS)
        } else {
            Vec::new()
        };
        for number in circular {
            self.spoil(number, "refers to itself without a property or item in between; no value can be checked against that");
        }
        for number in large {
            let problem = format!(
                "is made of more than {MOST_PARTS} schemas by `allOf` and its like; take some out"
            );
            self.spoil(number, problem);
        }
    }

    fn build(&mut self) -> Option<Arc<Compiled>> {
        let mode = self.conversion.mode;
        let document = self.document();
        let Invalid { document, error } = match Compiled::of(document, mode) {
            Ok(compiled) => return Some(compiled),
            Err(invalid) => invalid,
        };
        let definition = |number: usize| &document["$defs"][number.to_string()];
        self.converted = (0..self.places.len()).map(definition).cloned().collect();
        let mut is_found = false;
        for number in 0..self.places.len() {
            if let Err(error) = jsonschema::draft202012::meta::validate(definition(number)) {
                self.spoil(number, rule(&error));
                is_found = true;
            }
        }
        if !is_found {
            let path = error.schema_path().as_str();
            let number = path
                .strip_prefix("/$defs/")
                .and_then(|path| path.split('/').next());
            let number = number.and_then(|number| number.parse().ok()).unwrap_or(0);
            self.spoil(number, rule(&error));
        }
        // The others, for what is checked with them.
        let document = self.document();
        Compiled::of(document, mode).ok()
    }

    /// Takes the definitions out, into one schema of all.
    fn document(&mut self) -> Value {
        let mut entries = Vec::new();
        for (number, (_, schema)) in self.conversion.components.schemas.iter().enumerate() {
            entries.extend(parts(number, schema, &self.converted[number]));
        }
        let whole = self.found.iter().filter(|found| found.defects.is_empty());
        let defaults = whole.flat_map(|found| &found.defaults);
        entries.extend(defaults.map(DefaultValue::entry));
        compiled::document(std::mem::take(&mut self.converted), entries)
    }

    fn check_defaults(&mut self, compiled: &Arc<Compiled>) {
        for found in &mut self.found {
            let told = match self.conversion.mode {
                Mode::Strict => &mut found.defects,
                Mode::Open => &mut found.notices,
            };
            for default in std::mem::take(&mut found.defaults) {
                let schema = compiled.entry(&default.anchor);
                let violations = schema.map(|schema| schema.validate(&default.value, In::Body, ""));
                if let Some(violation) = violations.iter().flatten().next() {
                    let rule = format!("{}{}", at(&violation.pointer), violation.message);
                    let place = format!("{}.default", default.place);
                    told.add(place, format!("breaks its own schema: {rule}"));
                }
            }
        }
    }
}

/// Returns the properties that are the parts of a component, where it is `oneOf` or `anyOf` some.
fn parts(number: usize, raw: &Value, converted: &Value) -> Vec<(String, String)> {
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| raw.get(*keyword).is_some());
    let Some(keyword) = keyword else {
        return Vec::new();
    };
    // Where null is added, the schema itself is the other alternative.
    let is_nullable = raw.get("nullable") == Some(&Value::Bool(true));
    let within = if is_nullable { "/anyOf/1" } else { "" };
    let path = format!("{within}/{keyword}");
    let found = converted.pointer(&path).and_then(Value::as_array);
    let indices = 0..found.map_or(0, Vec::len);
    let entry = |index| {
        let reference = format!("{DEFINITION}{number}{path}/{index}");
        (part(number, index), reference)
    };
    indices.map(entry).collect()
}

/// Returns the reason for which the validator refuses a schema whose keywords are all known.
fn rule(error: &ValidationError<'_>) -> String {
    let pointer = at(error.instance_path().as_str());
    format!("{INVALID_SCHEMA}{pointer}{error}")
}
