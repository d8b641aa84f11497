//! The keywords of a schema, wherever among its parts they stand.

use serde_json::{Map, Value};
use std::cell::Cell;

const REFERENCE: &str = "#/components/schemas/";
/// Nesting of references and parts beyond this is a circle.
const DEEPEST: usize = 16;
/// Parts can multiply with each level; more than this is looked at for no schema.
const MOST_STEPS: usize = 100_000;

/// Finds keywords of a schema, and of the parts that it is made of.
pub(crate) struct Finder<'c> {
    pub(crate) components: &'c Map<String, Value>,
    /// The number of schemas visited.
    steps: Cell<usize>,
}

impl<'c> Finder<'c> {
    pub(crate) fn new(components: &'c Map<String, Value>) -> Self {
        Self {
            components,
            steps: Cell::new(0),
        }
    }

    /// Counts a visit; false when there were too many.
    pub(crate) fn may_visit(&self, depth: usize) -> bool {
        self.steps.set(self.steps.get().saturating_add(1));
        depth <= DEEPEST && self.steps.get() <= MOST_STEPS
    }

    /// Returns `schema`, or the component that it refers to.
    pub(super) fn target(&self, schema: &'c Value) -> &'c Value {
        target(schema, self.components)
    }

    /// Returns a keyword of the schema or of what it is made of by `allOf`.
    pub(super) fn find(&self, schema: &'c Value, keyword: &str, depth: usize) -> Option<&'c Value> {
        let schema = self.target(schema);
        if !self.may_visit(depth) {
            return None;
        }
        schema
            .get(keyword)
            .or_else(|| parts(schema, "allOf").find_map(|part| self.find(part, keyword, depth + 1)))
    }
}

/// Returns `schema`, or the component that it refers to.
pub(crate) fn target<'c>(schema: &'c Value, components: &'c Map<String, Value>) -> &'c Value {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        match name(schema).and_then(|name| components.get(name)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Returns the name of the component that a schema refers to.
pub(super) fn name(schema: &Value) -> Option<&str> {
    let reference = schema.get("$ref").and_then(Value::as_str)?;
    reference.strip_prefix(REFERENCE)
}

/// Returns the schemas that a keyword lists.
pub(super) fn parts<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = &'v Value> {
    let parts = schema.get(keyword).and_then(Value::as_array);
    parts.into_iter().flatten()
}
