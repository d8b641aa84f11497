//! References to schemas follow them to their names.

use super::walk;
use serde_json::{Map, Value};
use std::collections::HashMap;

pub(super) const SCHEMAS: &str = "#/components/schemas/";

/// Lets references, and mappings of discriminators, follow schemas to their new names.
pub(super) fn rename(document: &mut Value, names: &HashMap<String, String>) {
    walk::objects(document, |_, object, _| {
        if let Some(Value::String(reference)) = object.get_mut("$ref") {
            follow(reference, names);
        }
        for (_, target) in mapping(object).into_iter().flatten() {
            if let Value::String(target) = target {
                follow(target, names);
            }
        }
    });
}

fn follow(reference: &mut String, names: &HashMap<String, String>) {
    let name = schema_name(reference).and_then(|name| names.get(&name));
    if let Some(name) = name {
        *reference = format!("{SCHEMAS}{name}");
    }
}

/// Returns the name of the schema that a reference leads to (RFC 6901, sections 3 and 6).
pub(super) fn schema_name(reference: &str) -> Option<String> {
    let name = reference.strip_prefix(SCHEMAS)?;
    let name = percent_decoded(name).unwrap_or_else(|| name.to_owned());
    Some(name.replace("~1", "/").replace("~0", "~"))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mapping(schema: &mut Map<String, Value>) -> Option<&mut Map<String, Value>> {
    let discriminator = schema.get_mut("discriminator")?;
    discriminator.get_mut("mapping")?.as_object_mut()
}
