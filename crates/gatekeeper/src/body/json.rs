//! JSON as strict as the contract needs it: no key twice, bounded depth, nothing after the value.

use crate::{In, Violation};
use openapi::{MOST_VIOLATIONS, pointer, shortened};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{cell::RefCell, fmt};

/// Arrays and objects in each other, at most.
const DEEPEST: usize = 64;

/// Reads JSON (RFC 8259) as bodies are read; its root lies at the pointer `base`.
///
/// # Errors
///
/// Every key that stands twice in one object, or else the position at which the text stops being JSON.
pub fn strict_json(bytes: &[u8], location: In, base: &str) -> Result<Value, Vec<Violation>> {
    let findings = RefCell::new(Findings {
        violations: Vec::new(),
        too_deep: false,
    });
    let root = Place {
        parent: None,
        step: Step::Root(base),
        depth: 0,
        location,
        findings: &findings,
    };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = root
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    let findings = findings.into_inner();
    match read {
        Ok(value) if findings.violations.is_empty() => Ok(value),
        Ok(_) => Err(findings.violations),
        Err(_) if findings.too_deep => Err(vec![Violation::new(
            location,
            base,
            format!("is nested more than {DEEPEST} levels deep"),
        )]),
        Err(error) => {
            // serde_json's own words may quote what they choke on.
            let message = if error.is_eof() {
                "is not JSON: the text ends too early".to_owned()
            } else {
                format!(
                    "is not JSON: line {}, column {}",
                    error.line(),
                    error.column()
                )
            };
            Err(vec![Violation::new(location, base, message)])
        }
    }
}

struct Findings {
    violations: Vec<Violation>,
    too_deep: bool,
}

/// The path to the value being read, as a chain on the stack: a JSON Pointer is built only for a violation.
#[derive(Clone, Copy)]
struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
    depth: usize,
    location: In,
    findings: &'a RefCell<Findings>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root(&'a str),
    Key(&'a str),
    Index(usize),
}

impl Place<'_> {
    fn child<'c>(&'c self, step: Step<'c>) -> Place<'c> {
        Place {
            parent: Some(self),
            step,
            depth: self.depth + 1,
            location: self.location,
            findings: self.findings,
        }
    }

    fn pointer(&self) -> String {
        let parent = self.parent.map(Place::pointer).unwrap_or_default();
        match self.step {
            Step::Root(base) => base.to_owned(),
            Step::Key(key) => pointer(&parent, &shortened(key)),
            Step::Index(index) => format!("{parent}/{index}"),
        }
    }

    fn not_too_deep<E: Error>(&self) -> Result<(), E> {
        if self.depth < DEEPEST {
            return Ok(());
        }
        self.findings.borrow_mut().too_deep = true;
        Err(E::custom("nested too deeply"))
    }

    fn repeated(&self, key: &str) {
        let mut findings = self.findings.borrow_mut();
        if findings.violations.len() < MOST_VIOLATIONS {
            let violation = Violation::new(
                self.location,
                self.child(Step::Key(key)).pointer(),
                "is in the object more than once",
            );
            findings.violations.push(violation);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        number(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.not_too_deep()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self.child(Step::Index(values.len())))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.not_too_deep()?;
        let mut values = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.child(Step::Key(&key)))?;
            if values.contains_key(&key) {
                self.repeated(&key);
            } else {
                values.insert(key, value);
            }
        }
        Ok(Value::Object(values))
    }
}

/// Returns a number that is written with a fraction or an exponent. Without a fraction it is an integer (JSON Schema
/// 2020-12, section 4.2.3), and becomes one where 64 bits hold it: typed readers take `1.0` and `-0` for no integers.
fn number(value: f64) -> Option<Number> {
    if value.fract() != 0.0 {
        return Number::from_f64(value);
    }
    let digits = format!("{value:.0}");
    let signed = digits.parse::<i64>().map(Number::from);
    let whole = signed.or_else(|_| digits.parse::<u64>().map(Number::from));
    whole.ok().or_else(|| Number::from_f64(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(text: &str) -> Vec<(String, String)> {
        let violations = strict_json(text.as_bytes(), In::Body, "").unwrap_err();
        violations
            .into_iter()
            .map(|violation| (violation.pointer, violation.message))
            .collect()
    }

    #[test]
    fn values_of_every_kind_are_read() {
        let text = r#" {"a": [1, -2, 1.5, 1e2, true, null, "\u00e9\ud83d\ude00"], "b": {}, "c": 18446744073709551615} "#;
        let value = strict_json(text.as_bytes(), In::Body, "").unwrap();
        assert_eq!(
            value,
            json!({"a": [1, -2, 1.5, 100, true, null, "é😀"], "b": {}, "c": u64::MAX})
        );
    }

    #[test]
    fn a_number_without_a_fraction_is_an_integer() {
        for (text, value) in [
            ("1.0", json!(1)),
            ("-0", json!(0)),
            ("-0.0", json!(0)),
            ("-12e1", json!(-120)),
            ("9e18", json!(9_000_000_000_000_000_000_i64)),
            ("1e19", json!(10_000_000_000_000_000_000_u64)),
            ("1e300", json!(1e300)),
            ("0.5", json!(0.5)),
        ] {
            let read = strict_json(text.as_bytes(), In::Body, "").unwrap();
            assert_eq!(read, value, "{text}");
        }
    }

    #[test]
    fn every_repeated_key_is_told_at_any_depth() {
        let found = refused(r#"{"a": {"b": 1, "b": 2}, "l": [{"c": 1, "c": 1}], "a": 3}"#);
        let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/a/b", "/l/0/c", "/a"]);
    }

    #[test]
    fn a_key_repeated_by_an_escape_is_repeated() {
        assert_eq!(refused(r#"{"a": 1, "\u0061": 2}"#)[0].0, "/a");
    }

    #[test]
    fn what_is_not_json_is_refused_without_quoting_it() {
        for text in [
            "",
            "{",
            "{\"a\":",
            "secret",
            "{} x",
            "{}{}",
            "[1,]",
            "{'a':1}",
            "01",
            "NaN",
            "\"\\ud800\"",
            "1e999",
            "\u{feff}{}",
        ] {
            let found = refused(text);
            assert_eq!(found.len(), 1, "{text:?}");
            assert!(
                found[0].1.starts_with("is not JSON"),
                "{text:?}: {}",
                found[0].1
            );
            assert!(!found[0].1.contains("secret"));
        }
        assert!(strict_json(b"\"\xff\"", In::Body, "").is_err());
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(strict_json(nested(DEEPEST).as_bytes(), In::Body, "").is_ok());
        assert_eq!(
            refused(&nested(DEEPEST + 1))[0].1,
            "is nested more than 64 levels deep"
        );
        assert_eq!(
            refused(&nested(1_000_000))[0].1,
            "is nested more than 64 levels deep"
        );
    }
}
