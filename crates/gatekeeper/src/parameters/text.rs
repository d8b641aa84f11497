//! From text on the wire to values.

use openapi::Scalar;
use serde_json::Value;
use std::borrow::Cow;

/// Reads `text`; the error is the rule that it breaks.
///
/// Strict: numbers are written as JSON writes them (no sign, space or zero in front). Booleans are `true` and
/// `false`, also with the capitals of languages that print `True` or `TRUE`.
pub(super) fn read(scalar: Scalar, text: Cow<'_, str>) -> Result<Value, &'static str> {
    match scalar {
        Scalar::Text | Scalar::Bytes => Ok(Value::String(text.into_owned())),
        Scalar::Null if text.is_empty() || text == "null" => Ok(Value::Null),
        Scalar::Null => Err("must be null"),
        Scalar::Boolean => match &*text {
            "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
            "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
            _ => Err("must be true or false"),
        },
        Scalar::Integer if !is_integer(&text) => Err("must be an integer"),
        Scalar::Integer => text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<u64>().map(Value::from))
            .map_err(|_| "must be an integer of 64 bits"),
        Scalar::Number => number(&text).ok_or("must be a number"),
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    digits.iter().all(u8::is_ascii_digit)
        && !digits.is_empty()
        && (digits.len() == 1 || digits[0] != b'0')
}

fn number(text: &str) -> Option<Value> {
    // serde_json would skip white space around the number.
    let bare = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
    if bare {
        serde_json::from_str::<serde_json::Number>(text)
            .ok()
            .map(Value::Number)
    } else {
        None
    }
}

/// Undoes percent-encoding (RFC 3986 section 2.1), once; `plus` reads `+` as a space, as forms write it.
pub(super) fn decode(raw: &str, plus: bool) -> Result<Cow<'_, str>, &'static str> {
    if !raw
        .bytes()
        .any(|byte| byte == b'%' || (plus && byte == b'+'))
    {
        return Ok(Cow::Borrowed(raw));
    }
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => match (rest.next().and_then(hex), rest.next().and_then(hex)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err("has a broken percent escape"),
            },
            b'+' if plus => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes)
        .map(Cow::Owned)
        .map_err(|_| "is not valid UTF-8")
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_json_writes_them() {
        let read = |scalar: Scalar, text: &'static str| read(scalar, Cow::Borrowed(text));
        for (text, value) in [
            ("0", 0),
            ("-7", -7),
            ("42", 42),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(read(Scalar::Integer, text), Ok(json!(value)));
        }
        for text in [
            "",
            "1.0",
            "+1",
            "01",
            " 1",
            "1 ",
            "0x1",
            "1e2",
            "-",
            "--1",
            "９",
            "18446744073709551616",
            "-9223372036854775809",
        ] {
            assert!(
                read(Scalar::Integer, text).is_err(),
                "{text:?} passed for an integer"
            );
        }
        for (text, value) in [
            ("1.5", json!(1.5)),
            ("-2", json!(-2)),
            ("1e2", json!(100.0)),
        ] {
            assert_eq!(read(Scalar::Number, text), Ok(value));
        }
        for text in [
            "", ".5", "1.", "+1", "01", "NaN", "inf", "1e999", " 1", "1\n",
        ] {
            assert!(
                read(Scalar::Number, text).is_err(),
                "{text:?} passed for a number"
            );
        }
    }

    #[test]
    fn booleans_are_read_as_common_languages_print_them() {
        for text in ["true", "True", "TRUE"] {
            assert_eq!(read(Scalar::Boolean, text.into()), Ok(json!(true)));
        }
        for text in ["false", "False", "FALSE"] {
            assert_eq!(read(Scalar::Boolean, text.into()), Ok(json!(false)));
        }
        for text in ["tRUE", "t", "1", "0", "yes", "on", "true ", ""] {
            assert!(
                read(Scalar::Boolean, text.into()).is_err(),
                "{text:?} passed for a boolean"
            );
        }
    }

    #[test]
    fn percent_encoding_is_undone_once() {
        assert_eq!(decode("a%20b", false).unwrap(), "a b");
        assert_eq!(decode("a+b", true).unwrap(), "a b");
        assert_eq!(decode("a+b", false).unwrap(), "a+b");
        assert_eq!(decode("%2525", false).unwrap(), "%25");
        assert_eq!(decode("%C3%A9", false).unwrap(), "é");
        for broken in ["%", "%2", "%zz", "%+1"] {
            assert_eq!(decode(broken, false), Err("has a broken percent escape"));
        }
        assert_eq!(decode("%ff", false), Err("is not valid UTF-8"));
    }
}
