//! The schemas under `components/schemas`, one model file each.

use super::types::{Field, Scope, Wire, is_alias, is_struct, wrapped};
use super::{Planner, carrier, docs, flag, items, members, names, schema_name, text};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

impl<'c> Planner<'c> {
    /// A carrier for each named schema.
    pub(super) fn models(&self, files: &mut BTreeSet<String>) -> Map<String, Value> {
        let mut carriers = Map::new();
        for (name, schema) in members(&self.root["components"]["schemas"]) {
            let place = format!("components/schemas/{name}");
            let module = names::module(name);
            files.insert(format!("models/{module}.rs"));
            let mut models = BTreeSet::new();
            let definitions = self.definition(name, schema, &place, &mut models);
            models.remove(name);
            let exports: Vec<&Value> = definitions
                .iter()
                .map(|definition| &definition["name"])
                .collect();
            let mut plan = Map::new();
            plan.insert("module".to_owned(), json!(module));
            plan.insert("exports".to_owned(), json!(exports));
            plan.insert("imports".to_owned(), json!(models));
            plan.insert("imported".to_owned(), json!(!models.is_empty()));
            plan.insert("definitions".to_owned(), json!(definitions));
            carriers.insert(format!("Carrier{:05}", carriers.len()), carrier(plan));
        }
        self.refuse_endless();
        carriers
    }

    /// The definition of a schema, then those of the unnamed ones inside it.
    pub(super) fn definition(
        &self,
        name: &str,
        schema: &'c Value,
        place: &str,
        models: &mut BTreeSet<String>,
    ) -> Vec<Value> {
        let mut scope = Scope {
            name: Some(name.to_owned()),
            ..Scope::default()
        };
        let fallback = format!("The schema `{name}`.");
        let description = text(schema, "description");
        let (schema, place) = written_out(schema, place);
        let (description, place) = (description.or_else(|| text(schema, "description")), &*place);
        let (kind, mut plan) = if schema.get("oneOf").is_some() {
            ("union", self.union(schema, place, &mut scope))
        } else if schema.get("enum").is_some() && text(schema, "type") == Some("integer") {
            ("numbers", self.enumeration(schema, place))
        } else if schema.get("enum").is_some() {
            ("words", self.enumeration(schema, place))
        } else if is_struct(schema) {
            ("object", self.structure(name, schema, place, &mut scope))
        } else {
            debug_assert!(is_alias(schema), "every schema is one of these");
            let alias = self.type_of(schema, place, &mut scope);
            ("alias", json!({ "aliased": alias.rust }))
        };
        plan["name"] = json!(name);
        plan["model_doc"] = json!(docs::lines(description, &fallback));
        models.append(&mut scope.models);
        let definition = ["union", "numbers", "words", "object", "alias", "failures"]
            .into_iter()
            .map(|each| {
                (
                    each.to_owned(),
                    if each == kind {
                        plan.clone()
                    } else {
                        json!(false)
                    },
                )
            })
            .chain([("name".to_owned(), json!(name))])
            .collect();
        let mut definitions = vec![Value::Object(definition)];
        definitions.append(&mut scope.definitions);
        definitions
    }

    fn structure(&self, name: &str, schema: &'c Value, place: &str, scope: &mut Scope) -> Value {
        let (fields, required) = self.fields(schema, place);
        let tag = self.tag_of(name);
        let mut plans = Vec::new();
        let mut taken = BTreeMap::new();
        for field in &fields {
            if tag == Some(field.name) {
                continue;
            }
            scope.name = Some(format!("{name}{}", names::pascal(field.name)));
            let plan = self.field(name, field, required.contains(field.name), scope);
            let ident = plan["field"].as_str().unwrap_or_default().to_owned();
            if let Some(other) = taken.insert(ident, field.name) {
                self.refuse(
                    &field.place,
                    &format!("has the Rust name of `{other}`; rename one of them"),
                );
            }
            plans.push(plan);
        }
        for missing in required
            .iter()
            .filter(|name| !fields.iter().any(|field| field.name == **name))
        {
            self.refuse(place, &format!("`{missing}` is required, but no property"));
        }
        scope.name = Some(format!("{name}Additional"));
        let extra = match schema.get("additionalProperties") {
            None | Some(Value::Bool(false)) => json!(false),
            Some(_) => {
                let found = self.type_of_extra(schema, place, scope);
                if taken.contains_key("additional_properties") {
                    self.refuse(place, "the property `additional_properties` is in the way of additionalProperties");
                }
                json!({ "extra_type": found })
            }
        };
        let initial = plans.iter().all(|plan| plan["initial"] != json!(false));
        let trivial = plans.iter().all(|plan| flag(plan, "trivial"));
        let secretive = plans.iter().any(|plan| flag(plan, "secret"));
        let limits: Vec<&Value> = plans
            .iter()
            .flat_map(|plan| items(&plan["limits"]))
            .collect();
        json!({
            "limited": !limits.is_empty(),
            "limits": limits,
            "defaulted": plans.iter().any(|plan| plan["default_fn"].is_object()),
            "fields": plans,
            "extra": extra,
            "secretive": secretive,
            "derives_default": initial && trivial,
            "has_default": initial && !trivial,
        })
    }

    fn field(&self, owner: &str, field: &Field<'c>, required: bool, scope: &mut Scope) -> Value {
        let Field {
            name,
            schema,
            place,
        } = field;
        let (target, _) = self.resolve(wrapped(schema).unwrap_or(schema), place);
        let found = self.type_of(schema, place, scope);
        let ident = names::snake(name);
        if ident.is_empty() {
            self.refuse(place, "no Rust name can be made of this; use letters");
        }
        let default = if required {
            None
        } else {
            schema.get("default").filter(|value| !value.is_null())
        };
        let default = default.map(|value| self.default_of(value, schema, &found, place));
        let optional = !required && default.is_none() || found.nullable;
        let rust = if optional {
            format!("Option<{}>", found.rust)
        } else {
            found.rust.clone()
        };

        let mut serde = Vec::new();
        if ident != *name {
            serde.push(format!("rename = {}", names::literal(name)));
        }
        let trivial = default
            .as_ref()
            .is_some_and(|default| default.trivial && !found.nullable);
        match &default {
            Some(_) if trivial => serde.push("default".to_owned()),
            Some(_) => serde.push(format!(
                "default = \"{owner}::default_{}\"",
                ident.trim_end_matches('_')
            )),
            None if !required => {
                serde.push("default".to_owned());
                serde.push("skip_serializing_if = \"Option::is_none\"".to_owned());
            }
            None => {}
        }
        if let Some(with) = match (found.wire, optional) {
            (Wire::Plain, _) => None,
            (Wire::Date, false) => Some("gatekeeper::formats::date"),
            (Wire::Date, true) => Some("gatekeeper::formats::date::option"),
            (Wire::DateTime, false) => Some("time::serde::rfc3339"),
            (Wire::DateTime, true) => Some("time::serde::rfc3339::option"),
        } {
            serde.push(format!("with = {with:?}"));
        }
        let default_name = format!("default_{}", ident.trim_end_matches('_'));
        let initial = match &default {
            Some(default) if trivial => json!(default.expression),
            Some(_) => json!(format!("Self::{default_name}()")),
            None if !required => json!("None"),
            None => json!(false),
        };
        let default_fn = match default {
            Some(default) if !trivial && found.nullable => {
                json!({ "default_name": default_name, "default_value": format!("Some({})", default.expression) })
            }
            Some(default) if !trivial => {
                json!({ "default_name": default_name, "default_value": default.expression })
            }
            _ => json!(false),
        };
        let description = text(schema, "description").or_else(|| text(target, "description"));
        json!({
            "field": ident,
            "type": rust,
            "serde": if serde.is_empty() { json!(false) } else { json!(serde.join(", ")) },
            "field_doc": docs::lines(description, &format!("The property `{name}`.")),
            "limits": self.limits(&ident, &found.rust, schema, place),
            "secret": self.is_secret(schema, place),
            "trivial": !required && (trivial || default_fn == json!(false)),
            "initial": initial,
            "default_fn": default_fn,
        })
    }

    fn type_of_extra(&self, schema: &'c Value, place: &str, scope: &mut Scope) -> String {
        let place = format!("{place}/additionalProperties");
        match &schema["additionalProperties"] {
            values @ Value::Object(members) if !members.is_empty() => {
                let found = self.type_of(values, &place, scope);
                format!("std::collections::BTreeMap<String, {}>", found.or_null())
            }
            _ => "serde_json::Map<String, serde_json::Value>".to_owned(),
        }
    }

    /// Returns true if a property must not be printed.
    fn is_secret(&self, schema: &'c Value, place: &str) -> bool {
        let mut at = schema;
        for _ in 0..16 {
            if flag(at, "x-secret") || text(at, "format") == Some("password") {
                return true;
            }
            let inner = ["items", "additionalProperties"]
                .into_iter()
                .find_map(|part| at.get(part));
            at = match wrapped(at).or(inner) {
                Some(inner) => inner,
                None if at.get("$ref").is_some() => self.resolve(at, place).0,
                None => return false,
            };
        }
        false
    }

    /// Refuses types without an end: a struct that holds itself other than in an array or a map, and
    /// an alias that is made of itself.
    fn refuse_endless(&self) {
        let (mut held, mut made_of) = (Names::new(), Names::new());
        for (name, schema) in members(&self.root["components"]["schemas"]) {
            held.insert(name, self.held_names(schema, name));
            if is_alias(schema) {
                made_of.insert(name, contained_names(schema));
            }
        }
        for start in held.keys() {
            if reaches(start, &held) || reaches(start, &made_of) {
                self.refuse(
                    &format!("components/schemas/{start}"),
                    "holds itself; put an object with an array or a map between",
                );
            }
        }
    }

    /// The schemas whose values lie in a value of this one, neither in an array nor in a map.
    fn held_names(&self, schema: &'c Value, name: &str) -> Vec<&'c str> {
        if let Some(name) = schema_name(schema) {
            return vec![name];
        }
        if let Some(wrapped) = wrapped(schema) {
            return self.held_names(wrapped, name);
        }
        if is_struct(schema) {
            let (fields, _) = self.fields(schema, &format!("components/schemas/{name}"));
            let fields = fields.iter().map(|field| field.schema);
            return fields
                .flat_map(|field| self.held_names(field, name))
                .collect();
        }
        items(&schema["oneOf"]).filter_map(schema_name).collect()
    }
}

/// Names, and those that each leads to.
type Names<'n> = BTreeMap<&'n str, Vec<&'n str>>;

/// Returns whether a way of names leads back to its start.
fn reaches(start: &str, names: &Names<'_>) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(name) = open.pop() {
        for &next in names.get(name).into_iter().flatten() {
            if next == start {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

/// Returns the one part of a wrapper where that is written out there: it is the schema itself.
fn written_out<'v>(schema: &'v Value, place: &str) -> (&'v Value, String) {
    let (mut schema, mut place) = (schema, place.to_owned());
    while let Some(inner) = wrapped(schema).filter(|inner| inner.get("$ref").is_none()) {
        (schema, place) = (inner, format!("{place}/allOf/0"));
    }
    (schema, place)
}

/// The schemas that an alias is made of.
fn contained_names(schema: &Value) -> Vec<&str> {
    if !is_alias(schema) {
        return Vec::new();
    }
    let parts = ["items", "additionalProperties"]
        .into_iter()
        .filter_map(|part| schema.get(part));
    let parts = parts.chain(wrapped(schema));
    schema_name(schema)
        .into_iter()
        .chain(parts.flat_map(contained_names))
        .collect()
}
