//! Schemas as Rust types.

use super::{Planner, flag, items, members, schema_name, text};
use serde_json::Value;
use std::collections::BTreeSet;

/// The form of a value in JSON: `time`'s own serde form is not the contract's.
#[derive(Clone, Copy, PartialEq, Eq)]
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
}

impl Type {
    fn plain(rust: impl Into<String>) -> Self {
        Self {
            rust: rust.into(),
            wire: Wire::Plain,
            nullable: false,
        }
    }

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

/// The context in which a type is used: gathers the models it names and the definitions it needs beside it.
#[derive(Default)]
pub(super) struct Scope {
    /// The name of an unnamed object or enum here; `None` where it needs a name of its own.
    pub(super) name: Option<String>,
    /// Set where types of operations stand beside models, which are then named by their path where they share a name.
    pub(super) beside_operations: bool,
    /// Models that are named.
    pub(super) models: BTreeSet<String>,
    /// Definitions of unnamed objects and enums.
    pub(super) definitions: Vec<Value>,
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

const NEEDS_NAME: &str =
    "needs a name here; put it under components/schemas and refer to it with `$ref`";

impl<'c> Planner<'c> {
    /// The type for a schema.
    pub(super) fn type_of(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> Type {
        if let Some(kind) = ["anyOf", "not"]
            .into_iter()
            .find(|kind| schema.get(*kind).is_some())
        {
            self.refuse(
                place,
                &format!(
                    "`{kind}` has no Rust type; use oneOf with a discriminator, or one schema"
                ),
            );
        }
        if schema.get("oneOf").is_some() {
            self.refuse(place, &format!("`oneOf` {NEEDS_NAME}"));
            return Type::plain("()");
        }
        let mut found = if let Some(name) = schema_name(schema) {
            self.named(schema, name, place, scope)
        } else if schema.get("$ref").is_some() {
            let (target, place) = self.resolve(schema, place);
            self.type_of(target, &place, scope)
        } else if let Some(wrapped) = wrapped(schema) {
            self.type_of(wrapped, place, scope)
        } else {
            self.written_out(schema, place, scope)
        };
        found.nullable |= flag(schema, "nullable");
        found
    }

    fn named(&self, schema: &'c Value, name: &str, place: &str, scope: &mut Scope) -> Type {
        let (target, target_place) = self.resolve(schema, place);
        let rust = if scope.beside_operations && self.beside.contains(name) {
            format!("crate::models::{name}")
        } else {
            scope.models.insert(name.to_owned());
            name.to_owned()
        };
        // Through aliases and wrappers, to what crosses the wire.
        let (mut end, mut nullable) = (target, false);
        for _ in 0..16 {
            nullable |= flag(end, "nullable");
            end = match wrapped(end) {
                Some(inner) => self.resolve(inner, &target_place).0,
                None if end.get("$ref").is_some() => self.resolve(end, &target_place).0,
                None => break,
            };
        }
        let wire = match (text(end, "type"), text(end, "format")) {
            (Some("string"), Some("date")) => Wire::Date,
            (Some("string"), Some("date-time")) => Wire::DateTime,
            _ => Wire::Plain,
        };
        Type {
            wire,
            nullable,
            ..Type::plain(rust)
        }
    }

    fn written_out(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> Type {
        if schema.get("enum").is_some() || is_struct(schema) {
            let Some(name) = scope.name.clone() else {
                let what = if is_struct(schema) {
                    "an object with properties"
                } else {
                    "an enum"
                };
                self.refuse(place, &format!("{what} {NEEDS_NAME}"));
                return Type::plain("()");
            };
            self.take_name(&name, place);
            let mut definitions = self.definition(&name, schema, place, &mut scope.models);
            scope.definitions.append(&mut definitions);
            return Type::plain(name);
        }
        match (text(schema, "type"), text(schema, "format")) {
            (Some("string"), Some("date")) => Type {
                wire: Wire::Date,
                ..Type::plain("time::Date")
            },
            (Some("string"), Some("date-time")) => Type {
                wire: Wire::DateTime,
                ..Type::plain("time::OffsetDateTime")
            },
            (Some("string"), Some("uuid")) => Type::plain("uuid::Uuid"),
            (Some("string"), format) => Type::plain(match format {
                Some("time") => "gatekeeper::formats::Time",
                Some("duration") => "gatekeeper::formats::Duration",
                Some("byte") => "gatekeeper::formats::Base64",
                _ => "String",
            }),
            (Some("integer"), format) => Type::plain(integer(format)),
            (Some("number"), Some("float")) => Type::plain("f32"),
            (Some("number"), _) => Type::plain("f64"),
            (Some("boolean"), _) => Type::plain("bool"),
            (Some("array"), _) => self.array(schema, place, scope),
            (Some("object"), _) => self.map(schema, place, scope),
            _ => Type::plain("serde_json::Value"),
        }
    }

    /// Refuses the name made for an unnamed schema where something else has it.
    fn take_name(&self, name: &str, place: &str) {
        let schemas = &self.root["components"]["schemas"];
        let other = if schemas.get(name).is_some() {
            Some("a schema".to_owned())
        } else if openapi::naming::is_free_type_name(name) {
            self.unnamed
                .borrow_mut()
                .insert(name.to_owned(), place.to_owned())
        } else {
            Some("a type that the generated code uses".to_owned())
        };
        if let Some(other) = other {
            self.refuse(
                place,
                &format!("would be called {name}, and so is {other}; rename one of them"),
            );
        }
    }

    fn array(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> Type {
        let place = format!("{place}/items");
        let Some(item) = schema.get("items") else {
            return Type::plain("()");
        };
        let hint = scope.name.clone();
        scope.name = hint.as_ref().map(|name| format!("{name}Item"));
        let item = self.contained(item, &place, scope);
        scope.name = hint;
        Type::plain(format!("Vec<{item}>"))
    }

    fn map(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> Type {
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(members)) if !members.is_empty() => {
                let hint = scope.name.clone();
                scope.name = hint.as_ref().map(|name| format!("{name}Value"));
                let value = self.contained(values, &format!("{place}/additionalProperties"), scope);
                scope.name = hint;
                Type::plain(format!("std::collections::BTreeMap<String, {value}>"))
            }
            _ => Type::plain("serde_json::Map<String, serde_json::Value>"),
        }
    }

    /// The type of an item or of a map's value.
    fn contained(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> String {
        self.type_of(schema, place, scope).or_null()
    }

    /// The properties of an object with those of its `allOf` parts, and which are required.
    pub(super) fn fields(
        &self,
        schema: &'c Value,
        place: &str,
    ) -> (Vec<Field<'c>>, BTreeSet<&'c str>) {
        let (mut fields, mut required) = (Vec::new(), BTreeSet::new());
        let mut parts = Parts::default();
        self.gather(schema, place, &mut parts, &mut fields, &mut required);
        (fields, required)
    }

    fn gather(
        &self,
        schema: &'c Value,
        place: &str,
        parts: &mut Parts,
        fields: &mut Vec<Field<'c>>,
        required: &mut BTreeSet<&'c str>,
    ) {
        if !parts.enter(schema) {
            if parts.is_open(schema) {
                self.refuse(place, "`allOf` includes the schema in itself");
            }
            return;
        }
        for (index, part) in items(&schema["allOf"]).enumerate() {
            let (part, place) = self.resolve(part, &format!("{place}/allOf/{index}"));
            if !is_struct(part) && part.get("required").is_none() {
                self.refuse(&place, "a part of `allOf` is an object with properties");
            }
            if part
                .get("additionalProperties")
                .is_some_and(|extra| extra != &Value::Bool(false))
            {
                self.refuse(
                    &place,
                    "a part of `allOf` has no additionalProperties of its own",
                );
            }
            self.gather(part, &place, parts, fields, required);
        }
        parts.open.pop();
        for (name, schema) in members(&schema["properties"]) {
            let place = format!("{place}/properties/{name}");
            match fields.iter().find(|known| known.name == name) {
                None => fields.push(Field {
                    name,
                    schema,
                    place,
                }),
                Some(known) if known.schema == schema => {}
                Some(_) => self.refuse(&place, "the parts of `allOf` differ on this property"),
            }
        }
        required.extend(items(&schema["required"]).filter_map(Value::as_str));
    }
}

/// The parts of `allOf` that were seen, identified by their address, and those that are being read.
#[derive(Default)]
struct Parts {
    seen: BTreeSet<*const Value>,
    open: Vec<*const Value>,
}

impl Parts {
    /// Begins to read a part; false when it was read before, or is being read.
    fn enter(&mut self, part: &Value) -> bool {
        let is_new = self.seen.insert(part);
        if is_new {
            self.open.push(part);
        }
        is_new
    }

    fn is_open(&self, part: &Value) -> bool {
        self.open.contains(&std::ptr::from_ref(part))
    }
}

/// The type of an integer: formats of OpenAPI and of its registry, 64 bits unless told.
fn integer(format: Option<&str>) -> &'static str {
    match format {
        Some("int8") => "i8",
        Some("int16") => "i16",
        Some("int32") => "i32",
        Some("uint8") => "u8",
        Some("uint16") => "u16",
        Some("uint32") => "u32",
        Some("uint64") => "u64",
        _ => "i64",
    }
}

/// A property of an object.
pub(super) struct Field<'c> {
    pub(super) name: &'c str,
    pub(super) schema: &'c Value,
    pub(super) place: String,
}

/// The one schema that an `allOf` of one part wraps, the way to put a description, a default or
/// `nullable` beside a `$ref`.
pub(super) fn wrapped(schema: &Value) -> Option<&Value> {
    match schema.get("allOf")?.as_array()?.as_slice() {
        [only] if schema.get("properties").is_none() && schema.get("required").is_none() => {
            Some(only)
        }
        _ => None,
    }
}

/// Returns true if a schema becomes a struct.
pub(super) fn is_struct(schema: &Value) -> bool {
    members(&schema["properties"]).next().is_some()
        || schema.get("allOf").is_some() && wrapped(schema).is_none()
}

/// Returns true if a named schema becomes a type alias.
pub(super) fn is_alias(schema: &Value) -> bool {
    !is_struct(schema) && schema.get("enum").is_none() && schema.get("oneOf").is_none()
}
