//! Limits of the contract as constants: what code needs of them is not written a second time.

use super::{Planner, flag, text};
use serde_json::{Value, json};

/// Keywords that count characters or items, each with the type of schema that it bounds.
const COUNTS: &[(&str, &str, &str)] = &[
    ("minLength", "MIN_LENGTH", "string"),
    ("maxLength", "MAX_LENGTH", "string"),
    ("minItems", "MIN_ITEMS", "array"),
    ("maxItems", "MAX_ITEMS", "array"),
];

/// Keywords that bound an integer, each with the one that excludes the bound itself.
const BOUNDS: &[(&str, &str, &str)] = &[
    ("minimum", "MINIMUM", "exclusiveMinimum"),
    ("maximum", "MAXIMUM", "exclusiveMaximum"),
];

impl<'c> Planner<'c> {
    /// Returns a constant for each limit of a field; `rust` is its type without `Option`.
    pub(super) fn limits(
        &self,
        field: &str,
        rust: &str,
        schema: &'c Value,
        place: &str,
    ) -> Vec<Value> {
        let (target, _) = self.resolve(self.essential(schema).unwrap_or(schema), place);
        let name = field.trim_end_matches('_').to_uppercase();
        let limit = |keyword: &str, suffix: &str, rust: &str, value: i64| {
            json!({
                "limit_doc": format!("The `{keyword}` of `{field}`."),
                "limit_name": format!("{name}_{suffix}"),
                "limit_type": rust,
                "limit_value": value.to_string(),
            })
        };
        let mut limits = Vec::new();
        for (keyword, suffix, of) in COUNTS {
            let value = target.get(*keyword).and_then(Value::as_u64);
            let value = value.and_then(|value| u32::try_from(value).ok());
            if let Some(value) = value.filter(|_| text(target, "type") == Some(of)) {
                limits.push(limit(keyword, suffix, "usize", value.into()));
            }
        }
        for (keyword, suffix, exclusive) in BOUNDS {
            let value = target.get(*keyword).and_then(Value::as_i64);
            let is_held = |value: &i64| match rust {
                "i8" => i8::try_from(*value).is_ok(),
                "i16" => i16::try_from(*value).is_ok(),
                "i32" => i32::try_from(*value).is_ok(),
                "i64" => true,
                "u8" => u8::try_from(*value).is_ok(),
                "u16" => u16::try_from(*value).is_ok(),
                "u32" => u32::try_from(*value).is_ok(),
                "u64" => u64::try_from(*value).is_ok(),
                _ => false,
            };
            if let Some(value) = value.filter(is_held).filter(|_| !flag(target, exclusive)) {
                limits.push(limit(keyword, suffix, rust, value));
            }
        }
        limits
    }
}
