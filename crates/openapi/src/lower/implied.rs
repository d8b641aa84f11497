//! Schemas that list members or items without a type.
//!
//! By JSON Schema, `properties` alone lets any text pass. Whoever writes it means an object, and so does every type that is
//! made of it; the type is written out, so that what it cannot hold is refused by name.

use super::{place::Place, walk};
use crate::{Kinds, types::Shape};
use serde_json::{Map, Value};

/// Writes out the type of each schema that lists members or items, but for conditions, which other values may fail.
pub(super) fn write_out(document: &mut Value) {
    walk::objects(document, |shape, members, place| {
        if matches!(shape, Shape::Schema) && !place.is_condition() {
            write_out_one(members);
        }
    });
}

fn write_out_one(members: &mut Map<String, Value>) {
    if members.contains_key("type") || members.contains_key("$ref") {
        return;
    }
    let kind = match Kinds::listed(members) {
        Some(Kinds::OBJECT) => "object",
        Some(Kinds::ARRAY) => "array",
        _ => return,
    };
    members.insert("type".to_owned(), kind.into());
}

impl Place<'_> {
    /// Returns whether a schema is here to tell values apart, or inside one that is.
    fn is_condition(&self) -> bool {
        const CONDITIONS: [&str; 7] = [
            "not",
            "if",
            "then",
            "else",
            "contains",
            "propertyNames",
            "dependentSchemas",
        ];
        // Below these, a step is a name that the contract gives.
        const NAMES: [&str; 4] = ["properties", "patternProperties", "schemas", "$defs"];
        let mut steps = Vec::new();
        self.each_name(&mut |name| steps.push(name));
        let mut is_given = false;
        steps.into_iter().any(|step| {
            let name = step.unwrap_or_default();
            let found = !is_given && CONDITIONS.contains(&name);
            is_given = !is_given && NAMES.contains(&name);
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::write_out;
    use serde_json::json;

    #[test]
    fn what_lists_members_or_items_is_an_object_or_an_array() {
        let mut document = json!({ "components": { "schemas": {
            "not": { "properties": { "if": { "items": {} }, "free": {} } },
            "Map": { "additionalProperties": { "type": "string" }, "nullable": true },
            "Either": { "not": { "properties": { "a": {} } }, "if": { "required": ["a"] }, "then": { "items": {} } },
            "Said": { "type": ["string", "object"], "properties": {} },
            "Closed": { "additionalProperties": false },
        } } });
        write_out(&mut document);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "not": {
                    "properties": { "if": { "items": {}, "type": "array" }, "free": {} }, "type": "object",
                },
                "Map": { "additionalProperties": { "type": "string" }, "nullable": true, "type": "object" },
                "Either": { "not": { "properties": { "a": {} } }, "if": { "required": ["a"] }, "then": { "items": {} } },
                "Said": { "type": ["string", "object"], "properties": {} },
                "Closed": { "additionalProperties": false },
            })
        );
    }
}
