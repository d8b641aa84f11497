//! The core schema of YAML 1.2 (section 10.3.2): the values of unquoted texts.

use granit_parser::ScalarStyle;
use serde_json::{Number, Value};

/// Returns whether a scalar is written without quotes and in no block.
pub(crate) fn is_plain(style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain
}

/// Returns the value of a scalar.
pub(crate) fn resolve(text: &str, style: ScalarStyle, tag: Option<&str>) -> Result<Value, String> {
    let plain = || match core(text) {
        Some(value) => value,
        None => Ok(Value::String(text.to_owned())),
    };
    let Some(tag) = tag else {
        return if is_plain(style) {
            plain()
        } else {
            Ok(Value::String(text.to_owned()))
        };
    };
    let value = match tag {
        "str" => return Ok(Value::String(text.to_owned())),
        "null" | "bool" | "int" | "float" => plain()?,
        _ => return Err(format!("the tag `{tag}` is none of JSON's types")),
    };
    let is_representable = match (&value, tag) {
        (Value::Null, "null") | (Value::Bool(_), "bool") | (Value::Number(_), "float") => true,
        (Value::Number(number), "int") => !number.is_f64(),
        _ => false,
    };
    if is_representable {
        Ok(value)
    } else {
        Err(format!("the tag `{tag}` does not belong to this value"))
    }
}

/// Returns the value of an unquoted text that is no string.
fn core(text: &str) -> Option<Result<Value, String>> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Ok(Value::Null)),
        "true" | "True" | "TRUE" => return Some(Ok(Value::Bool(true))),
        "false" | "False" | "FALSE" => return Some(Ok(Value::Bool(false))),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Err(format!("`{text}` is no number of JSON")));
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|digit| digit.is_digit(radix))
        {
            let number = u64::from_str_radix(digits, radix);
            return Some(
                number
                    .map(Value::from)
                    .map_err(|_| format!("`{text}` is larger than 64 bits")),
            );
        }
    }
    is_decimal(unsigned).then(|| decimal(text))
}

/// `[0-9]+`, or `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && exponent
}

fn decimal(text: &str) -> Result<Value, String> {
    if !text.contains(['.', 'e', 'E']) {
        let text = text.strip_prefix('+').unwrap_or(text);
        if let Ok(number) = text.parse::<i64>() {
            return Ok(number.into());
        }
        if let Ok(number) = text.parse::<u64>() {
            return Ok(number.into());
        }
    }
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
        .ok_or_else(|| format!("`{text}` is no number that 64 bits can hold"))
}
