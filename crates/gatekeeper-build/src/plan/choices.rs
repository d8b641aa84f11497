//! Schemas that become enums: `enum`, and `oneOf` with a discriminator.

use super::types::{Scope, is_struct};
use super::{Planner, docs, items, members, names, schema_name, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl<'c> Planner<'c> {
    /// The variants of an enum, of words or of numbers.
    pub(super) fn enumeration(&self, schema: &'c Value, place: &str) -> Value {
        let kind = text(schema, "type");
        let chosen: Vec<&Value> = items(&schema["x-enum-varnames"]).collect();
        let values = items(&schema["enum"]).filter(|value| !value.is_null());
        let count = values.count();
        if !chosen.is_empty() && chosen.len() != count {
            let names = chosen.len();
            self.refuse(
                place,
                &format!(
                    "x-enum-varnames has {names} names for {count} values; give each value a name, in the same order"
                ),
            );
            return json!({ "variants": [] });
        }
        let mut taken = BTreeSet::new();
        let mut variants = Vec::new();
        for (index, value) in items(&schema["enum"])
            .filter(|value| !value.is_null())
            .enumerate()
        {
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
            let name = chosen
                .get(index)
                .and_then(|name| name.as_str())
                .map(String::from);
            let Some(name) = name
                .or_else(|| names::variant(&wire))
                .filter(|name| names::is_variant_name(name))
            else {
                self.refuse(
                    place,
                    &format!("no Rust name can be made of {wire:?}; give names in x-enum-varnames"),
                );
                continue;
            };
            if !taken.insert(name.clone()) {
                self.refuse(
                    place,
                    &format!("two values would be called {name}; give names in x-enum-varnames"),
                );
            }
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
