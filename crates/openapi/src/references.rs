//! `$ref`, within the document.

use crate::Defects;
use serde_json::Value;

/// A chain of references longer than this is a circle.
const LONGEST_CHAIN: usize = 16;

/// Returns `value` itself, or the component of `kind` that it refers to.
pub(crate) fn resolve<'d>(
    document: &'d Value,
    value: &'d Value,
    kind: &str,
    place: &str,
    defects: &mut Defects,
) -> Option<&'d Value> {
    let mut value = value;
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = value.get("$ref") else {
            if !value.is_object() {
                defects.add(place, "must be an object");
                return None;
            }
            return Some(value);
        };
        let prefix = format!("#/components/{kind}/");
        let target = reference
            .as_str()
            .filter(|text| text.starts_with(&prefix))
            .and_then(|text| document.pointer(&text[1..]));
        let Some(target) = target else {
            defects.add(
                place,
                format!("its $ref leads nowhere; it has to name one of {prefix}… in this document"),
            );
            return None;
        };
        value = target;
    }
    defects.add(place, "its $ref leads in a circle");
    None
}
