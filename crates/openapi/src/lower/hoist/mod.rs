//! Schemas without a name: each that becomes a type of its own moves to `components.schemas`, by a name made of where it
//! stood. Its title goes before, where no other has it. Names that the contract gives stay.

mod kinds;
mod owners;
mod titles;

use super::{
    names::each_operation,
    places::{Places, Step},
    renames::SCHEMAS,
};
use crate::naming;
use kinds::{is_type, only_part};
use serde_json::{Map, Value, json};
use titles::Titles;

/// Keywords that belong to the place, not to the type of what stands there.
const OF_THE_PLACE: [&str; 2] = ["default", "nullable"];

/// Moves each unnamed schema that becomes a type of its own to `components.schemas`.
pub(super) fn hoist(document: &mut Value, places: &mut Places) {
    let titles = Titles::of(document);
    let mut hoister = Hoister {
        types: naming::Types::default(),
        titles,
        made: Map::new(),
        places,
        at: Vec::new(),
    };
    let schemas = document.pointer_mut("/components/schemas");
    let named = schemas.and_then(Value::as_object_mut).map(std::mem::take);
    let mut named = named.unwrap_or_default();
    for name in named.keys() {
        hoister.types.take(name);
    }
    for (_, _, operation) in each_operation(document) {
        let id = operation.get("operationId").and_then(Value::as_str);
        for name in id.map(naming::operation_types).into_iter().flatten() {
            hoister.types.take(&name);
        }
    }
    hoister.within("components", |hoister| {
        hoister.within("schemas", |hoister| {
            for (name, schema) in &mut named {
                hoister.within(name.as_str(), |hoister| hoister.parts(schema, name));
            }
        });
    });
    hoister.document(document);
    let made = hoister.made;
    if made.is_empty() && named.is_empty() {
        return;
    }
    named.extend(made);
    if let Some(document) = document.as_object_mut() {
        let components = document.entry("components").or_insert_with(|| json!({}));
        if let Some(components) = components.as_object_mut() {
            components.insert("schemas".to_owned(), Value::Object(named));
        }
    }
}

struct Hoister<'p> {
    types: naming::Types,
    titles: Titles,
    /// The schemas that were moved.
    made: Map<String, Value>,
    places: &'p mut Places,
    /// The steps to where the walk is.
    at: Vec<Step>,
}

impl Hoister<'_> {
    fn within<T>(&mut self, step: impl Into<Step>, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.at.push(step.into());
        let result = walk(self);
        self.at.pop();
        result
    }

    /// Visits a place where a schema without a name may stand, which would be called by `name`; what lies inside an array
    /// or map there is called after `inner`.
    fn place(&mut self, schema: &mut Value, name: &str, inner: &str) {
        if !is_type(schema) {
            return self.contents(schema, inner);
        }
        let name = match self.titles.free(schema) {
            Some(title) if self.types.take(&title) => title,
            _ => self.types.make(name),
        };
        self.parts(schema, &name);
        let mut reference = Map::new();
        if let Some(members) = schema.as_object_mut() {
            for keyword in OF_THE_PLACE {
                reference.extend(members.shift_remove_entry(keyword));
            }
        }
        let target = json!({ "$ref": format!("{SCHEMAS}{name}") });
        let reference = if reference.is_empty() {
            target
        } else {
            reference.insert("allOf".to_owned(), json!([target]));
            Value::Object(reference)
        };
        self.places.moved(name.as_str(), &self.at);
        self.made.insert(name, std::mem::replace(schema, reference));
    }

    /// Visits what lies in an array or a map, or in the one part of an `allOf` that stands for the schema itself.
    fn contents(&mut self, schema: &mut Value, name: &str) {
        for (keyword, ending) in [
            ("items", "Item"),
            ("additionalProperties", "Value"),
            ("allOf", ""),
        ] {
            let name = format!("{name}{ending}");
            match schema.get_mut(keyword) {
                Some(parts @ Value::Array(_)) => self.list(keyword, parts, |_| name.clone()),
                Some(inner) => self.within(keyword, |this| this.place(inner, &name, &name)),
                None => {}
            }
        }
        self.patterns(schema, name);
    }

    /// Visits what lies in a schema that has a name.
    fn parts(&mut self, schema: &mut Value, name: &str) {
        if let Some(part) = only_part(schema) {
            return self.within("allOf", |this| {
                this.within(Step::Index(0), |this| this.parts(part, name));
            });
        }
        if !is_type(schema) {
            return self.contents(schema, name);
        }
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            self.within("properties", |this| {
                for (property, schema) in properties {
                    let name = format!("{name}{}", naming::pascal(property));
                    this.within(property.as_str(), |this| this.place(schema, &name, &name));
                }
            });
        }
        if let Some(values) = schema.get_mut("additionalProperties") {
            let name = format!("{name}Additional");
            self.within("additionalProperties", |this| {
                this.place(values, &name, &name);
            });
        }
        if let Some(items) = schema.get_mut("items") {
            let name = format!("{name}Item");
            self.within("items", |this| this.place(items, &name, &name));
        }
        self.patterns(schema, name);
        // What all parts say is one type, whose name this is.
        if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
            self.within("allOf", |this| {
                for (index, part) in parts.iter_mut().enumerate() {
                    this.within(Step::Index(index), |this| this.parts(part, name));
                }
            });
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(parts) = schema.get_mut(keyword) {
                self.list(keyword, parts, |index| {
                    format!("{name}Variant{}", index + 1)
                });
            }
        }
    }

    fn list(&mut self, keyword: &str, parts: &mut Value, name: impl Fn(usize) -> String) {
        let parts = parts.as_array_mut().into_iter().flatten();
        self.within(keyword, |this| {
            for (index, part) in parts.enumerate() {
                let name = name(index);
                this.within(Step::Index(index), |this| this.place(part, &name, &name));
            }
        });
    }

    fn patterns(&mut self, schema: &mut Value, name: &str) {
        let patterns = schema.get_mut("patternProperties");
        let Some(patterns) = patterns.and_then(Value::as_object_mut) else {
            return;
        };
        let name = format!("{name}Value");
        self.within("patternProperties", |this| {
            for (pattern, schema) in patterns {
                this.within(pattern.as_str(), |this| this.place(schema, &name, &name));
            }
        });
    }
}
