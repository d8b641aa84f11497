//! A schema with its references, `allOf` and one alternative of its `oneOf` and `anyOf` put into one.

use serde_json::{Map, Value, json};

/// References and parts are followed so deep.
const DEEPEST: usize = 24;

/// Keywords that were put into the others.
const DONE: [&str; 5] = ["$ref", "allOf", "oneOf", "anyOf", "discriminator"];

/// How alternatives are taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// The number of the alternative.
    pub(super) number: usize,
    /// Members of the other alternatives of a `oneOf` get values that these do not allow. Of objects that allow members
    /// that they do not name, most are good by several alternatives, which `oneOf` does not allow.
    pub(super) spoils: bool,
}

/// A schema of which no part stands elsewhere.
pub(super) struct Merged<'d> {
    pub(super) schema: Map<String, Value>,
    /// The components that went in.
    pub(super) names: Vec<&'d str>,
}

impl<'d> Merged<'d> {
    /// Merges the parts of a schema, with the alternative of a number; `None` when they go round in a circle.
    pub(super) fn of(
        schema: &Value,
        schemas: Option<&'d Map<String, Value>>,
        choice: Choice,
    ) -> Option<Self> {
        let mut merged = Self {
            schema: Map::new(),
            names: Vec::new(),
        };
        merged.add(schema, schemas, choice, DEEPEST)?;
        Some(merged)
    }

    fn add(
        &mut self,
        schema: &Value,
        schemas: Option<&'d Map<String, Value>>,
        choice: Choice,
        deep: usize,
    ) -> Option<()> {
        let deep = deep.checked_sub(1)?;
        let Some(members) = schema.as_object() else {
            return Some(());
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/components/schemas/")?;
            let (name, target) = schemas?.get_key_value(name)?;
            if !self.names.contains(&name.as_str()) {
                self.names.push(name);
            }
            self.add(target, schemas, choice, deep)?;
        }
        for (keyword, value) in members {
            if !DONE.contains(&keyword.as_str()) {
                self.narrow(keyword, value);
            }
        }
        for part in members
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.add(part, schemas, choice, deep)?;
        }
        for keyword in ["oneOf", "anyOf"] {
            let parts = members.get(keyword).and_then(Value::as_array);
            let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
                continue;
            };
            // Of several alternatives one may be null, which shows least.
            let is_null = |part: &&Value| part.get("type") == Some(&Value::from("null"));
            let (last, first): (Vec<&Value>, Vec<&Value>) = parts.iter().partition(is_null);
            let sorted: Vec<&Value> = first.into_iter().chain(last).collect();
            let part = sorted[choice.number % sorted.len()];
            self.add(part, schemas, choice, deep)?;
            if choice.spoils && keyword == "oneOf" {
                for other in sorted.iter().filter(|other| **other != part) {
                    self.spoil(other, schemas, choice, deep)?;
                }
            }
            if let Some(constant) = discriminated(members, part) {
                self.add(&constant, schemas, choice, deep)?;
            }
        }
        Some(())
    }

    /// Asks for a member that an alternative does not allow.
    fn spoil(
        &mut self,
        other: &Value,
        schemas: Option<&'d Map<String, Value>>,
        choice: Choice,
        deep: usize,
    ) -> Option<()> {
        let mut merged = Self {
            schema: Map::new(),
            names: Vec::new(),
        };
        let choice = Choice {
            spoils: false,
            ..choice
        };
        merged.add(other, schemas, choice, deep)?;
        let own = self.schema.get("properties").and_then(Value::as_object);
        let properties = merged.schema.get("properties").and_then(Value::as_object);
        let free = properties.into_iter().flatten().find(|(name, property)| {
            own.is_none_or(|own| !own.contains_key(*name)) && property.get("type").is_some()
        });
        if let Some((name, property)) = free {
            let foreign = match property.get("type").and_then(Value::as_str) {
                Some("string") => json!(1),
                _ => json!("text"),
            };
            let asked = json!({ "properties": { name: { "const": foreign } }, "required": [name] });
            self.add(&asked, schemas, choice, deep)?;
        }
        Some(())
    }

    /// Adds a keyword to those that are there.
    fn narrow(&mut self, keyword: &str, value: &Value) {
        let Some(known) = self.schema.get_mut(keyword) else {
            self.schema.insert(keyword.to_owned(), value.clone());
            return;
        };
        match (keyword, &mut *known, value) {
            ("properties" | "patternProperties", Value::Object(known), Value::Object(more)) => {
                for (name, schema) in more {
                    match known.get_mut(name) {
                        Some(one) => *one = json!({ "allOf": [one.take(), schema] }),
                        None => {
                            known.insert(name.clone(), schema.clone());
                        }
                    }
                }
            }
            ("required", Value::Array(known), Value::Array(more)) => {
                known.extend(
                    more.iter()
                        .filter(|name| !known.contains(name))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
            }
            ("enum", Value::Array(known), Value::Array(more)) => {
                known.retain(|value| more.contains(value));
            }
            ("items", known, more) => *known = json!({ "allOf": [known.take(), more] }),
            ("minimum" | "minLength" | "minItems" | "minProperties", known, more)
                if more.as_f64() > known.as_f64() =>
            {
                *known = more.clone();
            }
            ("maximum" | "maxLength" | "maxItems" | "maxProperties", known, more)
                if more.as_f64() < known.as_f64() =>
            {
                *known = more.clone();
            }
            ("type", Value::String(known), Value::String(more))
                if known == "number" && more == "integer" =>
            {
                known.clone_from(more);
            }
            ("type", known @ Value::Array(_), more) => *known = more.clone(),
            ("additionalProperties", known, Value::Bool(false)) => *known = Value::Bool(false),
            ("example", Value::Object(known), Value::Object(more)) => {
                known.extend(more.clone());
            }
            _ => {}
        }
    }
}

/// Returns what the discriminator of a choice asks of the part that was chosen.
fn discriminated(choice: &Map<String, Value>, part: &Value) -> Option<Value> {
    let discriminator = choice.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let reference = part.get("$ref")?.as_str()?;
    let name = reference.rsplit('/').next()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().find(|(_, target)| {
        let target = target.as_str();
        target == Some(reference) || target == Some(name)
    });
    let value = mapped.map_or(name, |(value, _)| value);
    Some(json!({ "properties": { property: { "const": value } }, "required": [property] }))
}
