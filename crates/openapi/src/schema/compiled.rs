//! All schemas of a contract, compiled at once, and each of them by itself.

use super::{
    MOST_VIOLATIONS, at,
    convert::DEFINITION,
    formats,
    instance::{Instance, Instances},
    messages::Explanation,
    patterns,
};
use crate::{Defects, In, Mode, Violation};
use jsonschema::{PatternOptions, ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::{Map, Value, json};
use std::{fmt, sync::Arc};

/// The errors of a value that are put into words, some of which say the same.
const MOST_ERRORS: usize = 2 * MOST_VIOLATIONS;

/// The most ways that are tried for the name of a property against a pattern of `patternProperties`.
const MOST_WAYS: usize = 2_000;

/// One schema of those that are compiled together; cheap to clone.
#[derive(Clone)]
pub struct Schema {
    all: Arc<Compiled>,
    /// The name of the property that is it.
    entry: Arc<str>,
}

/// The schemas of a contract as the properties of one.
pub(super) struct Compiled {
    validator: Validator<Instances>,
    document: Value,
}

/// Makes one schema of definitions: each is a property by its number. `others` are properties that refer into them.
pub(super) fn document(definitions: Vec<Value>, others: Vec<(String, String)>) -> Value {
    let mut properties = Map::new();
    let mut named = Map::new();
    for (number, definition) in definitions.into_iter().enumerate() {
        let name = number.to_string();
        properties.insert(
            name.clone(),
            json!({ "$ref": format!("{DEFINITION}{name}") }),
        );
        named.insert(name, definition);
    }
    for (name, reference) in others {
        properties.insert(name, json!({ "$ref": reference }));
    }
    json!({ "properties": properties, "$defs": named })
}

/// A schema that does not compile, and the reason.
pub(super) struct Invalid {
    pub(super) document: Value,
    pub(super) error: Box<ValidationError<'static>>,
}

impl Compiled {
    pub(super) fn of(document: Value, mode: Mode) -> Result<Arc<Self>, Invalid> {
        match validator(&document, mode) {
            Ok(validator) => Ok(Arc::new(Self {
                validator,
                document,
            })),
            Err(error) => Err(Invalid { document, error }),
        }
    }

    /// Returns the schema that is the property of this name.
    pub(super) fn entry(self: &Arc<Self>, entry: &str) -> Option<Schema> {
        self.document["properties"].get(entry)?;
        Some(Schema {
            all: Arc::clone(self),
            entry: entry.into(),
        })
    }
}

/// Patterns run in linear time, so that no request can stall a worker; in an open contract those of names that cannot
/// are tried a few ways, and those of texts have a keyword of their own.
fn validator(
    document: &Value,
    mode: Mode,
) -> Result<Validator<Instances>, Box<ValidationError<'static>>> {
    let options = jsonschema::options_for::<Instances>()
        .with_draft(jsonschema::Draft::Draft202012)
        .offline();
    let options = match mode {
        Mode::Strict => options.with_pattern_options(PatternOptions::regex()),
        Mode::Open => options
            .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(MOST_WAYS))
            .with_keyword(patterns::HARD_PATTERN, |schema, pattern, _| {
                Ok(patterns::keyword(schema, pattern))
            }),
    };
    formats::register(options).build(document).map_err(Box::new)
}

impl Schema {
    /// Returns true when `value` is valid by the schema.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        patterns::start();
        let whole = Instance::Only(&self.entry, value);
        self.all.validator.is_valid(whole) && !patterns::is_given_up()
    }

    /// Returns every violation (50 at most) in `value`, which stands at the JSON Pointer `base`.
    #[must_use]
    pub fn validate(&self, value: &Value, location: In, base: &str) -> Vec<Violation> {
        if self.is_valid(value) {
            return Vec::new();
        }
        let mut explanation = Explanation {
            document: &self.all.document,
            entry: &self.entry,
            location,
            base,
            violations: Vec::new(),
        };
        let whole = Instance::Only(&self.entry, value);
        // What no part has looked at is explained by what is wrong with the parts.
        let is_late = |error: &ValidationError<'_>| {
            matches!(error.kind(), Kind::UnevaluatedProperties { .. })
        };
        let errors = self.all.validator.iter_errors(whole);
        let (late, errors): (Vec<_>, Vec<_>) = errors.take(MOST_ERRORS).partition(is_late);
        for error in errors.into_iter().chain(late) {
            explanation.add(&error);
            if explanation.violations.len() >= MOST_VIOLATIONS {
                break;
            }
        }
        let mut violations = explanation.violations;
        violations.truncate(MOST_VIOLATIONS);
        if violations.is_empty() {
            let rule = if patterns::is_given_up() {
                patterns::TOO_HARD
            } else {
                "does not match the schema"
            };
            violations.push(Violation::new(location, base, rule));
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

    #[cfg(test)]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.all, &other.all) && self.entry == other.entry
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.entry).finish()
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compiled").finish_non_exhaustive()
    }
}
