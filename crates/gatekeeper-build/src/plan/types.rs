//! Schemas as Rust types.

use super::forms::Form;
use super::objects::{Extra, Placed};
use super::{Planner, items, schema_name, text};
use openapi::Kinds;
use serde_json::Value;
use std::collections::BTreeSet;

/// The type that holds any value of JSON.
pub(super) const VALUE: &str = "serde_json::Value";

/// The form of a value in JSON: `time`'s own serde form is not the contract's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Plain,
    Date,
    DateTime,
}

/// A Rust type, before it is known whether a value may be absent.
pub(super) struct Type {
    pub(super) rust: String,
    pub(super) wire: Wire,
    pub(super) nullable: bool,
    /// Set for the type that holds any value, null included.
    pub(super) any: bool,
}

/// The properties of a type besides its name.
#[derive(Clone)]
pub(super) struct Essence<'c> {
    pub(super) wire: Wire,
    pub(super) any: bool,
    /// The named struct or enum that lies in the value itself, neither in an array nor in a map.
    pub(super) holds: Option<&'c str>,
}

impl Essence<'_> {
    const PLAIN: Self = Self {
        wire: Wire::Plain,
        any: false,
        holds: None,
    };

    const ANY: Self = Self {
        any: true,
        ..Self::PLAIN
    };
}

impl Type {
    /// The type that reads and writes itself in the form of the contract, wherever it stands.
    pub(super) fn whole(&self) -> &str {
        match self.wire {
            Wire::Plain => &self.rust,
            Wire::Date => "gatekeeper::formats::Date",
            Wire::DateTime => "gatekeeper::formats::DateTime",
        }
    }

    /// The [whole](Self::whole) type, `Option` when it may be null.
    pub(super) fn or_null(&self) -> String {
        if self.nullable {
            format!("Option<{}>", self.whole())
        } else {
            self.whole().to_owned()
        }
    }
}

/// The context in which a type is used: gathers the models it names.
#[derive(Default)]
pub(super) struct Scope {
    /// Set where types of operations stand beside models, which are then named by their path where they share a name.
    pub(super) beside_operations: bool,
    /// Models that are named.
    pub(super) models: BTreeSet<String>,
}

impl Scope {
    /// Creates the context of the module of an operation.
    pub(super) fn beside_operations() -> Self {
        Self {
            beside_operations: true,
            ..Self::default()
        }
    }
}

impl<'c> Planner<'c> {
    /// The type for a schema.
    pub(super) fn type_of(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> Type {
        let essence = self.essence(schema);
        Type {
            rust: self.rust(schema, place, scope),
            wire: essence.wire,
            nullable: !essence.any && self.kinds.of(schema).has(Kinds::NULL),
            any: essence.any,
        }
    }

    /// Returns what the type of a schema is, through references and aliases.
    pub(super) fn essence(&self, schema: &'c Value) -> Essence<'c> {
        let mut at = schema;
        // As deep as a contract can be, in each of as many aliases; those that are circular are not entered.
        loop {
            if let Some(name) = schema_name(at) {
                let target = self.schema(name);
                if self.circular_aliases().contains(name) {
                    return Essence::ANY;
                }
                if self.form(target) != Form::Alias {
                    return Essence {
                        holds: Some(name),
                        ..Essence::PLAIN
                    };
                }
                at = target;
            } else if at.get("$ref").is_some() {
                at = self.resolve(at, "").0;
            } else if self.form(at) != Form::Alias {
                return Essence::ANY;
            } else if let Some(inner) = self.essential(at).or_else(|| self.part_of_all(at)) {
                at = inner;
            } else {
                break;
            }
        }
        let kinds = self.kinds.of(at).without(Kinds::NULL);
        let simple = [
            Kinds::BOOLEAN,
            Kinds::INTEGER,
            Kinds::NUMBER,
            Kinds::ARRAY,
            Kinds::OBJECT,
        ];
        match (kinds, text(at, "format")) {
            (Kinds::STRING, Some("date")) => Essence {
                wire: Wire::Date,
                ..Essence::PLAIN
            },
            (Kinds::STRING, Some("date-time")) => Essence {
                wire: Wire::DateTime,
                ..Essence::PLAIN
            },
            (Kinds::STRING, _) => Essence::PLAIN,
            _ if simple.contains(&kinds) => Essence::PLAIN,
            _ => Essence::ANY,
        }
    }

    /// Returns the part by which an `allOf` of several that is no object gets its type.
    pub(super) fn part_of_all(&self, schema: &'c Value) -> Option<&'c Value> {
        let own = [
            "format",
            "items",
            "prefixItems",
            "additionalProperties",
            "properties",
        ];
        if own.into_iter().any(|keyword| schema.get(keyword).is_some()) {
            return None;
        }
        let parts: Vec<Placed<'c>> = items(&schema["allOf"])
            .map(|schema| Placed {
                schema,
                place: String::new(),
            })
            .collect();
        let found = self.narrowest(&parts.iter().collect::<Vec<_>>())?;
        Some(found.schema)
    }

    fn rust(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> String {
        if let Some(name) = schema_name(schema) {
            if scope.beside_operations && self.beside.contains(name) {
                return format!("super::super::models::{name}");
            }
            scope.models.insert(name.to_owned());
            return name.to_owned();
        }
        if schema.get("$ref").is_some() {
            let (target, place) = self.resolve(schema, place);
            return self.rust(target, &place, scope);
        }
        if self.form(schema) != Form::Alias {
            // Whatever needs a name has one, but for parts that are not types by themselves.
            return VALUE.to_owned();
        }
        if let Some(inner) = self.essential(schema).or_else(|| self.part_of_all(schema)) {
            return self.rust(inner, place, scope);
        }
        match self.kinds.of(schema).without(Kinds::NULL) {
            Kinds::ARRAY => self.array(schema, place, scope),
            Kinds::OBJECT => self.map(schema, scope),
            _ => self.scalar(schema).to_owned(),
        }
    }

    /// Returns the type of a schema of texts, numbers or booleans; that of any value for all others.
    pub(super) fn scalar(&self, schema: &Value) -> &'static str {
        let format = text(schema, "format");
        match self.kinds.of(schema).without(Kinds::NULL) {
            Kinds::STRING => match format {
                Some("date") => "time::Date",
                Some("date-time") => "time::OffsetDateTime",
                Some("time") => "gatekeeper::formats::Time",
                Some("duration") => "gatekeeper::formats::Duration",
                Some("uuid") => "uuid::Uuid",
                Some("byte") => "gatekeeper::formats::Base64",
                _ => "String",
            },
            Kinds::INTEGER => schema.as_object().map_or("i64", openapi::integer_type),
            Kinds::NUMBER if format == Some("float") => "f32",
            Kinds::NUMBER => "f64",
            Kinds::BOOLEAN => "bool",
            _ => VALUE,
        }
    }

    fn array(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> String {
        let item = match schema.get("items") {
            // A tuple: each of its first items has a schema of its own.
            _ if schema.get("prefixItems").is_some() => VALUE.to_owned(),
            None => VALUE.to_owned(),
            Some(item) => {
                let place = format!("{place}/items");
                self.type_of(item, &place, scope).or_null()
            }
        };
        format!("Vec<{item}>")
    }

    fn map(&self, schema: &'c Value, scope: &mut Scope) -> String {
        match &self.object(schema).extra {
            Extra::Typed(placed) => self.map_of(placed, scope),
            _ => "serde_json::Map<String, serde_json::Value>".to_owned(),
        }
    }

    /// Returns the type of a map whose values are alike.
    pub(super) fn map_of(&self, values: &Placed<'c>, scope: &mut Scope) -> String {
        let value = self.type_of(values.schema, &values.place, scope).or_null();
        format!("std::collections::BTreeMap<String, {value}>")
    }
}
