//! Titles that can be names.

use super::super::walk;
use crate::{naming, types::Shape};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A longer title is a sentence, not a name.
const LONGEST: usize = 40;

/// The names that titles of unnamed schemas make, and how often each is made.
pub(super) struct Titles(HashMap<String, usize>);

impl Titles {
    /// Counts the titles of a document.
    pub(super) fn of(document: &mut Value) -> Self {
        let mut titles = HashMap::new();
        walk::objects(document, |shape, object, _| {
            if matches!(shape, Shape::Schema) {
                let name = title(object);
                *titles.entry(name.unwrap_or_default()).or_default() += 1;
            }
        });
        Self(titles)
    }

    /// Returns the name that the title of a schema makes, where it is no other's.
    pub(super) fn free(&self, schema: &Value) -> Option<String> {
        let name = title(schema.as_object()?)?;
        (self.0.get(&name) == Some(&1)).then_some(name)
    }
}

fn title(schema: &Map<String, Value>) -> Option<String> {
    let title = schema.get("title").and_then(Value::as_str)?;
    let name = naming::pascal(title);
    let is_name = title.len() <= LONGEST && naming::is_free_type_name(&name);
    is_name.then_some(name)
}
