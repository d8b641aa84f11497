//! Schemas that become enums: `enum`, and a choice of several schemas.

use super::forms::union_parts;
use super::types::Scope;
use super::{Planner, docs, items, names, schema_name, text};
use openapi::Kinds;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A variant of a union.
pub(super) struct Part<'c> {
    pub(super) schema: &'c Value,
    pub(super) place: String,
    pub(super) variant: String,
    /// The indices of the parts of the schema that have this type.
    indices: Vec<usize>,
}

impl<'c> Planner<'c> {
    /// The variants of an enum, of words or of numbers.
    pub(super) fn enumeration(&self, schema: &'c Value) -> Value {
        let kinds = self.kinds.of(schema);
        let mut variants = Vec::new();
        for (value, name) in variant_names(schema) {
            // What its type does not leave is no value of it.
            if !kinds.has(Kinds::of_value(value)) {
                continue;
            }
            let wire = wire(value);
            variants.push(json!({
                "renamed": name != wire,
                "variant": name,
                "wire": names::literal(&wire),
                "wire_doc": docs::code(&wire),
                "number": wire,
            }));
        }
        json!({ "variants": variants })
    }

    /// Returns the name of the variant for a value of an enum.
    pub(super) fn variant_name(&self, schema: &'c Value, value: &Value) -> Option<String> {
        let names = variant_names(self.written_out(schema)).into_iter();
        let mut names = names.filter(|(each, _)| *each == value);
        names.next().map(|(_, name)| name)
    }

    /// The variants of a union.
    pub(super) fn union(
        &self,
        name: &str,
        schema: &'c Value,
        place: &str,
        scope: &mut Scope,
    ) -> Value {
        let tagged = self.tags().get(name);
        let mut variants = Vec::new();
        for part in self.parts(schema, place) {
            let found = self.type_of(part.schema, &part.place, scope);
            let rust = if self.is_boxed(name, &part.variant) {
                format!("Box<{}>", found.whole())
            } else {
                found.whole().to_owned()
            };
            let indices: Vec<String> = part.indices.iter().map(usize::to_string).collect();
            let told = schema_name(part.schema)
                .and_then(|name| tagged.and_then(|tagged| tagged.values.get(name)));
            let wire = told.copied().unwrap_or_default();
            let doc = match told {
                Some(value) => format!("Told by the value {}.", docs::code(value)),
                None => docs::lines(text(part.schema, "description"), &part.described())
                    .into_iter()
                    .next()
                    .unwrap_or_default(),
            };
            variants.push(json!({
                "variant": part.variant,
                "variant_type": rust,
                "variant_doc": doc,
                "renamed": told.is_some() && wire != part.variant,
                "wire": names::literal(wire),
                "indices": indices.join(" | "),
            }));
        }
        json!({
            "tag": match tagged {
                Some(tagged) => json!({ "property": names::literal(tagged.property) }),
                None => json!(false),
            },
            "variants": variants,
        })
    }

    /// Returns the parts of a union, each with the name of its variant.
    pub(super) fn parts(&self, schema: &'c Value, place: &str) -> Vec<Part<'c>> {
        let Some((keyword, parts)) = union_parts(schema) else {
            return Vec::new();
        };
        let mut taken = BTreeSet::new();
        let mut found = Vec::new();
        for (schema, indices) in self.choices(parts) {
            let base = schema_name(schema).unwrap_or_else(|| self.kind_name(schema));
            let mut variant = base.to_owned();
            let mut number = 2;
            while !taken.insert(variant.clone()) {
                variant = format!("{base}{number}");
                number += 1;
            }
            let index = indices.first().copied().unwrap_or_default();
            found.push(Part {
                schema,
                place: format!("{place}/{keyword}/{index}"),
                variant,
                indices,
            });
        }
        found
    }

    /// Returns a name for a part that has none.
    fn kind_name(&self, schema: &'c Value) -> &'static str {
        match self.kinds.of(schema).without(Kinds::NULL) {
            Kinds::STRING => match text(schema, "format") {
                Some("date") => "Date",
                Some("date-time") => "DateTime",
                Some("time") => "Time",
                Some("duration") => "Duration",
                Some("uuid") => "Uuid",
                Some("byte") => "Bytes",
                _ => "Text",
            },
            Kinds::BOOLEAN => "Boolean",
            Kinds::INTEGER => "Integer",
            Kinds::NUMBER => "Number",
            Kinds::ARRAY => "Array",
            Kinds::OBJECT => "Object",
            _ => "Other",
        }
    }
}

impl Part<'_> {
    /// Returns whether the part of the schema at an index has this type.
    pub(super) fn has(&self, index: usize) -> bool {
        self.indices.contains(&index)
    }

    fn described(&self) -> String {
        match schema_name(self.schema) {
            Some(name) => format!("A value of `{name}`."),
            None => format!("A value of another kind: {}.", self.variant.to_lowercase()),
        }
    }
}

/// Returns each value of an enum with the name of its variant. What is listed twice is one value, and null is none.
fn variant_names(schema: &Value) -> Vec<(&Value, String)> {
    let listed = items(&schema["enum"]).filter(|value| !value.is_null());
    let mut seen = BTreeSet::new();
    let mut values: Vec<&Value> = Vec::new();
    let chosen = items(&schema["x-enum-varnames"]);
    // One for each value, or it is not known which is whose.
    let has_all = chosen.clone().count() == listed.clone().count();
    let mut chosen = chosen.filter(|_| has_all);
    let mut wanted = Vec::new();
    for value in listed {
        let chosen = chosen.next().and_then(Value::as_str);
        if seen.insert(value.to_string()) {
            values.push(value);
            wanted.push((wire(value), chosen));
        }
    }
    let names = names::variants(wanted);
    values.into_iter().zip(names).collect()
}

/// Returns a value of an enum as a text.
fn wire(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), String::from)
}
