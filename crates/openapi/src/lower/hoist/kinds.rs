//! Schemas that become types of their own.

use serde_json::Value;

/// Returns whether a schema becomes a type that needs a name: an object with properties, what is made of several parts, a
/// choice, or an enum. A reference does not, nor what stands for its one part.
pub(super) fn is_type(schema: &Value) -> bool {
    let holds = |keyword: &str| {
        let member = schema.get(keyword);
        member.is_some_and(|member| match member {
            Value::Array(items) => items.iter().any(|item| !item.is_null()),
            Value::Object(members) => !members.is_empty(),
            _ => false,
        })
    };
    if schema.get("$ref").is_some() {
        return false;
    }
    ["properties", "oneOf", "anyOf", "enum"]
        .into_iter()
        .any(holds)
        || holds("allOf") && !is_wrapper(schema)
}

/// Returns whether an `allOf` has one part, and stands for it.
fn is_wrapper(schema: &Value) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array);
    parts.is_some_and(|parts| parts.len() == 1) && schema.get("required").is_none()
}

/// Returns the one part of a schema that stands for it, where that is written out.
pub(super) fn only_part(schema: &mut Value) -> Option<&mut Value> {
    if is_type(schema) || !is_wrapper(schema) {
        return None;
    }
    let part = schema.get_mut("allOf")?.get_mut(0)?;
    part.get("$ref").is_none().then_some(part)
}

/// Returns whether a schema has one value alone.
pub(super) fn is_constant(schema: &Value) -> bool {
    let values = schema.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| values.len() == 1)
}
