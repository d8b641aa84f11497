//! Defaults of properties as Rust expressions.

use super::forms::Form;
use super::objects::{Extra, Field, Placed};
use super::types::{Type, VALUE, Wire};
use super::{Planner, items, members, names, schema_name};
use openapi::Kinds;
use serde_json::{Number, Value};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// A default, and whether it is what `Default` gives anyway.
pub(super) struct Initial {
    pub(super) expression: String,
    pub(super) trivial: bool,
}

/// Deeper in each other, no default is written.
const DEEPEST: usize = 32;

impl<'c> Planner<'c> {
    /// The expression for a property's default; `None` when its type has no such value.
    pub(super) fn default_of(
        &self,
        value: &Value,
        schema: &'c Value,
        found: &Type,
    ) -> Option<Initial> {
        let expression = self.expression(value, schema, false, 0)?;
        let expression = match expression.strip_prefix("super::") {
            // Its type is imported.
            Some(local) if local.starts_with(&format!("{}::", found.rust)) => local.to_owned(),
            _ => expression,
        };
        let trivial = matches!(
            expression.as_str(),
            "false" | "0" | "0.0" | "String::new()" | "Vec::new()" | "serde_json::Value::Null"
        );
        Some(Initial {
            expression,
            trivial,
        })
    }

    /// Returns an expression for a value of a schema; `whole` where its type reads and writes itself.
    fn expression(
        &self,
        value: &Value,
        schema: &'c Value,
        whole: bool,
        depth: usize,
    ) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(name) = schema_name(schema) {
            let target = self.schema(name);
            if self.circular_aliases().contains(name) {
                return Some(literal(value));
            }
            return match self.form(target) {
                Form::Words | Form::Numbers => {
                    let variant = self.variant_name(target, value)?;
                    Some(format!("super::{name}::{variant}"))
                }
                Form::Struct => self.structure_of(value, name, depth),
                Form::Union => self.variant_of(value, name, depth),
                Form::Alias => self.expression(value, target, whole, depth + 1),
            };
        }
        if let Some(inner) = self.essential(schema).or_else(|| self.part_of_all(schema)) {
            return self.expression(value, inner, whole, depth + 1);
        }
        let essence = self.essence(schema);
        if essence.any {
            return Some(literal(value));
        }
        match value {
            Value::Array(list) => self.list(list, schema, depth),
            Value::Object(_) => self.map_expression(value, schema, depth),
            _ => scalar(
                value,
                self.scalar(schema),
                whole && essence.wire != Wire::Plain,
            ),
        }
    }

    fn list(&self, list: &[Value], schema: &'c Value, depth: usize) -> Option<String> {
        if list.is_empty() {
            return Some("Vec::new()".to_owned());
        }
        let item = schema
            .get("items")
            .filter(|_| schema.get("prefixItems").is_none());
        let each = list.iter().map(|value| match item {
            Some(item) => self.contained_expression(value, item, depth),
            None => Some(literal(value)),
        });
        let each: Option<Vec<String>> = each.collect();
        Some(format!("vec![{}]", each?.join(", ")))
    }

    fn map_expression(&self, value: &Value, schema: &'c Value, depth: usize) -> Option<String> {
        let object = self.object(schema);
        let (constructor, values) = match &object.extra {
            Extra::Typed(values) => ("std::collections::BTreeMap", Some(values.schema)),
            _ => ("serde_json::Map", None),
        };
        self.entries(members(value), constructor, values, depth)
    }

    fn entries<'v>(
        &self,
        members: impl Iterator<Item = (&'v String, &'v Value)>,
        constructor: &str,
        values: Option<&'c Value>,
        depth: usize,
    ) -> Option<String> {
        let entries = members.map(|(name, value)| {
            let value = match values {
                Some(schema) => self.contained_expression(value, schema, depth)?,
                None => literal(value),
            };
            Some(format!("({}, {value})", string(name)))
        });
        let entries: Option<Vec<String>> = entries.collect();
        let entries = entries?;
        Some(if entries.is_empty() {
            format!("{constructor}::new()")
        } else {
            format!("{constructor}::from_iter([{}])", entries.join(", "))
        })
    }

    /// Returns the expression of an item or of a map's value.
    fn contained_expression(
        &self,
        value: &Value,
        schema: &'c Value,
        depth: usize,
    ) -> Option<String> {
        let nullable = self.kinds.of(schema).has(Kinds::NULL);
        if !nullable || self.essence(schema).any {
            return self.expression(value, schema, true, depth + 1);
        }
        if value.is_null() {
            return Some("None".to_owned());
        }
        let inner = self.expression(value, schema, true, depth + 1)?;
        Some(format!("Some({inner})"))
    }

    /// Returns the expression of a struct: each field, and a map of the other members.
    fn structure_of(&self, value: &Value, name: &str, depth: usize) -> Option<String> {
        let given = value.as_object()?;
        let object = self.object(self.schema(name));
        let tag = self.tag_of(name);
        let mut fields = Vec::new();
        for field in object.fields.iter().filter(|field| tag != Some(field.name)) {
            let required = object.required.contains(field.name);
            let given = given.get(field.name);
            let expression = self.field_expression(name, field, required, given, depth)?;
            fields.push(format!("{}: {expression}", field.ident));
        }
        let others = given.iter().filter(|(member, _)| {
            tag != Some(member.as_str()) && object.fields.iter().all(|field| field.name != *member)
        });
        let extra = match &object.extra {
            Extra::Typed(values) => Some(("std::collections::BTreeMap", Some(values.schema))),
            Extra::Anything => Some(("serde_json::Map", None)),
            Extra::Unsaid if self.keeps_unsaid(name) => Some(("serde_json::Map", None)),
            Extra::Unsaid | Extra::None => None,
        };
        if let Some((constructor, values)) = extra {
            let map = self.entries(others, constructor, values, depth)?;
            fields.push(format!("{}: {map}", object.extra_name()));
        }
        Some(format!("super::{name} {{ {} }}", fields.join(", ")))
    }

    /// Returns the expression of a field, `given` a value or not.
    fn field_expression(
        &self,
        owner: &str,
        field: &Field<'c>,
        required: bool,
        given: Option<&Value>,
        depth: usize,
    ) -> Option<String> {
        let Placed { schema, .. } = self.typing(field);
        let default = field.default().filter(|_| !required);
        let Some(value) = given.or(default) else {
            return (!required).then(|| "None".to_owned());
        };
        let essence = self.essence(schema);
        let nullable = !essence.any && self.kinds.of(schema).has(Kinds::NULL);
        let absent = !required && default.is_none();
        let tells = absent && nullable && self.tells_null(owner, schema);
        let some = |expression: &str| format!("Some({expression})");
        let mut expression = if value.is_null() && nullable {
            "None".to_owned()
        } else {
            let value = self.expression(value, schema, tells, depth + 1)?;
            let boxed = self.is_boxed(owner, field.name);
            let value = if boxed {
                format!("Box::new({value})")
            } else {
                value
            };
            if nullable || absent {
                some(&value)
            } else {
                value
            }
        };
        if tells {
            expression = some(&expression);
        }
        Some(expression)
    }

    /// Returns the expression of the variant of a union to which a value belongs.
    fn variant_of(&self, value: &Value, name: &str, depth: usize) -> Option<String> {
        let document = self.document?;
        let unions = self
            .found
            .unions
            .get_or_init(|| openapi::Unions::new(document));
        let index = unions.part(name, value)?;
        let parts = self.parts(self.schema(name), "");
        let part = parts.iter().find(|part| part.has(index))?;
        let mut inner = self.expression(value, part.schema, true, depth + 1)?;
        if self.is_boxed(name, &part.variant) {
            inner = format!("Box::new({inner})");
        }
        Some(format!("super::{name}::{}({inner})", part.variant))
    }
}

/// Returns the expression of a value of a simple type; `wrapped` where a date has the type that writes itself.
fn scalar(value: &Value, rust: &str, wrapped: bool) -> Option<String> {
    let whole = |value: &Number| {
        value
            .as_i64()
            .map(i128::from)
            .or(value.as_u64().map(i128::from))
    };
    match (value, rust) {
        (_, VALUE) => Some(literal(value)),
        (Value::Bool(value), "bool") => Some(value.to_string()),
        (Value::Number(value), "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64") => {
            let value = whole(value)?;
            let bits: u32 = rust.get(1..)?.parse().ok()?;
            let (least, most) = if rust.starts_with('u') {
                (0, (1_i128 << bits) - 1)
            } else {
                (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
            };
            (least..=most).contains(&value).then(|| value.to_string())
        }
        (Value::Number(value), "f64" | "f32") => value.as_f64().map(|value| format!("{value:?}")),
        (Value::String(value), "String") => Some(string(value)),
        (Value::String(value), "uuid::Uuid") => uuid(value),
        (Value::String(value), "time::Date") => {
            let date = Date::parse(value, format_description!("[year]-[month]-[day]")).ok()?;
            Some(wrap(
                wrapped,
                "Date",
                &format!("time::macros::date!({date})"),
            ))
        }
        (Value::String(value), "time::OffsetDateTime") => {
            let moment = OffsetDateTime::parse(value, &Rfc3339).ok()?;
            let moment = format!("time::macros::datetime!({moment})");
            Some(wrap(wrapped, "DateTime", &moment))
        }
        (Value::String(value), formatted) if formatted.starts_with("gatekeeper::formats::") => {
            Some(format!(
                "{}.parse().unwrap_or_default()",
                names::literal(value)
            ))
        }
        _ => None,
    }
}

fn wrap(wrapped: bool, name: &str, expression: &str) -> String {
    if wrapped {
        format!("gatekeeper::formats::{name}({expression})")
    } else {
        expression.to_owned()
    }
}

fn uuid(text: &str) -> Option<String> {
    let digits = text.replace('-', "");
    let number = u128::from_str_radix(&digits, 16).ok()?;
    (digits.len() == 32).then(|| format!("uuid::Uuid::from_u128({number:#034x})"))
}

fn string(text: &str) -> String {
    if text.is_empty() {
        "String::new()".to_owned()
    } else {
        format!("{}.to_owned()", names::literal(text))
    }
}

/// Returns the expression of any value of JSON.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "serde_json::Value::Null".to_owned(),
        Value::Bool(value) => format!("serde_json::Value::Bool({value})"),
        Value::Number(number) => {
            let kind = if number.is_f64() {
                "f64"
            } else if number.is_i64() {
                "i64"
            } else {
                "u64"
            };
            format!("serde_json::Value::from({number}_{kind})")
        }
        Value::String(text) => format!("serde_json::Value::String({})", string(text)),
        Value::Array(_) => {
            let each: Vec<String> = items(value).map(literal).collect();
            format!("serde_json::Value::Array(vec![{}])", each.join(", "))
        }
        Value::Object(listed) if listed.is_empty() => {
            "serde_json::Value::Object(serde_json::Map::new())".to_owned()
        }
        Value::Object(_) => {
            let each: Vec<String> = members(value)
                .map(|(name, value)| format!("({}, {})", string(name), literal(value)))
                .collect();
            format!(
                "serde_json::Value::Object(serde_json::Map::from_iter([{}]))",
                each.join(", ")
            )
        }
    }
}
