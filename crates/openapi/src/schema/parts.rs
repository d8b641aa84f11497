//! The parts that a schema is made of: those of `allOf`, `oneOf`, `anyOf`, `then` and `else`, and what it refers to.

use serde_json::{Map, Value};
use std::{collections::HashSet, ptr};

/// Parts are sought so many steps deep.
const DEEPEST: usize = 32;

/// A schema and all its parts.
pub(super) struct Parts<'d> {
    document: &'d Value,
    names: Vec<&'d str>,
    /// Parts that were looked at: those of a circle lead to each other in many ways.
    seen: HashSet<*const Value>,
}

impl<'d> Parts<'d> {
    /// Returns the names of their properties.
    pub(super) fn names(document: &'d Value, schema: &'d Value) -> Vec<&'d str> {
        let mut parts = Self {
            document,
            names: Vec::new(),
            seen: HashSet::new(),
        };
        parts.add(schema, 0);
        parts.names
    }

    fn add(&mut self, schema: &'d Value, depth: usize) {
        if depth > DEEPEST || !self.seen.insert(ptr::from_ref(schema)) {
            return;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for name in properties.into_iter().flat_map(Map::keys) {
            if !self.names.contains(&name.as_str()) {
                self.names.push(name);
            }
        }
        let target = schema.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| self.document.pointer(target.strip_prefix('#')?));
        let several = ["allOf", "oneOf", "anyOf"].into_iter();
        let several = several.filter_map(|keyword| schema.get(keyword)?.as_array());
        let single = ["then", "else"].into_iter();
        let parts = several.flatten();
        let parts = parts.chain(single.filter_map(|keyword| schema.get(keyword)));
        for part in parts.chain(target) {
            self.add(part, depth + 1);
        }
    }
}
