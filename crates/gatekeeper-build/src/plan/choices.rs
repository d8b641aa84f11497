//! Schemas that become enums: `enum`, and `oneOf` with a discriminator.

use super::types::{Scope, is_struct};
use super::{Planner, docs, items, members, names, schema_name, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl<'c> Planner<'c> {
    /// The variants of an enum, of words or of numbers.
    pub(super) fn enumeration(&self, schema: &'c Value, place: &str) -> Value {
        let kind = text(schema, "type");
        let mut variants = Vec::new();
        for (value, name) in variant_names(schema) {
            let wire = match (kind, value) {
                (Some("string"), Value::String(word)) => word.clone(),
                (Some("integer"), Value::Number(number)) if number.is_i64() => number.to_string(),
                _ => {
                    self.refuse(
                        place,
                        "an enum has type string or integer, and values of that type",
                    );
                    continue;
                }
            };
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

    /// The variants of a `oneOf`, distinguished by the discriminator.
    pub(super) fn union(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> Value {
        let tag = text(&schema["discriminator"], "propertyName");
        if tag.is_none() || schema.get("properties").is_some() || schema.get("allOf").is_some() {
            self.refuse(
                place,
                "`oneOf` needs a discriminator, and nothing beside it",
            );
        }
        let mapping = &schema["discriminator"]["mapping"];
        let mut variants = Vec::new();
        for (index, member) in items(&schema["oneOf"]).enumerate() {
            let place = format!("{place}/oneOf/{index}");
            let Some(name) = schema_name(member) else {
                self.refuse(
                    &place,
                    "a part of `oneOf` is a `$ref` to a schema under components/schemas",
                );
                continue;
            };
            if !is_struct(self.schema(name)) {
                self.refuse(&place, &format!("{name} is no object with properties"));
            }
            scope.models.insert(name.to_owned());
            let values: Vec<&String> = members(mapping)
                .filter(|(_, target)| {
                    target
                        .as_str()
                        .is_some_and(|target| target.rsplit('/').next() == Some(name))
                })
                .map(|(value, _)| value)
                .collect();
            if values.len() > 1 {
                self.refuse(
                    &place,
                    "two values of the discriminator lead to this schema; give each its own",
                );
            }
            let wire = values.first().map_or(name, |value| value.as_str());
            variants.push(json!({ "variant": name, "renamed": wire != name, "wire": names::literal(wire), "wire_doc": docs::code(wire) }));
        }
        json!({ "tag": names::literal(tag.unwrap_or_default()), "variants": variants })
    }

    /// The discriminator of the `oneOf` that a schema is part of: serde writes it, so the struct
    /// does not hold it, and therefore cannot stand by itself.
    pub(super) fn tag_of(&self, name: &str) -> Option<&'c str> {
        let reference = format!("#/components/schemas/{name}");
        let unions = members(&self.root["components"]["schemas"]).filter(|(_, schema)| {
            items(&schema["oneOf"]).any(|part| text(part, "$ref") == Some(&reference))
        });
        let mut tag = None;
        let mut allowed = Vec::new();
        for (union, schema) in unions {
            allowed.push(format!("/components/schemas/{union}/"));
            let this = text(&schema["discriminator"], "propertyName");
            if tag.is_some() && tag != this {
                self.refuse(
                    &format!("components/schemas/{name}"),
                    "is part of two `oneOf`s with different discriminators",
                );
            }
            tag = this;
        }
        if tag.is_some() {
            let mut uses = Vec::new();
            find_references(self.root, &reference, String::new(), &mut uses);
            for place in uses
                .iter()
                .filter(|place| !allowed.iter().any(|prefix| place.starts_with(prefix)))
            {
                self.refuse(
                    place.trim_start_matches('/'),
                    &format!("{name} is part of a `oneOf`, whose discriminator it needs; refer to the `oneOf` instead"),
                );
            }
        }
        tag
    }
}

/// Returns each value of an enum with the name of its variant. What is listed twice is one value, and null is none.
pub(super) fn variant_names(schema: &Value) -> Vec<(&Value, String)> {
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
            let text = value.as_str();
            wanted.push((text.map_or_else(|| value.to_string(), String::from), chosen));
        }
    }
    let names = names::variants(wanted);
    values.into_iter().zip(names).collect()
}

/// Gathers the locations that use a reference, outside of examples.
fn find_references(value: &Value, reference: &str, place: String, uses: &mut Vec<String>) {
    if text(value, "$ref") == Some(reference) {
        uses.push(place.clone());
    }
    for (name, member) in
        members(value).filter(|(name, _)| !matches!(name.as_str(), "example" | "examples"))
    {
        find_references(
            member,
            reference,
            format!("{place}/{}", name.replace('/', "~1")),
            uses,
        );
    }
    for (index, item) in items(value).enumerate() {
        find_references(item, reference, format!("{place}/{index}"), uses);
    }
}
