//! Defaults of properties as Rust expressions.

use super::choices::variant_names;
use super::types::{Type, wrapped};
use super::{Planner, names, text};
use serde_json::Value;

/// A default, and whether it is what `Default` gives anyway.
pub(super) struct Initial {
    pub(super) expression: String,
    pub(super) trivial: bool,
}

impl<'c> Planner<'c> {
    /// The expression for a property's default.
    pub(super) fn default_of(
        &self,
        value: &Value,
        schema: &'c Value,
        found: &Type,
        place: &str,
    ) -> Initial {
        let (target, _) = self.resolve(wrapped(schema).unwrap_or(schema), place);
        let expression = match (value, found.rust.as_str()) {
            _ if target.get("enum").is_some() => self.variant_of(value, target, found),
            (Value::Bool(value), "bool") => Some(value.to_string()),
            (Value::Number(value), "i32") => value
                .as_i64()
                .and_then(|value| i32::try_from(value).ok())
                .map(|value| value.to_string()),
            (Value::Number(value), "i64") => value.as_i64().map(|value| value.to_string()),
            (Value::Number(value), "f64") => value.as_f64().map(|value| format!("{value:?}")),
            (Value::String(value), "String") if value.is_empty() => {
                Some("String::new()".to_owned())
            }
            (Value::String(value), "String") => {
                Some(format!("{}.to_owned()", names::literal(value)))
            }
            (Value::Array(value), rust) if value.is_empty() && rust.starts_with("Vec<") => {
                Some("Vec::new()".to_owned())
            }
            _ => None,
        };
        let Some(expression) = expression else {
            self.refuse(place, "a default is a boolean, a number, a string, a value of the enum or `[]`, and of the property's type");
            return Initial {
                expression: String::new(),
                trivial: true,
            };
        };
        let trivial = matches!(
            expression.as_str(),
            "false" | "0" | "0.0" | "String::new()" | "Vec::new()"
        );
        Initial {
            expression,
            trivial,
        }
    }

    fn variant_of(&self, value: &Value, schema: &'c Value, found: &Type) -> Option<String> {
        let names = variant_names(schema);
        let (_, name) = names.into_iter().find(|(each, _)| *each == value)?;
        text(schema, "type").map(|_| format!("{}::{name}", found.rust))
    }
}
