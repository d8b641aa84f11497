//! The bounds of numbers: those that the contract states, and those of the type that a number is read into, so that
//! one which it cannot hold is a violation.

use serde_json::{Map, Number, Value, json};
use std::cmp::Ordering;

/// Adds the bounds of a schema.
pub(super) fn apply(
    members: &Map<String, Value>,
    types: Option<&[&str]>,
    out: &mut Map<String, Value>,
) {
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match (members.get(exclusive), members.get(inclusive)) {
            // OpenAPI 3.0: whether the limit beside it is excluded.
            (Some(Value::Bool(true)), Some(limit)) => {
                out.remove(inclusive);
                out.insert(exclusive.to_owned(), limit.clone());
            }
            (Some(limit), _) if !limit.is_boolean() => {
                out.insert(exclusive.to_owned(), limit.clone());
            }
            _ => {}
        }
    }
    let has = |kind| types.is_some_and(|types| types.contains(&kind));
    let format = members.get("format").and_then(Value::as_str);
    let (least, greatest) = match format {
        _ if has("integer") && !has("number") => range(integer_type(members)),
        Some("float") if has("number") => (json!(f64::from(f32::MIN)), json!(f64::from(f32::MAX))),
        _ => return,
    };
    narrow(out, ["minimum", "exclusiveMinimum"], &least, Ordering::Less);
    narrow(
        out,
        ["maximum", "exclusiveMaximum"],
        &greatest,
        Ordering::Greater,
    );
}

/// Returns the type of Rust that an integer is read into: by its format; without one by its limits, which may need `u64`.
#[must_use]
pub fn integer_type(schema: &Map<String, Value>) -> &'static str {
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    match schema.get("format").and_then(Value::as_str) {
        Some("int8") => "i8",
        Some("int16") => "i16",
        Some("int32") => "i32",
        Some("int64") => "i64",
        Some("uint8") => "u8",
        Some("uint16") => "u16",
        Some("uint32") => "u32",
        Some("uint64") => "u64",
        _ if limit("minimum").is_some()
            && limit("maximum").is_some_and(|most| i64::try_from(most).is_err()) =>
        {
            "u64"
        }
        _ => "i64",
    }
}

/// Returns the least and the greatest value of a type.
fn range(integer: &str) -> (Value, Value) {
    match integer {
        "i8" => (json!(i8::MIN), json!(i8::MAX)),
        "i16" => (json!(i16::MIN), json!(i16::MAX)),
        "i32" => (json!(i32::MIN), json!(i32::MAX)),
        "u8" => (json!(u8::MIN), json!(u8::MAX)),
        "u16" => (json!(u16::MIN), json!(u16::MAX)),
        "u32" => (json!(u32::MIN), json!(u32::MAX)),
        "u64" => (json!(u64::MIN), json!(u64::MAX)),
        _ => (json!(i64::MIN), json!(i64::MAX)),
    }
}

/// Puts `bound` in the place of a limit that is beyond it, or where there is none.
fn narrow(
    out: &mut Map<String, Value>,
    [inclusive, exclusive]: [&str; 2],
    bound: &Value,
    beyond: Ordering,
) {
    let bound_number = bound.as_number();
    let says_enough = |keyword: &str| {
        let limit = out.get(keyword).and_then(Value::as_number);
        let both = limit.zip(bound_number);
        both.is_some_and(|(limit, bound)| compare(limit, bound) != Some(beyond))
    };
    if !says_enough(inclusive) && !says_enough(exclusive) {
        out.remove(exclusive);
        out.insert(inclusive.to_owned(), bound.clone());
    }
}

/// Compares two numbers; beyond 53 bits only whole ones compare exactly.
fn compare(one: &Number, other: &Number) -> Option<Ordering> {
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

fn whole(number: &Number) -> Option<i128> {
    let signed = number.as_i64().map(i128::from);
    signed.or_else(|| number.as_u64().map(i128::from))
}
